"""Reading what the beat needs to know of lists: their criteria, their members among some records, what is asked for."""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection
from django.db.models import Count, Func, IntegerField, Min, Q, Sum
from django.utils.translation import override
from sqlglot import exp

from jalon.accounts.queries import account
from jalon.criteria import moments
from jalon.criteria import queries as criteria_queries
from jalon.criteria.following.plan import Happened
from jalon.criteria.following.queries import FactSource
from jalon.criteria.sets import queries as sets
from jalon.criteria.sets.plan import Members
from jalon.criteria.sets.queries import Difference
from jalon.jobs.models import Position as StoredPosition
from jalon.lists.columns import LIST_MEMBERS, LIST_MOVEMENTS, MARK, Why, of_list
from jalon.lists.membership.plan import Active, Asked, Book, Pair, book
from jalon.lists.membership.rows import members_told
from jalon.lists.models import List, Movement, Request
from jalon.lists.queries import KIND, OVERDUE, criteria_of, problems
from jalon.records import queries as records
from jalon.records.columns import Catalog, Position
from jalon.records.log import queries as log
from jalon.records.log.queries import families
from jalon.records.models import Record
from jalon.warehouse import current, query
from jalon.warehouse.engine import Engine
from jalon.warehouse.words import N_

READ: Final = "lists"  # how far the log is read
MOVED: Final = "lists.moved"  # the last movement, which whoever writes the next one has to know
HEARD: Final = "lists.heard"  # the last movement that lists of lists have followed
AROUND: Final = "lists.around"  # the account's days, as a number
SLICE: Final = 250_000  # ids that are laid into the columns at once

LAST_ID: Final = 2**62
MEMBERS: Final = Members(LIST_MEMBERS.name, "list_id", "record_id")

Kind, State = List.Kind, List.State

# Positions


def positions() -> dict[str, Position]:
    """By name; one that was never stored is missing."""
    rows = StoredPosition.objects.filter(name__in=[READ, MOVED, HEARD, AROUND]).values_list("name", "epoch", "xid", "id")
    return {name: Position(*rest) for name, *rest in rows}


def around() -> int:
    """Says which days the account has: another zone, another first day of the week or of the fiscal year makes other answers."""
    settings = account()
    return zlib.crc32(f"{settings.zone} {settings.first_weekday} {settings.fiscal_month}".encode())


def laid_down(engine: Engine | None = None) -> int:
    """The last movement that the columns have."""
    return int((engine or current.engine()).marks().get(MARK, "0"))


# Lists


_book: tuple[tuple[object, ...], Mapping[str, Catalog], Book] | None = None


def the_book() -> Book:
    """Every list whose criteria are asked; read again only after a change of a list or of a definition."""
    global _book
    if over := [id for id, (_, until) in _set_apart.items() if until < time.monotonic()]:
        _book = None
        for id in over:
            del _set_apart[id]
    sums = List.objects.aggregate(Count("id"), Sum("version"), Count("deleted_at"), Min("deleted_at"))
    seen, catalogs = tuple(sums.values()), records.catalogs()
    if _book is None or _book[0] != seen or _book[1] is not catalogs:
        _book = (seen, catalogs, _read_book())
    return _book[2]


def _read_book() -> Book:
    trouble, active = dict[int, tuple[str, ...]](), list[Active]()
    asked = Q(kind=Kind.DYNAMIC) | ~Q(state=State.DONE)  # what is static and found asks nothing any more
    for row in List.objects.filter(asked, deleted_at=None).order_by("id"):
        with override("en"):
            wrong = (UNANSWERED,) if _set_apart.get(row.pk, (0, 0.0))[0] == row.version else tuple(problems(row))
        if wrong:
            trouble[row.pk] = wrong
            continue
        criteria = criteria_of(row.criteria)
        depends = criteria_queries.depends(criteria, row.object_type)
        active.append(Active(row.pk, row.object_type, criteria, depends, row.version, row.kind == Kind.DYNAMIC))
    return book(active, trouble)


#: Lists that the columns failed to answer, which must not hold up the others: the version of each, and when it is tried again.
_set_apart: dict[int, tuple[int, float]] = {}
APART: Final = 600.0  # seconds
UNANSWERED: Final = N_("Its filters cannot be asked: the columns answer with an error, which the log of the server tells.")


def set_apart(some: Iterable[Active], now: datetime) -> list[int]:
    """Asks each list by itself after many together have failed; who fails alone is in trouble for a while, or until it is changed."""
    global _book
    laid_down()  # raises where the columns do not answer anything
    failing = [each for each in some if not _answers(each, now)]
    _set_apart.update({each.id: (each.version, time.monotonic() + APART) for each in failing})
    _book = None
    return [each.id for each in failing]


def _answers(active: Active, now: datetime) -> bool:
    try:
        holding([active], [0], now)
        differing([active], 0, 1, now)
    except Exception:  # whatever an engine says to a question that it cannot plan
        return False
    return True


def in_trouble() -> dict[int, tuple[str, ...]]:
    """The lists that are known to be in trouble, and why."""
    rows = List.objects.filter(deleted_at=None).exclude(trouble=[]).values_list("id", "trouble")
    return {id: tuple(told) for id, told in rows}


def static_lists() -> frozenset[int]:
    return frozenset(List.objects.exclude(kind=Kind.DYNAMIC).values_list("id", flat=True))


@dataclass(frozen=True, slots=True)
class Unfinished:
    """How far a list is with all the records."""

    list_id: int
    after_id: int
    begun: bool
    seen_version: int


def unfinished() -> list[Unfinished]:
    """The lists for which records are still to be looked at."""
    rows = List.objects.filter(deleted_at=None).exclude(state=State.DONE).order_by("id")
    return [Unfinished(row.pk, row.after_id, row.state == State.RUNNING, row.seen_version) for row in rows]


def due(now: datetime) -> dict[int, datetime]:
    """The lists whose moment has come, and since when the clock was not looked at."""
    rows = List.objects.filter(deleted_at=None, kind=Kind.DYNAMIC, state=State.DONE, trouble=[], next_at__lte=now)
    return {row.pk: row.checked_at or row.filters_updated_at for row in rows}


@dataclass(frozen=True, slots=True)
class Owed:
    """What is left to do for all lists: see the health page."""

    read: Position | None
    overdue: int
    in_trouble: int
    unfinished: int


def owed(now: datetime) -> Owed:
    active = List.objects.filter(deleted_at=None)
    late = active.filter(kind=Kind.DYNAMIC, state=State.DONE, trouble=[], next_at__lt=now - OVERDUE)
    sick = active.exclude(trouble=[])
    return Owed(positions().get(READ), late.count(), sick.count(), active.filter(trouble=[]).exclude(state=State.DONE).count())


def next_moments(some: Iterable[Active], now: datetime) -> dict[int, datetime | None]:
    """When the clock alone changes the answer of each next; lists that look at the same property ask once."""
    around, zone, engine = criteria_queries.known(), account().tz, current.engine()
    asked: dict[str, datetime | None] = {}
    found: dict[int, datetime | None] = {}
    for each in some:
        ahead = moments.ahead(each.criteria, around.catalogs[each.object_type], around, now, zone=zone)
        instants = [ahead.midnight] if ahead.midnight else []
        for tree in ahead.least:
            text = engine.sql(tree)
            if text not in asked:
                asked[text] = engine.rows(tree)[0][0]
            if (least := asked[text]) is not None:
                instants.append(least + moments.STEP)
        found[each.id] = min(instants, default=None)
    return found


def flipping(active: Active, since: datetime, until: datetime, most: int) -> set[int] | None:
    """The records that may have another answer now, though nothing about them changed; None: too many, or all."""
    condition = criteria_queries.flips(active.criteria, active.object_type, since, until)
    if condition == query.truth(True):
        return None
    tree = query.select(query.column("id")).from_(query.table(records.catalog(active.object_type).plural)).where(condition)
    found = {id for (id,) in current.engine().rows(tree.limit(most + 1))}
    return found if len(found) <= most else None


# Members, in the columns


def members_among(list_ids: Sequence[int], ids: Sequence[int]) -> dict[int, set[int]]:
    """Of some records, those in each of these lists."""
    tree = (
        query.select(query.column("list_id"), query.column("record_id"))
        .from_(query.table(LIST_MEMBERS.name))
        .where(query.among_ids(query.column("list_id"), list_ids), query.among_ids(query.column("record_id"), ids))
    )
    found: dict[int, set[int]] = {}
    for list_id, record_id in current.engine().rows(tree):
        found.setdefault(list_id, set()).add(record_id)
    return found


def holding(some: Sequence[Active], ids: Sequence[int], now: datetime) -> dict[int, set[int]]:
    """Of some records, those that meet the criteria of each of these lists, which are all of one object type."""
    return sets.matches({each.id: each.criteria for each in some}, some[0].object_type, ids, now=now) if some else {}


def differing(some: Sequence[Active], after: int, last: int | None, now: datetime) -> dict[int, Difference]:
    """By list, who has to come in and who has to leave, of the records whose ids lie behind `after`, up to `last`."""
    window = (after + 1, LAST_ID if last is None else last)
    return sets.differences({each.id: each.criteria for each in some}, some[0].object_type, window, MEMBERS, now=now)


#: What happens to members by itself; anything else says who is wanted in a static list.
BY_ITSELF: Final = (Why.ARCHIVED, Why.RESTORED, Why.ERASED, Why.MERGED, Why.SEPARATED)


def pairs_of(ids: Sequence[int]) -> set[Pair]:
    """Every list that some records are in, with the record."""
    own = [query.column("list_id"), query.column("record_id")]
    tree = query.select(*own).from_(query.table(LIST_MEMBERS.name)).where(query.among_ids(own[1].copy(), ids))
    return {(list_id, record_id) for list_id, record_id in current.engine().rows(tree)}


def wanted(ids: Sequence[int], list_id: int | None = None) -> set[Pair]:
    """The lists that some records are wanted in, whether they are there or not: the last that was said of it, by whom it may."""
    own = [query.column("list_id"), query.column("record_id")]
    last = exp.ArgMax(this=query.column("entered"), expression=query.column("movement_id"))
    said = query.negation(query.one_of(query.column("why"), [query.text(why) for why in BY_ITSELF]))
    tree = query.select(*own, last).from_(query.table(LIST_MOVEMENTS.name)).where(query.among_ids(own[1].copy(), ids), said)
    tree = tree.where(of_list(list_id)) if list_id is not None else tree
    rows = current.engine().rows(tree.group_by(*(one.copy() for one in own)))
    return {(list_id, record_id) for list_id, record_id, entered in rows if entered}


def live(ids: Iterable[int], object_types: Iterable[str]) -> frozenset[int]:
    """Those of some records that the columns have."""
    some, catalogs, found = sorted(ids), records.catalogs(), set[int]()
    for object_type in catalogs.keys() & set(object_types):
        table = query.table(catalogs[object_type].plural)
        tree = query.select(query.column("id")).from_(table).where(query.among_ids(query.column("id"), some))
        found.update(id for (id,) in current.engine().rows(tree))
    return frozenset(found)


def asked(request: Request) -> Asked:
    """How the records of a request stand to its list."""
    ids = existing(request.ids) if request.add else set(request.ids)
    members = members_among([request.list_id], sorted(ids)).get(request.list_id, set())
    there = live(ids - members, [request.list.object_type]) if request.add else frozenset[int]()
    open_ = sorted(ids - there if request.add else ids - members)
    said = {id for _, id in wanted(open_, request.list_id)} if open_ else set[int]()
    return Asked(frozenset(ids), frozenset(members), frozenset(said), there)


def left_behind(list_id: int) -> Asked:
    """Those who were in a list once and are neither in it now nor part of a record that is."""
    said = query.negation(query.one_of(query.column("why"), [query.text(why) for why in BY_ITSELF]))
    entered = exp.ArgMax(this=query.column("entered"), expression=query.column("movement_id"))
    there = query.select(query.column("record_id")).from_(query.table(LIST_MEMBERS.name)).where(of_list(list_id))
    own = [of_list(list_id), said, query.negation(query.among(query.column("record_id"), there))]
    tree = query.select(query.column("record_id")).from_(query.table(LIST_MOVEMENTS.name)).where(query.conjunction(own))
    tree = tree.group_by(query.column("record_id")).having(exp.EQ(this=entered, expression=query.truth(True)))
    gone = {id for (id,) in current.engine().rows(tree)}
    roots = {id: root for id, root in families(sorted(gone)).items() if id in gone}
    kept = members_among([list_id], sorted(set(roots.values()))).get(list_id, set()) if roots else set[int]()
    ids = frozenset(id for id in gone if roots.get(id) not in kept)
    return Asked(ids, frozenset(), ids, frozenset())


def next_window(object_type: str, after: int, size: int) -> int | None:
    """The id of the last of the next records by id; None where there are no more than those."""
    id_ = query.column("id")
    some = query.select(id_).from_(query.table(records.catalog(object_type).plural))
    some = some.where(exp.GT(this=id_.copy(), expression=query.whole(after))).order_by(query.ascending(id_.copy())).limit(size)
    last = query.select(exp.Max(this=query.column("id")), query.count()).from_(some.subquery("some"))
    ((id, count),) = current.engine().rows(last)
    return int(id) if count == size else None


# What is asked for


def requests(read: Position, limit: int) -> list[Request]:
    """What people asked for before anything that the log still has in store: in the order of the commits, as the log is read."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.id FROM lists_request r JOIN lists_list l ON l.id = r.list_id"
            " WHERE l.deleted_at IS NULL AND l.state = 'done'"
            " AND (r.epoch < %(now)s OR r.xid::text::xid8 < pg_snapshot_xmin(pg_current_snapshot()))"
            " AND NOT EXISTS (SELECT FROM records_change c WHERE (c.epoch, c.xid, c.id) > (%(epoch)s, %(xid)s::text::xid8, %(id)s)"
            " AND (c.epoch, c.xid) <= (r.epoch, r.xid::text::xid8)) ORDER BY r.id LIMIT %(limit)s",
            {"now": log.epoch(), "epoch": read.epoch, "xid": str(read.xid), "id": read.id, "limit": limit},
        )
        ids = [id for (id,) in cursor.fetchall()]
    return list(Request.objects.filter(pk__in=ids).select_related("list").order_by("id"))


def of_several(ids: Iterable[int]) -> set[int]:
    """Those of some records that were merged, into another or with others into them: what is said of one is said of several."""
    some = list(ids)
    rows = Record.objects.filter(Q(merged_into_id__in=some) | Q(pk__in=some, merged_into_id__isnull=False))
    return {id for pair in rows.values_list("pk", "merged_into_id") for id in pair if id is not None}


def existing(ids: Iterable[int]) -> set[int]:
    """Those of some records that are not gone for ever."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM records_record r JOIN unnest(%s::bigint[]) AS w(id) USING (id)", [list(ids)])
        return {id for (id,) in cursor.fetchall()}


# Movements


_CARDINALITY: Final = Func("ids", function="cardinality", output_field=IntegerField())


def movements_after(number: int, most: int = SLICE) -> list[Movement]:
    """The next ones by number, with about so many ids."""
    last, count = number, 0
    for next_one, ids in Movement.objects.filter(pk__gt=number).order_by("pk").values_list("pk", _CARDINALITY)[:5_000]:
        last, count = next_one, count + ids
        if count >= most:
            break
    return list(Movement.objects.filter(pk__gt=number, pk__lte=last).order_by("pk")) if last > number else []


def newest() -> int:
    return Movement.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def heard(after: int, limit: int) -> list[tuple[int, Happened]]:
    """Who came into lists or left them, as a fact that criteria ask about; as far as the columns have it."""
    there = laid_down()
    rows = [row for row in movements_after(after, limit) if row.pk <= there]
    types = dict(List.objects.filter(pk__in={row.list_id for row in rows}).values_list("id", "object_type"))
    return [(row.pk, Happened((KIND, str(row.list_id)), types[row.list_id], frozenset(row.ids))) for row in rows]


FACTS: Final = FactSource(KIND, laid_down, heard)


def members_of(list_id: int, size: int) -> Iterator[Any]:
    """Who is in a list, from its movements alone, in slices by record: for columns that are made anew."""
    sql = (
        "SELECT id, at, why FROM (SELECT DISTINCT ON (u.id) u.id, m.entered, m.at, m.why FROM lists_movement m, unnest(m.ids) AS u(id)"
        " WHERE m.list_id = %s AND NOT m.silent ORDER BY u.id, m.id DESC) AS last WHERE entered ORDER BY id"
    )
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, [list_id])
        while rows := cursor.fetchmany(size):
            yield members_told(list_id, rows)
