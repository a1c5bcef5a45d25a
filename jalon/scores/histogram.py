"""A distribution as bars: each value of its own where there are few, else ranges of a round width. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

MOST_BARS: Final = 12
ROUND: Final = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Bar:
    """How many records have a score from `first` to `last`; `share` is that of the highest bar, from 0 to 100."""

    first: int
    last: int
    records: int
    share: int = 0


def bars(counts: Sequence[tuple[int, int]]) -> list[Bar]:
    """The bars of (score, records), the highest score first. Ranges that nobody is in stand between the others."""
    if not counts:
        return []
    lowest, highest = min(score for score, _ in counts), max(score for score, _ in counts)
    if len(counts) <= MOST_BARS:
        found = [Bar(score, score, records) for score, records in counts]
    else:
        width = width_for(lowest, highest)
        starts = range(lowest // width * width, highest + 1, width)
        found = [Bar(start, start + width - 1, sum(n for score, n in counts if start <= score < start + width)) for start in starts]
    most = max(bar.records for bar in found)
    told = [Bar(bar.first, bar.last, bar.records, -(-100 * bar.records // most)) for bar in found]  # one record is still to be seen
    return sorted(told, key=lambda bar: -bar.first)


def width_for(lowest: int, highest: int) -> int:
    """The least width of 1, 2, 5, 10, 20, 50, ... that needs no more bars than there may be."""
    scale = 1
    while True:
        for round in ROUND:
            width = round * scale
            if highest // width - lowest // width < MOST_BARS:
                return width
        scale *= 10


def spread(counts: Sequence[tuple[int, int]], wanted: int) -> list[int]:
    """Scores that stand for the whole, the highest first: the ends, and between them those of as many records each."""
    ordered = [score for score, _ in sorted(counts)]
    total, ends, last = sum(records for _, records in counts), [], -1
    for score, records in sorted(counts):
        last += records
        ends.append((last, score))
    ranks = [place * (total - 1) // max(1, wanted - 1) for place in range(wanted)]
    chosen = {next(score for last, score in ends if rank <= last) for rank in ranks} if ends else set()
    others = [score for score in reversed(ordered) if score not in chosen]
    return sorted([*chosen, *others[: wanted - len(chosen)]], reverse=True)
