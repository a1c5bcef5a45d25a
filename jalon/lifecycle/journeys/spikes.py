"""Days with unusually many or few movements.

A robust z-score: the distance from the median, in units of the median distance from it (scaled as of a normal distribution). So a
few wild days cannot hide themselves by raising what counts as usual, as they would in a mean and a standard deviation. Counts
vary the more the larger they are; the Anscombe transform 2√(x + 3/8) evens that out, and makes 1 the least spread that chance
alone leaves. So a quiet week with one movement more is no spike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt
from statistics import median
from typing import Final

LIMIT: Final = 3.5  # the usual border of robust z-scores (Iglewicz and Hoaglin, 1993)
SCALE: Final = 1.4826  # times the median distance, it is the standard deviation of a normal distribution
CHANCE: Final = 1.0  # the standard deviation of transformed counts that only chance moves
WEEKS: Final = 8  # from so many weeks on a day is measured by its own weekday: where nobody works on Sundays, that is no news
FEWEST: Final = 7  # days; of fewer nothing is usual yet


@dataclass(frozen=True, slots=True)
class Day:
    """How many there were; `usual` is the median of the days like it, `score` how far from it."""

    day: date
    count: int
    usual: float
    score: float

    @property
    def is_unusual(self) -> bool:
        return abs(self.score) >= LIMIT


def days(counts: Mapping[date, int], first: date, last: date) -> tuple[Day, ...]:
    """Every day from first to last, those without any among them. A day that is not over belongs to no `last`."""
    every = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    if len(every) < FEWEST:
        return tuple(Day(day, counts.get(day, 0), counts.get(day, 0), 0.0) for day in every)
    kinds = {day: day.weekday() if len(every) >= WEEKS * 7 else 0 for day in every}
    by_kind: dict[int, list[int]] = {}
    for day, kind in kinds.items():
        by_kind.setdefault(kind, []).append(counts.get(day, 0))
    return tuple(_scored(day, counts.get(day, 0), by_kind[kind]) for day, kind in kinds.items())


def _scored(day: date, count: int, others: Sequence[int]) -> Day:
    evened = [_even(other) for other in others]
    middle = median(evened)
    spread = max(SCALE * median(abs(other - middle) for other in evened), CHANCE)
    return Day(day, count, float(median(others)), (_even(count) - middle) / spread)


def _even(count: int) -> float:
    return 2 * sqrt(count + 0.375)
