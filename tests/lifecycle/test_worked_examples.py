"""Examples 1 to 5 of the specification, and what else the figures of journeys promise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from jalon.lifecycle.columns import JOURNEYS, VISITS, Outcome
from jalon.lifecycle.journeys.counts import Figures, Range, by_outcome_and_place, contacts, lost_stages, times_in_stages
from jalon.lifecycle.journeys.path import Path
from jalon.warehouse.engine import Engine
from tests.lifecycle.naive import Move
from tests.lifecycle.steps import lay_out, stored_rows

PATH = Path(("one", "two", "three"), "won", ("cold", "poor"), ("beside",))
START = datetime(2026, 1, 1, 11, tzinfo=UTC)
DAY = 86_400_000


def log(*steps: tuple[str | None, str | None, float]) -> list[Move]:
    """Movements from, to, and days after the start; no two contacts need other numbers."""
    return [Move(number, came_from, to, START + timedelta(days=after)) for number, (came_from, to, after) in enumerate(steps, 1)]


def figures(engine: Engine, logs: Mapping[int, Sequence[Move]], range: Range = Range()) -> Figures:  # noqa: B008
    lay_out(engine, PATH, logs)
    return Figures.of(engine.rows(by_outcome_and_place(range)))


def test_example_1_of_100_that_entered_40_are_won_and_30_lost(engine: Engine) -> None:
    ends = ["won"] * 40 + ["cold"] * 20 + ["poor"] * 10 + [None] * 10
    logs = {number: log((None, "one", 0), ("one", end, 1)) for number, end in enumerate(ends)}
    logs |= {number: log((None, "one", 0)) for number in range(80, 100)}
    found = figures(engine, logs)
    assert (found.entered, found.share(Outcome.WON), found.share(Outcome.LOST)) == (100, 0.4, 0.3)
    assert (found.ended(Outcome.OPEN), found.ended(Outcome.CLEARED)) == (20, 10)
    assert sorted(engine.rows(lost_stages(Range()))) == [("cold", "one", 20), ("poor", "one", 10)]


def test_example_2_of_2_and_4_and_6_days_the_mean_is_4(engine: Engine) -> None:
    logs = {days: log((None, "one", 0), ("one", "won", days)) for days in (2, 4, 6)}
    logs[7] = log((None, "won", 0))  # at once: it counts, and has no time
    found = figures(engine, logs)
    assert (found.ended(Outcome.WON), found.mean_ms(Outcome.WON), found.mean_ms(Outcome.LOST)) == (4, 4 * DAY, None)


def test_example_3_a_skipped_stage_counts_in_the_funnel_and_has_no_time(engine: Engine) -> None:
    found = figures(engine, {1: log((None, "one", 0), ("one", "three", 2), ("three", "won", 5))})
    assert [found.reached(place) for place in (1, 2, 3, 4)] == [1, 1, 1, 1]
    assert sorted(engine.rows(times_in_stages(Range()))) == [("one", 1, 0, 2 * DAY, 2 * DAY), ("three", 1, 0, 3 * DAY, 3 * DAY)]


def test_example_4_what_an_import_moved_stays_one_journey_of_two_movements(engine: Engine) -> None:
    found = figures(engine, {1: log((None, "one", 0), ("two", "three", 2))})
    assert (found.entered, found.ended(Outcome.OPEN), found.reached(3)) == (1, 1, 1)
    assert [row[13] for row in stored_rows(engine, JOURNEYS)] == [2]
    assert [(row[4], row[10], row[11]) for row in stored_rows(engine, VISITS)] == [("one", False, None), ("three", True, None)]


def test_example_5_who_comes_back_weeks_later_has_two_journeys_with_two_entry_dates(engine: Engine) -> None:
    steps = log((None, "one", 0), ("one", "three", 1), ("three", "cold", 3), ("cold", "one", 30))
    found = figures(engine, {1: steps})
    assert (found.entered, found.ended(Outcome.LOST), found.ended(Outcome.OPEN)) == (2, 1, 1)
    assert [row[2] for row in stored_rows(engine, JOURNEYS)] == [START, START + timedelta(days=30)]
    assert engine.rows(contacts(Range())) == [(1,)]
    assert found.lost_before(4) == 1


def test_the_median_of_an_even_number_of_stays_lies_between_the_two_in_the_middle(engine: Engine) -> None:
    lay_out(engine, PATH, {days: log((None, "one", 0), ("one", "two", days)) for days in (1, 2, 6, 9)})
    assert [(stage, median) for stage, *_, median in engine.rows(times_in_stages(Range())) if median] == [("one", 4 * DAY)]


def test_a_range_is_of_the_account_s_days_and_only_the_entry_counts(engine: Engine) -> None:
    late = datetime(2026, 1, 31, 23, 30, tzinfo=UTC)  # half past midnight of the first of February in Paris
    logs = {1: log((None, "one", 0), ("one", "won", 200)), 2: [Move(1, None, "two", late)]}
    january = figures(engine, logs, Range(date(2026, 1, 1), date(2026, 1, 31)))
    assert (january.entered, january.ended(Outcome.WON)) == (1, 1)
    february = figures(engine, logs, Range(date(2026, 2, 1), date(2026, 2, 1)))
    assert (february.entered, [february.reached(place) for place in (1, 2, 3)]) == (1, [1, 1, 0])


def test_where_nothing_entered_there_is_no_rate(engine: Engine) -> None:
    found = figures(engine, {})
    assert (found.entered, found.share(Outcome.WON), found.mean_ms(Outcome.WON)) == (0, None, None)
