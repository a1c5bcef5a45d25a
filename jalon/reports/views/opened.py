"""What the pages of reports share: the report that an address names, who may do what, the sheet for the browser."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext

from jalon.accounts.access import Denied, access_of_request
from jalon.figures.measures import Measure
from jalon.reports import pages, queries
from jalon.reports.drawing import drawn as drawn
from jalon.reports.kinds.definition import Definition, Style
from jalon.reports.kinds.question import Question
from jalon.reports.queries import ReportView
from jalon.reports.sheet import told

Context = dict[str, Any]


def to_see(request: HttpRequest, report_id: int) -> ReportView:
    """The report, for somebody who may see it; others do not learn that it exists."""
    found = queries.report(report_id, access_of_request(request))
    if found is None:
        raise Http404
    return found


def to_edit(request: HttpRequest, report_id: int) -> ReportView:
    """The report, for somebody who may edit it: everybody's, or at least their own."""
    found = to_see(request, report_id)
    if not found.may_be_edited(access_of_request(request)):
        raise Denied(gettext("You see this report, and somebody else edits it. Duplicate it, or ask its owner to let you edit it."))
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


def rights(request: HttpRequest, found: ReportView | None = None) -> Context:
    access = access_of_request(request)
    of_all = {"may_create": access.may("reports.create"), "may_export": access.may("export"), "may_keep": access.may("lists.edit")}
    if found is None:
        return of_all
    may_edit, may_share = found.may_be_edited(access), found.may_be_shared(access)
    return {**of_all, "may_edit": may_edit, "may_share": may_share, "buttons": pages.Buttons(access).of(found.id)}
