"""Seeded draws: the same seed gives the same data on every machine and every Python."""

from __future__ import annotations

import math
import random
from bisect import bisect
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Generic, TypeVar

T = TypeVar("T")


class Weighted(Generic[T]):
    """Things that are drawn in proportion to their weights."""

    def __init__(self, weights: Mapping[T, float]) -> None:
        self.items = tuple(weights)
        self._bounds = tuple(accumulate(weights.values()))

    def at(self, share: float) -> T:
        """The thing at a share of the whole between 0 and 1."""
        return self.items[min(bisect(self._bounds, share * self._bounds[-1]), len(self.items) - 1)]


class Chance:
    """A stream of draws. Everything is built on `random()` alone, whose stream Python promises to keep."""

    def __init__(self, *seed: object) -> None:
        self.share = random.Random("/".join(map(str, seed))).random

    def happens(self, probability: float) -> bool:
        return self.share() < probability

    def below(self, bound: int) -> int:
        return int(self.share() * bound)

    def between(self, first: int, last: int) -> int:
        """A whole number, both ends included."""
        return first + int(self.share() * (last - first + 1))

    def pick(self, items: Sequence[T]) -> T:
        return items[int(self.share() * len(items))]

    def draw(self, table: Weighted[T]) -> T:
        return table.at(self.share())

    def after(self, median: float) -> float:
        """A waiting time: most are short, some are long, half are under the median."""
        return -math.log(1.0 - self.share()) * median / math.log(2)

    def around(self, middle: float, spread: float) -> float:
        """A size: half are under the middle, and a long tail lies above it (log-normal)."""
        radius = math.sqrt(-2.0 * math.log(1.0 - self.share()))
        return middle * math.exp(spread * radius * math.cos(2.0 * math.pi * self.share()))
