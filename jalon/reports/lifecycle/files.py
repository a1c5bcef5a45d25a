"""The tables of the lifecycle report as files, and its funnel as a picture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext, ngettext

from jalon.charts.funnel import Bar, Funnel, Step
from jalon.charts.svg import MARGIN
from jalon.exports.sheet import Heading, Sheet
from jalon.reports.lifecycle import shown
from jalon.reports.shown import Shown
from jalon.warehouse.schema import Kind
from jalon.warehouse.words import N_
from jalon.web import formats


class Table(StrEnum):
    """What of the report is in a file."""

    FUNNEL = "funnel"
    LOST = "lost"
    STAGES = "stages"
    VALUES = "values"


TITLES: Final = {
    Table.FUNNEL: N_("Lifecycle journey funnel"),
    Table.LOST: N_("Lost-stage breakdown"),
    Table.STAGES: N_("Detailed breakdown"),
    Table.VALUES: N_("Side by side"),
}


def table(sheet: shown.Sheet, name: Table) -> Sheet:
    """The chosen days, contacts and columns; times as seconds and as they are read."""
    headings, rows = {Table.FUNNEL: _funnel, Table.LOST: _lost, Table.STAGES: _stages, Table.VALUES: _values}[name](sheet)
    return Sheet(gettext(TITLES[name]), tuple(headings), [rows], len(rows))


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


def funnel(sheet: shown.Sheet, *, titled: bool = True) -> Funnel:
    """The funnel as a picture that can stand alone; where its title stands beside it, without one."""
    title = gettext("Lifecycle journey funnel")
    return Funnel(
        tuple(Step(step.label, tuple(_bar(bar) for bar in step.bars), "" if sheet.values else _passed(step)) for step in sheet.funnel),
        f"{title}. {sheet.subtitle}. {'; '.join(_said(step) for step in sheet.funnel)}.",
        title if titled else "",
        sheet.subtitle if titled else "",
        tuple((value.color, value.label) for value in sheet.values),
        MARGIN if titled else 0,
    )


def _passed(step: shown.Step) -> str:
    """ "49.1% went on · 88 lost"."""
    if not step.from_before:
        return ""
    told = gettext("%(share)s went on") % {"share": step.from_before}
    lost = step.lost.exact if step.lost else 0
    return f"{told} · {ngettext('%(number)s lost', '%(number)s lost', int(lost)) % {'number': formats.number(lost)}}" if lost else told


def _bar(bar: shown.Bar) -> Bar:
    return Bar(bar.count.text, bar.share, float(bar.width) / 100, bar.color)


def _said(step: shown.Step) -> str:
    """A row in words, for those who do not see it."""
    numbers = (
        gettext("%(subject)s: %(told)s") % {"subject": bar.label, "told": bar.count.text} if bar.label else bar.count.text
        for bar in step.bars
    )
    return f"{step.label} {', '.join(numbers)}"


# In words


def lead(sheet: shown.Sheet) -> str:
    """How many entered, in a sentence."""
    number = int(sheet.entered.exact or 0)
    if not number:
        return gettext("No journey entered on these days.")
    told = ngettext("%(number)s journey entered, %(contacts)s", "%(number)s journeys entered, %(contacts)s", number)
    words = told % {"number": sheet.entered.text, "contacts": sheet.entered_told}
    shift = sheet.entered_shift
    return f"{words} ({shift.text})." if shift and shift.direction != "flat" else f"{words}."


def rest(sheet: shown.Sheet) -> str:
    """What conversion and drop-off do not make up to 100 %."""
    told = " · ".join(f"{part.label} {part.shown.text}" for part in sheet.rest)
    return f"{gettext('Neither won nor lost:')} {told}" if told else ""
