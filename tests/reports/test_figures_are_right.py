"""Every figure of random reports over random contacts, against a naive reading of the same rows; and the records behind each."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlglot import exp

from jalon.criteria.compile import predicate
from jalon.criteria.tree import EMPTY, Criteria, Filter, all_of, from_text
from jalon.figures.addresses import address
from jalon.figures.buckets import fill
from jalon.figures.measures import Figures, together
from jalon.figures.periods import Choice, Period, Preset, Unit, previous
from jalon.figures.results import Result, Series, Value
from jalon.reports.kinds import scan
from jalon.reports.kinds.contacts import answer, behind
from jalon.reports.kinds.definition import Definition
from jalon.reports.kinds.question import Question
from jalon.warehouse import query
from jalon.warehouse.engine import Engine
from tests.reports.conftest import CATALOG, CONTACTS, SPECS, ZONE, canonical, load, local_day

NOW = datetime(2025, 1, 15, 12, tzinfo=UTC)
TODAY = NOW.date()
PERIODS = st.one_of(
    st.sampled_from([Choice(preset) for preset in Preset if preset is not Preset.CUSTOM]),
    st.tuples(st.dates(date(2023, 11, 1), date(2025, 3, 1)), st.integers(0, 500)).map(
        lambda pair: Choice(Preset.CUSTOM, pair[0], date.fromordinal(pair[0].toordinal() + pair[1]))
    ),
)
POPULATIONS = st.sampled_from([EMPTY, all_of(Filter("source", "any_of", ("ads", "mail"))), all_of(Filter("city", "is_known"))])
DEFINITIONS = st.builds(
    Definition,
    criteria=POPULATIONS,
    date_property=st.sampled_from(["createdate", "birthday"]),
    period=PERIODS,
    grouping=st.sampled_from(Unit),
    breakdown=st.sampled_from(["", *(each.name for each in SPECS)]),
    number=st.sampled_from(["", "revenue", "score"]),
)
EXAMPLES = 100 if os.environ.get("JALON_PROVE") else 25
SOME = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


def ask(definition: Definition, **changes: Any) -> Question:
    where = predicate(definition.criteria, CATALOG, now=NOW, zone=ZONE)
    period = definition.period.resolve(TODAY, changes.get("first_weekday", 0))
    return Question(definition, CATALOG, period, where, **changes)


class Naive:
    """The same report, read off the rows one by one."""

    def __init__(self, question: Question, contacts: Sequence[dict[str, Any]]) -> None:
        self.question = question
        name = question.definition.date_property
        self.dated = [(local_day(row[name]), row) for row in contacts if name in row and self.meets(row)]

    def meets(self, row: dict[str, Any]) -> bool:
        filters = self.question.definition.criteria.filters()
        return all(row.get(one.property) in one.values if one.values else one.property in row for one in filters)

    def values(self, row: dict[str, Any]) -> Iterable[str | None]:
        spec = self.question.breakdown
        assert spec is not None
        value = row.get(spec.name)
        if value is None:
            return [None]
        if isinstance(value, set):
            return sorted(value)
        if isinstance(value, date):
            return [local_day(value).isoformat()]
        return [canonical(spec, value).lower() if scan.is_text(self.question) else canonical(spec, value)]

    def figures(self, period: Period, value: str | Literal[False] | None = False) -> Figures:
        """Of these days, and of one value of the breakdown where one is given."""
        rows = [row for day, row in self.dated if period.holds(day) and (value is False or value in set(self.values(row)))]
        number = self.question.definition.number
        known = [Decimal(row[number]) for row in rows if number in row]
        return Figures(len(rows), len(known), together(Figures(1, 1, each) for each in known).total)

    def days(self, period: Period) -> list[date]:
        return [day for day, _ in self.dated if period.holds(day)]


def folded_text(question: Question, value: Value) -> str | None:
    return value.text.lower() if value.text is not None and scan.is_text(question) else value.text


def assert_series(question: Question, result: Result, naive: Naive, series: Series, value: str | Literal[False] | None) -> None:
    cells = [naive.figures(Period(bucket.first, bucket.last), value) for bucket in result.buckets]
    assert list(series.cells) == cells
    assert series.total == naive.figures(question.period, value)
    before = previous(question.period)
    assert series.before == (naive.figures(before, value) if before else Figures())


@SOME
@given(contacts=st.lists(CONTACTS, max_size=30), definition=DEFINITIONS, first_weekday=st.sampled_from([0, 6]))
def test_every_figure_is_that_of_the_rows(
    engine: Engine, contacts: list[dict[str, Any]], definition: Definition, first_weekday: int
) -> None:
    load(engine, contacts)
    question = ask(definition, first_weekday=first_weekday)
    naive, result = Naive(question, contacts), answer(question, engine.rows)
    assert_series(question, result, naive, result.whole, False)
    for series in result.series:
        assert_series(question, result, naive, series, folded_text(question, series.value))
    if question.breakdown:
        period, before = question.period, previous(question.period)
        rows = [row for day, row in naive.dated if period.holds(day) or (before and before.holds(day))]
        assert {folded_text(question, each.value) for each in result.series} == {value for row in rows for value in naive.values(row)}


@SOME
@given(contacts=st.lists(CONTACTS, max_size=12), definition=DEFINITIONS, first_weekday=st.sampled_from([0, 6]))
def test_buckets_cover_the_period_or_all_days_there_are(
    engine: Engine, contacts: list[dict[str, Any]], definition: Definition, first_weekday: int
) -> None:
    load(engine, contacts)
    question = ask(definition, first_weekday=first_weekday)
    result, days = answer(question, engine.rows), Naive(question, contacts).days(question.period)
    period = question.period
    if period.first and period.last:
        assert list(result.buckets) == list(fill(definition.grouping, period.first, period.last, first_weekday))
    elif days:
        assert result.buckets[0].first <= min(days) and max(days) <= result.buckets[-1].last
    else:
        assert result.buckets == ()


@SOME
@given(contacts=st.lists(CONTACTS, max_size=25), definition=DEFINITIONS, keep=st.sampled_from([1, 2, 100]))
def test_the_records_behind_every_number_are_that_many(
    engine: Engine, contacts: list[dict[str, Any]], definition: Definition, keep: int
) -> None:
    load(engine, contacts)
    question = ask(definition, keep=keep)
    result = answer(question, engine.rows)
    assert_opened(engine, numbers(question, result))


def numbers(question: Question, result: Result) -> Iterable[tuple[Criteria, int]]:
    """The criteria and the number of every cell and total; of the running totals too."""
    for cumulative in (False, True):
        shown = result.cumulated() if cumulative else result
        rows = [(None, shown.whole), *((series.value, series) for series in shown.series)]
        for (value, series), valued in itertools.product(rows, (False, True)):
            pick = [*((index, figures) for index, figures in enumerate(series.cells)), (None, series.total)]
            for index, figures in pick:
                criteria = behind(question, result, index=index, value=value, cumulative=cumulative, valued=valued)
                yield criteria, figures.valued if valued and question.number else figures.count


def assert_opened(engine: Engine, expected: Iterable[tuple[Criteria, int]]) -> None:
    """What the index page at the number's address would count; some 150 numbers of every kind, all in one scan."""
    found = list(expected)
    found = found[:: len(found) // 150 + 1]
    counts = [exp.Count(this=exp.case().when(predicate(read_back(criteria), CATALOG, now=NOW, zone=ZONE), "1")) for criteria, _ in found]
    row = engine.rows(query.select(*counts).from_(query.table("contacts")))[0]
    assert list(row) == [number for _, number in found]


def read_back(criteria: Criteria) -> Criteria:
    """The criteria as the index page reads them from the address."""
    url = address("contacts", criteria)
    assert url is not None
    return from_text(parse_qs(urlsplit(url).query)["criteria"][0])


@SOME
@given(contacts=st.lists(CONTACTS, min_size=5, max_size=40), definition=DEFINITIONS)
def test_many_values_are_cut_to_the_largest_with_the_same_totals(
    engine: Engine, contacts: list[dict[str, Any]], definition: Definition
) -> None:
    load(engine, contacts)
    question = ask(definition)
    plain = answer(question, engine.rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scan, "MOST_CELLS", 1)
        cut = answer(replace(question, keep=2), engine.rows)
    assert cut.whole == plain.whole
    if question.breakdown and not scan.is_set(question):
        assert len(cut.series) <= 4
        assert together(series.total for series in cut.series) == plain.whole.total
        assert_opened(engine, numbers(replace(question, keep=2), cut))
