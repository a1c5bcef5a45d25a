"""What can be taken away: tables, contacts and pictures, all from the last compile."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from jalon.accounts.access import access_of_request, needs
from jalon.accounts.actions import audit
from jalon.charts import pictures
from jalon.exports.responses import csv_response
from jalon.reports import files, queries
from jalon.reports.queries import title_of
from jalon.reports.sheet import Desk
from jalon.reports.shown import Sheet
from jalon.reports.views.opened import frozen_for, to_see
from jalon.warehouse.words import N_

TYPES = {"csv": "text/csv; charset=utf-8", "png": "image/png", "svg": "image/svg+xml"}


@needs("export")
@require_GET
def table_csv(request: HttpRequest, report_id: int) -> HttpResponseBase:
    return _file(request, report_id, "csv", files.table)


@needs("export")
@require_GET
def contacts_csv(request: HttpRequest, report_id: int) -> HttpResponseBase:
    found = to_see(request, report_id)
    if found.snapshot is None:
        return _not_yet(request, report_id)
    _tell_export(request, report_id)
    return csv_response(queries.contacts_sheet(frozen_for(request, found)), files.name(title_of(found), "csv"), bom=True)


@needs("reports.view")
@require_GET
def chart_png(request: HttpRequest, report_id: int) -> HttpResponseBase:
    return _file(request, report_id, "png", lambda sheet: pictures.png(sheet.plot))


@needs("reports.view")
@require_GET
def chart_svg(request: HttpRequest, report_id: int) -> HttpResponseBase:
    return _file(request, report_id, "svg", lambda sheet: pictures.svg(sheet.plot))


def _file(request: HttpRequest, report_id: int, form: str, write: Callable[[Sheet], bytes]) -> HttpResponseBase:
    found = to_see(request, report_id)
    if found.snapshot is None:
        return _not_yet(request, report_id)
    if form == "csv":
        _tell_export(request, report_id)
    question = frozen_for(request, found)
    result = queries.answer_in_full(question) if form == "csv" else queries.answer(question)
    sheet = Desk(question, result, found.title, found.display).sheet()
    disposition = content_disposition_header(True, files.name(sheet.title, form)) or "attachment"
    return HttpResponse(write(sheet), content_type=TYPES[form], headers={"Content-Disposition": disposition})


def _tell_export(request: HttpRequest, report_id: int) -> None:
    sentence = N_("%(who)s exported the report %(number)s.")
    audit(access_of_request(request).actor, "export.report", sentence, link=f"/reports/{report_id}/", number=report_id)


def _not_yet(request: HttpRequest, report_id: int) -> HttpResponse:
    messages.error(request, gettext("This report was not compiled yet, so there is nothing to take away. Try again in a moment."))
    return redirect("reports:report", report_id)
