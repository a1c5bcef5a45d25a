"""A document of several parts as SVG, on as many sheets of A4 as it needs: words, key figures, pictures, tables. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from jalon.charts.paper import A4
from jalon.charts.svg import INK, MARGIN, QUIET, RULE, cut, rect, text, whole

WIDTH: Final = 1000
INSIDE: Final = WIDTH - 2 * MARGIN
HEIGHT: Final = WIDTH * A4
LINE: Final = 28
FOOT: Final = 40  # with the number of the sheet
NAME, CELL = 200, 150  # the least width of a name, the most of a number
CARD, GAP = 96, 12


@dataclass(frozen=True, slots=True)
class Block:
    """What stands together, drawn from 0 on. It `keeps` with what follows; `again` begins the next sheet where one ends before it."""

    height: float
    shapes: tuple[str, ...]
    keeps: bool = False
    again: Block | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A key figure, its change in a color of its own, and what it is made of."""

    label: str
    value: str
    change: str = ""
    color: str = QUIET
    note: str = ""


def sheets(blocks: Sequence[Block], description: str, foot: str) -> list[str]:
    """The sheets in their order; `foot` numbers them, "Page {page} of {pages}", where there are several."""
    laid = _laid(blocks)
    return [
        whole(WIDTH, HEIGHT, description, [*shapes, *_foot(foot, page, len(laid))])
        for page, shapes in enumerate((list(_placed(sheet)) for sheet in laid), 1)
    ]


def _laid(blocks: Sequence[Block]) -> list[list[Block]]:
    """A block that keeps with the next moves on with it."""
    laid: list[list[Block]] = [[]]
    top = float(MARGIN)
    for place, block in enumerate(blocks):
        if laid[-1] and top + _kept(blocks[place:]) > HEIGHT - FOOT:
            laid.append([block.again] if block.again else [])
            top = MARGIN + (block.again.height if block.again else 0)
        laid[-1].append(block)
        top += block.height
    return laid


def _kept(blocks: Sequence[Block]) -> float:
    """The height of a block with those that it keeps with."""
    height = 0.0
    for block in blocks:
        height += block.height
        if not block.keeps:
            break
    return height


def _placed(blocks: Sequence[Block]) -> Iterator[str]:
    top = float(MARGIN)
    for block in blocks:
        yield f'<g transform="translate(0 {top:g})">{"".join(block.shapes)}</g>'
        top += block.height


def _foot(words: str, page: int, pages: int) -> Iterator[str]:
    if pages > 1:
        yield text(WIDTH - MARGIN, HEIGHT - MARGIN, words.format(page=page, pages=pages), size=12, fill=QUIET, end=True)


def heading(words: str, below: str = "") -> Block:
    """The title of the document."""
    shapes = [text(MARGIN, 20, cut(words, INSIDE, 20), size=20, weight=600)]
    if below:
        shapes.append(text(MARGIN, 44, cut(below, INSIDE, 13), size=13, fill=QUIET))
    return Block(68 if below else 44, tuple(shapes))


def title(words: str) -> Block:
    """Above a part, with which it stays."""
    return Block(40, (text(MARGIN, 28, cut(words, INSIDE, 15), size=15, weight=600),), keeps=True)


def line(words: str) -> Block:
    return Block(26, (text(MARGIN, 16, cut(words, INSIDE, 13), size=13, fill=QUIET),))


def figures(told: Sequence[Figure]) -> Block:
    """Beside each other, framed."""
    width = (INSIDE - GAP * (len(told) - 1)) / max(1, len(told))
    shapes = [shape for place, figure in enumerate(told) for shape in _figure(figure, MARGIN + place * (width + GAP), width)]
    return Block(CARD + 16, tuple(shapes))


def _figure(figure: Figure, left: float, width: float) -> Iterator[str]:
    room = width - 28
    yield rect(left, 0, width, CARD, RULE, 8)
    yield rect(left + 1, 1, width - 2, CARD - 2, "#FFFFFF", 7)
    yield text(left + 14, 23, cut(figure.label, room, 12), size=12, fill=QUIET)
    yield text(left + 14, 50, cut(figure.value, room, 22), size=22, weight=600)
    yield text(left + 14, 69, cut(figure.change, room, 12), size=12, fill=figure.color, weight=600)
    yield text(left + 14, 86, cut(figure.note, room, 12), size=12, fill=QUIET)


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[Block]:
    """A name and its numbers, which end at the right of their columns. The headings begin each further sheet."""
    cell = min(CELL, (INSIDE - NAME) / max(1, len(headings) - 1)) if len(headings) != 2 else INSIDE - NAME
    head = Block(LINE, tuple(_row(headings, cell, QUIET, 12)), keeps=True)
    yield head
    for row in rows:
        yield Block(LINE, tuple(_row(row, cell, INK, 13)), again=head)


def _row(cells: Sequence[str], cell: float, ink: str, size: int) -> Iterator[str]:
    name, *numbers = cells
    yield rect(MARGIN, LINE - 1, INSIDE, 1, RULE)
    yield text(MARGIN, 19, cut(name, INSIDE - cell * len(numbers) - GAP, size), size=size, fill=ink)
    for place, number in enumerate(reversed(numbers)):
        yield text(WIDTH - MARGIN - place * cell, 19, cut(number, cell - GAP, size), size=size, fill=ink, end=True)
