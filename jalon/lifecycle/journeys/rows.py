"""The rows of journeys and of visits, made of the movements that were read. Both stand on one reading, which is done once."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from jalon.lifecycle.columns import JOURNEYS, VISITS, Outcome
from jalon.lifecycle.journeys.path import Path
from jalon.lifecycle.journeys.reading import ENTERED, INSTANT, READ, UP_TO_HERE, flag, over, read, truth, where, zero
from jalon.warehouse import query
from jalon.warehouse.engine import Derive
from jalon.warehouse.schema import Table, day_column, hour_column
from jalon.warehouse.storage import stored

JOURNEY = ("record_id", "number")


def derived(path: Path, among: exp.Expression) -> Derive:
    """Journeys and visits of the movements that `among` selects; it must take all movements of a contact or none."""
    return Derive(((JOURNEYS, journeys()), (VISITS, visits())), {READ: read(path, among)})


def journeys() -> exp.Select:
    """The rows of JOURNEYS."""
    end = query.negation(truth("on_path"))
    ended = _only(end, INSTANT, "ended_at")
    entered = dict(zip(_cells("entered_at"), (exp.Min(this=query.column(name)) for name in ENTERED), strict=True))
    given = {
        "record_id": query.column("record_id"),
        "number": query.column("number"),
        **entered,
        "entry_stage": _the(truth("starts"), "to_stage"),
        "entry_from": _the(truth("starts"), "from_stage"),
        "outcome": _outcome(),
        **ended,
        "end_stage": _the(end, "to_stage"),
        "last_stage": _the(query.conjunction((truth("on_path"), query.negation(truth("visits_next")))), "to_stage"),
        "furthest": exp.Coalesce(this=exp.Max(this=query.column("place")), expressions=[zero()]),
        "lowest": exp.Coalesce(this=exp.Min(this=query.column("place")), expressions=[zero()]),
        "at_once": _any(query.conjunction((truth("starts"), end.copy()))),
        "length_ms": _milliseconds(entered["entered_at"], ended["ended_at"]),
        "moves": query.count(),
    }
    return _rows_of(JOURNEYS, given).from_(query.table(READ)).group_by(*map(query.column, JOURNEY))


def visits() -> exp.Select:
    """The rows of VISITS: one for each move onto the path."""
    given = {
        **{name: query.column(name) for name in ("record_id", "movement_id", "number", "place")},
        **dict(zip(_cells("journey_entered_at"), map(query.column, ENTERED), strict=True)),
        "stage": query.column("to_stage"),
        "came_from": query.column("from_stage"),
        **dict(zip(_cells("entered_at"), map(query.column, INSTANT), strict=True)),
        **dict(zip(_cells("left_at"), (query.column(f"next_{name}") for name in INSTANT), strict=True)),
        "next_stage": query.column("next_to_stage"),
        "still_in": query.negation(truth("more")),
        "length_ms": query.column("length"),
        "stage_ms": where(truth("is_last"), query.column("so_far")),
        "last_of_stage": truth("is_last"),
    }
    return _rows_of(VISITS, given).from_(_stays().subquery("stays"))


def _stays() -> exp.Select:
    """Each visit with its length, with that of all visits of this stage so far in the journey, and whether it is the last of them."""
    length = _milliseconds(query.column("at"), query.column("next_at"))
    timed = query.select(exp.Star(), query.named(length, "length")).from_(query.table(READ)).where(truth("on_path"))
    stage = (*JOURNEY, "to_stage")
    another = over(exp.Lead(this=query.column("movement_id")), partition=stage)
    return query.select(
        exp.Star(),
        query.named(flag(query.is_null(another)), "is_last"),
        query.named(over(exp.Sum(this=query.column("length")), UP_TO_HERE, stage), "so_far"),
    ).from_(timed.subquery("timed"))


def _outcome() -> exp.Expression:
    """By the movement that ended it; else by whether something came after its last one."""
    off = query.negation(truth("on_path"))
    ifs = [(truth("wins"), Outcome.WON), (truth("loses"), Outcome.LOST), (off, Outcome.CLEARED), (truth("untold_next"), Outcome.UNLOGGED)]
    found = [exp.If(this=_any(condition), true=query.text(outcome.value)) for condition, outcome in ifs]
    return exp.Case(ifs=found, default=query.text(Outcome.OPEN.value))


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
