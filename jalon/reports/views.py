"""Pages of reports. Each view is one button or one address."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from jalon.accounts.access import Denied, access_of_request, needs
from jalon.accounts.actions import audit
from jalon.charts import pictures, theme
from jalon.charts.plot import on_page
from jalon.criteria import narrowing
from jalon.exports.responses import csv_response
from jalon.figures.goals import EVERY, Goal
from jalon.figures.measures import Measure
from jalon.reports import actions, files, queries, wording
from jalon.reports.forms import ReportForm, initial, raw
from jalon.reports.kinds import display, starting
from jalon.reports.kinds.definition import STYLE_LABELS, Definition, DefinitionError, Style
from jalon.reports.kinds.question import Question
from jalon.reports.queries import ReportView, title_of
from jalon.reports.sheet import Desk
from jalon.reports.shown import Sheet
from jalon.warehouse.words import N_
from jalon.web import formats
from jalon.web.pages import render

Context = dict[str, Any]


@needs("reports.view")
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """All reports, found by a part of their title."""
    wanted = request.GET.get("q", "").strip()
    found = [(report, title_of(report)) for report in queries.reports()]
    shown = [(report, title) for report, title in found if wanted.casefold() in title.casefold()]
    return render(request, "reports/home.html", {"reports": shown, "any": bool(found), "q": wanted, **_rights(request)}, part="rows")


@needs("reports.create")
@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """Where to begin a contacts report."""
    return render(request, "reports/start.html", {"points": starting.offered(queries.contacts_catalog())})


@needs("reports.create")
@require_GET
def build(request: HttpRequest) -> HttpResponse:
    """The builder of a new report; its options live in the address, so that Back and a shared link find them."""
    fields = (
        request.GET
        if "date_property" in request.GET
        else initial(starting.beginning(request.GET.get("from", ""), queries.contacts_catalog()))
    )
    return _builder(request, fields)


@needs("reports.create")
@require_POST
def create(request: HttpRequest) -> HttpResponse:
    try:
        definition = queries.read_definition(raw(request.POST))
    except DefinitionError as error:
        return _builder(request, request.POST, error=error)
    report_id = actions.create(definition, actor=access_of_request(request).actor)
    return redirect("reports:report", report_id)


@needs("reports.view")
@require_GET
def edit(request: HttpRequest, report_id: int) -> HttpResponse:
    report = _to_edit(request, report_id)
    if "date_property" in request.GET:
        return _builder(request, request.GET, report=report)
    try:
        return _builder(request, initial(report.definition()), report=report)
    except DefinitionError as error:
        return _builder(request, _kept(report), report=report, error=error)


@needs("reports.view")
@require_POST
def change(request: HttpRequest, report_id: int) -> HttpResponse:
    report = _to_edit(request, report_id)
    try:
        definition = queries.read_definition(raw(request.POST))
    except DefinitionError as error:
        return _builder(request, request.POST, report=report, error=error)
    actions.change(report_id, definition, actor=access_of_request(request).actor)
    messages.success(request, gettext("The report is saved."))
    return redirect("reports:report", report_id)


@needs("reports.view")
@require_GET
def preview(request: HttpRequest) -> HttpResponse:
    """The report that the builder's options would make."""
    try:
        definition = queries.read_definition(raw(request.GET))
        return render(request, "reports/_preview.html", _picture(request, definition))
    except DefinitionError as error:
        return render(request, "reports/_preview.html", {"problems": wording.problems(error)})


@needs("reports.view")
@require_GET
def report(request: HttpRequest, report_id: int) -> HttpResponse:
    """What the last compile found, in the view that the address asks for: standard or cumulative, contacts, sum or average."""
    found = queries.compiled(report_id, settings.READ_PATIENCE_MS)
    if found is None:
        raise Http404
    context: Context = {"report": found, "title": title_of(found), **_rights(request, found)}
    if found.snapshot:
        question = _frozen(request, found)
        context |= {
            "definition": question.definition,
            "goal_number": _typed(found.display.goal),
            **_switches(),
            **_drawn(Desk(question, queries.answer(question), found.title, found.display).sheet()),
        }
    return render(request, "reports/report.html", context, part="sheet")


@needs("reports.view")
@require_GET
def compiling(request: HttpRequest, report_id: int) -> HttpResponse:
    """How far the compile is, asked again every second; when it has ended, the page is opened anew."""
    found = _found(report_id)
    if found.is_compiled:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "reports/_compiling.html", {"report": found})


@needs("reports.view")
@require_GET
def gone(request: HttpRequest, report_id: int) -> HttpResponse:
    """How many contacts of the snapshot are not there any more."""
    found = _found(report_id)
    number = queries.gone(found.snapshot) if found.snapshot else 0
    return render(request, "reports/_gone.html", {"gone": number})


@needs("reports.view")
@require_POST
def refresh(request: HttpRequest, report_id: int) -> HttpResponse:
    """Compiles the report anew: the contacts as they are now."""
    _found(report_id)
    actions.compile(report_id, actor=access_of_request(request).actor)
    return redirect("reports:report", report_id)


@needs("reports.view")
@require_POST
def rename(request: HttpRequest, report_id: int) -> HttpResponse:
    """The title typed in place; the automatic one, typed or emptied, follows the options again."""
    found = _to_edit(request, report_id)
    title = " ".join(request.POST.get("title", "").split())
    actions.rename(report_id, "" if title == title_of(replace(found, title="")) else title, actor=access_of_request(request).actor)
    return redirect("reports:report", report_id)


@needs("reports.view")
@require_POST
def goal(request: HttpRequest, report_id: int) -> HttpResponse:
    """The goal that was typed, or none where the number was emptied."""
    _to_edit(request, report_id)
    number = request.POST.get("number", "").strip()
    try:
        wanted = display.goal(number, request.POST.get("every", "")) if number else None
        actions.set_goal(report_id, wanted, actor=access_of_request(request).actor)
    except DefinitionError as error:
        messages.error(request, " ".join(wording.problems(error)))
    return redirect(_back(request, report_id))


@needs("reports.view")
@require_POST
def color(request: HttpRequest, report_id: int) -> HttpResponse:
    """The color that somebody chose for a value of the breakdown."""
    _to_edit(request, report_id)
    chosen = request.POST.get("color", "").lower()
    if chosen and not display.is_color(chosen):
        messages.error(request, gettext("“%(color)s” is not a color. Write it as in #3366cc.") % {"color": chosen})
    else:
        actions.set_color(report_id, request.POST.get("value", ""), chosen, actor=access_of_request(request).actor)
    return redirect(_back(request, report_id))


def _typed(goal: Goal | None) -> str:
    """The number of the goal as it is typed in the reader's language."""
    return formats.number(goal.number) if goal else ""


def _back(request: HttpRequest, report_id: int) -> str:
    """The report in the view that was open."""
    view = {name: request.POST[name] for name in ("style", "measure") if request.POST.get(name)}
    return reverse("reports:report", args=[report_id]) + (f"?{urlencode(view)}" if view else "")


@needs("reports.create")
@require_POST
def duplicate(request: HttpRequest, report_id: int) -> HttpResponse:
    title = gettext("Copy of %(title)s") % {"title": title_of(_found(report_id))}
    copy = actions.duplicate(report_id, title, actor=access_of_request(request).actor)
    messages.success(request, gettext("This is the copy. Its options are the same."))
    return redirect("reports:report", copy or report_id)


@needs("reports.view")
@require_POST
def delete(request: HttpRequest, report_id: int) -> HttpResponse:
    title = title_of(_to_edit(request, report_id))
    actions.delete(report_id, actor=access_of_request(request).actor)
    messages.success(request, gettext("The report “%(title)s” is deleted. Its contacts are untouched.") % {"title": title})
    return redirect("reports:home")


@needs("export")
@require_GET
def table_csv(request: HttpRequest, report_id: int) -> HttpResponseBase:
    return _file(request, report_id, "csv", files.table)


@needs("export")
@require_GET
def contacts_csv(request: HttpRequest, report_id: int) -> HttpResponseBase:
    found = _found(report_id)
    if found.snapshot is None:
        return _not_yet(request, report_id)
    _tell_export(request, report_id)
    return csv_response(queries.contacts_sheet(_frozen(request, found)), files.name(title_of(found), "csv"), bom=True)


@needs("reports.view")
@require_GET
def chart_png(request: HttpRequest, report_id: int) -> HttpResponseBase:
    return _file(request, report_id, "png", lambda sheet: pictures.png(sheet.plot))


@needs("reports.view")
@require_GET
def chart_svg(request: HttpRequest, report_id: int) -> HttpResponseBase:
    return _file(request, report_id, "svg", lambda sheet: pictures.svg(sheet.plot))


TYPES = {"csv": "text/csv; charset=utf-8", "png": "image/png", "svg": "image/svg+xml"}


def _found(report_id: int) -> ReportView:
    found = queries.report(report_id)
    if found is None:
        raise Http404
    return found


def _to_edit(request: HttpRequest, report_id: int) -> ReportView:
    """The report, for somebody who may edit it: everybody's, or at least their own."""
    found = _found(report_id)
    if not found.may_be_edited(access_of_request(request)):
        raise Denied(gettext("Somebody else owns this report. Duplicate it, or ask for the right to edit everybody’s reports."))
    return found


def _viewed(request: HttpRequest, definition: Definition) -> Definition:
    """The saved definition in the view that the address asks for; an unknown view is the saved one."""
    style, measure = request.GET.get("style"), request.GET.get("measure")
    if style in set(Style):
        definition = replace(definition, style=Style(style))
    if measure in set(Measure) and definition.number:
        definition = replace(definition, measure=Measure(measure))
    return definition


def _frozen(request: HttpRequest, found: ReportView) -> Question:
    """The rows of the last compile, cut to this reader, in the view that the address asks for."""
    if found.snapshot is None:
        raise Http404
    question = queries.frozen(access_of_request(request), found.id, found.snapshot)
    return replace(question, definition=_viewed(request, question.definition))


def _picture(request: HttpRequest, definition: Definition) -> Context:
    """What the options of the builder would give now."""
    with queries.asked(access_of_request(request), definition) as question:
        return _drawn(Desk(question, queries.answer(question)).sheet())


def _drawn(sheet: Sheet) -> Context:
    """The sheet and what the browser needs to draw its chart."""
    look = {"light": theme.config(), "dark": theme.config(dark=True), "locale": sheet.plot.locale}
    return {"sheet": sheet, "plot": _compact(on_page(sheet.plot)), "look": _compact(look)}


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _builder(
    request: HttpRequest, fields: Mapping[str, Any], *, report: ReportView | None = None, error: DefinitionError | None = None
) -> HttpResponse:
    context: Context = {"report": report, "title": title_of(report) if report else "", **_fields(fields)}
    if error:
        return render(request, "reports/builder.html", {**context, "problems": wording.problems(error)}, status=422)
    return render(request, "reports/builder.html", context)


def _fields(fields: Mapping[str, Any]) -> Context:
    """The form, and the population in words."""
    catalog, population = queries.contacts_catalog(), fields.get("criteria", "")
    chips = narrowing.in_words(population, catalog)
    return {"form": ReportForm(fields, catalog), "plural": catalog.plural, "population": population, "chips": chips}


def _kept(report: ReportView) -> Context:
    """The fields of a report that cannot be run any more, as far as they can be shown."""
    return {name: value for name, value in report.raw.items() if isinstance(value, str)}


def _rights(request: HttpRequest, found: ReportView | None = None) -> Context:
    access = access_of_request(request)
    may_edit = found is not None and found.may_be_edited(access)
    return {"may_create": access.may("reports.create"), "may_edit": may_edit, "may_export": access.may("export")}


def _switches() -> Context:
    """Standard or cumulative; contacts, sum or average."""
    measures = ((Measure.COUNT, gettext("Contacts")), (Measure.SUM, gettext("Sum")), (Measure.AVERAGE, gettext("Average")))
    return {
        "every": [(unit.value, gettext(label)) for unit, label in EVERY.items()],
        "styles": [(style, gettext(label)) for style, label in STYLE_LABELS.items()],
        "measures": measures,
    }


def _file(request: HttpRequest, report_id: int, form: str, write: Callable[[Sheet], bytes]) -> HttpResponseBase:
    found = _found(report_id)
    if found.snapshot is None:
        return _not_yet(request, report_id)
    if form == "csv":
        _tell_export(request, report_id)
    question = _frozen(request, found)
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
