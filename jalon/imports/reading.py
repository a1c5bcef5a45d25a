"""A CSV file of any size as slices of rows. Rows that cannot be read are told with their line, and reading goes on behind them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from jalon.imports.shape import LARGEST_CELL, Shape
from jalon.imports.trouble import Trouble
from jalon.warehouse.words import N_

SLICE = 5_000  # the most rows of one transaction
KEPT = 2_000  # characters of a row that cannot be read, for the file of refused rows
LINES_OF_A_CELL = 100  # a row that takes more lines and has the wrong number of cells has lost a quote
WIDE = ("utf-16", "utf-32")  # no byte stands for itself there, so a damaged one becomes U+FFFD
UNDECODED = {*map(chr, range(0xDC80, 0xDD00)), "\ufffd"}  # where "surrogateescape" keeps the bytes that the encoding has no letter for
NEVER_CLOSED = Trouble(N_("A quotation mark is opened in this row and never closed. Close it, or double it where it belongs to the text."))
TOO_LONG = Trouble(
    N_("A cell of this row has more than %(most)s characters, more than any property takes. Shorten it."), {"most": LARGEST_CELL}
)


@dataclass(slots=True)
class Slice:
    """Consecutive rows: the line each starts on, its cells as wide as the heading, and what is wrong with those not to be taken."""

    lines: list[int] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    troubles: dict[int, Trouble] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.rows)


class Lines:
    """The lines of the file, kept from the start of the row that is being read: a broken row is read again line by line."""

    def __init__(self, file: Iterator[str]) -> None:
        self.file = file
        self.open: list[str] = []  # the lines of the row that is being read
        self.again: list[str] = []
        self.number = 0  # the number of the last line handed out

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> str:
        line = self.again.pop() if self.again else next(self.file)
        self.open.append(line)
        self.number += 1
        return line

    def back_to_second(self) -> None:
        """Hand out again all lines of the row but its first."""
        self.again.extend(reversed(self.open[1:]))
        self.number -= len(self.open) - 1
        self.open.clear()


def records(path: Path, shape: Shape) -> Iterator[tuple[int, list[str], Trouble | None]]:
    """Every row after the heading as (line, cells, trouble); a row whose cells cannot be told apart is one cell, its first line."""
    errors = "replace" if shape.encoding.startswith(WIDE) else "surrogateescape"
    with path.open(encoding=shape.encoding, errors=errors, newline="") as file:
        heading_seen = False
        for line, cells, trouble in _parsed(Lines(iter(file)), shape):
            if not heading_seen:
                heading_seen = any(cell.strip() for cell in cells)
            elif shape.numbered:
                yield int(cells[0]), cells[1:], trouble
            elif any(cells):
                yield line, cells, trouble


def _parsed(lines: Lines, shape: Shape) -> Iterator[tuple[int, list[str], Trouble | None]]:
    reader = csv.reader(lines, delimiter=shape.delimiter)
    opened = lines.open
    while True:
        start = lines.number + 1
        trouble = None
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            trouble = TOO_LONG if len(opened) == 1 else NEVER_CLOSED
        if trouble or (len(opened) > 1 and _runs_on(cells, opened, shape)):
            trouble = trouble or NEVER_CLOSED
            cells = [opened[0].rstrip("\r\n")[:KEPT]]
            lines.back_to_second()
            reader = csv.reader(lines, delimiter=shape.delimiter)
        opened.clear()
        yield start, cells, trouble


def _runs_on(cells: list[str], lines: list[str], shape: Shape) -> bool:
    """Whether a row of several lines is one whose quote is not closed: the file ends inside it, or it ate a quote further down."""
    if len(lines) > LINES_OF_A_CELL and len(cells) != len(shape.headings):
        return True
    try:
        list(csv.reader(lines, delimiter=shape.delimiter, strict=True))
    except csv.Error:
        return True
    return False


def slices(path: Path, shape: Shape, *, size: int = SLICE) -> Iterator[Slice]:
    """The rows of the file in slices; the same file always gives the same slices, which is what lets an import go on after a crash."""
    part = Slice()
    for line, cells, trouble in records(path, shape):
        if trouble:
            part.troubles[len(part.rows)] = trouble
        part.lines.append(line)
        part.rows.append(cells)
        if len(part.rows) == size:
            yield checked(part, shape)
            part = Slice()
    if part.rows:
        yield checked(part, shape)


def count_rows(path: Path, shape: Shape) -> int:
    """How many rows the file has below its heading."""
    return sum(1 for _ in records(path, shape))


def checked(part: Slice, shape: Shape) -> Slice:
    """The slice with every row as wide as the heading, and the troubles of those that are not, or whose letters are damaged."""
    width = len(shape.headings)
    for index, row in enumerate(part.rows):
        if len(row) != width:
            _fit(part, index, width)
    text = "\n".join(chain.from_iterable(part.rows))
    if "\0" in text or not _is_clean(text, shape):
        for index, row in enumerate(part.rows):
            if index not in part.troubles and (trouble := damage(row, shape)):
                part.troubles[index] = trouble
    return part


def _fit(part: Slice, index: int, width: int) -> None:
    """Cut or fill one row. Empty cells too many are what spreadsheets leave behind; any other difference is a shifted row."""
    row = part.rows[index]
    if index not in part.troubles and (len(row) < width or any(row[width:])):
        message = N_("This row has %(cells)s cells and the heading has %(columns)s. Check for a missing or unquoted delimiter.")
        part.troubles[index] = Trouble(message, {"cells": len(row), "columns": width})
    part.rows[index] = [*row[:width], *[""] * (width - len(row))]


def _is_clean(text: str, shape: Shape) -> bool:
    if shape.encoding.startswith(WIDE):
        return "\ufffd" not in text
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def damage(row: list[str], shape: Shape) -> Trouble | None:
    """What is wrong with the letters of a row: bytes that the encoding has no letter for, or NUL."""
    for heading, cell in zip(shape.headings, row, strict=True):
        if "\0" in cell:
            return Trouble(N_("The cell contains a NUL character, which no text has. Delete it and import the row again."), column=heading)
        if not _is_clean(cell, shape):
            place = next((index for index, letter in enumerate(cell) if letter in UNDECODED), 0)
            message = N_("The letter after “%(before)s” is not %(encoding)s. Save the file as UTF-8, or choose its encoding.")
            return Trouble(message, {"before": cell[max(place - 20, 0) : place], "encoding": shape.encoding}, heading)
    return None
