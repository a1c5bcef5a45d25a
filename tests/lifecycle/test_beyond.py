"""Flow, stays, weeks and the curve of what is won in time, each against the same told journey by journey."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jalon.figures import buckets
from jalon.figures.periods import Unit
from jalon.lifecycle.columns import Outcome
from jalon.lifecycle.journeys import curve, spikes, stays, weeks
from jalon.lifecycle.journeys.counts import Range
from jalon.lifecycle.journeys.curve import Curve
from jalon.lifecycle.journeys.flow import Flow, Way
from jalon.warehouse.engine import Engine
from tests.lifecycle import naive
from tests.lifecycle.drawn import PATH, START, logs
from tests.lifecycle.naive import Journey, Move
from tests.lifecycle.paper import check_report
from tests.lifecycle.steps import lay_out, moves

NOW = START + timedelta(days=400, minutes=30)
EVER = Range()


def test_any_log_gives_the_same_figures_as_its_journeys_one_by_one(engine: Engine) -> None:
    @settings(max_examples=12 if engine.dialect == "duckdb" else 3, suppress_health_check=list(HealthCheck))
    @given(log=logs(timedelta(hours=17)))
    def any_log(log: dict[int, list[Move]]) -> None:
        lay_out(engine, PATH, log)
        journeys = [journey for some in log.values() for journey in naive.journeys(PATH, some)]
        check_report(engine, PATH, journeys)
        check_flow(engine, journeys)
        check_ages(engine, journeys)
        check_stays(engine, journeys)
        check_weeks(engine, journeys)

    any_log()


def check_flow(engine: Engine, journeys: Sequence[Journey]) -> None:
    found = Flow.asked(engine.rows, EVER)
    on_paper = Counter(edge for journey in journeys for edge in _edges(journey))
    assert {(edge.source, edge.target): edge.count for edge in found.edges} == on_paper
    once = Counter(edge for journey in journeys for edge in set(_edges(journey)))
    assert {(edge.source, edge.target): edge.journeys for edge in found.edges} == once
    for stage in PATH.primary:
        assert found.out_of(stage) == sum(visit.stage == stage for journey in journeys for visit in journey.visits)
    assert found.journeys == Counter(stage for journey in journeys for stage in {visit.stage for visit in journey.visits})


def _edges(journey: Journey) -> Iterator[tuple[str, str]]:
    yield Way.ENTRY, journey.entry_stage
    for visit in journey.visits:
        if visit.left_at:
            yield visit.stage, visit.next_stage or Way.CLEARED
        else:
            yield visit.stage, Way.STILL_IN if visit.still_in else Way.UNTOLD


def check_ages(engine: Engine, journeys: Sequence[Journey]) -> None:
    found = {(outcome, hours): count for outcome, hours, count in engine.rows(curve.ages(EVER, NOW))}
    known = [journey for journey in journeys if journey.outcome != Outcome.UNLOGGED]
    ages = [(journey.outcome, (journey.ended_at or NOW) - journey.entered_at) for journey in known]
    assert found == Counter((outcome, -(-age // timedelta(hours=1))) for outcome, age in ages)


def check_stays(engine: Engine, journeys: Sequence[Journey]) -> None:
    found = stays.by_stage(engine.rows(stays.lengths(EVER)))
    for stage in PATH.primary:
        visits = [visit for journey in journeys for visit in journey.visits if visit.stage == stage and visit.length is not None]
        begun = sorted(-(-(visit.length or 0) // stays.DAY_MS) for visit in visits)
        assert found[stage].by_days == tuple(sorted(Counter(begun).items())) if begun else stage not in found
    made = {
        stage: sum(any(visit.stage == stage and visit.length is not None for visit in one.visits) for one in journeys) for stage in found
    }
    assert dict(engine.rows(stays.journeys(EVER))) == made


def check_weeks(engine: Engine, journeys: Sequence[Journey]) -> None:
    found = weeks.figures(engine.rows(weeks.by_entry(Unit.WEEK, EVER)))
    assert sum(figures.entered for figures in found.values()) == len(journeys)
    for outcome in Outcome:
        assert sum(figures.ended(outcome) for figures in found.values()) == sum(journey.outcome == outcome for journey in journeys)
    soon = engine.rows(weeks.won_within(3, Unit.WEEK, EVER))
    won = [journey for journey in journeys if journey.outcome == Outcome.WON and journey.ended_at]
    assert sum(count for _, count in soon) == sum((one.ended_at or NOW) - one.entered_at <= timedelta(days=3) for one in won)


def test_a_week_is_of_the_account_s_days(engine: Engine) -> None:
    sunday = datetime(2026, 3, 1, 22, 30, tzinfo=UTC)  # half past eleven in Paris, on a Sunday
    lay_out(engine, PATH, {1: [Move(1, None, "one", sunday)], 2: [Move(2, None, "won", sunday + timedelta(hours=1))]})
    found = weeks.figures(engine.rows(weeks.by_entry(Unit.WEEK, EVER)))
    shown = {buckets.starting(Unit.WEEK, number): (one.entered, one.share(Outcome.WON)) for number, one in found.items()}
    assert shown == {date(2026, 2, 23): (1, 0.0), date(2026, 3, 2): (1, 1.0)}


def test_how_long_they_had_stayed_is_told_with_each_way(engine: Engine) -> None:
    day = timedelta(days=1)
    log = {days: moves((None, "one", START), ("one", "two", START + days * day), ("two", "cold", START + 12 * day)) for days in (1, 2, 6)}
    lay_out(engine, PATH, log)
    found = Flow.asked(engine.rows, EVER)
    times = [(edge.mean_ms, edge.median_ms) for edge in (found.edge("one", "two"), found.edge("two", "cold")) if edge]
    assert times == [(3 * stays.DAY_MS, 2 * stays.DAY_MS), (9 * stays.DAY_MS, 10 * stays.DAY_MS)]


# The curve


ENDED = st.lists(st.tuples(st.sampled_from(["won", "lost", "cleared"]), st.integers(0, 240), st.integers(1, 5)), min_size=1, max_size=30)


@given(ended=ENDED, days=st.integers(0, 12))
def test_where_none_is_open_the_curve_is_the_plain_share(ended: list[tuple[str, int, int]], days: int) -> None:
    whole = sum(count for _, _, count in ended)
    won = sum(count for outcome, hours, count in ended if outcome == "won" and hours <= 24 * days)
    assert Curve.of(ended).at(days).won == pytest.approx(won / whole)


@given(rows=st.lists(st.tuples(st.sampled_from(["won", "open"]), st.integers(0, 240), st.integers(1, 5)), min_size=1, max_size=30))
def test_where_none_is_lost_the_curve_is_that_of_kaplan_and_meier(rows: list[tuple[str, int, int]]) -> None:
    people = [(hours, outcome == "won") for outcome, hours, count in rows for _ in range(count)]
    found = Curve.of(rows)
    for days in range(11):
        assert found.at(days).won == pytest.approx(1 - _survivors(people, 24 * days))


def _survivors(people: Sequence[tuple[int, bool]], hours: int) -> float:
    """The product-limit estimate as one would write it on paper."""
    going = 1.0
    for moment in sorted({at for at, won in people if won and at <= hours}):
        at_risk = sum(at >= moment for at, _ in people)
        going *= 1 - sum(at == moment and won for at, won in people) / at_risk
    return going


@given(ended=ENDED, days=st.integers(0, 12))
def test_where_none_is_open_the_doubt_is_that_of_a_plain_share(ended: list[tuple[str, int, int]], days: int) -> None:
    found, whole = Curve.of(ended).at(days), sum(count for _, _, count in ended)
    assert found.spread**2 == pytest.approx(found.won * (1 - found.won) / whole, abs=1e-9)
    assert found.wins == round(found.won * whole)
    low, high = found.likely
    assert 0 <= low <= found.won + 1e-12
    assert found.won - 1e-12 <= high <= 1


@given(rows=st.lists(st.tuples(st.sampled_from(["won", "open"]), st.integers(0, 240), st.integers(1, 5)), min_size=1, max_size=30))
def test_where_none_is_lost_the_doubt_is_that_of_greenwood(rows: list[tuple[str, int, int]]) -> None:
    people = [(hours, outcome == "won") for outcome, hours, count in rows for _ in range(count)]
    found = Curve.of(rows)
    for days in range(11):
        going = _survivors(people, 24 * days)
        moments = sorted({at for at, won in people if won and at <= 24 * days})
        ends = [(sum(at == moment and won for at, won in people), sum(at >= moment for at, _ in people)) for moment in moments]
        if going > 1e-9:  # where nobody goes on there is no doubt left, and Greenwood divides by 0
            greenwood = going**2 * sum(won / (at_risk * (at_risk - won)) for won, at_risk in ends)
            assert found.at(days).spread ** 2 == pytest.approx(greenwood, abs=1e-9)


def test_the_curve_of_the_leukemia_patients_is_that_of_the_textbooks() -> None:
    """Remission under 6-MP (Freireich and others, 1963), in weeks: 0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448 survive."""
    ends = {6: 3, 7: 1, 10: 1, 13: 1, 16: 1, 22: 1, 23: 1}
    open_at = {6: 1, 9: 1, 10: 1, 11: 1, 17: 1, 19: 1, 20: 1, 25: 1, 32: 2, 34: 1, 35: 1}
    told = [("won", 24 * at, count) for at, count in ends.items()] + [("open", 24 * at, count) for at, count in open_at.items()]
    found = Curve.of(told)
    assert [round(1 - found.at(days).won, 3) for days in ends] == [0.857, 0.807, 0.753, 0.69, 0.627, 0.538, 0.448]
    assert [found.at(days).at_risk for days in (5, 6, 22)] == [21, 17, 6]
    assert (found.days, found.days_until(0.5), found.days_until(0.6)) == (35, 23, None)


def test_lost_journeys_are_not_taken_for_open_ones() -> None:
    found = Curve.of([("lost", 10, 50), ("won", 30, 50)])
    assert (found.at(1).won, found.at(1).lost, found.at(2).won) == (0.0, 0.5, 0.5)
    assert Curve.of([]).at(3).won == 0.0


# Stays


@given(st.lists(st.integers(0, 60), min_size=1, max_size=60))
def test_nine_of_ten_had_moved_on_within_the_limit_and_not_a_day_before(lengths: list[int]) -> None:
    (found,) = stays.by_stage(("one", days, count) for days, count in Counter(lengths).items()).values()
    within = found.within(stays.MOVED_ON)
    assert within is not None
    assert sum(days <= within for days in lengths) >= 0.9 * len(lengths) > sum(days < within for days in lengths)
    assert (found.limit is None) == (len(lengths) < stays.FEWEST)


# Days


def shown(counts: Mapping[int, int], length: int) -> list[int]:
    first = date(2026, 1, 5)
    told = spikes.days(
        {first + timedelta(days=number): count for number, count in counts.items()}, first, first + timedelta(days=length - 1)
    )
    return [(day.day - first).days for day in told if day.is_unusual]


def test_a_spike_stands_out_and_cannot_hide_beside_another_one() -> None:
    counts = {day: 20 + day % 5 for day in range(30)}
    assert shown(counts, 30) == []
    assert shown(counts | {11: 400, 12: 390, 13: 410}, 30) == [11, 12, 13]
    assert shown(counts | {20: 0}, 30) == [20]


def test_chance_is_no_spike_where_little_happens() -> None:
    assert shown({3: 1, 9: 2}, 30) == []
    assert shown({3: 30}, 30) == [3]
    assert shown({0: 500}, 5) == []  # nothing is usual yet


def test_a_quiet_sunday_is_usual_once_there_are_enough_of_them() -> None:
    week = [40, 42, 38, 41, 39, 2, 0]
    counts = {day: week[day % 7] for day in range(70)}
    assert shown(counts, 70) == []
    assert shown(counts | {41: 45}, 70) == [41]  # as much as on a Tuesday, but a Sunday
