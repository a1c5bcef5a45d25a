"""The rows of journeys and of visits, made of the movements that were read."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from jalon.lifecycle.columns import JOURNEYS, VISITS, Outcome
from jalon.lifecycle.journeys.path import Path
from jalon.lifecycle.journeys.reading import INSTANT, READ, flag, over, read, truth, where, zero
from jalon.warehouse import query
from jalon.warehouse.schema import Table, day_column, hour_column
from jalon.warehouse.storage import stored

NEXT = tuple(f"next_{name}" for name in INSTANT)
JOURNEY = ("record_id", "number")


def journeys(path: Path, among: exp.Expression) -> exp.Select:
    """The rows of JOURNEYS, for the movements that `among` selects; it must take all movements of a contact or none."""
    entry, end = truth("starts"), query.negation(truth("on_path"))
    ended = _only(end, INSTANT, "ended_at")
    given = {
        "record_id": query.column("record_id"),
        "number": query.column("number"),
        **_only(entry, INSTANT, "entered_at"),
        "entry_stage": _the(entry, "to_stage"),
        "entry_from": _the(entry, "from_stage"),
        "outcome": _outcome(),
        **ended,
        "end_stage": _the(end, "to_stage"),
        "last_stage": _the(_last_visit(), "to_stage"),
        "furthest": exp.Coalesce(this=exp.Max(this=query.column("place")), expressions=[zero()]),
        "lowest": exp.Coalesce(this=exp.Min(this=query.column("place")), expressions=[zero()]),
        "at_once": _any(query.conjunction((entry.copy(), end.copy()))),
        "length_ms": _milliseconds(exp.Min(this=query.column("at")), ended["ended_at"]),
        "moves": query.count(),
    }
    asked = _rows_of(JOURNEYS, given).from_(query.table(READ)).where(_in_a_journey()).group_by(*map(query.column, JOURNEY))
    return _after(read(path, among), asked)


def visits(path: Path, among: exp.Expression) -> exp.Select:
    """The rows of VISITS, for the same movements: one for each move onto the path."""
    steps = read(path, among)
    steps["inside"] = query.select(exp.Star(), *_beginning()).from_(query.table(READ)).where(_in_a_journey())
    steps["visits"] = (
        query.select(
            exp.Star(),
            query.named(where(_known_end(), _milliseconds(query.column("at"), query.column("next_at"))), "length"),
            query.named(flag(query.is_null(over(exp.Lead(this=query.column("movement_id")), partition=(*JOURNEY, "to_stage")))), "is_last"),
        )
        .from_(query.table("inside"))
        .where(truth("on_path"))
    )
    given = {
        **{name: query.column(name) for name in ("record_id", "movement_id", "number", "place")},
        **{f"journey_{name}": query.column(f"journey_{name}") for name in _cells("entered_at")},
        "stage": query.column("to_stage"),
        "came_from": query.column("from_stage"),
        **dict(zip(_cells("entered_at"), map(query.column, INSTANT), strict=True)),
        **{cell: where(_known_end(), query.column(name)) for cell, name in zip(_cells("left_at"), NEXT, strict=True)},
        "next_stage": where(_known_end(), query.column("next_to_stage")),
        "still_in": query.is_null(query.column("next_movement_id")),
        "length_ms": query.column("length"),
        "stage_ms": where(truth("is_last"), _all_of_the_stage()),
        "last_of_stage": truth("is_last"),
    }
    return _after(steps, _rows_of(VISITS, given).from_(query.table("visits")))


def _beginning() -> list[exp.Expression]:
    """When the journey of each movement was entered."""
    return [query.named(_first(name), f"journey_{cell}") for cell, name in zip(_cells("entered_at"), INSTANT, strict=True)]


def _first(name: str) -> exp.Expression:
    return exp.Window(this=exp.Max(this=where(truth("starts"), query.column(name))), partition_by=[query.column(key) for key in JOURNEY])


def _all_of_the_stage() -> exp.Expression:
    keys = [query.column(name) for name in (*JOURNEY, "to_stage")]
    return exp.Window(this=exp.Sum(this=query.column("length")), partition_by=keys)


def _outcome() -> exp.Expression:
    """By the movement that ended it; else by whether something came after its last one."""
    off = query.negation(truth("on_path"))
    unlogged = query.conjunction(
        (truth("on_path"), query.is_known(query.column("next_movement_id")), query.negation(truth("next_goes_on")))
    )
    ifs = [(truth("wins"), Outcome.WON), (truth("loses"), Outcome.LOST), (off, Outcome.CLEARED), (unlogged, Outcome.UNLOGGED)]
    found = [exp.If(this=_any(condition.copy()), true=query.text(outcome.value)) for condition, outcome in ifs]
    return exp.Case(ifs=found, default=query.text(Outcome.OPEN.value))


def _last_visit() -> exp.Expression:
    """The movement onto the path that no other one of the same journey follows."""
    another = query.conjunction((_is(query.column("next_goes_on")), _is(query.column("next_on_path"))))
    return query.conjunction((truth("on_path"), query.negation(another)))


def _known_end() -> exp.Expression:
    """The next movement belongs to the journey, and leaves the very stage that was visited: no import lies between."""
    return query.conjunction(
        (_is(query.column("next_goes_on")), exp.EQ(this=query.column("next_from_stage"), expression=query.column("to_stage")))
    )


def _is(next_flag: exp.Expression) -> exp.Expression:
    """After the last movement there is no next one, and no answer."""
    return exp.EQ(this=exp.Coalesce(this=next_flag, expressions=[zero()]), expression=exp.Literal.number(1))


def _in_a_journey() -> exp.Expression:
    return query.disjunction((truth("starts"), truth("goes_on")))


def _any(condition: exp.Expression) -> exp.Expression:
    return exp.EQ(this=exp.Max(this=flag(condition)), expression=exp.Literal.number(1))


def _the(condition: exp.Expression, name: str) -> exp.Expression:
    """The value on the one movement of the journey of which the condition holds."""
    return exp.Max(this=where(condition.copy(), query.column(name)))


def _only(condition: exp.Expression, names: Sequence[str], into: str) -> dict[str, exp.Expression]:
    return {cell: _the(condition, name) for cell, name in zip(_cells(into), names, strict=True)}


def _milliseconds(start: exp.Expression, end: exp.Expression) -> exp.Expression:
    return exp.DateDiff(this=end.copy(), expression=start.copy(), unit=exp.var("MILLISECOND"))


def _cells(name: str) -> tuple[str, str, str]:
    """An instant and its local day and hour, as they are stored."""
    return (name, day_column(name), hour_column(name))


def _rows_of(table: Table, given: dict[str, exp.Expression]) -> exp.Select:
    """A select in the order of the table's stored columns."""
    return query.select(*(query.named(given[cell.name], cell.name) for cell in stored(table)))


def _after(steps: dict[str, exp.Select], asked: exp.Select) -> exp.Select:
    """The question with those that it stands on."""
    for name, step in steps.items():
        asked = asked.with_(exp.to_identifier(name, quoted=True), as_=step, copy=False)
    return asked
