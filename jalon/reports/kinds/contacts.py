"""The contacts report: contacts by the day of a date property, grouped, broken down, with the sum or average of a number. Pure.

A definition becomes a Question (its days and rights resolved), the question one scan of the columns, its rows a Result. Page, command line,
file and picture all go this way, so there is one number.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from sqlglot import exp

from jalon.criteria.problems import Problem
from jalon.criteria.tree import Criteria, Filter
from jalon.figures import addresses, buckets
from jalon.figures.buckets import Bucket
from jalon.figures.measures import NOTHING, ZERO, Figures
from jalon.figures.periods import Unit, end_of
from jalon.figures.results import NOT_SET, Result, Series, Tally, Value, folded, text
from jalon.reports.kinds import medians, scan
from jalon.reports.kinds.definition import DefinitionError
from jalon.reports.kinds.question import Question
from jalon.warehouse.words import N_

Rows = Callable[[exp.Expression], Iterable[tuple[Any, ...]]]

MOST_BUCKETS = 1_500  # four years of days

TOO_MANY_BUCKETS = N_(
    "From %(first)s to %(last)s there are about %(number)s groups of contacts, too many to show. "
    "Choose a larger grouping or a shorter period."
)


def answer(question: Question, rows: Rows) -> Result:
    """The figures; medians too where they are asked for."""
    result = _answer(question, rows)
    return medians.told(question, result, rows) if question.definition.tells_median else result


def _answer(question: Question, rows: Rows) -> Result:
    """One scan, unless the breakdown has very many values; then the largest of them are found first."""
    found = list(rows(scan.cells(question)))
    if len(found) <= scan.MOST_CELLS or scan.is_set(question):
        return _result(question, *_tallied(question, found))
    largest = list(rows(scan.largest_values(question)))
    distinct = next(iter(rows(scan.distinct_values(question))))[0]
    found = list(rows(scan.cells_of(question, [value for value, _ in largest])))
    return _result(question, *_parted(found, dict(largest), Value(others=distinct - len(largest))))


def behind(
    question: Question,
    result: Result,
    *,
    index: int | None = None,
    value: Value | None = None,
    cumulative: bool = False,
    valued: bool = False,
) -> Criteria:
    """The criteria of the contacts behind a number.

    Of the bucket at `index` or the whole period, of one value or all; `cumulative` counts from the period's start, `valued` only contacts
    that have the number, which are those behind a sum and an average.
    """
    first, last = question.period.first, question.period.last
    if index is not None:
        first, last = result.buckets[0 if cumulative else index].first, result.buckets[index].last
    filters = [addresses.on_days(question.date, first, last), *_with(question, result, value)]
    if valued and question.number:
        filters.append(addresses.known(question.number))
    return addresses.narrowed(question.definition.criteria, filters)


def _with(question: Question, result: Result, value: Value | None) -> tuple[Filter, ...]:
    if value is None or question.breakdown is None:
        return ()
    if not value.others:
        return (addresses.having(question.breakdown, value.text),)
    told_apart = [each.value.text for each in result.series if each.value.text is not None]
    return addresses.having_another(question.breakdown, told_apart)


# From rows to figures


def _figures(row: tuple[Any, ...]) -> Figures:
    return Figures(row[0], row[1], row[2] or ZERO)


def _tallied(question: Question, found: list[tuple[Any, ...]]) -> tuple[Tally, Tally]:
    """Rows of the plain scan as two tallies: each record once, and by value of the breakdown."""
    whole, parts = Tally(), Tally()
    spelled = _spellings(found) if scan.is_text(question) else {}
    for row in found:
        figures, number = _figures(row), row[3]
        whole.add(NOT_SET, number, figures)
        if question.breakdown is None:
            continue
        if scan.is_text(question):
            parts.add(Value(spelled.get(row[5])), number, figures)
        else:
            for member in _members(row[4]) if scan.is_set(question) else (text(row[4]),):
                parts.add(Value(member), number, figures)
    return whole, parts


def _spellings(found: list[tuple[Any, ...]]) -> dict[str | None, str]:
    """Of each text, by the form in which it is compared, the most frequent way to write it."""
    counted: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in found:
        if row[4] is not None:
            counted[row[5]][row[4]] += row[0]
    return {compared: min(ways, key=lambda way: (-ways[way], way)) for compared, ways in counted.items()}


def _members(members: str | None) -> Iterable[str | None]:
    """The values of a multi-select, which the columns keep as ";a;b;": a contact counts once under each."""
    return members.strip(";").split(";") if members else (None,)


def _parted(found: list[tuple[Any, ...]], spelled: dict[Any, Any], others: Value) -> tuple[Tally, Tally]:
    """Rows of the scan in which only the largest values are told apart."""
    whole, parts = Tally(), Tally()
    for row in found:
        whole.add(NOT_SET, row[3], _figures(row))
        parts.add(others if row[5] else Value(text(spelled.get(row[4]))), row[3], _figures(row))
    return whole, parts


def _result(question: Question, whole: Tally, parts: Tally) -> Result:
    unit, first_weekday = question.definition.grouping, question.first_weekday
    days = [buckets.starting(unit, number, first_weekday) for number in sorted(set(whole.numbers()))]
    row, gaps = _row(question, days)
    numbers = [buckets.number(unit, bucket.first, first_weekday) for bucket in row]
    nothing = Series(NOT_SET, (NOTHING,) * len(row), NOTHING)
    series = parts.series(numbers)
    # Records of a multi-select lie under several values, so "all others" would count some of them twice: none are folded.
    series = list(folded(series, len(series) if scan.is_set(question) else question.keep))
    return Result(
        buckets=row,
        whole=next(iter(whole.series(numbers)), nothing),
        series=tuple(series),
        charted=_charted(question, series),
        compared=question.before is not None,
        gaps=gaps,
    )


def _charted(question: Question, series: Sequence[Series]) -> tuple[Series, ...]:
    """The largest values, the others as one. Those of a multi-select are not added up: a contact may lie under several of them."""
    top = question.definition.top
    if not scan.is_set(question):
        return folded(series, top)
    known = [each for each in series if each.value != NOT_SET]
    return (*known[:top], *(each for each in series if each.value == NOT_SET))


def _row(question: Question, days: list[date]) -> tuple[tuple[Bucket, ...], bool]:
    """The buckets of the period, or of all time from the first to the last that holds a contact; and whether empty ones are left out."""
    unit, period, first_weekday = question.definition.grouping, question.period, question.first_weekday
    if period.first is not None and period.last is not None:
        first, last = period.first, period.last
    elif days:
        first, last = days[0], end_of(unit, days[-1], first_weekday)
    else:
        return (), False
    number = buckets.count(unit, first, last)
    if number <= MOST_BUCKETS:
        return tuple(buckets.fill(unit, first, last, first_weekday)), False
    if unit is Unit.YEAR:  # there is nothing coarser: a date such as 9999-12-31 must not hide the others
        return tuple(buckets.containing(unit, day, period, first_weekday) for day in days), True
    params = {"first": first.isoformat(), "last": last.isoformat(), "number": str(number)}
    raise DefinitionError((Problem(TOO_MANY_BUCKETS, params),))
