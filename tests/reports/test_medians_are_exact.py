"""Medians of random reports, against the middle of the same rows in order; and what asks for none."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from statistics import median
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from jalon.figures.measures import Measure
from jalon.figures.periods import Period, Unit, previous
from jalon.figures.results import Result, Series, Value
from jalon.reports.kinds.contacts import answer
from jalon.reports.kinds.definition import Definition
from jalon.warehouse.engine import Engine
from tests.reports.conftest import CONTACTS, SPECS, load
from tests.reports.test_figures_are_right import NOW, PERIODS, SOME, Naive, ask, folded_text

SOURCES_OF_SIX = ("ads", "ads", "ads", "search", "search", "mail")
ASKED = st.builds(
    Definition,
    period=PERIODS,
    grouping=st.sampled_from(Unit),
    breakdown=st.sampled_from(["", *(each.name for each in SPECS)]),
    number=st.sampled_from(["revenue", "score"]),
    median=st.just(True),
    top=st.sampled_from([1, 2, 8]),
)


class Middle:
    """The medians of the rows, read one by one."""

    def __init__(self, naive: Naive, result: Result) -> None:
        self.naive, self.result = naive, result
        self.apart = {folded_text(naive.question, each.value) for each in result.charted if not each.value.others}

    def of(self, period: Period, value: Value | None) -> Decimal | None:
        number = self.naive.question.definition.number
        rows = [row for day, row in self.naive.dated if period.holds(day) and number in row]
        numbers = [Decimal(row[number]) for row in rows if value is None or self.has(row, value)]
        return median(numbers) if numbers else None

    def has(self, row: dict[str, Any], value: Value) -> bool:
        values = set(self.naive.values(row))
        return values.isdisjoint(self.apart) if value.others else folded_text(self.naive.question, value) in values

    def cells(self, value: Value | None) -> list[Decimal | None]:
        return [self.of(Period(bucket.first, bucket.last), value) for bucket in self.result.buckets]


def cells(series: Series) -> list[Decimal | None]:
    return [cell.measured(Measure.MEDIAN) for cell in series.cells]


@settings(SOME, max_examples=20)
@given(contacts=st.lists(CONTACTS, max_size=30), definition=ASKED)
def test_every_median_is_the_middle_of_the_rows(engine: Engine, contacts: list[dict[str, Any]], definition: Definition) -> None:
    load(engine, contacts)
    question = ask(definition)
    result = answer(question, engine.rows)
    middle, before = Middle(Naive(question, contacts), result), previous(question.period)
    assert cells(result.whole) == middle.cells(None)
    assert result.whole.total.median == middle.of(question.period, None)
    assert result.whole.before.median == (middle.of(before, None) if before else None)
    for series in result.charted:
        assert cells(series) == middle.cells(series.value)
    for series in answer(replace(question, every_cell=True), engine.rows).series:
        assert series.total.median == middle.of(question.period, series.value)
        assert cells(series) == middle.cells(series.value)


def test_what_asks_for_no_median_is_told_none(engine: Engine) -> None:
    load(engine, [{"createdate": NOW, "source": source, "revenue": Decimal(5)} for source in SOURCES_OF_SIX])
    plain = ask(Definition(breakdown="source", number="revenue"))
    asked = replace(plain, definition=replace(plain.definition, median=True))
    assert answer(plain, engine.rows).whole.total.median is None
    assert answer(asked, engine.rows).whole.total.median == 5


def test_the_largest_values_are_told_apart_and_the_others_are_one(engine: Engine) -> None:
    load(engine, [{"createdate": NOW, "source": source} for source in SOURCES_OF_SIX])
    result = answer(ask(Definition(breakdown="source", top=1)), engine.rows)
    assert [(each.value, each.total.count) for each in result.charted] == [(Value("ads"), 3), (Value(others=2), 3)]
    assert [each.total.count for each in result.series] == [3, 2, 1]
