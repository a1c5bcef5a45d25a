"""What is counted: records, the sum and the average of a number; and how two figures compare. Pure.

Numbers are exact decimals; an average is sum / count and is divided only when it is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Context, Decimal
from enum import StrEnum
from itertools import accumulate

from jalon.warehouse.words import N_

ZERO = Decimal(0)
EXACT = Context(prec=60)  # 1e9 records of 12.6 digits each sum up to 27 digits: nothing is ever rounded


class Measure(StrEnum):
    COUNT = "count"
    SUM = "sum"
    AVERAGE = "average"
    MEDIAN = "median"

    @property
    def adds_up(self) -> bool:
        """Whether the parts make the whole: counts and sums do, averages and medians are levels."""
        return self in (Measure.COUNT, Measure.SUM)


LABELS = {
    Measure.COUNT: N_("number of records"),
    Measure.SUM: N_("sum"),
    Measure.AVERAGE: N_("average"),
    Measure.MEDIAN: N_("median"),
}


@dataclass(frozen=True, slots=True)
class Figures:
    """What one cell holds: how many records, how many of them have the number, and what these add up to.

    The median is told where somebody asked for it; it is lost in an addition, since nothing follows from two medians.
    """

    count: int = 0
    valued: int = 0
    total: Decimal = ZERO
    median: Decimal | None = None

    def __add__(self, other: Figures) -> Figures:
        return Figures(self.count + other.count, self.valued + other.valued, EXACT.add(self.total, other.total))

    @property
    def sum(self) -> Decimal | None:
        """Nobody at all adds up to 0; people without a value add up to nothing, which is not 0."""
        return None if self.count and not self.valued else self.total

    @property
    def average(self) -> Decimal | None:
        """Of those that have a value; None when none has."""
        return EXACT.divide(self.total, Decimal(self.valued)) if self.valued else None

    def measured(self, measure: Measure) -> Decimal | None:
        if measure is Measure.COUNT:
            return Decimal(self.count)
        return {Measure.SUM: self.sum, Measure.AVERAGE: self.average, Measure.MEDIAN: self.median}[measure]


NOTHING = Figures()


def together(figures: Iterable[Figures]) -> Figures:
    """All of them added up."""
    return sum(figures, NOTHING)


def cumulated(figures: Iterable[Figures]) -> Iterator[Figures]:
    """The running total: each figure with all before it."""
    return accumulate(figures)


@dataclass(frozen=True, slots=True)
class Change:
    """Now against before. `ratio` is (now - before) / before, None ("n/a") when before is nothing or 0; `points` is for rates."""

    now: Decimal | None
    before: Decimal | None
    rate: bool = False

    @property
    def ratio(self) -> Decimal | None:
        if self.now is None or not self.before:
            return None
        return EXACT.divide(self.now - self.before, self.before)

    @property
    def points(self) -> Decimal | None:
        """Percentage points between two rates (0.40 against 0.35 is 5), None for anything that is no rate."""
        if not self.rate or self.now is None or self.before is None:
            return None
        return (self.now - self.before) * 100


def share(part: Decimal | int | None, whole: Decimal | int | None) -> Decimal | None:
    """The part of the whole, None where the whole is nothing or 0."""
    return EXACT.divide(Decimal(part), Decimal(whole)) if part is not None and whole else None
