"""What can be taken away: contacts, tables, pictures and the definition; figures all from the last compile."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import structlog
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_POST

from jalon.accounts.access import access_of_request, needs
from jalon.charts.pictures import NotDrawn
from jalon.exports.responses import response
from jalon.exports.sheet import XLSX_ROWS, Format
from jalon.reports import queries
from jalon.reports.by_kind import contacts, table
from jalon.reports.exporting import actions as exporting
from jalon.reports.exporting import choice, sheets
from jalon.reports.exporting import queries as exports
from jalon.reports.exporting.choice import Choice, What
from jalon.reports.exporting.queries import NothingYet
from jalon.reports.portable import queries as portable
from jalon.reports.queries import ReportView
from jalon.reports.views.opened import Context, to_see
from jalon.web.pages import render

log = structlog.get_logger()

TYPES = {"png": "image/png", "svg": "image/svg+xml", "pdf": "application/pdf"}


@needs("export")
@require_GET
def options(request: HttpRequest, report_id: int) -> HttpResponse:
    """The drawer that asks what is to be in the file, and how it is to come."""
    found, access = _with_exports(request, report_id), access_of_request(request)
    if found.snapshot is None:
        return _not_yet(request, report_id)
    question = contacts.frozen(found, access, request.GET)
    usual, others = sheets.offered(question)
    context: Context = {"report": found, "usual": usual, "others": others, "view": _view(request), "most": XLSX_ROWS}
    context |= {"address": exports.address_of(access), "kept": exports.kept(access, report_id)}
    return render(request, "reports/_export.html", context)


def _with_exports(request: HttpRequest, report_id: int) -> ReportView:
    """A report of a kind whose files are chosen in the drawer."""
    found = to_see(request, report_id)
    if not table.of(found).exports:
        raise Http404
    return found


def _view(request: HttpRequest) -> Context:
    return {name: request.GET[name] for name in ("style", "measure") if request.GET.get(name)}


@needs("export")
@require_POST
def download(request: HttpRequest, report_id: int) -> HttpResponseBase:
    """The file that was chosen, at once."""
    return _sheet(request, report_id, choice.read(request.POST, request.POST.getlist("column")))


@needs("export")
@require_POST
def mail(request: HttpRequest, report_id: int) -> HttpResponse:
    """The file that was chosen, made in the background and sent by mail."""
    found, access = _with_exports(request, report_id), access_of_request(request)
    chosen = choice.read(request.POST, request.POST.getlist("column"))
    exporting.start(found, chosen, access=access, language=get_language() or "en")
    told = gettext("The file is being made and will be sent to %(address)s. You can go on meanwhile.")
    messages.success(request, told % {"address": exports.address_of(access)})
    return redirect("reports:report", report_id)


@needs("export")
@require_GET
def kept(request: HttpRequest, export_id: int) -> FileResponse:
    """A file that was made in the background, while it is kept."""
    found = exports.one(access_of_request(request), export_id)
    if found is None:
        raise Http404
    return FileResponse(found.path.open("rb"), as_attachment=True, filename=found.file_name, content_type=found.format.content_type)


@needs("export")
@require_GET
def table_csv(request: HttpRequest, report_id: int) -> HttpResponseBase:
    return _sheet(request, report_id, choice.read({**request.GET.dict(), "what": What.TABLE, "format": Format.CSV}, ()))


@needs("export")
@require_GET
def contacts_csv(request: HttpRequest, report_id: int) -> HttpResponseBase:
    return _sheet(request, report_id, choice.read({**request.GET.dict(), "what": What.CONTACTS, "format": Format.CSV}, ()))


@needs("export")
@require_GET
def saved_table(request: HttpRequest, report_id: int, name: str, form: str) -> HttpResponseBase:
    """One of the tables that the page shows, as it shows it."""
    found, access = to_see(request, report_id), access_of_request(request)
    take = table.of(found).tables.get(name)
    if take is None or form not in set(Format):
        raise Http404
    if found.snapshot is None:
        return _not_yet(request, report_id)
    exporting.tell_export(report_id, access)
    sheet = take(found, access)
    return response(sheet, Format(form), f"{exports.stem(found, Choice(What.TABLE))}, {sheet.name}")


def _sheet(request: HttpRequest, report_id: int, chosen: Choice) -> HttpResponseBase:
    found, access = _with_exports(request, report_id), access_of_request(request)
    try:
        sheet = exports.sheet(access, found, chosen)
    except NothingYet:
        return _not_yet(request, report_id)
    exporting.tell_export(report_id, access)
    return response(sheet, exports.format_of(sheet, chosen), exports.stem(found, chosen))


@needs("reports.view")
@require_GET
def chart_png(request: HttpRequest, report_id: int) -> HttpResponseBase:
    return _picture(request, report_id, "png")


@needs("reports.view")
@require_GET
def chart_svg(request: HttpRequest, report_id: int) -> HttpResponseBase:
    return _picture(request, report_id, "svg")


@needs("reports.view")
@require_GET
def chart_pdf(request: HttpRequest, report_id: int) -> HttpResponseBase:
    """The chart and its table on a sheet of paper."""
    return _picture(request, report_id, "pdf")


def _picture(request: HttpRequest, report_id: int, form: str) -> HttpResponseBase:
    found = to_see(request, report_id)
    draw = table.of(found).pictures.get(form)
    if draw is None:
        raise Http404
    if found.snapshot is None:
        return _not_yet(request, report_id)
    name = f"{exports.stem(found, Choice(What.TABLE))}.{form}"
    back = reverse("reports:report", args=[report_id])
    return drawn(request, lambda: draw(found, access_of_request(request), request.GET), name, back=back)


@needs("reports.view")
@require_GET
def definition(request: HttpRequest, report_id: int) -> HttpResponse:
    """The report as a file, for git and for another account."""
    found = to_see(request, report_id)
    file = portable.file_of(report_id, told_sharing=found.may_be_shared(access_of_request(request)))
    if file is None:
        raise Http404
    return attached(portable.content(file).encode(), portable.file_name(file, queries.title_of(found)), "application/json")


def drawn(request: HttpRequest, draw: Callable[[], bytes], name: str, *, back: str) -> HttpResponse:
    """A picture to keep; whoever cannot have it is told so where they came from."""
    try:
        return attached(draw(), name, TYPES[name.rpartition(".")[2]])
    except NotDrawn as error:
        log.warning("picture not drawn", name=name, reason=str(error))
        messages.error(request, gettext("The picture could not be drawn. Try again in a moment; its numbers are in the table."))
        return redirect(back)


@needs("export")
@require_GET
def saved_figures(request: HttpRequest, report_id: int) -> HttpResponseBase:
    """Every figure of the last compile as JSON, exact."""
    found, access = to_see(request, report_id), access_of_request(request)
    figures = table.of(found).figures
    if figures is None:
        raise Http404
    if found.snapshot is None:
        return _not_yet(request, report_id)
    exporting.tell_export(report_id, access)
    return attached(json_of(figures(found, access)), f"{exports.stem(found, Choice(What.TABLE))}.json", "application/json")


def json_of(told: Any) -> bytes:
    """As a file that people read too."""
    return (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode()


def attached(content: bytes, name: str, content_type: str) -> HttpResponse:
    """A file that the browser keeps."""
    disposition = content_disposition_header(True, name) or "attachment"
    return HttpResponse(content, content_type=content_type, headers={"Content-Disposition": disposition})


def _not_yet(request: HttpRequest, report_id: int) -> HttpResponse:
    messages.error(request, gettext(exports.NOTHING_YET))
    return redirect("reports:report", report_id)
