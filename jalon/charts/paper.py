"""A sheet of A4 as SVG: a drawn chart, and its table below. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any, Final

from jalon.charts.theme import FONT

MARGIN: Final = 24
LINE: Final = 28
CELL: Final = 150  # the width of a number
LETTER: Final = 7  # the width of a letter, more or less
A4: Final = 2**0.5
INK, QUIET, RULE = "#1F2937", "#667085", "#E7E9EE"
_SIZE = re.compile(r'<svg[^>]*?\bwidth="([\d.]+)"[^>]*?\bheight="([\d.]+)"')


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: its name, its numbers, and the color that it has in the chart."""

    name: str
    numbers: tuple[str, ...]
    color: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """The table; `more` says where the lines are that the sheet has no room for."""

    heading: Row
    rows: tuple[Row, ...]
    total: Row
    more: str


def page(chart: str, grid: Grid) -> str:
    """The chart as it was drawn, and as many lines of the table as the sheet takes, the last always."""
    found = _SIZE.search(chart)
    width, top = (float(found[1]), float(found[2])) if found else (1000.0, 400.0)
    height = max(width * A4, top + 4 * LINE + MARGIN)
    return "".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" font-family="{escape(FONT)}" font-size="14">',
            f'<rect width="{width:g}" height="{height:g}" fill="#FFFFFF"/>',
            chart,
            *_table(grid, width, top, int((height - top - MARGIN) // LINE)),
            "</svg>",
        )
    )


def _table(grid: Grid, width: float, top: float, room: int) -> Iterator[str]:
    rows, note = grid.rows, ""
    if len(rows) + 2 > room:
        rows, note = rows[: room - 3], grid.more
    lines = [(grid.heading, QUIET, 400), *((row, INK, 400) for row in rows)]
    lines += [(Row(note, ()), QUIET, 400)] if note else []
    for place, (row, ink, weight) in enumerate([*lines, (grid.total, INK, 600)]):
        yield from _line(row, width, top + place * LINE, ink, weight)


def _line(row: Row, width: float, top: float, ink: str, weight: int) -> Iterator[str]:
    bottom, base = top + LINE, top + LINE * 0.66
    name, numbers = MARGIN + (20 if row.color else 0), len(row.numbers) * CELL
    look = f'fill="{ink}" font-weight="{weight}"'
    yield f'<path d="M{MARGIN} {bottom:g}H{width - MARGIN:g}" stroke="{RULE}"/>'
    if row.color:
        yield f'<rect x="{MARGIN}" y="{base - 10:g}" width="10" height="10" rx="3" fill="{escape(row.color)}"/>'
    yield f'<text x="{name}" y="{base:g}" {look}>{escape(_cut(row.name, int((width - MARGIN - name - numbers) / LETTER)))}</text>'
    for place, number in enumerate(reversed(row.numbers)):
        yield f'<text x="{width - MARGIN - place * CELL:g}" y="{base:g}" text-anchor="end" {look}>{escape(number)}</text>'


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: max(1, most - 1)].rstrip()}…"


def grid_of(told: Mapping[str, Any]) -> Grid:
    """The table as it came to the process that draws."""
    heading, total, *rows = (Row(**row) for row in (told["heading"], told["total"], *told["rows"]))
    return Grid(heading, tuple(rows), total, told["more"])
