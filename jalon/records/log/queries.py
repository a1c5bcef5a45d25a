"""Reading the change log in order, and what it touches as columns of canonical text, without a Python object per value."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson
import pyarrow as pa
import pyarrow.csv as pa_csv
from django.db import connection

from jalon.records import needles, queries
from jalon.records.columns import ASSOCIATIONS, HISTORY, Catalog, Position, Type
from jalon.records.models import Change, Epoch, Property, Record
from jalon.warehouse.schema import Table

START: Final = Position(0, 0, 0)
SETTLED: Final = "(epoch < %s OR xid < pg_snapshot_xmin(pg_current_snapshot()))"
AFTER: Final = "(c.epoch, c.xid, c.id) > (%s, %s::text::xid8, %s)"
UP_TO: Final = "(c.epoch, c.xid, c.id) <= (%s, %s::text::xid8, %s)"
LINKS: Final = {Change.Kind.LINKED.value, Change.Kind.UNLINKED.value, Change.Kind.PRIMARY.value}
FAMILIES: Final = {Change.Kind.MERGED.value, Change.Kind.SEPARATED.value}
COMES_OR_GOES: Final = {Change.Kind.ARCHIVED.value, Change.Kind.RESTORED.value, *FAMILIES}

Select = tuple[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Reading:
    """A slice of the log: the position of its last line, what it touches, and whether more waits."""

    position: Position | None
    records: dict[int, set[int]]  # object type id -> records whose row changed
    links: set[int]  # records whose associations changed
    backdated: set[int]  # records that got lines of the past, or of another record that became one with them or left them
    erased: set[int]  # records that are gone for ever
    more: bool


def epoch() -> int:
    """The cluster's number: stored transaction ids of another epoch are all of the past."""
    return Epoch.objects.values_list("value", flat=True).first() or 1


def read(after: Position, limit: int) -> Reading:
    """Committed lines after a position, in order. A line waits until no older transaction can still commit one before it.

    Ordered by `c.xid`: a bare `xid` would be the number that is selected, for which there is no index.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT epoch, xid::text::bigint, id, object_type_id, record_id, kind::text, backdated,"
            " CASE WHEN kind IN ('l', 'x', 'p', 'e') THEN (delta -> 'to')::text END,"
            " CASE WHEN kind IN ('m', 's') THEN (delta ->> 'into')::bigint END FROM records_change c"
            f" WHERE {AFTER} AND {SETTLED} ORDER BY c.epoch, c.xid, c.id LIMIT %s",
            [*_bound(after), epoch(), limit],
        )
        rows = cursor.fetchall()
    records: dict[int, set[int]] = {}
    links: set[int] = set()
    backdated, erased = {row[4] for row in rows if row[6]}, {row[4] for row in rows if row[5] == Change.Kind.ERASED.value}
    for _, _, _, type_number, record_id, kind, _, ends, survivor in rows:
        if ends is not None:
            links |= {record_id, *orjson.loads(ends)}
        if kind in LINKS:
            continue
        records.setdefault(type_number, set()).add(record_id)
        if kind in COMES_OR_GOES:
            links.add(record_id)
        if survivor is not None:
            backdated |= {record_id, survivor}
    return Reading(Position(*rows[-1][:3]) if rows else None, records, links, backdated, erased, len(rows) == limit)


def last_settled() -> Position:
    """The newest line that no running transaction can still get ahead of."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT epoch, xid::text::bigint, id FROM records_change c"
            f" WHERE {SETTLED} ORDER BY c.epoch DESC, c.xid DESC, c.id DESC LIMIT 1",
            [epoch()],
        )
        row = cursor.fetchone()
    return Position(*row) if row else START


def waiting(after: Position) -> int:
    """How many lines lie behind a position."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM records_change c WHERE {AFTER}", _bound(after))
        return int(cursor.fetchone()[0])


def one_moment() -> None:
    """First statement of a transaction: all that it reads is of one instant."""
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def instants(ids: Sequence[int], properties: set[str]) -> dict[tuple[int, str], list[tuple[datetime, str | None]]]:
    """What the log knows of these records' properties: instants, cut to milliseconds, and values."""
    found: dict[tuple[int, str], list[tuple[datetime, str | None]]] = {}
    if not ids:
        return found
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.record_id, d.key, date_trunc('milliseconds', c.at), d.value ->> 1 FROM records_change c, jsonb_each(c.delta) d"
            " WHERE c.record_id = ANY(%s) AND c.kind IN ('c', 'u') AND d.key = ANY(%s)",
            [list(ids), list(properties)],
        )
        for record_id, name, at, value in cursor.fetchall():
            found.setdefault((record_id, name), []).append((at, value))
    return found


# Rows of records


def how_many() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM records_record WHERE archived_at IS NULL")
        return int(cursor.fetchone()[0])


def rows_of(catalog: Catalog, ids: Sequence[int]) -> pa.Table:
    """The present rows of these records, the archived ones left out."""
    return copied(catalog.table(), (f"{_record_select(catalog)} AND id = ANY(%s)", [list(ids)]))


def rows_after(catalog: Catalog, after: int, limit: int) -> pa.Table:
    """The next rows of an object type by id."""
    return copied(catalog.table(), (f"{_record_select(catalog)} AND id > %s ORDER BY records_record.id LIMIT %s", [after, limit]))


def with_values(catalog: Catalog, names: Sequence[str]) -> list[int]:
    """The records that have a value for one of these properties."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM records_record WHERE object_type_id = %s AND archived_at IS NULL AND properties ?| %s ORDER BY id",
            [queries.type_id(catalog.object_type), list(names)],
        )
        return [id for (id,) in cursor.fetchall()]


def archived_texts(object_type: str, names: Sequence[str]) -> list[str]:
    """Those of these properties that are archived and hold text."""
    rows = Property.objects.filter(object_type__name=object_type, name__in=names, type=Type.STRING.value)
    return list(rows.exclude(archived_at=None).values_list("name", flat=True)) if names else []


def ids_of(catalog: Catalog) -> list[int]:
    """Every record of an object type that is not archived."""
    rows = Record.objects.filter(object_type_id=queries.type_id(catalog.object_type), archived_at=None)
    return list(rows.order_by("id").values_list("id", flat=True))


def _record_select(catalog: Catalog) -> str:
    values = ["id", *(_value_sql(name) for name in catalog.properties), needles.text_sql(catalog)]
    type_number = queries.type_id(catalog.object_type)
    return f"SELECT {', '.join(values)} FROM records_record WHERE object_type_id = {type_number} AND archived_at IS NULL"


def _value_sql(name: str) -> str:
    """Names of properties are small letters, digits and underscores: they need no escape."""
    match name:
        case "createdate":
            return instant_sql("created_at")
        case "lastmodifieddate":
            return instant_sql("updated_at")
        case "hs_object_id":
            return "id::text AS hs_object_id"
    return f"properties ->> '{name}'"


def instant_sql(column: str) -> str:
    """An instant as canonical text, under the column's own name."""
    return f"to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"


# History


def history_between(after: Position, last: Position, without: Sequence[int] = ()) -> pa.Table:
    """The log's lines between two positions, a row per property, except those of some records."""
    return _spread(_lines(f"{AFTER} AND {UP_TO} AND c.record_id <> ALL(%s)", [*_bound(after), *_bound(last), list(without)]))


def history_of(ids: Sequence[int], last: Position) -> pa.Table:
    """The lines of records without backdated ones, up to a position."""
    return _spread(_lines(f"c.record_id = ANY(%s) AND {UP_TO}", [list(ids), *_bound(last)]))


def _lines(condition: str, params: list[Any]) -> pa.Table:
    """Lines of the log as they are: the table of HISTORY, with the delta in `new`."""
    sql = (
        f"SELECT c.id, t.name, c.record_id, NULL, NULL, c.delta, {instant_sql('c.at')}, c.source, c.source_detail, c.actor_id"
        " FROM records_change c JOIN records_objecttype t ON t.id = c.object_type_id"
        f" WHERE c.kind IN ('c', 'u') AND {condition}"
    )
    return copied(HISTORY, (sql, params))


def _spread(lines: pa.Table) -> pa.Table:
    """A row per property of each line. Here rather than by jsonb_each: a message per row from PostgreSQL costs ten times as much."""
    places: list[int] = []
    names: list[str] = []
    old: list[str | None] = []
    new: list[str | None] = []
    for place, text in enumerate(lines.column("new").to_pylist()):
        delta = orjson.loads(text)
        for name, (before, after) in delta.items():
            if before != after:  # a merge says again what it leaves as it is, for readers of both pasts
                places.append(place)
                names.append(name)
                old.append(before)
                new.append(after)
    spread = {name: lines.column(name).take(pa.array(places, pa.int32())) for name in lines.column_names}
    spread |= {"property": pa.array(names, pa.string()), "old": pa.array(old, pa.string()), "new": pa.array(new, pa.string())}
    return pa.table(spread)


def derived_history_of(roots: Mapping[int, int], last: Position) -> pa.Table:
    """The whole past of records whose log is not in order, told under their roots: `old` is the value before by (at, id).

    Such are records with backdated lines, and those that others were merged into. What changes nothing is left out.
    """
    sql = (
        f"SELECT h.id, t.name, h.root, h.key, h.old, h.new, {instant_sql('h.at')}, h.source, h.source_detail, h.actor_id"
        " FROM (SELECT c.*, f.root, d.key, d.value ->> 1 AS new,"
        " lag(d.value ->> 1, 1, CASE WHEN NOT c.backdated THEN d.value ->> 0 END)"
        " OVER (PARTITION BY f.root, d.key ORDER BY c.at, c.id) AS old"
        " FROM unnest(%s::bigint[], %s::bigint[]) AS f(id, root) JOIN records_change c ON c.record_id = f.id"
        " CROSS JOIN LATERAL jsonb_each(c.delta) d"
        f" WHERE c.kind IN ('c', 'u') AND {UP_TO}) h"
        " JOIN records_objecttype t ON t.id = h.object_type_id WHERE h.old IS DISTINCT FROM h.new"
    )
    return copied(HISTORY, (sql, [list(roots), list(roots.values()), *_bound(last)]))


def families(ids: Sequence[int] | None = None) -> dict[int, int]:
    """Every record that is one with one of these, itself included, and the record that they became. None: all that were merged."""
    start, params = ("id = ANY(%s)", [list(ids)]) if ids is not None else ("merged_into_id IS NOT NULL", [])
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE up(top, next) AS ("
            f" SELECT id, merged_into_id FROM records_record WHERE {start}"
            " UNION SELECT r.id, r.merged_into_id FROM up JOIN records_record r ON r.id = up.next"
            "), family(id, root) AS ("
            " SELECT top, top FROM up WHERE next IS NULL"
            " UNION ALL SELECT r.id, f.root FROM family f JOIN records_record r ON r.merged_into_id = f.id"
            ") SELECT id, root FROM family",
            params,
        )
        return dict(cursor.fetchall())


def changed_records(size: int) -> Iterator[tuple[list[int], dict[int, int]]]:
    """Every record of the log in slices by id: those whose lines are in order, and those to derive, each with its root."""
    after, roots = 0, families()
    members: dict[int, dict[int, int]] = {}
    for id, root in roots.items():
        members.setdefault(root, {})[id] = root
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT record_id, bool_or(backdated) FROM records_change"
                " WHERE record_id > %s GROUP BY record_id ORDER BY record_id LIMIT %s",
                [after, size],
            )
            rows = cursor.fetchall()
        if not rows:
            return
        derived = {id: id for id, late in rows if late and id not in roots}
        for id, _ in rows:
            derived |= members.get(id, {})
        yield [id for id, late in rows if not late and id not in roots], derived
        after = rows[-1][0]


# Links


def neighbors(ids: Sequence[int]) -> set[int]:
    """Whoever is linked to these records: an archived one has to leave their side too."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_record_id FROM records_association WHERE from_record_id = ANY(%s)"
            " UNION SELECT from_record_id FROM records_association WHERE to_record_id = ANY(%s)",
            [list(ids), list(ids)],
        )
        return {id for (id,) in cursor.fetchall()}


def links_of(ids: Sequence[int]) -> pa.Table:
    """The links of these records seen from their side, those of archived records left out."""
    return copied(ASSOCIATIONS, _links_select(" JOIN unnest(%s::bigint[]) AS wanted(id) ON wanted.id = {own}.id", [list(ids)]))


def all_links() -> pa.Table:
    """Every link, seen from both sides."""
    return copied(ASSOCIATIONS, _links_select("", []))


def _links_select(narrowed: str, params: list[Any]) -> Select:
    """`narrowed` is a join, not a condition: before the first ANALYZE, PostgreSQL looks `= ANY(10,000 ids)` through for every link."""
    sides = [
        f"SELECT {own_type}.name, {own}.id, {other_type}.name, {other}.id, a.type_id, a.is_primary::text, {inverse}"
        " FROM records_association a"
        " JOIN records_record f ON f.id = a.from_record_id AND f.archived_at IS NULL"
        " JOIN records_record t ON t.id = a.to_record_id AND t.archived_at IS NULL"
        " JOIN records_associationtype l ON l.id = a.type_id"
        " JOIN records_objecttype lf ON lf.id = l.from_type_id JOIN records_objecttype lt ON lt.id = l.to_type_id"
        f"{narrowed.format(own=own)}"
        for own, other, own_type, other_type, inverse in (("f", "t", "lf", "lt", "false"), ("t", "f", "lt", "lf", "true"))
    ]
    return " UNION ALL ".join(sides), params * 2


def _bound(position: Position) -> list[Any]:
    return [position.epoch, str(position.xid), position.id]


def copied(table: Table, select: Select) -> pa.Table:
    """PostgreSQL's answer as a table of text; an unquoted nothing is NULL, a quoted one an empty text."""
    sql, params = select
    names = [column.name for column in table.columns]
    buffer = io.BytesIO()
    with connection.cursor() as cursor, cursor.cursor.copy(f"COPY ({sql}) TO STDOUT (FORMAT csv)", params) as copy:
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
