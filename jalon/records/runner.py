"""Follows the change log into the columns: the first part of the beat.

A batch holds the present rows of the records that a slice of the log touches, so applying it twice gives the same
columns; the position is stored in the same transaction as the rows, so a crash repeats a batch or does not begin it.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import pyarrow as pa
import pyarrow.csv as pa_csv
from django.db import connection, transaction
from sqlglot import exp

from jalon.records import progress, queries
from jalon.records.columns import ASSOCIATIONS, HISTORY, Catalog, Position, Type
from jalon.records.plan import ROW_COLUMNS
from jalon.warehouse import current
from jalon.warehouse.engine import Batch, Put, Remove
from jalon.warehouse.schema import Table

SLICE: Final = 10_000  # lines of the log in one turn
REBUILD_SLICE: Final = 20_000
HISTORY_LOG: Final = replace(HISTORY, key=())  # the same table, appended to
DEFINITIONS_MARK: Final = "definitions"
INSTANT: Final = "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"

_shaped_for: tuple[int, int] | None = None  # the engine and the version of the definitions that its tables were made for


def sync(now: datetime) -> bool:
    """One slice of the log into the columns; True if more waits."""
    shape()
    with transaction.atomic():
        _read_one_moment()
        reading = queries.read_log(progress.stored(), SLICE)
        if reading.position is None:
            return False
        changes = tuple(_changes(reading, progress.stored()))
    current.engine().apply(Batch(changes, {progress.MARK: progress.to_mark(reading.position)}))
    progress.moved(reading.position)
    return reading.more


def shape() -> None:
    """Gives every object type its table and every property its column, and fills the columns that are new."""
    global _shaped_for
    engine, version = current.engine(), queries.definitions_version()
    if _shaped_for == (id(engine), version):
        return
    queries.forget_catalogs()
    before = engine.tables()
    catalogs = queries.catalogs().values()
    engine.ensure([*(catalog.table() for catalog in catalogs), HISTORY, ASSOCIATIONS])
    if progress.stored() is not None:
        for catalog in catalogs:
            new = [name for name in catalog.properties if name not in before.get(catalog.plural, ())]
            if new and catalog.plural in before:
                _fill_again(catalog, new)
    _shaped_for = (id(engine), version)


def _fill_again(catalog: Catalog, names: Sequence[str]) -> None:
    """A property that comes back from the archive has values already."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM records_record WHERE object_type_id = %s AND archived_at IS NULL AND properties ?| %s ORDER BY id",
            [queries.type_id(catalog.object_type), list(names)],
        )
        ids = [id for (id,) in cursor.fetchall()]
    for start in range(0, len(ids), REBUILD_SLICE):
        rows = _rows_of(catalog, ids[start : start + REBUILD_SLICE])
        current.engine().apply(Batch((Put(catalog.table(), rows),), {}))


def _read_one_moment() -> None:
    """The log and the rows that it names are read as of one instant."""
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def _changes(reading: queries.Reading, after: Position | None) -> Iterator[Put | Remove]:
    types = {queries.type_id(name): catalog for name, catalog in queries.catalogs().items()}
    for type_number, ids in reading.records.items():
        catalog = types[type_number]
        rows = _rows_of(catalog, sorted(ids))
        yield Put(catalog.table(), rows)
        gone = ids - set(map(int, rows.column("id").to_pylist()))
        if gone:
            yield Remove(catalog.table(), sorted(gone))
    if reading.records and reading.position is not None:
        yield from _history(reading, after or Position(0, 0, 0), reading.position)
    if reading.links:
        ends = sorted(reading.links | _neighbors(sorted(reading.links)))
        yield Remove(ASSOCIATIONS, ends)
        yield Put(replace(ASSOCIATIONS, key=()), _links_of(ends))


def _history(reading: queries.Reading, after: Position, last: Position) -> Iterator[Put]:
    """New lines are appended as they are; the past of a record that got backdated lines is laid out anew."""
    late = sorted(reading.backdated)
    yield Put(HISTORY_LOG, _copied(HISTORY, _history_select("c.record_id <> ALL(%s)", late, after, last)))
    if late:
        yield Put(HISTORY, _copied(HISTORY, _derived_history_select(late, last)))


def _rows_of(catalog: Catalog, ids: Sequence[int]) -> pa.Table:
    """The present rows of these records as canonical text, the archived ones left out."""
    return _copied(catalog.table(), (f"{_record_select(catalog)} AND id = ANY(%s)", [list(ids)]))


def _record_select(catalog: Catalog) -> str:
    values = ["id", *(_value_sql(name) for name in catalog.properties), _search_sql(catalog)]
    type_number = queries.type_id(catalog.object_type)
    return f"SELECT {', '.join(values)} FROM records_record WHERE object_type_id = {type_number} AND archived_at IS NULL"


def _value_sql(name: str) -> str:
    """Names of properties are small letters, digits and underscores: they need no escape."""
    match name:
        case "createdate":
            return INSTANT.format("created_at")
        case "lastmodifieddate":
            return INSTANT.format("updated_at")
        case "hs_object_id":
            return "id::text"
    return f"properties ->> '{name}'"


def _search_sql(catalog: Catalog) -> str:
    words = [
        spec.name for spec in catalog.properties.values() if spec.type is Type.STRING and spec.group != "system" and spec.name not in ROW_COLUMNS
    ]
    parts = ", ".join(f"properties ->> '{name}'" for name in words[:40])
    return f"left(concat_ws(' ', {parts}, id), 2000)"


Select = tuple[str, list[Any]]
HISTORY_VALUES: Final = (
    "SELECT {id}, t.name, {record}, {key}, {old}, {new}, " + INSTANT.format("{at}") + ", {source}, {detail}, {actor}"
)
AFTER: Final = "(c.epoch, c.xid, c.id) > (%s, %s::text::xid8, %s) AND (c.epoch, c.xid, c.id) <= (%s, %s::text::xid8, %s)"


def _history_select(condition: str, ids: Sequence[int], after: Position, last: Position) -> Select:
    values = HISTORY_VALUES.format(
        id="c.id",
        record="c.record_id",
        key="d.key",
        old="d.value ->> 0",
        new="d.value ->> 1",
        at="c.at",
        source="c.source",
        detail="c.source_detail",
        actor="c.actor_id",
    )
    return (
        f"{values} FROM records_change c JOIN records_objecttype t ON t.id = c.object_type_id CROSS JOIN LATERAL jsonb_each(c.delta) d"
        f" WHERE c.kind IN ('c', 'u') AND {AFTER} AND {condition}",
        [after.epoch, str(after.xid), after.id, last.epoch, str(last.xid), last.id, list(ids)],
    )


def _derived_history_select(ids: Sequence[int], last: Position) -> Select:
    """The whole past of records with backdated lines: `old` is the value before, by (at, id); what changes nothing is left out."""
    values = HISTORY_VALUES.format(
        id="h.id",
        record="h.record_id",
        key="h.key",
        old="h.old",
        new="h.new",
        at="h.at",
        source="h.source",
        detail="h.source_detail",
        actor="h.actor_id",
    )
    return (
        f"{values} FROM (SELECT c.*, d.key, d.value ->> 1 AS new,"
        " lag(d.value ->> 1) OVER (PARTITION BY c.record_id, d.key ORDER BY c.at, c.id) AS old"
        " FROM records_change c CROSS JOIN LATERAL jsonb_each(c.delta) d WHERE c.kind IN ('c', 'u') AND c.record_id = ANY(%s)"
        " AND (c.epoch, c.xid, c.id) <= (%s, %s::text::xid8, %s)) h"
        " JOIN records_objecttype t ON t.id = h.object_type_id WHERE h.old IS DISTINCT FROM h.new",
        [list(ids), last.epoch, str(last.xid), last.id],
    )


def _neighbors(ids: Sequence[int]) -> set[int]:
    """Whoever is linked to these records: an archived one has to leave their side too."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_record_id FROM records_association WHERE from_record_id = ANY(%s)"
            " UNION SELECT from_record_id FROM records_association WHERE to_record_id = ANY(%s)",
            [list(ids), list(ids)],
        )
        return {id for (id,) in cursor.fetchall()}


def _links_of(ids: Sequence[int]) -> pa.Table:
    """Both directions of the links of these records, those of archived records left out."""
    return _copied(ASSOCIATIONS, _links_select("{own} = ANY(%s)", [list(ids)]))


def _links_select(condition: str, params: list[Any]) -> Select:
    sides = []
    for own, other, from_type, to_type in (("f", "t", "lf", "lt"), ("t", "f", "lt", "lf")):
        sides.append(
            f"SELECT {from_type}.name, {own}.id, {to_type}.name, {other}.id, a.type_id, a.is_primary::text FROM records_association a"
            " JOIN records_record f ON f.id = a.from_record_id AND f.archived_at IS NULL"
            " JOIN records_record t ON t.id = a.to_record_id AND t.archived_at IS NULL"
            " JOIN records_associationtype l ON l.id = a.type_id"
            " JOIN records_objecttype lf ON lf.id = l.from_type_id JOIN records_objecttype lt ON lt.id = l.to_type_id"
            f" WHERE {condition.format(own=own + '.id')}"
        )
    return " UNION ALL ".join(sides), params * 2


def _copied(table: Table, select: Select) -> pa.Table:
    """The answer of PostgreSQL as columns of text, without a Python object per value."""
    sql, params = select
    names = [column.name for column in table.columns]
    buffer = io.BytesIO()
    with connection.cursor() as cursor, cursor.copy(f"COPY ({sql}) TO STDOUT (FORMAT csv)", params) as copy:
        for block in copy:
            buffer.write(block)
    if not buffer.tell():
        return pa.table({name: pa.array([], pa.string()) for name in names})
    buffer.seek(0)
    return pa_csv.read_csv(
        buffer,
        read_options=pa_csv.ReadOptions(column_names=names, block_size=16 << 20, use_threads=False),
        parse_options=pa_csv.ParseOptions(newlines_in_values=True),
        convert_options=pa_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True, quoted_strings_can_be_null=False, null_values=[""]
        ),
    )


# From scratch


def rebuild(report: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Throws the columns away and fills them from PostgreSQL; the same figures come out. Returns the number of records."""
    global _shaped_for
    engine = current.engine()
    engine.drop([*engine.tables()])
    engine.apply(Batch((), {progress.MARK: ""}))
    _shaped_for = None
    shape()
    total, done = _how_many(), 0
    with transaction.atomic():
        _read_one_moment()
        last = _last_settled()
        for name in queries.catalogs():
            for table, rows in _whole(name):
                engine.apply(Batch((Put(replace(table, key=()), rows),), {}))
                done += rows.num_rows
                report(done, total)
        for history, rows in _whole_past(last):
            engine.apply(Batch((Put(history, rows),), {}))
        engine.apply(Batch(tuple(_all_links()), {progress.MARK: progress.to_mark(last)}))
    progress.moved(last)
    return done


def _last_settled() -> Position:
    """The newest line that no running transaction can still get ahead of."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT epoch, xid::text::bigint, id FROM records_change WHERE epoch < %s OR xid < pg_snapshot_xmin(pg_current_snapshot())"
            " ORDER BY epoch DESC, xid DESC, id DESC LIMIT 1",
            [queries.epoch()],
        )
        row = cursor.fetchone()
    return Position(*row) if row else Position(0, 0, 0)


def _whole(object_type: str) -> Iterator[tuple[Table, pa.Table]]:
    catalog, after = queries.catalog(object_type), 0
    while True:
        rows = _copied(catalog.table(), (f"{_record_select(catalog)} AND id > %s ORDER BY id LIMIT {REBUILD_SLICE}", [after]))
        if not rows.num_rows:
            return
        after = int(rows.column("id")[-1].as_py())
        yield catalog.table(), rows


def _whole_past(last: Position) -> Iterator[tuple[Table, pa.Table]]:
    """All history up to `last`, by ranges of records: backdated records laid out anew, the others line by line."""
    for ids in _ranges("SELECT DISTINCT record_id FROM records_change WHERE record_id > %s ORDER BY record_id"):
        with connection.cursor() as cursor:
            cursor.execute("SELECT DISTINCT record_id FROM records_change WHERE record_id = ANY(%s) AND backdated", [ids])
            late = [id for (id,) in cursor.fetchall()]
        plain = sorted(set(ids) - set(late))
        yield HISTORY_LOG, _copied(HISTORY, _history_select("c.record_id = ANY(%s)", plain, Position(0, 0, 0), last))
        if late:
            yield HISTORY_LOG, _copied(HISTORY, _derived_history_select(late, last))


def _ranges(select: str) -> Iterator[list[int]]:
    after = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(f"{select} LIMIT {REBUILD_SLICE}", [after])
            ids = [id for (id,) in cursor.fetchall()]
        if not ids:
            return
        yield ids
        after = ids[-1]


def _all_links() -> Iterable[Put]:
    yield Put(replace(ASSOCIATIONS, key=()), _copied(ASSOCIATIONS, _links_select("true", [])))


@dataclass(frozen=True, slots=True)
class Status:
    """How the columns stand: rows there and in PostgreSQL, bytes, and the lines of the log that wait."""

    tables: dict[str, int]
    records: int
    bytes: int
    position: Position | None
    waiting: int


def status() -> Status:
    """What `jalon warehouse status` prints."""
    engine, position = current.engine(), progress.stored()
    counts = {
        catalog.plural: int(engine.rows(exp.select(exp.Count(this=exp.Star())).from_(exp.table_(catalog.plural, quoted=True)))[0][0])
        for catalog in queries.catalogs().values()
        if catalog.plural in engine.tables()
    }
    return Status(counts, _how_many(), engine.size(), position, _waiting(position or Position(0, 0, 0)))


def _waiting(position: Position) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM records_change WHERE (epoch, xid, id) > (%s, %s::text::xid8, %s)",
            [position.epoch, str(position.xid), position.id],
        )
        return int(cursor.fetchone()[0])


def _how_many() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM records_record WHERE archived_at IS NULL")
        return int(cursor.fetchone()[0])
