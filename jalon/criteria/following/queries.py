"""Reading the log with criteria in mind: for lists, scores and workflows, each from its own position."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
from django.db import connection

from jalon.criteria.following.plan import (
    Change,
    Event,
    Followed,
    Happened,
    Linked,
    Reach,
    Touched,
    Watched,
    What,
    gone_at_the_end,
    interesting,
    reach,
    reach_of_facts,
    without_gone,
)
from jalon.records import queries
from jalon.records.calculated.queries import neighbors
from jalon.records.columns import Position
from jalon.records.models import AssociationType
from jalon.records.models import Change as Line

LINKS: Final = (Line.Kind.LINKED, Line.Kind.UNLINKED)
EVENTS: Final[Mapping[str, What]] = {
    Line.Kind.ARCHIVED: What.ARCHIVED,
    Line.Kind.RESTORED: What.RESTORED,
    Line.Kind.MERGED: What.MERGED,
    Line.Kind.SEPARATED: What.SEPARATED,
    Line.Kind.ERASED: What.ERASED,
}

Row = tuple[Any, ...]


def follow(after: Position, until: Position, watched: Sequence[Watched], limit: int) -> Followed:
    """The lines after a position, about `limit` of them, and whom they touch.

    `until` is where the columns are: what is touched is asked of them. A slice ends with a transaction, so that who
    evaluates never sees half of what was done together as done.
    """
    rows, more = _lines(after, until, sorted(interesting(watched)), limit)
    if not rows:
        return Followed(after, {}, {}, (), False)
    types = {queries.type_id(name): name for name in queries.catalogs()}
    known = [row for row in rows if row[3] in types]
    events = tuple(_events(types, known))
    gone = gone_at_the_end(events)
    touched = _touched(reach(watched, _changes(types, known), _links(types, known)))
    return Followed(Position(*rows[-1][:3]), dict(without_gone(touched, gone, watched)), gone, events, more)


# Facts that stand elsewhere than in the log of the records


@dataclass(frozen=True, slots=True)
class FactSource:
    """A log of facts of one filter kind: its newest number, and what stands behind a number, as far as the columns have it.

    `read` gives (number, what happened) in the order of the numbers, at most about as many records as it is asked for.
    """

    kind: str
    newest: Callable[[], int]
    read: Callable[[int, int], Sequence[tuple[int, Happened]]]


@dataclass(frozen=True, slots=True)
class News:
    """What a slice of facts touches, and up to which number it reads."""

    number: int
    touched: Mapping[Hashable, set[int]]
    more: bool


_sources: dict[str, FactSource] = {}


def install(sources: Sequence[FactSource]) -> None:
    """Takes the rows of the wiring, in place of those it had."""
    _sources.clear()
    _sources.update({source.kind: source for source in sources})


def sources() -> Mapping[str, FactSource]:
    """By the filter kind whose facts they tell."""
    return _sources


def news(kind: str, after: int, watched: Sequence[Watched], limit: int) -> News:
    """Whom the facts behind a number touch: who joined or left the lists that criteria name."""
    source = _sources[kind]
    told = source.read(after, limit)
    if not told:
        return News(after, {}, False)
    last = told[-1][0]
    return News(last, _touched(reach_of_facts(watched, (happened for _, happened in told))), last < source.newest())


def _touched(found: Reach) -> Touched:
    """With the neighbors of changed records."""
    for (object_type, keys), ids in found.far.items():
        found.add(keys, neighbors(ids, object_type))
    return {key: ids for key, ids in found.own.items() if ids}


# The lines


def _lines(after: Position, until: Position, names: Sequence[str], limit: int) -> tuple[list[Row], bool]:
    """Lines in the order of the log: of the values that changed, only these names; the last transaction whole."""
    rows = _between(after, until, names, limit)
    if len(rows) < limit:
        return rows, False
    epoch, xid, id = rows[-1][:3]
    end = Position(epoch, xid, 2**62)
    rows += _between(Position(epoch, xid, id), min(end, until), names, None)
    return rows, Position(*rows[-1][:3]) < until


def _between(after: Position, until: Position, names: Sequence[str], limit: int | None) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT epoch, xid::text::bigint, id, object_type_id, record_id, kind::text, source, source_detail,"
            " CASE WHEN kind IN ('c', 'u') AND delta ?| %s::text[]"
            " THEN ARRAY(SELECT jsonb_object_keys(delta) INTERSECT SELECT unnest(%s::text[])) END,"
            " CASE WHEN kind NOT IN ('c', 'u') THEN delta::text END FROM records_change c"
            " WHERE (epoch, xid, id) > (%s, %s::text::xid8, %s) AND (epoch, xid, id) <= (%s, %s::text::xid8, %s)"
            " ORDER BY c.epoch, c.xid, c.id LIMIT %s",
            [list(names), list(names), *_bound(after), *_bound(until), limit],
        )
        return list(cursor.fetchall())


def _bound(position: Position) -> list[Any]:
    return [position.epoch, str(position.xid), position.id]


def _changes(types: Mapping[int, str], rows: Sequence[Row]) -> Iterator[Change]:
    for _, _, _, type_id, id, kind, source, detail, names, delta in rows:
        name = types[type_id]
        match kind:
            case Line.Kind.CREATED | Line.Kind.UPDATED:
                is_new = kind == Line.Kind.CREATED
                yield Change(name, id, frozenset(names or ()), (source, detail), came=is_new, is_new=is_new)
            case Line.Kind.ARCHIVED:
                yield Change(name, id, went=True)
            case Line.Kind.ERASED:  # nobody is linked to it any more: the line says who was
                yield Change(name, id, went=True, near=frozenset(orjson.loads(delta).get("to", ())))
            case Line.Kind.MERGED:
                yield Change(name, id, went=True)
                yield Change(name, orjson.loads(delta)["into"], came=True)
            case Line.Kind.RESTORED:
                yield Change(name, id, came=True)
            case Line.Kind.SEPARATED:
                yield from (Change(name, each, came=True) for each in (id, orjson.loads(delta)["into"]))


def _links(types: Mapping[int, str], rows: Sequence[Row]) -> Iterator[Linked]:
    ends = dict[int, tuple[int, int]]()
    for row in rows:
        if row[5] not in LINKS:
            continue
        delta = orjson.loads(row[9])
        ends = ends or {id: (one, other) for id, one, other in AssociationType.objects.values_list("id", "from_type_id", "to_type_id")}
        one, other = (types.get(number, "") for number in ends.get(delta["type"], (0, 0)))
        yield Linked(one, frozenset({row[4]}), other)
        yield Linked(other, frozenset(delta["to"]), one)


def _events(types: Mapping[int, str], rows: Sequence[Row]) -> Iterator[Event]:
    for row in rows:
        if what := EVENTS.get(row[5]):
            into = orjson.loads(row[9]).get("into", 0) if what in (What.MERGED, What.SEPARATED) else 0
            yield Event(what, types[row[3]], row[4], into)
