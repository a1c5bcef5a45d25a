"""A contacts report in a mail: the chosen figures, each with its chart, and the table of the breakdown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext

from jalon.accounts.access import Access
from jalon.charts import pictures
from jalon.figures.measures import Measure
from jalon.reports import queries, wording
from jalon.reports.kinds.definition import Style
from jalon.reports.kinds.question import Question
from jalon.reports.letters.parts import CHART_WIDTH, Body, Picture, Row, table
from jalon.reports.queries import ReportView
from jalon.reports.sheet import Desk
from jalon.reports.shown import Card, Line, Sheet
from jalon.web import formats


def body(found: ReportView, access: Access, chosen: Sequence[Measure], style: Style) -> Body:
    """The figures of the last compile, in the current language."""
    if found.snapshot is None:
        raise ValueError("a report is sent after its compile")
    question = queries.frozen(access, found.id, found.snapshot)
    metrics = [each for each in chosen if each is Measure.COUNT or question.number] or [Measure.COUNT]
    if Measure.MEDIAN in metrics:
        question = replace(question, definition=replace(question.definition, median=True))
    sheets = [_sheet(found, question, style, metric) for metric in metrics]
    whole = sheets[0]
    headings = (whole.breakdown or whole.grouping, *_headings(metrics))
    rows = [_row(line, metrics) for line in (whole.values if whole.breakdown else whole.buckets)]
    return Body(
        days=whole.subtitle,
        cards=_cards(whole, question, metrics),
        pictures=tuple(_picture(sheet) for sheet in sheets),
        tables=(table(headings, rows, total=replace(_row(whole.total, metrics), color="")),),
    )


def _sheet(found: ReportView, question: Question, style: Style, metric: Measure) -> Sheet:
    """A median does not add up: its chart is the standard one, and the tables of running totals have a dash for it."""
    style = Style.STANDARD if metric is Measure.MEDIAN else style
    asked = replace(question, definition=replace(question.definition, style=style, measure=metric))
    return Desk(asked, queries.answer(asked), found.title, found.display).sheet()


def _picture(sheet: Sheet) -> Picture:
    """The mail says already what it shows."""
    bare = replace(sheet.plot, title="", subtitle="")
    return Picture(sheet.measure, sheet.plot.description, pictures.png(bare, width=CHART_WIDTH))


def _cards(sheet: Sheet, question: Question, metrics: Sequence[Measure]) -> tuple[Card, ...]:
    wanted = {wording.measure(question.definition, question.catalog, metric) for metric in metrics}
    return tuple(card for card in sheet.cards if card.label in wanted)


def _headings(metrics: Sequence[Measure]) -> list[str]:
    """Short ones: the key figures have said what is added up."""
    names = [gettext(wording.MEASURES[metric]) for metric in metrics]
    return [names[0], gettext("Share"), *names[1:]] if metrics[0] is Measure.COUNT else names


def _row(line: Line, metrics: Sequence[Measure]) -> Row:
    shown = {Measure.COUNT: line.contacts, Measure.SUM: line.sum, Measure.AVERAGE: line.average, Measure.MEDIAN: line.median}
    cells = [each.text if (each := shown[metric]) else formats.DASH for metric in metrics]
    shares = [line.share] if metrics[0] is Measure.COUNT else []
    return Row(line.label, (*cells[:1], *shares, *cells[1:]), line.color)
