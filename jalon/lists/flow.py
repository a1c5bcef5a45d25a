"""Who came and who left, day by day and one by one: the movements of a list, cut to the records that the reader may see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlglot import exp

from jalon.accounts.access import Access
from jalon.lists.columns import LIST_MOVEMENTS, moved
from jalon.lists.models import Movement
from jalon.lists.queries import ListView
from jalon.records import address
from jalon.records import queries as records
from jalon.records.columns import Catalog
from jalon.warehouse import current, query

ROWS: Final = 50
MOVES: Final = LIST_MOVEMENTS.name


@dataclass(frozen=True, slots=True)
class Day:
    """How many joined and left on a day of the account, and how many were in at its end."""

    day: date
    joined: int
    left: int
    size: int


def days(access: Access, view: ListView) -> list[Day]:
    """Every day on which somebody came or went, the first one first."""
    day = query.day_of("at", MOVES)
    tree = query.select(query.named(day, "day"), query.named(query.column("entered", MOVES), "entered"), query.count())
    tree = _seen(access, view, tree).where(moved(view.id, MOVES)).group_by(day.copy(), query.column("entered", MOVES))
    counts: dict[date, dict[bool, int]] = {}
    for at, entered, count in current.engine().rows(tree):
        counts.setdefault(at, {})[bool(entered)] = int(count)
    found, size = [], 0
    for at in sorted(counts):
        joined, left = counts[at].get(True, 0), counts[at].get(False, 0)
        size += joined - left
        found.append(Day(at, joined, left, size))
    return found


@dataclass(frozen=True, slots=True)
class Asked:
    """Which movements: those in, those out, or both (""); of these days, for this reason."""

    way: str = ""
    why: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """One record that came or went. `name` is empty where it is not there any more."""

    movement_id: int
    record_id: int
    name: str
    entered: bool
    at: datetime
    why: str
    detail: str
    actor_id: int | None


@dataclass(frozen=True, slots=True)
class Moves:
    """A page of them, the last one first; `next` is where the following one begins."""

    rows: tuple[Move, ...]
    total: int
    next: str = ""


def moves(access: Access, view: ListView, asked: Asked, after: str = "") -> Moves:
    """A page of the movements that were asked for."""
    wanted = query.conjunction([moved(view.id, MOVES), *_conditions(asked)])
    (total,) = current.engine().rows(_seen(access, view, query.select(query.count())).where(wanted))[0]
    tree = _seen(
        access,
        view,
        query.select(*(query.column(name, MOVES) for name in ("movement_id", "record_id", "entered", "at", "why", "actor_id"))),
    )
    tree = tree.where(query.conjunction([wanted, _beyond(after)]))
    order = [query.descending(query.column(name, MOVES)) for name in ("movement_id", "record_id")]
    rows = current.engine().rows(tree.order_by(*order).limit(ROWS + 1))
    shown, more = rows[:ROWS], len(rows) > ROWS
    return Moves(tuple(_told(access, view, shown)), int(total), f"{shown[-1][0]}-{shown[-1][1]}" if more else "")


def _seen(access: Access, view: ListView, tree: exp.Select) -> exp.Select:
    """The movements of records within reach; who reaches all of them also sees those of records that are gone."""
    tree = tree.from_(query.table(MOVES))
    visible = records.visible(access, view.object_type)
    if visible is None or view.catalog is None:
        return tree
    reached = query.select(query.column("id")).from_(query.table(view.catalog.plural)).where(visible)
    return tree.where(query.among(query.column("record_id", MOVES), reached))


def _conditions(asked: Asked) -> Iterator[exp.Expression]:
    if asked.way:
        yield exp.EQ(this=query.column("entered", MOVES), expression=query.truth(asked.way == "in"))
    if asked.why:
        yield exp.EQ(this=query.column("why", MOVES), expression=query.text(asked.why))
    if asked.since:
        yield exp.GTE(this=query.day_of("at", MOVES), expression=query.day(asked.since))
    if asked.until:
        yield exp.LTE(this=query.day_of("at", MOVES), expression=query.day(asked.until))


def _beyond(after: str) -> exp.Expression | None:
    movement, _, record = after.partition("-")
    if not (movement.isdecimal() and record.isdecimal()):
        return None
    own, its = query.column("movement_id", MOVES), query.column("record_id", MOVES)
    same = exp.EQ(this=own, expression=query.whole(int(movement)))
    earlier = exp.LT(this=own.copy(), expression=query.whole(int(movement)))
    return query.disjunction([earlier, query.conjunction([same, exp.LT(this=its, expression=query.whole(int(record)))])])


def _told(access: Access, view: ListView, rows: Sequence[tuple[int, int, bool, datetime, str, int | None]]) -> Iterator[Move]:
    names = _names(access, view.catalog, [record for _, record, *_ in rows]) if view.catalog else {}
    details = dict(Movement.objects.filter(pk__in={movement for movement, *_ in rows}).values_list("pk", "detail"))
    for movement, record, entered, at, why, actor in rows:
        yield Move(movement, record, names.get(record, ""), bool(entered), at, why, details.get(movement, ""), actor)


def _names(access: Access, catalog: Catalog, ids: Sequence[int]) -> Mapping[int, str]:
    if not ids:
        return {}
    where = query.one_of(query.column("id"), [query.whole(id) for id in set(ids)])
    page = records.page(access, catalog.object_type, columns=address.name_columns(catalog), where=where, limit=len(ids), counted=False)
    return {row["id"]: address.name_of(catalog, row) or f"{catalog.label_en} {row['id']}" for row in page.rows}


def whys(access: Access, view: ListView) -> list[str]:
    """The reasons that there were."""
    why = query.column("why", MOVES)
    tree = _seen(access, view, query.select(why)).where(moved(view.id, MOVES)).group_by(why.copy())
    return sorted(str(found) for (found,) in current.engine().rows(tree))
