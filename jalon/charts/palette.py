"""Colors of values. A value keeps its color from one report to the next; no two values of one chart share one while there are enough."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from zlib import crc32

SERIES = ("#3366CC", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#8C6BB1", "#7F7F7F")  # told apart by color-blind people too
NOT_SET = "#B8B8B8"
OTHERS = "#D9D9D9"
WON = "#2E8B57"
LOST = "#C0504D"


def colors(values: Iterable[str], known: Iterable[str] = (), fixed: Mapping[str, str] | None = None) -> dict[str, str]:
    """A color for each of `values`, the most important first.

    `known` are all values there can be, in their own order: the n-th prefers the n-th color wherever it is shown. A value that is not
    known prefers one by its text. `fixed` are values with a color of their own (won, lost). Where two prefer the same color, the more
    important one gets it.
    """
    places = {value: place for place, value in enumerate(known)}
    given: dict[str, str] = {}
    for value in values:
        wanted = (fixed or {}).get(value) or SERIES[places.get(value, crc32(value.encode())) % len(SERIES)]
        given[value] = wanted if wanted not in given.values() else _free(given, wanted)
    return given


def _free(given: Mapping[str, str], wanted: str) -> str:
    return next((color for color in SERIES if color not in given.values()), wanted)
