"""Colors of values. A value keeps its color from one report to the next; no two values of one chart share one while there are enough."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import cycle
from types import MappingProxyType
from zlib import crc32

SERIES = ("#3366CC", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#8C6BB1", "#7F7F7F")  # told apart by color-blind people too
NAMES = ("blue", "orange", "green", "pink", "sky", "red", "purple", "grey")  # by which somebody chooses one of them
SHADES = ("#8FABE3", "#F1CA73", "#73CAB2", "#E3B5CF", "#346C8C", "#E8A673", "#C0AED4")  # of the same, for charts with more values than that
NOT_SET = "#B8B8B8"
OTHERS = "#64748B"
WON = "#2E8B57"
LOST = ("#C0504D", "#D98B83", "#E7B9B2", "#8F3A38")  # a shade for each way to be lost
ALIKE = {WON: "#009E73", LOST[0]: "#D55E00"}  # hard to tell apart beside each other
BY_NAME = MappingProxyType(dict(zip(NAMES, SERIES, strict=True)))
NONE: Mapping[str, str] = MappingProxyType({})


def colors(
    values: Iterable[str],
    known: Iterable[str] = (),
    *,
    won: Collection[str] = (),
    lost: Collection[str] = (),
    chosen: Mapping[str, str] = NONE,
) -> dict[str, str]:
    """A color for each of `values`, the most important first.

    `known` are all values there can be, in their own order: the n-th prefers the n-th color wherever it is shown. A value that is not
    known prefers one by its text. Values that are `won` or `lost` have colors of their own, and the others none that is like them. A
    color that was `chosen` is its value's alone. Where two prefer the same color, the more important one gets it.
    """
    fixed = _fixed(won, lost, chosen)
    free, preferred = _free(fixed), own(known, won=won, lost=lost, chosen=chosen)
    given: dict[str, str] = {}
    for value in values:
        wanted = preferred.get(value) or free[crc32(value.encode()) % len(free)]
        taken = wanted in given.values() and value not in fixed
        given[value] = next((color for color in (*free, *SHADES) if color not in given.values()), wanted) if taken else wanted
    return given


def own(known: Iterable[str], *, won: Collection[str] = (), lost: Collection[str] = (), chosen: Mapping[str, str] = NONE) -> dict[str, str]:
    """The color that each value prefers, by itself: the one chosen for it, that of won or lost, else that of its place."""
    fixed = _fixed(won, lost, chosen)
    free, others = _free(fixed), (value for value in known if value not in fixed)
    return fixed | {value: free[place % len(free)] for place, value in enumerate(others)}


def _fixed(won: Collection[str], lost: Collection[str], chosen: Mapping[str, str]) -> dict[str, str]:
    return dict.fromkeys(won, WON) | dict(zip(lost, cycle(LOST), strict=False)) | dict(chosen)


def _free(fixed: Mapping[str, str]) -> Sequence[str]:
    """What is left for values without a color of their own: none that is another one's already, or hard to tell from it."""
    taken = {*fixed.values(), *(ALIKE[color] for color in fixed.values() if color in ALIKE)}
    return [color for color in SERIES if color not in taken] or SHADES
