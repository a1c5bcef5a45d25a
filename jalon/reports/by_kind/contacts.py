"""Saved contacts reports: what a compile finds, and what their pages show of it. Its row in parts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext

from jalon.accounts.access import EVERYTHING, Access
from jalon.charts import pictures
from jalon.figures.goals import EVERY, Goal
from jalon.figures.measures import Measure
from jalon.reports import queries, wording
from jalon.reports.by_kind.row import Asked, Context, MailChoice
from jalon.reports.columns import SNAPSHOTS
from jalon.reports.drawing import drawn
from jalon.reports.exporting import sheets
from jalon.reports.kinds import scan
from jalon.reports.kinds.definition import STYLE_LABELS, Definition, DefinitionError, Style
from jalon.reports.kinds.question import Question
from jalon.reports.queries import ReportView
from jalon.reports.sheet import Desk, told
from jalon.reports.shown import Sheet
from jalon.reports.snapshots.rows import Found, of_contacts
from jalon.warehouse import current
from jalon.web import formats


def freeze(definition: Definition, now: datetime) -> Found:
    """One row for each contact: its day, its value of the breakdown, its number."""
    with queries.asked(EVERYTHING, definition, now=now) as question:
        found = current.engine().arrow(scan.frozen(question))
    return Found({SNAPSHOTS: of_contacts(found, question.breakdown.kind if question.breakdown else None)})


def edit(found: ReportView) -> str:
    return reverse("reports:edit", args=[found.id])


def page(found: ReportView, access: Access, asked: Asked) -> Context:
    """What the last compile found, in the view that the address asks for: standard or cumulative, contacts, sum or average."""
    question = frozen(found, access, asked)
    return {
        "definition": question.definition,
        **_goal(found.display.goal, question.definition),
        **_switches(question.definition),
        **drawn(_sheet(found, question)),
    }


def home(found: ReportView, access: Access, asked: Asked) -> Context:
    return drawn(_sheet(found, frozen(found, access, asked)))


def png(found: ReportView, access: Access, asked: Asked) -> bytes:
    return pictures.png(_sheet(found, frozen(found, access, asked)).plot)


def svg(found: ReportView, access: Access, asked: Asked) -> bytes:
    return pictures.svg(_sheet(found, frozen(found, access, asked)).plot)


def pdf(found: ReportView, access: Access, asked: Asked) -> bytes:
    """The chart and its table on a sheet of paper."""
    sheet = _sheet(found, frozen(found, access, asked))
    return pictures.pdf(sheet.plot, sheets.grid(sheet))


def frozen(found: ReportView, access: Access, asked: Asked) -> Question:
    """The rows of the last compile, cut to this reader, in the view that the address asks for."""
    assert found.snapshot is not None  # nothing is shown of a report before its first compile
    question = queries.frozen(access, found.id, found.snapshot)
    return replace(question, definition=viewed(asked, question.definition))


def viewed(asked: Asked, definition: Definition) -> Definition:
    """The saved definition in the view that the address asks for; an unknown view is the saved one.

    A median does not add up: who turns from medians to the cumulative chart sees the contacts.
    """
    style, measure = asked.get("style"), asked.get("measure")
    seen = replace(definition, median=definition.tells_median)
    if style in set(Style):
        seen = replace(seen, style=Style(style))
    if measure in set(told(seen)):
        seen = replace(seen, measure=Measure(measure))
    if seen.measure is Measure.MEDIAN and seen.style is Style.CUMULATIVE:
        return replace(seen, measure=Measure.COUNT)
    return seen


def _sheet(found: ReportView, question: Question) -> Sheet:
    return Desk(question, queries.answer(question), found.title, found.display).sheet()


def mail_choice(found: ReportView) -> MailChoice:
    """The figures that its number has. One that cannot be run any more is told so by its page, and by each mail that fails for it."""
    try:
        definition = found.definition()
    except DefinitionError:
        definition = Definition()
    assert isinstance(definition, Definition)
    offered = tuple(each for each in Measure if each is Measure.COUNT or definition.number)
    usual = tuple(each for each in offered if each in (Measure.COUNT, definition.measure))
    return MailChoice(offered, usual, definition.style)


def _goal(goal: Goal | None, definition: Definition) -> Context:
    """The goal as it is typed in the reader's language; one of another measure than the chart's is only named."""
    if goal is None or goal.measure is definition.measure:
        return {"goal": goal, "goal_number": formats.number(goal.number) if goal else ""}
    known = goal.measure in told(definition)
    return {"goal_elsewhere": wording.measure(definition, queries.contacts_catalog(), goal.measure)} if known else {}


def _switches(definition: Definition) -> Context:
    """Standard or cumulative; contacts, sum, average or median. Medians do not add up, so a cumulative chart has none."""
    measures = [each for each in told(definition) if each is not Measure.MEDIAN or definition.style is not Style.CUMULATIVE]
    return {
        "every": [(unit.value, gettext(label)) for unit, label in EVERY.items()],
        "styles": [(style, gettext(label)) for style, label in STYLE_LABELS.items()],
        "measures": [(each, gettext(wording.MEASURES[each])) for each in measures],
    }
