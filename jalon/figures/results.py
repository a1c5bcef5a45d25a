"""What a report found: figures by bucket and by value of the breakdown, each record counted once in the totals. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from jalon.figures.buckets import Bucket
from jalon.figures.measures import NOTHING, Figures, cumulated, together


@dataclass(frozen=True, slots=True)
class Value:
    """One value of the breakdown as canonical text. None is "Property not set", or, with `others`, so many values together."""

    text: str | None = None
    others: int = 0


NOT_SET = Value()


@dataclass(frozen=True, slots=True)
class Series:
    """One value over all buckets. `before` is the whole period before."""

    value: Value
    cells: tuple[Figures, ...]
    total: Figures
    before: Figures = NOTHING

    def cumulated(self) -> Series:
        return replace(self, cells=tuple(cumulated(self.cells)))

    def __add__(self, other: Series) -> Series:
        cells = tuple(left + right for left, right in zip(self.cells, other.cells, strict=True))
        return Series(self.value, cells, self.total + other.total, self.before + other.before)


@dataclass(frozen=True, slots=True)
class Result:
    """The answer of a report. Series of a multi-select may add up to more than `whole`, where each record counts once.

    `charted` are the series that a chart has room for: the largest, and all others as one.
    """

    buckets: tuple[Bucket, ...]
    whole: Series
    series: tuple[Series, ...] = ()
    charted: tuple[Series, ...] = ()
    compared: bool = False  # there is a period before
    gaps: bool = False  # empty buckets are left out: they would be too many

    def cumulated(self) -> Result:
        """Running totals from the first bucket of the period."""
        series, charted = (tuple(each.cumulated() for each in some) for some in (self.series, self.charted))
        return replace(self, whole=self.whole.cumulated(), series=series, charted=charted)


def folded(series: Iterable[Series], keep: int) -> tuple[Series, ...]:
    """The largest `keep` values, then all others as one, then "Property not set". A single other value stays itself."""
    known = sorted((each for each in series if each.value != NOT_SET), key=_largest_first)
    unset = [each for each in series if each.value == NOT_SET]
    values = [each for each in known if not each.value.others]
    rest = values[keep:] + [each for each in known if each.value.others]
    if not rest or rest == values[keep : keep + 1]:
        return (*values, *unset)
    others = rest[0]
    for each in rest[1:]:
        others += each
    return (*values[:keep], replace(others, value=Value(others=sum(each.value.others or 1 for each in rest))), *unset)


def _largest_first(series: Series) -> tuple[bool, int, int, str]:
    return bool(series.value.others), -series.total.count, -series.before.count, series.value.text or ""


class Tally:
    """Collects the rows of one group-by: figures by value and bucket number; number None is the period before."""

    def __init__(self) -> None:
        self.figures: dict[Value, dict[int | None, Figures]] = {}

    def add(self, value: Value, number: int | None, figures: Figures) -> None:
        cells = self.figures.setdefault(value, {})
        cells[number] = cells.get(number, NOTHING) + figures

    def numbers(self) -> Iterator[int]:
        return (number for cells in self.figures.values() for number in cells if number is not None)

    def series(self, numbers: Iterable[int]) -> list[Series]:
        """A series for each value, its cells in the order of these bucket numbers."""
        order = list(numbers)
        return [_series(value, cells, order) for value, cells in self.figures.items()]


def _series(value: Value, cells: Mapping[int | None, Figures], order: list[int]) -> Series:
    row = tuple(cells.get(number, NOTHING) for number in order)
    return Series(value, row, together(row), cells.get(None, NOTHING))


def text(value: Any) -> str | None:
    """The canonical text of what an engine returned for a value."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value.normalize(), "f") if value else "0"
    return value.isoformat() if isinstance(value, date) else str(value)
