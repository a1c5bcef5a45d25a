"""The days a report looks at: presets, custom periods and the period just before. Pure: `today` is an argument."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from jalon.warehouse.words import N_

DAY = timedelta(days=1)


class Preset(StrEnum):
    """A period by name (spec 3.2 and 4.7). Whatever reaches up to now includes today."""

    ALL_TIME = "all_time"
    TODAY = "today"
    YESTERDAY = "yesterday"
    THIS_WEEK = "this_week"
    THIS_MONTH = "this_month"
    THIS_QUARTER = "this_quarter"
    THIS_YEAR = "this_year"
    LAST_WEEK = "last_week"
    LAST_MONTH = "last_month"
    LAST_QUARTER = "last_quarter"
    LAST_YEAR = "last_year"
    LAST_7_DAYS = "last_7_days"
    LAST_14_DAYS = "last_14_days"
    LAST_30_DAYS = "last_30_days"
    LAST_60_DAYS = "last_60_days"
    LAST_90_DAYS = "last_90_days"
    LAST_365_DAYS = "last_365_days"
    CUSTOM = "custom"


LABELS = {
    Preset.ALL_TIME: N_("all time"),
    Preset.TODAY: N_("today"),
    Preset.YESTERDAY: N_("yesterday"),
    Preset.THIS_WEEK: N_("this week so far"),
    Preset.THIS_MONTH: N_("this month so far"),
    Preset.THIS_QUARTER: N_("this quarter so far"),
    Preset.THIS_YEAR: N_("this year so far"),
    Preset.LAST_WEEK: N_("last week"),
    Preset.LAST_MONTH: N_("last month"),
    Preset.LAST_QUARTER: N_("last quarter"),
    Preset.LAST_YEAR: N_("last year"),
    Preset.LAST_7_DAYS: N_("last 7 days"),
    Preset.LAST_14_DAYS: N_("last 14 days"),
    Preset.LAST_30_DAYS: N_("last 30 days"),
    Preset.LAST_60_DAYS: N_("last 60 days"),
    Preset.LAST_90_DAYS: N_("last 90 days"),
    Preset.LAST_365_DAYS: N_("last 365 days"),
    Preset.CUSTOM: N_("custom"),
}


class Unit(StrEnum):
    """A stretch of the calendar: also how a report groups its days."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, both included; None leaves that side open."""

    first: date | None = None
    last: date | None = None

    @property
    def days(self) -> int | None:
        """How many days, None when a side is open."""
        if self.first is None or self.last is None:
            return None
        return (self.last - self.first).days + 1

    def holds(self, day: date) -> bool:
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Choice:
    """A period as a definition keeps it: a preset, which moves with the calendar, or two fixed days."""

    preset: Preset = Preset.ALL_TIME
    first: date | None = None
    last: date | None = None

    def resolve(self, today: date, first_weekday: int = 0) -> Period:
        if self.preset is Preset.CUSTOM:
            return Period(self.first, self.last)
        return resolve(self.preset, today, first_weekday)


def resolve(name: str, today: date, first_weekday: int = 0) -> Period:
    """The days of a preset as seen from `today`; `first_weekday` is 0 for Monday."""
    preset = Preset(name)
    if preset in (Preset.ALL_TIME, Preset.CUSTOM):
        return Period()
    if preset is Preset.TODAY:
        return Period(today, today)
    if preset is Preset.YESTERDAY:
        return Period(_before(today), _before(today))
    reach, _, rest = preset.partition("_")
    if rest.endswith("_days"):
        return Period(_before(today, int(rest.removesuffix("_days")) - 1), today)
    start = start_of(Unit(rest), today, first_weekday)
    if reach == "this":
        return Period(start, today)
    return Period(start_of(Unit(rest), _before(start), first_weekday), _before(start))


def _before(day: date, days: int = 1) -> date:
    """So many days before, or the first day of the calendar."""
    return date.fromordinal(max(1, day.toordinal() - days))


def previous(period: Period) -> Period | None:
    """The period of equal length just before, None where there is none (an open side, or before the first day there is)."""
    if period.first is None or period.days is None:
        return None
    try:
        return Period(period.first - DAY * period.days, period.first - DAY)
    except OverflowError:
        return None


def start_of(unit: Unit, day: date, first_weekday: int = 0) -> date:
    """The first day of the week, month, ... that `day` is in."""
    if unit is Unit.DAY:
        return day
    if unit is Unit.WEEK:
        return date.fromordinal(max(1, day.toordinal() - (day.weekday() - first_weekday) % 7))
    if unit is Unit.MONTH:
        return day.replace(day=1)
    if unit is Unit.QUARTER:
        return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return date(day.year, 1, 1)


def end_of(unit: Unit, day: date, first_weekday: int = 0) -> date:
    """The last day of the week, month, ... that `day` is in."""
    try:
        return _after(unit, start_of(unit, day, first_weekday), first_weekday) - DAY
    except (ValueError, OverflowError):  # the year 10000
        return date.max


def _after(unit: Unit, start: date, first_weekday: int) -> date:
    """The first day of the next week, month, ... after the one that begins on `start`."""
    if unit is Unit.DAY:
        return start + DAY
    if unit is Unit.WEEK:  # the very first week of the calendar may be cut short
        return start + DAY * (7 - (start.weekday() - first_weekday) % 7)
    months = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.YEAR: 12}[unit]
    year, month = divmod(start.month - 1 + months, 12)
    return date(start.year + year, month + 1, 1)
