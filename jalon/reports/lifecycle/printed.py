"""The lifecycle report for the command line: figures for scripts, tables for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from jalon.accounts.access import EVERYTHING
from jalon.criteria import queries as criteria_queries
from jalon.exports.sheet import Sheet
from jalon.jobs.console import Output
from jalon.lifecycle.columns import Outcome
from jalon.lifecycle.journeys.counts import Figures
from jalon.records import queries as records
from jalon.reports.kinds import lifecycle as kind
from jalon.reports.kinds.journeys import Cell
from jalon.reports.kinds.lifecycle import Told
from jalon.reports.lifecycle import behind, queries, shown, words
from jalon.reports.lifecycle.asked import OBJECT_TYPE
from jalon.reports.lifecycle.files import Table as Table
from jalon.reports.lifecycle.files import table as table
from jalon.reports.lifecycle.queries import Question
from jalon.reports.lifecycle.sheet import Desk as Desk

EVERY: Final = tuple(words.COLUMNS)


def desk(raw: Any) -> Desk:
    """The report that a definition asks for, over all contacts, with every column; raises DefinitionError."""
    definition = kind.read(raw, records.catalog(OBJECT_TYPE), criteria_queries.known())
    return desk_of(queries.ask(EVERYTHING, definition))


def desk_of(question: Question) -> Desk:
    """The report that a question is about, live or as it was compiled, with every column."""
    return Desk(question, queries.answer(question), EVERY)


def journeys(desk: Desk) -> Sheet:
    """All journeys of the report, one row each."""
    days = desk.question.period
    return behind.sheet(desk.question, Cell(days.first, days.last))


def figures(desk: Desk) -> dict[str, Any]:
    """Counts, rates as shares of one, times in seconds; null where there is none. Each value of the breakdown has the same."""
    question, answer = desk.question, desk.answer
    days = {"first": question.period.first, "last": question.period.last}
    return {
        "definition": kind.written(question.definition),
        "period": {name: day and day.isoformat() for name, day in days.items()},
        "contacts": answer.contacts,
        "all": _told(desk, answer.whole),
        "before": _rates(answer.before) if answer.before else None,
        "values": [{"value": value, **_told(desk, told)} for value, told in answer.apart],
    }


def _told(desk: Desk, told: Told) -> dict[str, Any]:
    return {
        **_rates(told.figures),
        "outcomes": {outcome.value: told.figures.ended(outcome) for outcome in Outcome},
        "stages": list(_stages(desk, told)),
        "lost": {name: told.lost_to(name) for name in desk.lost_stages()},
    }


def _rates(figures: Figures) -> dict[str, Any]:
    return {
        "entered": figures.entered,
        "conversion_rate": figures.share(kind.WON),
        "convert_seconds": _seconds(figures.mean_ms(kind.WON)),
        "drop_off_rate": figures.share(kind.LOST),
        "drop_off_seconds": _seconds(figures.mean_ms(kind.LOST)),
    }


def _stages(desk: Desk, told: Told) -> Iterator[dict[str, Any]]:
    for place, name in enumerate(desk.path.places, 1):
        reached, stay = told.figures.reached(place), told.stay(name)
        is_won = name == desk.path.won
        yield {
            "stage": name,
            "reached": reached,
            "conversion": None if is_won else kind.share(told.figures.reached(place + 1), reached),
            "drop_off": None if is_won else kind.share(told.lost_from(name), reached),
            "mean_seconds": _seconds(stay.mean_ms),
            "median_seconds": _seconds(stay.median_ms),
            "idle": None if is_won else stay.idle,
            "skipped": None if is_won else told.skipped(place, name),
            "lost_to": dict(told.destinations(name)),
        }


def _seconds(milliseconds: float | None) -> float | None:
    return None if milliseconds is None else round(milliseconds / 1000, 3)


def show(sheet: shown.Sheet, console: Output) -> None:
    """For people: the cards, the funnel, the stages, the lost stages."""
    console.line(f"{sheet.title}\n{sheet.subtitle}")
    for card in sheet.cards:
        console.line(f"{card.label}: {card.value} ({card.note})")
    console.table(("", "", "%"), [(step.label, step.bars[0].count.text, step.bars[0].share) for step in sheet.funnel])
    console.table(("", *(column.label for column in sheet.columns)), [_line(line) for line in sheet.stages])
    console.table(("", "", "%"), [_line(line) for line in sheet.lost])
    for note in sheet.notes:
        console.line(note)


def _line(line: shown.Line) -> list[str]:
    return [line.stage.label, *("; ".join(f"{part.label} {part.shown.text}".strip() for part in cell.parts) for cell in line.cells)]
