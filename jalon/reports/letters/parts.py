"""What a report shows in a mail, whatever its kind: key figures, pictures, tables. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from jalon.reports.shown import Card

NARROW = "\N{NARROW NO-BREAK SPACE}"  # as wide as the typeface pleases
MOST_ROWS = 40  # of a table: a mail is read on the way to work
CHART_WIDTH = 620  # pixels, as the mail shows it


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table in a mail."""

    label: str
    cells: tuple[str, ...]
    color: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table in a mail; `left_out` is how many rows are on the page alone."""

    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    title: str = ""
    total: Row | None = None
    left_out: int = 0

    @property
    def lines(self) -> list[str]:
        """The table as text: columns that stand under each other in any mail program that shows text as it is."""
        body = [(row.label, *row.cells) for row in (*self.rows, *([self.total] if self.total else []))]
        lines = [[cell.replace(NARROW, " ") for cell in line] for line in (self.headings, *body)]
        widths = [max(len(line[place]) for line in lines) for place in range(len(self.headings))]
        return ["  ".join(_aligned(line, widths)).rstrip() for line in lines]


def table(headings: Sequence[str], rows: Sequence[Row], title: str = "", total: Row | None = None) -> Table:
    """With as many rows as a mail takes."""
    return Table(tuple(headings), tuple(rows[:MOST_ROWS]), title, total, max(0, len(rows) - MOST_ROWS))


def _aligned(line: Sequence[str], widths: Sequence[int]) -> list[str]:
    return [cell.rjust(width) if place else cell.ljust(width) for place, (cell, width) in enumerate(zip(line, widths, strict=True))]


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart as PNG, and what it says to who does not see it; `note` stands below it."""

    label: str
    description: str
    data: bytes
    note: str = ""


@dataclass(frozen=True, slots=True)
class Body:
    """What a report tells between the sender's words and the foot. `lead` is a sentence above the key figures, `notes` are below all."""

    days: str
    cards: tuple[Card, ...]
    pictures: tuple[Picture, ...]
    tables: tuple[Table, ...]
    lead: str = ""
    notes: tuple[str, ...] = ()


EMPTY: Final = Body("", (), (), ())
