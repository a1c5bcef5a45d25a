"""The tables of the lifecycle report as files, and its funnel as a picture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext

from jalon.charts import palette, plot
from jalon.exports.sheet import Heading, Sheet
from jalon.reports import wording
from jalon.reports.lifecycle import shown
from jalon.reports.shown import Shown
from jalon.warehouse.schema import Kind


class Table(StrEnum):
    """What of the report is in a file."""

    FUNNEL = "funnel"
    LOST = "lost"
    STAGES = "stages"
    VALUES = "values"


def table(sheet: shown.Sheet, name: Table) -> Sheet:
    """The chosen days, contacts and columns; times as seconds and as they are read."""
    headings, rows = {Table.FUNNEL: _funnel, Table.LOST: _lost, Table.STAGES: _stages, Table.VALUES: _values}[name](sheet)
    return Sheet(sheet.title, tuple(headings), [rows], len(rows))


Made = tuple[list[Heading], Sequence[tuple[object, ...]]]


def _funnel(sheet: shown.Sheet) -> Made:
    labels = [value.label for value in sheet.values] or [""]
    headings = [Heading("stage", gettext("Stage"))]
    for place, label in enumerate(labels):
        headings.append(Heading(f"count_{place}", label or gettext("Journeys"), Kind.INTEGER))
        headings.append(Heading(f"share_{place}", _of(gettext("Share of those that entered"), label), Kind.NUMBER))
    rows = [(step.label, *(cell for bar in step.bars for cell in (bar.count.exact, _share(bar)))) for step in sheet.funnel]
    return headings, rows


def _of(words: str, label: str) -> str:
    return gettext("%(subject)s: %(told)s") % {"subject": label, "told": words} if label else words


def _share(bar: shown.Bar) -> Decimal:
    return Decimal(bar.width) / 100


def _lost(sheet: shown.Sheet) -> Made:
    headings = [
        Heading("stage", gettext("Lost stage")),
        Heading("ended", gettext("Journeys"), Kind.INTEGER),
        Heading("share", gettext("Share of all drop-offs"), Kind.NUMBER),
    ]
    return headings, [(line.stage.label, *(cell.parts[0].shown.exact for cell in line.cells)) for line in sheet.lost]


def _stages(sheet: shown.Sheet) -> Made:
    headings = [Heading("stage", gettext("Stage"))]
    for column in sheet.columns:
        if column.is_time:
            headings.append(Heading(f"{column.name}_s", gettext("%(name)s (seconds)") % {"name": column.label}, Kind.INTEGER))
        headings.append(Heading(column.name, column.label, Kind.NUMBER if column.is_number and not column.is_time else Kind.STRING))
    return headings, [(line.stage.label, *_cells(sheet, line)) for line in sheet.stages]


def _cells(sheet: shown.Sheet, line: shown.Line) -> Iterator[object]:
    for column, cell in zip(sheet.columns, line.cells, strict=True):
        if not column.is_number:
            yield "; ".join(f"{part.label}: {part.shown.text}" for part in cell.parts)
            continue
        number = cell.parts[0].shown
        yield number.exact
        if column.is_time:
            yield _told(number)


def _told(number: Shown) -> str | None:
    return None if number.exact is None else number.text


def _values(sheet: shown.Sheet) -> Made:
    """As they are read: rates, counts and times stand under each other."""
    labels = (gettext("All contacts"), *(value.label for value in sheet.values))
    headings = [Heading("section", gettext("Section")), Heading("figure", gettext("Figure"))]
    headings += [Heading(f"value_{place}", label) for place, label in enumerate(labels)]
    rows = [
        (section.label, row.label, *(number.text for number in (row.whole, *row.parts)))
        for section in sheet.sections
        for row in section.rows
    ]
    return headings, rows


def funnel(sheet: shown.Sheet) -> plot.Plot:
    """The funnel as a chart that can be drawn alone."""
    ticks = tuple(plot.Tick(str(place), (step.label,), step.label) for place, step in enumerate(sheet.funnel))
    values = sheet.values or (shown.Value(gettext("Journeys"), palette.SERIES[0]),)
    series = tuple(plot.Series(str(place), value.label, value.color) for place, value in enumerate(values))
    points = tuple(
        plot.Point(str(at), str(place), Decimal(bar.count.exact or 0))
        for at, step in enumerate(sheet.funnel)
        for place, bar in enumerate(step.bars)
    )
    words = plot.Words(gettext("Journeys"), gettext("Stage"), sheet.breakdown, gettext("Share"), "", gettext("Formula"))
    title = gettext("Lifecycle journey funnel")
    return plot.Plot(
        style=plot.Style.BARS,
        stacked=False,
        ticks=ticks,
        series=series,
        points=points,
        words=words,
        description=f"{title}. {sheet.subtitle}",
        title=title,
        subtitle=sheet.subtitle,
        locale=wording.number_locale(),
    )
