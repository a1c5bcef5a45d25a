"""The parts of what a reader sees of the lifecycle report, each told in their language. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jalon.charts import palette
from jalon.lifecycle.colors import color
from jalon.lifecycle.queries import StageView
from jalon.reports.shown import Card, Shift, Shown


@dataclass(frozen=True, slots=True)
class StageName:
    """A stage as the page writes it."""

    name: str
    label: str
    emoji: str = ""
    description: str = ""
    color: str = palette.OTHERS

    @classmethod
    def of(cls, stage: StageView, language: str) -> StageName:
        return cls(stage.name, stage.label(language), stage.emoji, stage.description, color(stage.color, stage.kind))


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of the funnel: how many came so far, their share of those that entered, its color; `label` says whose it is, side by side."""

    count: Shown
    share: str
    width: str  # of 100
    color: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A row of the funnel; `from_before` is the share of the row above that came here, `lost` are those that were lost from there."""

    label: str
    emoji: str
    caption: str
    bars: tuple[Bar, ...]
    from_before: str = ""
    lost: Shown | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A number in a table with what it is about, where the column does not say it."""

    shown: Shown
    label: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a column for one stage."""

    column: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the breakdown by stage, with what its caption says of the formula."""

    name: str
    label: str
    formula: str
    is_time: bool = False
    is_number: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """A stage and its numbers, or a lost stage, whose bar is so wide."""

    stage: StageName
    cells: tuple[Cell, ...]
    width: str = ""  # of 100


@dataclass(frozen=True, slots=True)
class Value:
    """One value of the breakdown: its name and its color."""

    label: str
    color: str


@dataclass(frozen=True, slots=True)
class Row:
    """A figure of the whole report, told side by side; `whole` is that of all."""

    label: str
    whole: Shown
    parts: tuple[Shown, ...]
    emoji: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Rows of one kind in the table side by side."""

    label: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything of the report that is looked at, in the reader's language."""

    title: str
    subtitle: str
    against: str
    entered: Shown
    entered_told: str
    entered_shift: Shift | None
    cards: tuple[Card, ...]
    funnel: tuple[Step, ...]
    rest: Sequence[Part]  # the journeys that are neither won nor lost
    lost: tuple[Line, ...]
    columns: tuple[Column, ...]
    stages: tuple[Line, ...]
    breakdown: str = ""
    values: tuple[Value, ...] = ()
    sections: tuple[Section, ...] = ()
    notes: tuple[str, ...] = ()
