"""The mail that brings a report: its figures, a chart and a table, as its owner would see them now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext

from jalon.accounts.access import Access
from jalon.accounts.queries import account
from jalon.charts import pictures
from jalon.charts.plot import Plot
from jalon.figures.measures import Measure
from jalon.mail.letters import Letter, Part
from jalon.reports import queries, wording
from jalon.reports.kinds.question import Question
from jalon.reports.queries import ReportView, title_of
from jalon.reports.schedules.calendar import HOUR, ONCE
from jalon.reports.schedules.queries import ScheduleView
from jalon.reports.schedules.wording import METRICS, rhythm
from jalon.reports.sheet import Desk
from jalon.reports.shown import Card, Line, Sheet
from jalon.web import formats

NARROW = "\N{NARROW NO-BREAK SPACE}"  # as wide as the typeface pleases
MOST_ROWS = 40  # of the table: a mail is read on the way to work
CHART_WIDTH = 620  # pixels, as the mail shows it


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table in a mail."""

    label: str
    color: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart in the mail, and what it says to who does not see it."""

    cid: str
    label: str
    description: str


@dataclass(frozen=True)
class ReportLetter(Letter):
    """A report as a mail."""

    template: ClassVar = "reports/mails/report"

    days: str = ""
    note: tuple[str, ...] = ()  # what the sender wrote, paragraph by paragraph
    cards: tuple[Card, ...] = ()
    pictures: tuple[Picture, ...] = ()
    headings: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    left_out: int = 0
    total: Row | None = None
    facts: tuple[str, ...] = ()

    @property
    def table(self) -> list[str]:
        """The table as text: columns that stand under each other in any mail program that shows text as it is."""
        body = [(row.label, *row.cells) for row in (*self.rows, *([self.total] if self.total else []))]
        lines = [[cell.replace(NARROW, " ") for cell in line] for line in (self.headings, *body)]
        widths = [max(len(line[place]) for line in lines) for place in range(len(self.headings))]
        return ["  ".join(_aligned(line, widths)).rstrip() for line in lines]


def _aligned(line: Sequence[str], widths: Sequence[int]) -> list[str]:
    return [cell.rjust(width) if place else cell.ljust(width) for place, (cell, width) in enumerate(zip(line, widths, strict=True))]


def written(found: ReportView, schedule: ScheduleView, access: Access) -> tuple[ReportLetter, tuple[Part, ...]]:
    """The mail and its pictures, in the current language; the report was compiled."""
    if found.snapshot is None:
        raise ValueError("a report is sent after its compile")
    question = queries.frozen(access, found.id, found.snapshot)
    metrics = [each for each in schedule.metrics if each is Measure.COUNT or question.number] or [Measure.COUNT]
    sheets = [_sheet(found, question, schedule, metric) for metric in metrics]
    parts = tuple(_picture(number, sheet.plot) for number, sheet in enumerate(sheets, 1))
    whole, lines = sheets[0], _lines(sheets[0])
    letter = ReportLetter(
        subject=title_of(found),
        sentences=(),
        button=gettext("Open the report") if settings.ENVIRONMENT.url else "",
        url=f"{settings.ENVIRONMENT.url}/reports/{found.id}/" if settings.ENVIRONMENT.url else "",
        foot=_foot(schedule),
        sender=account().name,
        days=whole.subtitle,
        note=tuple(line.strip() for line in schedule.message.splitlines() if line.strip()),
        cards=_cards(whole, question, metrics),
        pictures=tuple(Picture(part.cid, sheet.measure, sheet.plot.description) for part, sheet in zip(parts, sheets, strict=True)),
        headings=(whole.breakdown or whole.grouping, *_headings(metrics)),
        rows=tuple(_row(line, metrics) for line in lines[:MOST_ROWS]),
        left_out=max(0, len(lines) - MOST_ROWS),
        total=replace(_row(whole.total, metrics), color=""),
        facts=_facts(found, schedule),
    )
    return letter, parts


def _sheet(found: ReportView, question: Question, schedule: ScheduleView, metric: Measure) -> Sheet:
    asked = replace(question, definition=replace(question.definition, style=schedule.style, measure=metric))
    return Desk(asked, queries.answer(asked), found.title, found.display).sheet()


def _picture(number: int, plot: Plot) -> Part:
    """The mail says already what it shows."""
    bare = replace(plot, title="", subtitle="")
    return Part(f"chart-{number}.png", "image/png", pictures.png(bare, width=CHART_WIDTH), inline=True)


def _lines(sheet: Sheet) -> tuple[Line, ...]:
    return sheet.values if sheet.breakdown else sheet.buckets


def _cards(sheet: Sheet, question: Question, metrics: Sequence[Measure]) -> tuple[Card, ...]:
    wanted = {wording.measure(question.definition, question.catalog, metric) for metric in metrics}
    return tuple(card for card in sheet.cards if card.label in wanted)


def _headings(metrics: Sequence[Measure]) -> list[str]:
    """Short ones: the key figures have said what is added up."""
    names = [gettext(METRICS[metric]) for metric in metrics]
    return [names[0], gettext("Share"), *names[1:]] if metrics[0] is Measure.COUNT else names


def _row(line: Line, metrics: Sequence[Measure]) -> Row:
    shown = {Measure.COUNT: line.contacts, Measure.SUM: line.sum, Measure.AVERAGE: line.average}
    cells = [each.text if (each := shown[metric]) else formats.DASH for metric in metrics]
    shares = [line.share] if metrics[0] is Measure.COUNT else []
    return Row(line.label, line.color, (*cells[:1], *shares, *cells[1:]))


def _facts(found: ReportView, schedule: ScheduleView) -> tuple[str, ...]:
    compiled = found.snapshot.compiled_at if found.snapshot else timezone.now()
    return (
        gettext("Compiled on %(instant)s (%(zone)s).") % {"instant": formats.moment(compiled), "zone": account().zone},
        gettext("The figures are those that %(name)s may see.") % {"name": schedule.owner_name},
    )


def _foot(schedule: ScheduleView) -> str:
    words = {"name": schedule.owner_name, "address": schedule.owner_email}
    if schedule.rhythm.frequency == ONCE:
        return gettext("%(name)s (%(address)s) had this report sent to you.") % words
    words |= {"rhythm": rhythm(schedule.rhythm), "hour": HOUR.strftime("%H:%M"), "zone": account().report_mail_zone}
    text = gettext("%(name)s (%(address)s) has this report sent to you %(rhythm)s at %(hour)s (%(zone)s), and can stop it.")
    return text % words
