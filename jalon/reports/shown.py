"""The parts of what a reader sees of a report, each told in their language. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType

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
    direction: str  # up, down, flat; none where there is nothing to compare with
    good: bool | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: one value of the breakdown, or one bucket. A color may be chosen for what the chart shows by itself.

    `keep` is where its contacts are put into a static list.
    """

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
    chosen: bool = False  # its color is somebody's choice, not the palette's
    median: Shown | None = None
    keep: str | None = None


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
    """Everything of a report that is looked at, in the reader's language. `total` stands under both tables.

    `formulas` say by the name of a measure how it is made, `against` what changes compare with, `twice` that contacts count more than once.
    """

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
    against: str = ""
    twice: str = ""
    cumulative: bool = False
    formulas: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
