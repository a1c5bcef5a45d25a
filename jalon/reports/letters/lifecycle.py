"""The lifecycle report in a mail: its four cards with their change, the funnel, the stages and the lost stages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext

from jalon.charts import pictures as drawing
from jalon.reports.letters.parts import CHART_WIDTH, Body, Picture, Row, Table, table
from jalon.reports.lifecycle import files, pictures, shown
from jalon.web import formats

#: Columns of the breakdown by stage: as many as a mail is wide.
COLUMNS: Final = ("reached", "conversion", "drop_off", "mean", "idle")


def body(sheet: shown.Sheet) -> Body:
    """The sheet, made with `COLUMNS`, in the current language."""
    return Body(
        days=" · ".join(part for part in (sheet.subtitle, sheet.against) if part),
        lead=files.lead(sheet),
        cards=sheet.cards,
        pictures=(_funnel(sheet),) if sheet.entered.exact else (),
        tables=tuple(_tables(sheet)) if sheet.entered.exact else (),
        notes=sheet.notes,
    )


def _funnel(sheet: shown.Sheet) -> Picture:
    drawn = pictures.drawn(sheet, CHART_WIDTH, titled=False)
    return Picture(gettext("Lifecycle journey funnel"), files.funnel(sheet).description, drawing.png_of(drawn), files.rest(sheet))


def _tables(sheet: shown.Sheet) -> Iterator[Table]:
    if sheet.values:
        yield _apart(sheet)
    headings = (gettext("Stage"), *(column.label for column in sheet.columns))
    yield table(headings, [_row(line) for line in sheet.stages], gettext("Detailed breakdown"))
    if sheet.lost:
        headings = (gettext("Lost stage"), gettext("Journeys"), gettext("Share of all drop-offs"))
        yield table(headings, [_row(line) for line in sheet.lost], gettext("Lost-stage breakdown"))


def _row(line: shown.Line) -> Row:
    told = (" · ".join(f"{part.label} {part.shown.text}".strip() for part in cell.parts) for cell in line.cells)
    return Row(f"{line.stage.emoji} {line.stage.label}".strip(), tuple(cell or formats.DASH for cell in told))


def _apart(sheet: shown.Sheet) -> Table:
    """How many entered of each value of the breakdown, were won and lost, a row each; the times have no room on a phone."""
    entered, conversion, _, drop_off, _ = sheet.sections[0].rows
    figures = (entered, conversion, drop_off)
    rows = [
        Row(value.label, tuple(figure.parts[place].text for figure in figures), value.color) for place, value in enumerate(sheet.values)
    ]
    total = Row(gettext("All contacts"), tuple(figure.whole.text for figure in figures))
    return table((sheet.breakdown, *(figure.label for figure in figures)), rows, total=total)
