"""One bucketing for filter, group, label and schedule: days, weeks, months, quarters, years over a DATE column. Pure.

`number` in Python and `bucket` in SQL are the same function, held together by a property test, so a filter by day and a group by day can
never differ. A datetime is bucketed by its account-local day column, so no zone arithmetic takes place here. Numbers, not dates: they are
the same on every engine (date_trunc gives a date on one, an instant on the other, and ends at the year 2149 on the third) and group faster.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from babel import Locale
from babel.dates import format_date, format_interval, format_skeleton
from sqlglot import exp

from jalon.figures.periods import DAY, Period, Unit, end_of, start_of
from jalon.warehouse import query
from jalon.warehouse.words import N_

LABELS = {Unit.DAY: N_("day"), Unit.WEEK: N_("week"), Unit.MONTH: N_("month"), Unit.QUARTER: N_("quarter"), Unit.YEAR: N_("year")}

EPOCH = date(1970, 1, 5)  # a Monday, and a date that every engine can write
EPOCH_ORDINAL = EPOCH.toordinal()
WEEKS_BEFORE = 110_000  # keeps week numbers positive back to the year 1: engines disagree on dividing negative numbers


@dataclass(frozen=True, slots=True)
class Bucket:
    """The days of one week, month, ... that lie in the period; the first and the last bucket may be cut short by it."""

    unit: Unit
    first: date
    last: date
    cut: bool = False  # begins later, or ends earlier, than its week, month, ... does

    @property
    def key(self) -> str:
        return self.first.isoformat()


def number(unit: Unit, day: date, first_weekday: int = 0) -> int:
    """The number of the bucket that `day` lies in; neighbors have neighboring numbers."""
    if unit is Unit.YEAR:
        return day.year
    if unit is Unit.QUARTER:
        return day.year * 4 + (day.month - 1) // 3
    if unit is Unit.MONTH:
        return day.year * 12 + day.month - 1
    days = day.toordinal() - EPOCH_ORDINAL
    return days if unit is Unit.DAY else (days - first_weekday) // 7 + WEEKS_BEFORE


def starting(unit: Unit, number: int, first_weekday: int = 0) -> date:
    """The first day of the bucket with this number (not before the first day of the calendar)."""
    if unit is Unit.YEAR:
        return date(number, 1, 1)
    if unit is Unit.QUARTER:
        return date(number // 4, number % 4 * 3 + 1, 1)
    if unit is Unit.MONTH:
        return date(number // 12, number % 12 + 1, 1)
    days = number if unit is Unit.DAY else (number - WEEKS_BEFORE) * 7 + first_weekday
    return date.fromordinal(max(1, EPOCH_ORDINAL + days))


def bucket(unit: Unit, day: exp.Expression, first_weekday: int = 0) -> exp.Expression:
    """`number` over a DATE expression."""
    if unit is Unit.YEAR:
        return exp.Year(this=day.copy())
    if unit is Unit.QUARTER:
        return _plus(_times(exp.Year(this=day.copy()), 4), exp.Quarter(this=day.copy()), -1)
    if unit is Unit.MONTH:
        return _plus(_times(exp.Year(this=day.copy()), 12), exp.Month(this=day.copy()), -1)
    days = exp.DateDiff(this=day.copy(), expression=query.day(EPOCH), unit=exp.var("DAY"))
    if unit is Unit.DAY:
        return days
    shifted = exp.Add(this=days, expression=exp.Literal.number(WEEKS_BEFORE * 7 - first_weekday))
    return exp.IntDiv(this=exp.paren(shifted), expression=exp.Literal.number(7))


def _times(left: exp.Expression, factor: int) -> exp.Expression:
    return exp.Mul(this=left, expression=exp.Literal.number(factor))


def _plus(left: exp.Expression, right: exp.Expression, shift: int) -> exp.Expression:
    return exp.Add(this=exp.Add(this=left, expression=right), expression=exp.Literal.number(shift))


def count(unit: Unit, first: date, last: date) -> int:
    """How many buckets lie between two days, told without making them (may be one too many at a cut end)."""
    days = (last - first).days + 1
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    return {
        Unit.DAY: days,
        Unit.WEEK: days // 7 + 2,
        Unit.MONTH: months,
        Unit.QUARTER: months // 3 + 2,
        Unit.YEAR: last.year - first.year + 1,
    }[unit]


def fill(unit: Unit, first: date, last: date, first_weekday: int = 0) -> Iterator[Bucket]:
    """Every bucket between two days, the empty ones too, the first and the last cut to these days."""
    day = first
    while day <= last:
        yield containing(unit, day, Period(first, last), first_weekday)
        end = end_of(unit, day, first_weekday)
        if end >= last:
            return
        day = end + DAY


def containing(unit: Unit, day: date, period: Period, first_weekday: int = 0) -> Bucket:
    """The bucket that `day` lies in, cut to the period."""
    start, end = start_of(unit, day, first_weekday), end_of(unit, day, first_weekday)
    first = max(start, period.first) if period.first else start
    last = min(end, period.last) if period.last else end
    return Bucket(unit, first, last, cut=(first, last) != (start, end))


def label(bucket: Bucket, locale: str) -> str:
    """The name of a bucket: "Mar 2024", "Q1 2024", "2024"; a day, a week, and one cut at its start go by their first day in range."""
    unit = bucket.unit
    if unit in (Unit.DAY, Unit.WEEK) or bucket.first != start_of(unit, bucket.first):
        return format_date(bucket.first, "medium", locale=locale)
    if unit is Unit.MONTH:
        return format_skeleton("yMMM", bucket.first, locale=locale)
    return format_date(bucket.first, "QQQ y" if unit is Unit.QUARTER else "y", locale=locale)


def axis_label(bucket: Bucket, locale: str) -> tuple[str, str]:
    """The label of a tick in two lines: the day, month or quarter, and the year under it ("" where the first line is the year)."""
    unit, year = bucket.unit, format_date(bucket.first, "y", locale=locale)
    if unit in (Unit.DAY, Unit.WEEK) or bucket.first != start_of(unit, bucket.first):
        return format_skeleton("MMMd", bucket.first, locale=locale), year
    if unit is Unit.YEAR:
        return year, ""
    return format_date(bucket.first, "QQQ" if unit is Unit.QUARTER else "LLL", locale=locale), year


def span(first: date, last: date, locale: str) -> str:
    """The days themselves: "1 – 31 Mar 2024"."""
    if first == last:
        return format_date(first, "medium", locale=locale)
    text: str = format_interval(first, last, skeleton="yMMMd", locale=Locale.parse(locale))
    return text
