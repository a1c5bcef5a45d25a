"""Periods: presets as seen from a day, today included, and the equal period before."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.figures.periods import LABELS, Choice, Period, Preset, previous, resolve

WEDNESDAY = date(2026, 3, 4)


@pytest.mark.parametrize(
    ("preset", "first", "last"),
    [
        ("all_time", None, None),
        ("today", date(2026, 3, 4), date(2026, 3, 4)),
        ("yesterday", date(2026, 3, 3), date(2026, 3, 3)),
        ("this_week", date(2026, 3, 2), date(2026, 3, 4)),
        ("this_month", date(2026, 3, 1), date(2026, 3, 4)),
        ("this_quarter", date(2026, 1, 1), date(2026, 3, 4)),
        ("this_year", date(2026, 1, 1), date(2026, 3, 4)),
        ("last_week", date(2026, 2, 23), date(2026, 3, 1)),
        ("last_month", date(2026, 2, 1), date(2026, 2, 28)),
        ("last_quarter", date(2025, 10, 1), date(2025, 12, 31)),
        ("last_year", date(2025, 1, 1), date(2025, 12, 31)),
        ("last_7_days", date(2026, 2, 26), date(2026, 3, 4)),
        ("last_14_days", date(2026, 2, 19), date(2026, 3, 4)),
        ("last_30_days", date(2026, 2, 3), date(2026, 3, 4)),
        ("last_60_days", date(2026, 1, 4), date(2026, 3, 4)),
        ("last_90_days", date(2025, 12, 5), date(2026, 3, 4)),
        ("last_365_days", date(2025, 3, 5), date(2026, 3, 4)),
    ],
)
def test_a_preset_means_these_days_on_wednesday_4_march_2026(preset: str, first: date | None, last: date | None) -> None:
    assert resolve(preset, WEDNESDAY) == Period(first, last)


@pytest.mark.parametrize("preset", [preset for preset in Preset if preset not in (Preset.ALL_TIME, Preset.CUSTOM)])
def test_a_year_that_is_being_typed_goes_back_to_the_first_day_there_is(preset: Preset) -> None:
    assert resolve(preset, date.min).first == date.min


def test_every_preset_has_a_label() -> None:
    assert set(LABELS) == set(Preset)


def test_weeks_follow_the_first_weekday_of_the_account() -> None:
    assert resolve("this_week", WEDNESDAY, first_weekday=6).first == date(2026, 3, 1)
    assert resolve("last_week", WEDNESDAY, first_weekday=6) == Period(date(2026, 2, 22), date(2026, 2, 28))


def test_a_custom_period_keeps_its_two_days() -> None:
    chosen = Choice(Preset.CUSTOM, date(2024, 2, 1), date(2024, 2, 29))
    assert chosen.resolve(WEDNESDAY) == Period(date(2024, 2, 1), date(2024, 2, 29))


@given(st.sampled_from([preset for preset in Preset if preset not in (Preset.ALL_TIME, Preset.CUSTOM)]), st.dates(date(1900, 1, 1)))
def test_the_period_before_is_as_long_and_ends_the_day_before(preset: Preset, today: date) -> None:
    period = resolve(preset, today)
    before = previous(period)
    assert before is not None and period.first is not None and before.last is not None
    assert before.days == period.days
    assert (period.first - before.last).days == 1


@given(st.sampled_from([preset for preset in Preset if preset.startswith("this")]), st.dates(date(1900, 1, 1)), st.integers(0, 6))
def test_a_period_so_far_ends_today(preset: Preset, today: date, first_weekday: int) -> None:
    period = resolve(preset, today, first_weekday)
    assert period.last == today and period.holds(today)


def test_all_time_and_the_beginning_of_the_calendar_have_no_period_before() -> None:
    assert previous(Period()) is None
    assert previous(Period(date(1, 1, 2), date(1, 2, 1))) is None
