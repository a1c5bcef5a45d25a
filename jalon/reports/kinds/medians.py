"""The medians of a report, exact on every engine. They follow from no other figures, so each kind of cell is a question of its own. Pure.

Of an odd count it is the number in the middle, of an even one the mean of the two in the middle, which is divided here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from sqlglot import exp

from jalon.figures import buckets
from jalon.figures.measures import EXACT
from jalon.figures.results import NOT_SET, Result, Series, Value
from jalon.reports.kinds import scan
from jalon.reports.kinds.question import Question
from jalon.warehouse import query

Rows = Callable[[exp.Expression], Iterable[tuple[Any, ...]]]
Medians = Mapping[tuple[Value, int | None], Decimal]  # by value and number of the bucket; None: the whole period

AT_ONCE = 200  # values told apart in one question
TWO = Decimal(2)
FIRST = exp.Literal.number(0)  # the place of a value that is asked for alone


def told(question: Question, result: Result, rows: Rows) -> Result:
    """The result with the medians of what is shown of it: of all contacts, of each value in all, of each charted value by bucket.

    Of every value by bucket only where the question wants `every_cell`: that is a question for each 200 of them, or one for each of a set.
    """
    numbers = [buckets.number(question.definition.grouping, each.first, question.first_weekday) for each in result.buckets]
    totals = _by_value(question, result.series, rows)
    cells = _by_value(question, result.charted, rows, by_bucket=True)
    if question.every_cell:
        totals |= _by_value(question, result.series, rows, by_bucket=True)
    return replace(
        result,
        whole=_whole(question, result.whole, numbers, rows),
        series=tuple(_with(series, totals, numbers) for series in result.series),
        charted=tuple(_with(series, cells, numbers) for series in result.charted),
    )


def _whole(question: Question, whole: Series, numbers: Sequence[int], rows: Rows) -> Series:
    """Of all contacts: in the period, in each of its buckets, and in the period before."""
    by_bucket = {number: middle for (number,), middle in _middles(rows(_asked(question, [scan.bucket(question)])))}
    before = by_bucket.pop(None, None)  # the bucket without a number holds the period before
    in_all = [middle for _, middle in _middles(rows(_asked(question, [], alone=True)))]
    medians: dict[tuple[Value, int | None], Decimal] = {(NOT_SET, number): middle for number, middle in by_bucket.items()}
    if in_all:
        medians[NOT_SET, None] = in_all[0]
    return replace(_with(whole, medians, numbers), before=replace(whole.before, median=before))


def _with(series: Series, medians: Medians, numbers: Sequence[int]) -> Series:
    cells = tuple(replace(cell, median=medians.get((series.value, number))) for number, cell in zip(numbers, series.cells, strict=True))
    return replace(series, cells=cells, total=replace(series.total, median=medians.get((series.value, None))))


def _by_value(
    question: Question, series: Sequence[Series], rows: Rows, *, by_bucket: bool = False
) -> dict[tuple[Value, int | None], Decimal]:
    found: dict[tuple[Value, int | None], Decimal] = {}
    keys = [scan.bucket(question)] if by_bucket else []
    for values, where, place in _told_apart(question, [each.value for each in series]):
        for key, middle in _middles(rows(_asked(question, [place, *keys], where, alone=True))):
            found[values[key[0]], key[1] if by_bucket else None] = middle
    return found


def _told_apart(question: Question, values: Sequence[Value]) -> Iterator[tuple[Sequence[Value], exp.Expression, exp.Expression]]:
    """Questions that tell values apart: some of them, the condition for these, and for each row the place of its value among them."""
    known = [value for value in values if value.text is not None]
    at_once = 1 if scan.is_set(question) else AT_ONCE  # a record lies under each of the values of its set
    for start in range(0, len(known), at_once):
        some = known[start : start + at_once]
        conditions = [scan.has(question, value.text or "") for value in some]
        places = exp.case()
        for place, condition in enumerate(conditions):
            places = places.when(condition, exp.Literal.number(place))
        yield some, query.disjunction(condition.copy() for condition in conditions), places
    for value in values:
        if value == NOT_SET:
            yield [value], query.is_null(scan.raw(question)), FIRST.copy()
        elif value.others:
            none_of_them = (query.negation(scan.has(question, each.text or "")) for each in known)
            yield [value], query.conjunction([query.is_known(scan.raw(question)), *none_of_them]), FIRST.copy()


def _asked(question: Question, keys: Sequence[exp.Expression], where: exp.Expression | None = None, *, alone: bool = False) -> exp.Select:
    """For each combination of keys, these and the two numbers in the middle, which are the same one where the count is odd."""
    names = [f"key_{place}" for place, _ in enumerate(keys)]
    numbers = scan.numbers(question, dict(zip(names, keys, strict=True)), where, alone=alone)
    edges = [query.middle(query.column("number")), query.middle(query.column("number"), upper=True)]
    tree = query.select(*(query.column(name) for name in names), *edges).from_(numbers.subquery("numbers"))
    tree = tree.group_by(*(query.column(name) for name in names), copy=False) if names else tree
    # Without any group, an engine answers a row where there are none.
    return tree.having(exp.GT(this=query.count(), expression=exp.Literal.number(0)), copy=False)


def _middles(found: Iterable[tuple[Any, ...]]) -> Iterator[tuple[tuple[Any, ...], Decimal]]:
    return ((tuple(key), EXACT.divide(EXACT.add(low, high), TWO)) for *key, low, high in found)
