"""The few shapes that our own drawings are made of, as SVG. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from typing import Final

from jalon.charts.theme import FONT

INK, QUIET, RULE, GROUND = "#1F2937", "#667085", "#E7E9EE", "#F2F4F8"
MARGIN: Final = 24
_LETTER: Final = 0.52  # the width of a letter, more or less, of the height of its line of type
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def whole(width: float, height: float, description: str, shapes: Iterable[str]) -> str:
    """A picture on white that says what it shows."""
    size = f'width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} {height:g}"'
    return "".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{_told(description)}" font-family="{_told(FONT)}">',
            rect(0, 0, width, height, "#FFFFFF"),
            *shapes,
            "</svg>",
        )
    )


def rect(x: float, y: float, width: float, height: float, fill: str, radius: float = 0) -> str:
    rounded = f' rx="{radius:g}"' if radius else ""
    return f'<rect x="{x:.2f}" y="{y:.2f}" width="{max(0.0, width):.2f}" height="{height:.2f}"{rounded} fill="{_told(fill)}"/>'


def text(x: float, y: float, words: str, *, size: int = 14, fill: str = INK, weight: int = 400, end: bool = False) -> str:
    """Words on their line; with `end` they end there instead of beginning."""
    anchor = ' text-anchor="end"' if end else ""
    return f'<text x="{x:.2f}" y="{y:.2f}" font-size="{size}" font-weight="{weight}" fill="{_told(fill)}"{anchor}>{_told(words)}</text>'


def width_of(words: str, size: int = 14) -> float:
    """How wide they will be, more or less: who draws them knows it exactly, but tells nobody."""
    return len(words) * size * _LETTER


def cut(words: str, room: float, size: int = 14) -> str:
    """As many of the letters as there is room for."""
    most = max(2, int(room / (size * _LETTER)))
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"


def _told(words: str) -> str:
    return escape(_NO_XML.sub("", words))
