"""The parts of what a reader sees of a report, each told in their language. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from jalon.charts import plot as charts


@dataclass(frozen=True, slots=True)
class Shown:
    """A number as text, with the address of the records behind it, and the exact value for files."""

    text: str
    href: str | None = None
    exact: Decimal | int | None = None


@dataclass(frozen=True, slots=True)
class Shift:
    """A change against the period before, in words and with its direction."""

    text: str
    direction: str  # up, down, flat
    good: bool | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: one value of the breakdown, or one bucket. A color may be chosen for what the chart shows by itself."""

    key: str
    label: str
    color: str
    contacts: Shown
    share: str
    sum: Shown | None
    average: Shown | None
    shift: Shift | None
    cells: tuple[Shown, ...] = ()
    hint: str = ""
    charted: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """A key figure."""

    label: str
    value: str
    url: str | None
    formula: str
    shift: Shift | None
    note: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of the goal is reached: as text, as percent of a bar, in numbers, and the goal itself."""

    share: str
    percent: int
    told: str
    goal: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything of a report that is looked at, in the reader's language. `total` stands under both tables."""

    title: str
    subtitle: str
    measure: str
    breakdown: str
    number: str
    grouping: str
    cards: tuple[Card, ...]
    plot: charts.Plot
    values: tuple[Line, ...]
    buckets: tuple[Line, ...]
    charted: tuple[charts.Series, ...]
    total: Line
    notes: tuple[str, ...]
    options: tuple[tuple[str, str], ...]
    progress: Progress | None = None
