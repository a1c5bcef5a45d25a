"""What the pages of reports share: the report that an address names, who may do what, the sheet for the browser."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext

from jalon.accounts.access import Denied, access_of_request
from jalon.charts import theme
from jalon.charts.plot import on_page
from jalon.figures.measures import Measure
from jalon.reports import queries
from jalon.reports.kinds.definition import Definition, Style
from jalon.reports.kinds.question import Question
from jalon.reports.queries import ReportView
from jalon.reports.sheet import told
from jalon.reports.shown import Sheet

Context = dict[str, Any]


def to_see(request: HttpRequest, report_id: int) -> ReportView:
    """The report, for somebody who may see it; others do not learn that it exists."""
    found = queries.report(report_id)
    if found is None:
        raise Http404
    return found


def to_edit(request: HttpRequest, report_id: int) -> ReportView:
    """The report, for somebody who may edit it: everybody's, or at least their own."""
    found = to_see(request, report_id)
    if not found.may_be_edited(access_of_request(request)):
        raise Denied(gettext("Somebody else owns this report. Duplicate it, or ask for the right to edit everybody’s reports."))
    return found


def viewed(request: HttpRequest, definition: Definition) -> Definition:
    """The saved definition in the view that the address asks for; an unknown view is the saved one.

    A median does not add up: who turns from medians to the cumulative chart sees the contacts.
    """
    style, measure = request.GET.get("style"), request.GET.get("measure")
    seen = replace(definition, median=definition.tells_median)
    if style in set(Style):
        seen = replace(seen, style=Style(style))
    if measure in set(told(seen)):
        seen = replace(seen, measure=Measure(measure))
    if seen.measure is Measure.MEDIAN and seen.style is Style.CUMULATIVE:
        return replace(seen, measure=Measure.COUNT)
    return seen


def frozen_for(request: HttpRequest, found: ReportView) -> Question:
    """The rows of the last compile, cut to this reader, in the view that the address asks for."""
    if found.snapshot is None:
        raise Http404
    question = queries.frozen(access_of_request(request), found.id, found.snapshot)
    return replace(question, definition=viewed(request, question.definition))


def drawn(sheet: Sheet) -> Context:
    """The sheet and what the browser needs to draw its chart."""
    look = {"light": theme.config(), "dark": theme.config(dark=True), "locale": sheet.plot.locale}
    return {"sheet": sheet, "plot": _compact(on_page(sheet.plot)), "look": _compact(look)}


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def rights(request: HttpRequest, found: ReportView | None = None) -> Context:
    access = access_of_request(request)
    may_edit = found is not None and found.may_be_edited(access)
    return {
        "may_create": access.may("reports.create"),
        "may_edit": may_edit,
        "may_export": access.may("export"),
        "may_keep": access.may("lists.edit"),
    }
