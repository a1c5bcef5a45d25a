"""Sheets of A4 as SVG: a drawn chart and its table below, which goes on for as many sheets as it needs. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Final

from jalon.charts.theme import FONT

MARGIN: Final = 24
LINE: Final = 28
HEAD: Final = 56  # above the table where no chart is
FOOT: Final = 56  # below it, with the number of the sheet
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


Drawn = tuple[Row, str, int]  # a line, its ink and its weight


@dataclass(frozen=True, slots=True)
class Grid:
    """The table. Each further sheet begins with its title and its heading; `foot` numbers them: "Page {page} of {pages}"."""

    heading: Row
    rows: tuple[Row, ...]
    total: Row
    title: str = ""
    foot: str = "{page}/{pages}"


def sheets(chart: str, grid: Grid) -> list[str]:
    """The chart as it was drawn and the table below it, sheet by sheet; the total stands below the last line."""
    found = _SIZE.search(chart)
    width, top = (float(found[1]), float(found[2])) if found else (1000.0, 400.0)
    height = max(width * A4, top + 4 * LINE + FOOT)
    lines = [*((row, INK, 400) for row in grid.rows), (grid.total, INK, 600)]
    first = _room(height, top)
    parts = [lines[:first], *_cut_up(lines[first:], _room(height, HEAD))]
    if len(parts) > 1 and len(parts[-1]) == 1:  # a total alone on its sheet says nothing
        parts[-2:] = [parts[-2][:-1], [parts[-2][-1], *parts[-1]]]
    return [
        _sheet(
            width, height, [_title(grid.title, width) if place else chart, *_table(grid.heading, part, width, HEAD if place else top), foot]
        )
        for place, (part, foot) in enumerate(zip(parts, _feet(grid, len(parts), width, height), strict=True))
    ]


def _sheet(width: float, height: float, shapes: Iterable[str]) -> str:
    size = f'width="{width:g}" height="{height:g}"'
    white = f'<rect {size} fill="#FFFFFF"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="{escape(FONT)}" font-size="14">{white}{"".join(shapes)}</svg>'


def _cut_up(lines: Sequence[Drawn], most: int) -> Iterator[Sequence[Drawn]]:
    return (lines[start : start + most] for start in range(0, len(lines), most))


def _room(height: float, top: float) -> int:
    """Lines below the heading."""
    return int((height - top - FOOT) // LINE) - 1


def _table(heading: Row, lines: Sequence[Drawn], width: float, top: float) -> Iterator[str]:
    for place, (row, ink, weight) in enumerate([(heading, QUIET, 400), *lines]):
        yield from _line(row, width, top + place * LINE, ink, weight)


def _feet(grid: Grid, pages: int, width: float, height: float) -> Iterator[str]:
    """The number at the foot of each sheet; a sheet that is alone has none."""
    look = f'x="{width - MARGIN:g}" y="{height - MARGIN:g}" text-anchor="end" font-size="12" fill="{QUIET}"'
    for page in range(1, pages + 1):
        yield f"<text {look}>{escape(grid.foot.format(page=page, pages=pages))}</text>" if pages > 1 else ""


def _title(text: str, width: float) -> str:
    told = escape(_cut(text, int((width - 2 * MARGIN) / LETTER)))
    return f'<text x="{MARGIN}" y="{HEAD * 0.6:g}" font-weight="600" fill="{INK}">{told}</text>'


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
    return Grid(heading, tuple(rows), total, told["title"], told["foot"])
