"""A number to reach in a stretch of the calendar, and how much of it a bucket has to bring (spec 3.2). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from jalon.figures.buckets import Bucket
from jalon.figures.measures import Measure
from jalon.figures.periods import Unit, end_of, start_of
from jalon.warehouse.words import N_

YEAR_DAYS = Fraction(1461, 4)  # 365.25
_DAYS = {Unit.DAY: Fraction(1), Unit.WEEK: Fraction(7), Unit.MONTH: YEAR_DAYS / 12, Unit.QUARTER: YEAR_DAYS / 4, Unit.YEAR: YEAR_DAYS}

EVERY = {Unit.DAY: N_("a day"), Unit.WEEK: N_("a week"), Unit.MONTH: N_("a month"), Unit.YEAR: N_("a year")}


@dataclass(frozen=True, slots=True)
class Goal:
    """So much a day, a week, a month or a year, of one measure: 1,200 contacts are no 1,200 euros."""

    number: Decimal
    every: Unit
    measure: Measure = Measure.COUNT

    def of(self, bucket: Bucket, first_weekday: int = 0) -> Fraction:
        """What a bucket has to bring: 1,200 a year are 100 a month and 23.0 a week; one cut short has as many days less to bring it."""
        whole = Fraction(self.number) * _DAYS[bucket.unit] / _DAYS[self.every]
        return whole * _part(bucket, first_weekday) if bucket.cut else whole


def _part(bucket: Bucket, first_weekday: int) -> Fraction:
    """The part of a bucket's days that lies in the period."""
    start, end = start_of(bucket.unit, bucket.first, first_weekday), end_of(bucket.unit, bucket.first, first_weekday)
    return Fraction((bucket.last - bucket.first).days + 1, (end - start).days + 1)


def decimal(amount: Fraction) -> Decimal:
    """For showing: six places."""
    return (Decimal(amount.numerator) / Decimal(amount.denominator)).quantize(Decimal("0.000001"))
