"""The lifecycle report on paper: cards, funnel and tables, on as many sheets as they need."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext

from jalon.charts import document, funnel
from jalon.charts.document import Block, Figure
from jalon.charts.svg import MARGIN, QUIET
from jalon.reports.lifecycle import files, shown
from jalon.reports.shown import Card

GOOD, BAD = "#1F7A45", "#B3362B"  # as in mails
APART: Final = "destinations"  # too long for a column among others


def sheets(sheet: shown.Sheet) -> list[str]:
    """What the page shows, as SVG."""
    return document.sheets(tuple(_blocks(sheet)), f"{sheet.title}. {sheet.subtitle}", gettext("Page {page} of {pages}"))


def _blocks(sheet: shown.Sheet) -> Iterator[Block]:
    yield document.heading(sheet.title, " · ".join(part for part in (sheet.subtitle, sheet.against) if part))
    yield document.line(files.lead(sheet))
    yield document.figures([_figure(card) for card in sheet.cards])
    if not sheet.entered.exact:
        return
    yield document.title(gettext("Lifecycle journey funnel"))
    height, shapes = funnel.laid(files.funnel(sheet, titled=False), document.WIDTH, MARGIN)
    yield Block(height + 8, tuple(shapes))
    if rest := files.rest(sheet):
        yield document.line(rest)
    yield from _tables(sheet)
    for note in sheet.notes:
        yield document.line(note)


def _figure(card: Card) -> Figure:
    shift = card.shift
    color = QUIET if shift is None or shift.good is None else GOOD if shift.good else BAD
    return Figure(card.label, card.value, shift.text if shift else "", color, card.note)


def _tables(sheet: shown.Sheet) -> Iterator[Block]:
    stage = gettext("Stage")
    if sheet.sections:
        yield document.title(gettext("Side by side: %(property)s") % {"property": sheet.breakdown})
        yield from _apart(sheet)
    yield document.title(gettext("Detailed breakdown"))
    columns = [column for column in sheet.columns if column.name != APART]
    rows = [(line.stage.label, *(_told(cell) for cell in line.cells if cell.column != APART)) for line in sheet.stages]
    yield from document.table((stage, *(column.label for column in columns)), rows)
    yield from _destinations(sheet, stage)
    if sheet.lost:
        yield document.title(gettext("Lost-stage breakdown"))
        headings = (gettext("Lost stage"), gettext("Journeys"), gettext("Share of all drop-offs"))
        yield from document.table(headings, [(line.stage.label, *map(_told, line.cells)) for line in sheet.lost])


def _destinations(sheet: shown.Sheet, stage: str) -> Iterator[Block]:
    """Where journeys were lost to, where that column was chosen."""
    for place, column in enumerate(sheet.columns):
        if column.name == APART:
            rows = [(line.stage.label, _told(line.cells[place])) for line in sheet.stages if line.cells[place].parts]
            yield from (document.title(column.label), *document.table((stage, column.label), rows)) if rows else ()


def _apart(sheet: shown.Sheet) -> Iterator[Block]:
    headings = ("", gettext("All contacts"), *(value.label for value in sheet.values))
    for section in sheet.sections:
        rows = [(row.label, row.whole.text, *(part.text for part in row.parts)) for row in section.rows]
        yield from document.table((section.label, *headings[1:]), rows)


def _told(cell: shown.Cell) -> str:
    return " · ".join(f"{part.label} {part.shown.text}".strip() for part in cell.parts)
