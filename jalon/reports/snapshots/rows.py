"""The rows of a snapshot as Arrow: how they are read, kept and given to the columns. Pure."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from jalon.warehouse.schema import Kind

_WORDS = pa.dictionary(pa.int32(), pa.string())  # few different ones in many rows
SCHEMA = pa.schema([("record_id", pa.int64()), ("day", pa.date32()), ("value", _WORDS), ("number", pa.decimal128(18, 6))])
_COMPRESSED = pa.ipc.IpcWriteOptions(compression="zstd")


def typed(found: pa.Table, kind: Kind | None) -> pa.Table:
    """What an engine answers to `kinds.scan.frozen`, each column in its own type; `kind` is that of the breakdown."""
    value = found.column("value").cast(pa.string())
    columns = {name: found.column(name) for name in SCHEMA.names} | {"value": _canonical(value) if kind is Kind.NUMBER else value}
    return pa.table({name: column if name == "value" else column.cast(SCHEMA.field(name).type) for name, column in columns.items()})


def _canonical(numbers: Any) -> Any:
    """As the change log writes a number: without the zeros that a decimal of an engine ends in."""
    pointed = pc.match_substring(numbers, ".")
    return pc.if_else(pointed, pc.utf8_rtrim(pc.utf8_rtrim(numbers, "0"), "."), numbers)


def packed(rows: pa.Table) -> bytes:
    """Rows as the bytes that PostgreSQL keeps."""
    sink = pa.BufferOutputStream()
    dictionaries = pa.table({name: rows.column(name) for name in SCHEMA.names}).cast(SCHEMA)
    with pa.ipc.new_stream(sink, SCHEMA, options=_COMPRESSED) as stream:
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
    return rows.select(SCHEMA.names).append_column("snapshot_id", pa.repeat(pa.scalar(id, pa.int64()), rows.num_rows))
