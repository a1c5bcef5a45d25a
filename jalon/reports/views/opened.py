"""What the pages of reports share: the report that an address names, who may do what, the sheet for the browser."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext

from jalon.accounts.access import Denied, access_of_request
from jalon.reports import pages, queries
from jalon.reports.drawing import drawn as drawn
from jalon.reports.queries import ReportView

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


def rights(request: HttpRequest, found: ReportView | None = None) -> Context:
    access = access_of_request(request)
    of_all = {"may_create": access.may("reports.create"), "may_export": access.may("export"), "may_keep": access.may("lists.edit")}
    if found is None:
        return of_all
    may_edit, may_share = found.may_be_edited(access), found.may_be_shared(access)
    return {**of_all, "may_edit": may_edit, "may_share": may_share, "buttons": pages.Buttons(access).of(found.id)}
