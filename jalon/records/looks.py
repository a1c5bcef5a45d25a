"""Colors of options: a dot on an index page and a bar of a chart have the same one. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from jalon.charts import palette
from jalon.records.columns import Option

DOTS: Final = (*palette.SERIES, palette.WON, *palette.LOST)  # the colors that the style sheet has as tone-0, tone-1, ...
MOST: Final = 12  # of more options than this only those with a color of their own have one: others would say nothing


def colors(values: Iterable[str], options: Sequence[Option]) -> dict[str, str]:
    """A color for each of the values of one chart, the most important first."""
    return palette.colors(values, [option.value for option in options], **_ends(options))


def tones(options: Sequence[Option]) -> dict[str, int]:
    """The color of each option's dot, by its place among DOTS."""
    own = palette.own([option.value for option in options], **_ends(options))
    told = options if len(options) <= MOST else [option for option in options if option.color or option.state]
    return {option.value: DOTS.index(own[option.value]) for option in told if own[option.value] in DOTS}


def _ends(options: Sequence[Option]) -> dict[str, Any]:
    return {
        "won": [option.value for option in options if option.state == "won"],
        "lost": [option.value for option in options if option.state == "lost"],
        "chosen": {option.value: palette.BY_NAME[option.color] for option in options if option.color in palette.BY_NAME},
    }
