"""The rows of a snapshot as Arrow: how they are read, kept and given to the columns. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from jalon.reports.columns import NUMBER, SNAPSHOTS
from jalon.warehouse.schema import Kind, Table

_WORDS = pa.dictionary(pa.int32(), pa.string())  # few different ones in many rows
_TYPES: Final = {
    Kind.ID: pa.int64(),
    Kind.INTEGER: pa.int64(),
    Kind.STRING: _WORDS,
    Kind.ENUMERATION: _WORDS,
    Kind.NUMBER: pa.decimal128(18, 6),
    Kind.BOOL: pa.bool_(),
    Kind.DATE: pa.date32(),
    Kind.DATETIME: pa.timestamp("us"),
}
_COMPRESSED = pa.ipc.IpcWriteOptions(compression="zstd")


@dataclass(frozen=True, slots=True)
class Found:
    """What a compile found: the rows of each table, those of the first being what it counts, and what they are read by."""

    rows: Mapping[Table, pa.Table]
    known: Mapping[str, Any] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return int(next(iter(self.rows.values())).num_rows)

    def without(self, ids: Collection[int]) -> Found:
        """The rows that are not of these records."""
        kept = {table: without(rows, ids) for table, rows in self.rows.items()}
        return Found({table: rows if (fewer := kept[table]) is None else fewer for table, rows in self.rows.items()}, self.known)


def schema(table: Table) -> pa.Schema:
    """How rows of a table are kept: a snapshot says its number by itself."""
    return pa.schema([(column.name, _TYPES[column.kind]) for column in table.columns if column.name != NUMBER])


def typed(found: pa.Table, table: Table) -> pa.Table:
    """What an engine answers, each column in its own type; words stay as they are, and are counted when they are kept."""
    wanted = [(field.name, pa.string() if field.type == _WORDS else field.type) for field in schema(table)]
    return pa.table({name: found.column(name).cast(kind) for name, kind in wanted})


def gathered(batches: Iterable[pa.RecordBatch], table: Table) -> pa.Table:
    """What an engine answers piece by piece, as it is kept: of many words only their numbers lie in memory."""
    kept = schema(table)
    parts = [typed(pa.Table.from_batches([batch]), table).cast(kept) for batch in batches]
    return pa.concat_tables(parts).unify_dictionaries() if parts else kept.empty_table()


def of_contacts(found: pa.Table, breakdown: Kind | None) -> pa.Table:
    """What an engine answers to `kinds.scan.frozen`, the value of a breakdown of this kind in canonical text."""
    rows = typed(found, SNAPSHOTS)
    if breakdown is not Kind.NUMBER:
        return rows
    return rows.set_column(rows.column_names.index("value"), "value", _canonical(rows.column("value")))


def _canonical(numbers: Any) -> Any:
    """As the change log writes a number: without the zeros that a decimal of an engine ends in."""
    pointed = pc.match_substring(numbers, ".")
    return pc.if_else(pointed, pc.utf8_rtrim(pc.utf8_rtrim(numbers, "0"), "."), numbers)


def packed(rows: pa.Table, table: Table) -> bytes:
    """Rows of a table as the bytes that PostgreSQL keeps."""
    sink, kept = pa.BufferOutputStream(), schema(table)
    dictionaries = rows.select(kept.names).cast(kept)
    with pa.ipc.new_stream(sink, kept, options=_COMPRESSED) as stream:
        stream.write_table(dictionaries.unify_dictionaries())
    return bytes(sink.getvalue())


def unpacked(part: bytes) -> pa.Table:
    with pa.ipc.open_stream(part) as stream:
        return stream.read_all()


def without(rows: pa.Table, ids: Collection[int]) -> pa.Table | None:
    """The rows that are not of these records; None where there are none of theirs."""
    others = pc.invert(pc.is_in(rows.column("record_id"), pa.array(ids, pa.int64())))
    kept = rows.filter(others)
    return None if kept.num_rows == rows.num_rows else kept


def of_snapshot(id: int, rows: pa.Table) -> pa.Table:
    """The rows as the columns take them: under the number of their snapshot."""
    return rows.append_column(NUMBER, pa.repeat(pa.scalar(id, pa.int64()), rows.num_rows))
