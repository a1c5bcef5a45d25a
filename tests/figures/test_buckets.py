"""Buckets: the same in Python and in SQL, without gaps, cut to the period."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jalon.figures.buckets import Bucket, axis_label, bucket, containing, count, fill, label, number, span, starting
from jalon.figures.periods import Period, Unit, end_of, start_of
from jalon.warehouse import query
from jalon.warehouse.engine import Batch, Engine, Put, Remove
from jalon.warehouse.schema import Column, Kind, Table
from tests.engines import ENGINES, open_engine

TABLE = Table("days", (Column("id", Kind.ID), Column("day", Kind.DATE)))
FIRST, LAST = date(1900, 1, 1), date(2299, 12, 31)  # what ClickHouse can keep in a date
DAYS = st.dates()
UNITS = st.sampled_from(list(Unit))
WEEKDAYS = st.integers(0, 6)


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with open_engine(request.param, tmp_path_factory.mktemp("columns")) as opened:
        opened.ensure([TABLE])
        yield opened


@settings(max_examples=40, deadline=None)
@given(units=UNITS, days=st.lists(DAYS, min_size=1, max_size=30), first_weekday=WEEKDAYS)
def test_the_engine_and_python_put_each_day_in_the_same_bucket(engine: Engine, units: Unit, days: list[date], first_weekday: int) -> None:
    days = [day for day in days if engine.dialect == "duckdb" or FIRST <= day <= LAST]
    rows = {"id": [str(place) for place, _ in enumerate(days)], "day": [day.isoformat() for day in days]}
    table = pa.table({name: pa.array(values, pa.string()) for name, values in rows.items()})
    engine.apply(Batch((Remove(TABLE, range(30)), Put(TABLE, table))))
    tree = query.select(bucket(units, query.column("day"), first_weekday)).from_(query.table(TABLE.name)).order_by(query.column("id"))
    assert [row[0] for row in engine.rows(tree)] == [number(units, day, first_weekday) for day in days]


@given(UNITS, DAYS, WEEKDAYS)
def test_a_bucket_number_leads_back_to_its_first_day(unit: Unit, day: date, first_weekday: int) -> None:
    assert starting(unit, number(unit, day, first_weekday), first_weekday) == start_of(unit, day, first_weekday)


@given(UNITS, DAYS, WEEKDAYS)
def test_a_day_lies_between_the_start_and_the_end_of_its_bucket(unit: Unit, day: date, first_weekday: int) -> None:
    start, end = start_of(unit, day, first_weekday), end_of(unit, day, first_weekday)
    assert start <= day <= end
    assert {number(unit, start, first_weekday), number(unit, end, first_weekday)} == {number(unit, day, first_weekday)}
    if end < date.max:
        assert number(unit, end + timedelta(days=1), first_weekday) == number(unit, day, first_weekday) + 1


@given(UNITS, DAYS, st.integers(0, 800), WEEKDAYS)
def test_buckets_fill_the_period_without_gap_or_overlap(unit: Unit, first: date, length: int, first_weekday: int) -> None:
    last = date.fromordinal(min(date.max.toordinal(), first.toordinal() + length))
    buckets = list(fill(unit, first, last, first_weekday))
    days = [date.fromordinal(n) for b in buckets for n in range(b.first.toordinal(), b.last.toordinal() + 1)]
    assert days == [date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1)]
    assert len(buckets) <= count(unit, first, last) <= len(buckets) + 2
    assert buckets == [containing(unit, b.last, Period(first, last), first_weekday) for b in buckets]


def test_weeks_at_the_edges_are_cut_to_the_period_and_named_by_their_first_day_in_it() -> None:
    buckets = list(fill(Unit.WEEK, date(2025, 1, 1), date(2025, 1, 14)))  # Wednesday to Tuesday
    assert [(b.first.day, b.last.day, b.cut) for b in buckets] == [(1, 5, True), (6, 12, False), (13, 14, True)]
    assert [label(b, "en") for b in buckets] == ["Jan 1, 2025", "Jan 6, 2025", "Jan 13, 2025"]


def test_weeks_may_begin_on_sunday() -> None:
    assert [b.first.day for b in fill(Unit.WEEK, date(2025, 1, 1), date(2025, 1, 14), 6)] == [1, 5, 12]


@pytest.mark.parametrize(
    ("unit", "first", "french", "english"),
    [
        (Unit.DAY, date(2024, 8, 5), "5 août 2024", "Aug 5, 2024"),
        (Unit.WEEK, date(2024, 8, 5), "5 août 2024", "Aug 5, 2024"),
        (Unit.MONTH, date(2024, 8, 1), "août 2024", "Aug 2024"),
        (Unit.MONTH, date(2024, 8, 23), "23 août 2024", "Aug 23, 2024"),  # cut at its start
        (Unit.QUARTER, date(2024, 7, 1), "T3 2024", "Q3 2024"),
        (Unit.YEAR, date(2024, 1, 1), "2024", "2024"),
    ],
)
def test_buckets_are_named_in_the_language(unit: Unit, first: date, french: str, english: str) -> None:
    one = Bucket(unit, first, end_of(unit, first))
    assert (label(one, "fr"), label(one, "en")) == (french, english)


def test_an_axis_label_has_the_year_on_a_line_of_its_own() -> None:
    assert axis_label(Bucket(Unit.MONTH, date(2024, 8, 1), date(2024, 8, 31)), "fr") == ("août", "2024")
    assert axis_label(Bucket(Unit.WEEK, date(2024, 8, 5), date(2024, 8, 11)), "en") == ("Aug 5", "2024")
    assert axis_label(Bucket(Unit.YEAR, date(2024, 1, 1), date(2024, 12, 31)), "en") == ("2024", "")


def test_the_days_of_a_bucket_are_written_as_an_interval() -> None:
    assert span(date(2024, 3, 4), date(2024, 4, 7), "fr") == "4 mars\u2009–\u20097 avr. 2024"
    assert span(date(2024, 3, 4), date(2024, 3, 4), "fr") == "4 mars 2024"
