"""The journeys behind a number of the lifecycle report: which of them, as texts that travel in an address. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlglot import exp

from jalon.criteria.tree import Fact
from jalon.lifecycle.columns import JOURNEYS, VISITS, Outcome
from jalon.lifecycle.journeys.counts import Range
from jalon.lifecycle.journeys.path import Path
from jalon.reports.kinds import frozen
from jalon.warehouse import query

DAY_MS: Final = 86_400_000
KEY: Final = ("record_id", "number")
OTHERS: Final = (Outcome.LOST, Outcome.CLEARED, Outcome.UNLOGGED)
FIRST_YEAR, LAST_YEAR = 2000, 2200
KIND, BEHIND = "journeys", "behind"  # the filter kind, and its only operator
_DAYS, _TIMED, _ALL = "days=", "timed", "all"


@dataclass(frozen=True, slots=True)
class Cell:
    """Journeys that were entered between two days; each of the others narrows them. A stage is told by its name."""

    first: date | None = None
    last: date | None = None
    outcome: str | None = None
    reached: str | None = None  # came to this stage of the path, or beyond it
    short_of: str | None = None  # did not come so far
    visited: str | None = None  # was really in this stage
    passed: str | None = None  # came beyond this stage without a visit
    last_stage: str | None = None  # the last one of the path that it was in; "": none
    end_stage: str | None = None  # the stage in which it ended
    went: str | None = None  # from one stage straight to another: "hot_lead>payment"; see `way`
    entry: str | None = None  # the stage in which it began
    within: str | None = None  # it ended after so many days at most
    lasted: str | None = None  # longer than so many days: "30@2026-03-01T09:00:00+00:00" for those that were open then
    timed: bool = False  # only those with a time: in the visited stage, or from entry to end
    report: str | None = None  # as this saved report has them, by its number; none: as they are now
    value: str | None = None  # of its breakdown; "": without one


_NAMES = tuple(field.name for field in fields(Cell) if field.name not in ("first", "last", "timed"))


GONE, UNTOLD, ANYWHERE = "", "?", ""  # what may stand in `went` for a stage: cleared; left by an import; from any stage or the entry


def way(source: str, target: str) -> str:
    """How `went` says it."""
    return f"{source}>{target}"


def lasting(days: int, at: datetime) -> str:
    """How `lasted` says it."""
    return f"{days}@{at.isoformat()}"


def written(cell: Cell) -> tuple[str, ...]:
    """The cell as operands, at least one; `read` gives it back."""
    return tuple(_written(cell)) or (_ALL,)


def _written(cell: Cell) -> Iterator[str]:
    if cell.first and cell.last:
        yield f"{_DAYS}{cell.first.isoformat()}..{cell.last.isoformat()}"
    for name in _NAMES:
        value = getattr(cell, name)
        if value is not None:
            yield f"{name}={value}"
    if cell.timed:
        yield _TIMED


def read(operands: Iterable[str]) -> Cell | None:
    """The cell that operands tell; None for what `written` never says."""
    said: dict[str, Any] = {}
    for operand in operands:
        name, _, value = operand.partition("=")
        if name in said or name not in (*_NAMES, "days", _TIMED, _ALL):
            return None
        said[name] = value
    days = _days(said.pop("days")) if "days" in said else (None, None)
    if days is None or said.get("outcome", Outcome.OPEN) not in set(Outcome):
        return None
    if not _is_number(said.get("report", "0")) or ("value" in said and "report" not in said):
        return None
    if not _is_days(said.get("within", "0")) or ("lasted" in said and _lasted(said["lasted"]) is None):
        return None
    timed = said.pop(_TIMED, None) is not None
    said.pop(_ALL, None)
    first, last = days
    return replace(Cell(first, last, timed=timed), **said)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19


def _days(text: str) -> tuple[date, date] | None:
    first, _, last = text.partition("..")
    try:
        return date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        return None


def stages(cell: Cell) -> frozenset[str]:
    """The stages that it names."""
    alone = (cell.reached, cell.short_of, cell.visited, cell.passed, cell.last_stage, cell.end_stage, cell.entry)
    return frozenset(name for name in (*alone, *(cell.went or "").split(">")) if name and name != UNTOLD)


def _lasted(text: str) -> tuple[int, datetime] | None:
    number, _, instant = text.partition("@")
    try:
        at = datetime.fromisoformat(instant)
    except ValueError:
        return None
    return (int(number), at) if _is_days(number) and at.tzinfo and FIRST_YEAR <= at.year <= LAST_YEAR else None


def _is_days(text: str) -> bool:
    """So many that the engines can count back from any of these years."""
    return text.isdecimal() and len(text) < 5


def fact(cell: Cell) -> Fact:
    """The filter for the contacts that made these journeys."""
    return Fact(KIND, BEHIND, written(cell))


def records(cell: Cell, path: Path) -> exp.Select:
    """The ids of the contacts that made them."""
    return query.select(query.column("record_id")).from_(query.table(JOURNEYS.name)).where(where(cell, path))


def where(cell: Cell, path: Path) -> exp.Expression:
    """The condition over the journeys. A stage that is not on the path any more has no journeys."""
    parts = [Range(cell.first, cell.last).holds("entered_at"), _timed(cell)]
    for name, value in (("outcome", cell.outcome), ("end_stage", cell.end_stage), ("entry_stage", cell.entry)):
        parts.append(_is(name, value) if value is not None else None)
    if cell.last_stage is not None:
        parts.append(_is("last_stage", cell.last_stage) if cell.last_stage else query.is_null(query.column("last_stage")))
    if cell.reached is not None:
        parts.append(_place(path, cell.reached, exp.GTE))
    if cell.short_of is not None:
        parts.append(_place(path, cell.short_of, exp.LT))
    if cell.passed is not None:
        parts += [_place(path, cell.passed, exp.GT), query.negation(_visited(cell.passed))]
    if cell.went is not None:
        parts.append(_went(*cell.went.partition(">")[::2]))
    if cell.visited is not None:
        parts.append(_visited(cell.visited, timed=cell.timed))
    if cell.value is not None:
        parts.append(frozen.having(cell.value))
    return query.conjunction([*parts, *_of_age(cell)])


def _of_age(cell: Cell) -> Iterator[exp.Expression]:
    """How long it took, or has taken."""
    if cell.within is not None:
        yield exp.LTE(this=query.column("length_ms"), expression=query.whole(int(cell.within) * DAY_MS))
    if cell.lasted is not None:
        yield _longer(cell.lasted)


def _timed(cell: Cell) -> exp.Expression | None:
    """Whose time is known: in the visited stage (see there), or from the entry to the end."""
    if not cell.timed or cell.visited is not None:
        return None
    return query.conjunction([query.negation(query.column("at_once")), query.is_known(query.column("length_ms"))])


def _is(name: str, value: str) -> exp.Expression:
    return exp.EQ(this=query.column(name), expression=query.text(value))


def _place(path: Path, stage: str, compare: type[exp.GTE | exp.GT | exp.LT]) -> exp.Expression:
    number = _number(path, stage)
    return compare(this=query.column("furthest"), expression=query.whole(number)) if number else query.truth(False)


def _number(path: Path, stage: str) -> int:
    """Its place on the path from 1; 0 for none."""
    return path.places.index(stage) + 1 if stage in path.places else 0


def _went(source: str, target: str) -> exp.Expression:
    """From anywhere also means: it began there."""
    keys = ("record_id", "number")
    visits = query.select(*map(query.column, keys)).from_(query.table(VISITS.name))
    pair = exp.Tuple(expressions=[query.column(key) for key in keys])
    moved = query.among(pair, visits.where(query.conjunction([_is("stage", source) if source else None, _led(target)])))
    began = _is("entry_stage", target) if source == ANYWHERE and target not in (GONE, UNTOLD) else None
    return query.disjunction([moved, began]) if began is not None else moved


def _led(target: str) -> exp.Expression:
    """What came after the visit."""
    following, left = query.column("next_stage"), query.column("left_at")
    if target == UNTOLD:
        return query.conjunction([query.is_null(left), query.negation(query.column("still_in"))])
    return _is("next_stage", target) if target else query.conjunction([query.is_null(following), query.is_known(left)])


def _longer(lasted: str) -> exp.Expression:
    """It ended later than that, or was open at the instant and had begun so long before. Of unlogged ends nobody knows the moment."""
    found = _lasted(lasted)
    if found is None:
        return query.truth(False)
    days, at = found
    ended = exp.GT(this=query.column("length_ms"), expression=query.whole(days * DAY_MS))
    open = query.conjunction(
        [_is("outcome", Outcome.OPEN.value), exp.LT(this=query.column("entered_at"), expression=query.instant(at - timedelta(days=days)))]
    )
    return query.disjunction([query.conjunction([query.is_known(query.column("length_ms")), ended]), open])


def _visited(stage: str, *, timed: bool = False) -> exp.Expression:
    keys = ("record_id", "number")
    visits = query.select(*map(query.column, keys)).from_(query.table(VISITS.name)).where(_is("stage", stage))
    if timed:
        visits = visits.where(query.is_known(query.column("stage_ms")))
    pair = exp.Tuple(expressions=[query.column(key) for key in keys])
    return query.among(pair, visits)


LISTED = (
    "record_id",
    "number",
    "entered_at",
    "entry_stage",
    "outcome",
    "ended_at",
    "end_stage",
    "last_stage",
    "furthest",
    "length_ms",
    "moves",
)


def count(cell: Cell, path: Path, among: exp.Expression | None) -> exp.Select:
    """How many journeys, and of how many contacts."""
    return (
        query.select(query.count(), query.count_distinct(query.column("record_id")))
        .from_(query.table(JOURNEYS.name))
        .where(query.conjunction([where(cell, path), among]))
    )


def found(cell: Cell, path: Path, among: exp.Expression | None, names: Sequence[str] = LISTED) -> exp.Select:
    """The journeys as they come."""
    return query.select(*map(query.column, names)).from_(query.table(JOURNEYS.name)).where(query.conjunction([where(cell, path), among]))


def movements(cell: Cell, path: Path, among: exp.Expression | None) -> exp.Select | None:
    """How often these journeys went that way, or came to the stage: more often than there are of them, where some go to and fro."""
    if cell.went is not None and not cell.went.startswith(way(ANYWHERE, "")):
        source, _, target = cell.went.partition(">")
        what = query.conjunction([_is("stage", source), _led(target)])
    elif cell.visited is not None and not cell.timed:
        what = _is("stage", cell.visited)
    else:
        return None
    pair = exp.Tuple(expressions=[query.column(key) for key in KEY])
    own = query.among(pair, found(cell, path, among, KEY))
    return query.select(query.count()).from_(query.table(VISITS.name)).where(query.conjunction([what, own]))


# In which order they are listed

USUAL_ORDER: Final = "-entered_at"
CONTACT: Final = "contact"  # by the name of who made them
SORTED: Final = (CONTACT, "entered_at", "entry_stage", "furthest", "outcome", "ended_at", "length_ms", "moves")
OWN: Final = "own"  # the journeys, beside their contacts


def order(said: str) -> str:
    """A column, with a minus for the largest first; the usual one for anything else."""
    return said if said.removeprefix("-") in SORTED else USUAL_ORDER


def listed(
    cell: Cell, path: Path, among: exp.Expression | None, order: str = USUAL_ORDER, contacts: str = "", names: Sequence[str] = ()
) -> exp.Select:
    """The journeys in an order; `contacts` is the table of those, and `names` what they are called by there. What is empty comes last."""
    own = found(cell, path, among).subquery(OWN)
    asked = query.select(*(query.column(column, OWN) for column in LISTED)).from_(own)
    if order.removeprefix("-") == CONTACT:
        asked = beside(asked, contacts)
    return asked.order_by(*ordering(order, path, contacts, names))


def beside(asked: exp.Select, contacts: str) -> exp.Select:
    """Journeys with their contacts, where these are there still."""
    same = exp.EQ(this=query.column("id", contacts), expression=query.column("record_id", OWN))
    return asked.join(query.table(contacts), on=same, join_type="left")


def ordering(order: str, path: Path, contacts: str, names: Sequence[str]) -> Iterator[exp.Expression]:
    """What the journeys are sorted by, to the last tie."""
    name, turn = order.removeprefix("-"), query.descending if order.startswith("-") else query.ascending
    keys = [query.lowered(query.column(column, contacts)) for column in names] if name == CONTACT else [_key(name, path)]
    yield from (turn(key) for key in keys)
    yield from (query.descending(query.column(column, OWN)) for column in ("entered_at", *KEY))


def _key(name: str, path: Path) -> exp.Expression:
    """Stages in the order of the path; journeys that ended by how, and then by where."""
    own = query.column(name, OWN)
    outcomes = tuple(outcome.value for outcome in (Outcome.OPEN, Outcome.WON, *OTHERS))
    known = {"entry_stage": path.known, "outcome": outcomes}.get(name)
    if known is None:
        return own
    ifs = ((exp.EQ(this=own.copy(), expression=query.text(one)), query.whole(at)) for at, one in enumerate(known))
    return exp.Case(ifs=[exp.If(this=is_it, true=at) for is_it, at in ifs])
