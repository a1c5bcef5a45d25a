"""The records behind a number of a compiled report: which of its rows, as texts that travel in an address. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlglot import exp

from jalon.criteria.tree import Fact
from jalon.figures.results import Result, Value
from jalon.reports.columns import SNAPSHOTS
from jalon.warehouse import query
from jalon.warehouse.schema import Kind

KIND, BEHIND = "report", "behind"  # the filter kind, and its only operator
_VALUED, _UNSET, _DAYS, _VALUE, _OTHER = "valued", "unset", "days=", "value=", "not="


Days = tuple[date | None, date | None]


@dataclass(frozen=True, slots=True)
class Cell:
    """Rows between two days; of one value, of those without one, or of all `others` than some; only those with a number."""

    first: date | None = None
    last: date | None = None
    value: str | None = None
    unset: bool = False
    others: tuple[str, ...] | None = None
    valued: bool = False


def behind(result: Result, *, index: int | None, value: Value | None, cumulative: bool, valued: bool, days: Days) -> Cell:
    """The cell of a number: of the bucket at `index` or of the whole period, of one value of the breakdown or of all."""
    if index is not None:
        days = result.buckets[0 if cumulative else index].first, result.buckets[index].last
    if value is None:
        return Cell(*days, valued=valued)
    if value.others:
        told_apart = tuple(each.value.text for each in result.series if each.value.text is not None)
        return Cell(*days, others=told_apart, valued=valued)
    return Cell(*days, value=value.text, unset=value.text is None, valued=valued)


def fact(report: int, cell: Cell) -> Fact:
    """The filter for the records behind a cell of a report."""
    return Fact(KIND, BEHIND, (str(report), *written(cell)))


def written(cell: Cell) -> tuple[str, ...]:
    """The cell as operands of a filter; `read` gives it back."""
    return tuple(_written(cell))


def _written(cell: Cell) -> Iterable[str]:
    if cell.first and cell.last:
        yield f"{_DAYS}{cell.first.isoformat()}..{cell.last.isoformat()}"
    if cell.value is not None:
        yield _VALUE + cell.value
    if cell.unset:
        yield _UNSET
    if cell.others is not None:
        yield from (_OTHER + text for text in cell.others or ("",))
    if cell.valued:
        yield _VALUED


def read(operands: Sequence[str]) -> Cell | None:
    """The cell that operands tell; None for what `written` never says."""
    days: Days = (None, None)
    values: list[str] = []
    others: list[str] = []
    flags: set[str] = set()
    for operand in operands:
        if operand.startswith(_DAYS):
            days = _days(operand.removeprefix(_DAYS))
            if days == (None, None):
                return None
        elif operand.startswith(_VALUE):
            values.append(operand.removeprefix(_VALUE))
        elif operand.startswith(_OTHER):
            others.append(operand.removeprefix(_OTHER))
        elif operand in (_VALUED, _UNSET):
            flags.add(operand)
        else:
            return None
    if len(values) > 1:
        return None
    told_apart = tuple(text for text in others if text) if others else None
    return Cell(*days, values[0] if values else None, _UNSET in flags, told_apart, _VALUED in flags)


def _days(text: str) -> Days:
    first, _, last = text.partition("..")
    try:
        return date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        return None, None


def records(cell: Cell, snapshot: int, kind: Kind | None, *, days: Days) -> exp.Select:
    """The ids of its records; `kind` is that of the breakdown, `days` the report's own period."""
    first, last = (cell.first, cell.last) if cell.first else days
    day = query.column("day")
    return (
        query.select(query.column("record_id"))
        .from_(query.table(SNAPSHOTS.name))
        .where(
            exp.EQ(this=query.column("snapshot_id"), expression=query.whole(snapshot)),
            query.between(day, query.day(first), query.day(last)) if first and last else query.truth(True),
            _of_value(cell, kind),
            query.is_known(query.column("number")) if cell.valued else query.truth(True),
        )
    )


def _of_value(cell: Cell, kind: Kind | None) -> exp.Expression:
    value = query.column("value")
    if cell.unset:
        return query.is_null(value)
    if cell.value is not None:
        return _is(value, cell.value, kind)
    if cell.others is not None:
        known = query.is_known(value.copy())
        return query.conjunction([known, *(query.negation(_is(value.copy(), text, kind)) for text in cell.others)])
    return query.truth(True)


def _is(value: exp.Expression, text: str, kind: Kind | None) -> exp.Expression:
    if kind is Kind.MULTI:
        return query.contains(value, query.text(f";{text};"))
    if kind is Kind.STRING:  # texts that differ in case only are one value
        return exp.EQ(this=query.lowered(value), expression=query.lowered(query.text(text)))
    return exp.EQ(this=value, expression=query.text(text))
