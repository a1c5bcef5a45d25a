"""Reading what calculations need: the log from their own position, the neighbors of records, values from the columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from django.db import connection
from django.utils.translation import get_language

from jalon.accounts.money import queries as money
from jalon.accounts.queries import account
from jalon.jobs.models import Position as StoredPosition
from jalon.records import circles, queries
from jalon.records.calculated import compile as columns
from jalon.records.calculated.check import Known, Link
from jalon.records.calculated.compile import Ids
from jalon.records.calculated.functions import Rates, Surroundings
from jalon.records.calculated.plan import Book, Changed, Formula, Linked, Name, Way, book, reads, reads_of
from jalon.records.calculated.tree import Node, Rollup
from jalon.records.columns import Catalog, Position, Source
from jalon.records.models import AssociationType, Calculation, Change
from jalon.warehouse import current
from jalon.warehouse.schema import Kind

READ = "calculated"  # how far the log is read
WRITTEN = "calculated.written"  # the last line that following the log has written
LINKS = (Change.Kind.LINKED, Change.Kind.UNLINKED, Change.Kind.PRIMARY)
PASSED = "calculated.passed"  # the last line that a pass over all records has written

# Formulas


def known() -> Known:
    """What formulas may name now."""
    rows = AssociationType.objects.order_by("id").values_list("name", "id", "from_type__name", "to_type__name")
    return Known(queries.catalogs(), tuple(Link(*row) for row in rows))


def surroundings() -> Surroundings:
    """The account's zone and its exchange rates."""
    settings = account()
    return Surroundings(settings.tz, Rates(settings.currency, money.rates()))


_book: tuple[Mapping[str, Catalog], Surroundings, Book] | None = None


def the_book() -> Book:
    """Every formula as it stands now; read again only after a change of definitions, zone or rates."""
    global _book
    catalogs, around = queries.catalogs(), surroundings()
    if _book is None or _book[0] is not catalogs or _book[1] != around:
        _book = (catalogs, around, book(known(), around))
    return _book[2]


def made() -> dict[circles.Made, frozenset[circles.Made]]:
    """Every calculated property with what its formula reads: a row of the table of circles."""
    return {circles.a_property(each.object_type, each.name): _named(reads(each)) for each in the_book().formulas}


def read_by_formula(object_type: str, tree: Node) -> frozenset[circles.Made]:
    """What a formula that is not defined yet would read."""
    return _named(reads_of(known(), object_type, tree))


def label(made: circles.Made) -> str:
    """The label of a property, calculated or not."""
    kind, *parts = made
    spec = queries.catalog(parts[0]).properties.get(parts[1]) if kind == "property" else None
    return spec.label(get_language() or "en") if spec else ""


def _named(names: Iterable[Name]) -> frozenset[circles.Made]:
    return frozenset(circles.a_property(object_type, name) for object_type, name in names)


# Positions


def position(name: str) -> Position | None:
    row = StoredPosition.objects.filter(name=name).values_list("epoch", "xid", "id").first()
    return Position(*row) if row else None


@dataclass(frozen=True, slots=True)
class Pass:
    """Formulas of one object type that are computed for every record, from the same place on."""

    object_type: str
    formulas: tuple[Formula, ...]
    after: int


def next_pass(book: Book) -> Pass | None:
    """The first unfinished one, those that others read before those that read them."""
    rows = Calculation.objects.filter(is_done=False).values_list("property__object_type__name", "property__name", "after_id")
    stands = {(object_type, name): after for object_type, name, after in rows}
    waiting = [each for each in book.formulas if (each.object_type, each.name) in stands]
    if not waiting:
        return None
    first = waiting[0]
    key = (first.object_type, book.levels[first.object_type, first.name], stands[first.object_type, first.name])
    together = [
        each for each in waiting if (each.object_type, book.levels[each.object_type, each.name], stands[each.object_type, each.name]) == key
    ]
    return Pass(first.object_type, tuple(together), key[2])


def waiting() -> int:
    """How many formulas still have records before them."""
    return Calculation.objects.filter(is_done=False).count()


# The log


@dataclass(frozen=True, slots=True)
class Reading:
    """A slice of the log up to where the columns are, as formulas see it."""

    position: Position | None
    changes: tuple[Changed, ...]
    links: tuple[Linked, ...]
    more: bool


def read(after: Position, last: Position, names: Iterable[str], limit: int) -> Reading:
    """The lines between two positions; of the values that changed, only these names."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT epoch, xid::text::bigint, id, object_type_id, record_id, kind::text, source,"
            " CASE WHEN kind IN ('c', 'u') THEN CASE WHEN delta ?| %(names)s THEN ARRAY(SELECT jsonb_object_keys(delta)) END END,"
            " CASE WHEN kind IN ('l', 'x', 'e', 'm', 's') THEN delta::text END FROM records_change c"
            " WHERE (epoch, xid, id) > (%(epoch)s, %(xid)s::text::xid8, %(id)s)"
            " AND (epoch, xid, id) <= (%(to_epoch)s, %(to_xid)s::text::xid8, %(to_id)s) ORDER BY c.epoch, c.xid, c.id LIMIT %(limit)s",
            {
                "names": list(names),
                "limit": limit,
                "epoch": after.epoch,
                "xid": str(after.xid),
                "id": after.id,
                "to_epoch": last.epoch,
                "to_xid": str(last.xid),
                "to_id": last.id,
            },
        )
        rows = cursor.fetchall()
    types = {queries.type_id(name): name for name in queries.catalogs()}
    ends = {row[0]: row[1:] for row in AssociationType.objects.values_list("id", "from_type_id", "to_type_id")}
    changes = tuple(change for row in rows if row[3] in types and row[5] not in LINKS for change in _changes(types, row))
    links = tuple(_link(types, ends, row) for row in rows if row[5] in (Change.Kind.LINKED, Change.Kind.UNLINKED))
    return Reading(Position(*rows[-1][:3]) if rows else None, changes, links, len(rows) == limit)


def _changes(types: Mapping[int, str], row: Sequence[Any]) -> Iterator[Changed]:
    _, _, _, type_id, id, kind, source, names, delta = row
    name, told = types[type_id], orjson.loads(delta) if delta else {}
    match kind:
        case Change.Kind.UPDATED | Change.Kind.CREATED:
            new = kind == Change.Kind.CREATED
            yield Changed(name, id, frozenset(names or ()), came=new, is_new=new, foreign=source != Source.CALCULATED)
        case Change.Kind.ARCHIVED:
            yield Changed(name, id, went=True)
        case Change.Kind.ERASED:  # nobody is linked to it any more: the line says who was
            yield Changed(name, id, went=True, near=frozenset(told.get("to", ())))
        case _:  # restored; merged or separated: both records may have other links now
            yield from (Changed(name, each, came=True) for each in {id, told.get("into", id)})


def _link(types: Mapping[int, str], ends: Mapping[int, tuple[int, ...]], row: Sequence[Any]) -> Linked:
    delta = orjson.loads(row[8])
    ids: dict[str, frozenset[int]] = {}
    for type_id, some in zip(ends.get(delta["type"], ()), ([row[4]], delta["to"]), strict=False):
        name = types.get(type_id, "")
        ids[name] = ids.get(name, frozenset()) | frozenset(some)
    return Linked(delta["type"], ids)


def neighbors(ids: Iterable[int], object_type: str) -> set[int]:
    """The live records of an object type that these are linked to; by a join, since before the first ANALYZE a long list is slow."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH wanted AS (SELECT unnest(%(ids)s::bigint[]) AS id), near AS ("
            " SELECT a.to_record_id AS id FROM records_association a JOIN wanted w ON w.id = a.from_record_id"
            " UNION SELECT a.from_record_id FROM records_association a JOIN wanted w ON w.id = a.to_record_id)"
            " SELECT r.id FROM records_record r JOIN near n USING (id) WHERE r.object_type_id = %(type)s AND r.archived_at IS NULL",
            {"ids": list(ids), "type": queries.type_id(object_type)},
        )
        return {id for (id,) in cursor.fetchall()}


# Values


def inputs(object_type: str, formulas: Sequence[Formula], ids: Ids, more: Iterable[str] = ()) -> Iterator[tuple[int, dict[Any, Any]]]:
    """Each record that the columns have, with all that these formulas read of it, and `more` of its properties."""
    catalog = queries.catalog(object_type)
    names = sorted(set(more).union(*(formula.own for formula in formulas)))
    rolled, blank = _rolled(object_type, formulas, ids)
    for row in current.engine().rows(columns.own_values(catalog, names, ids)):
        values = {name: _typed(catalog, name, value) for name, value in zip(names, row[1:], strict=True)}
        yield row[0], values | blank | rolled.get(row[0], {})


def _rolled(object_type: str, formulas: Sequence[Formula], ids: Ids) -> tuple[dict[int, dict[Rollup, Any]], dict[Any, Any]]:
    """The rollups of the records that have associated ones, and those of a record that has none."""
    by_way: dict[Way, list[Rollup]] = {}
    for formula in formulas:
        for rollup, way in formula.ways.items():
            if rollup not in by_way.setdefault(way, []):
                by_way[way].append(rollup)
    found: dict[int, dict[Rollup, Any]] = {}
    for way, measures in by_way.items():
        tree = columns.rolled(object_type, queries.catalog(way.end), way, measures, ids)
        for owner, *told in current.engine().rows(tree):
            values = found.setdefault(owner, {})
            for place, rollup in enumerate(measures):
                values[rollup] = columns.measured(rollup, told[2 * place], told[2 * place + 1])
    return found, {rollup: columns.of_none(rollup) for measures in by_way.values() for rollup in measures}


def _typed(catalog: Catalog, name: str, value: Any) -> Any:
    """A value of the columns as formulas have it."""
    if value is None:
        return None
    kind = catalog.properties[name].kind
    if kind is Kind.USER:
        return str(value)
    return tuple(part for part in value.split(";") if part) if kind is Kind.MULTI else value


def next_window(object_type: str, after: int, size: int) -> Ids | None:
    """The next records of an object type by id."""
    rows = current.engine().rows(columns.next_ids(queries.catalog(object_type), after, size))
    return Ids(first=rows[0][0], last=rows[-1][0]) if rows else None
