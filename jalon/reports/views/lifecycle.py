"""The lifecycle report: live, every number with the journeys behind it; its columns, files and picture."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from jalon.accounts.access import Access, access_of_request, needs
from jalon.accounts.actions import audit
from jalon.exports.responses import response
from jalon.exports.sheet import Format, Sheet
from jalon.lifecycle import queries as lifecycle
from jalon.records import queries as records
from jalon.reports import queries as saved
from jalon.reports.kinds import lifecycle as kind
from jalon.reports.lifecycle import actions, asked, files, pictures, printed, queries, toolbar, words
from jalon.reports.lifecycle.asked import OBJECT_TYPE, Asked
from jalon.reports.lifecycle.sheet import Desk
from jalon.reports.lifecycle.shown import Sheet as Shown
from jalon.reports.views.downloads import attached, drawn
from jalon.warehouse.words import N_
from jalon.web.pages import leave_for, render

EXPORTED = N_("%(who)s exported a table of the lifecycle report: %(what)s.")


@needs("reports.view")
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """The report as the address asks for it: days of the entry, contacts, breakdown."""
    if not _is_there():
        return render(request, "reports/lifecycle/off.html", {"may_turn_on": access_of_request(request).may("property_settings")})
    access = access_of_request(request)
    said = asked.read(request.GET, records.catalog(OBJECT_TYPE))
    context = toolbar.context(request, said, "reports:lifecycle", breakdown=True)
    context |= {"sheet": _sheet(request, said), "may_export": access.may("export"), "may_set": access.may("property_settings")}
    context |= {"may_save": access.may("reports.create"), **_editing(access, said)}
    return toolbar.answered(request, "reports/lifecycle/page.html", context, part="report")


def _editing(access: Access, said: Asked) -> dict[str, Any]:
    """The saved report whose options are being changed here, for who may."""
    found = saved.report(int(said.report), access) if said.report else None
    return {"saved": found.id, "saved_title": saved.title_of(found)} if found and found.may_be_edited(access) else {}


def _is_there() -> bool:
    return lifecycle.is_set_up() and lifecycle.is_shown()


def _sheet(request: HttpRequest, said: Asked) -> Shown:
    access = access_of_request(request)
    question = queries.ask(access, said.definition)
    chosen = queries.columns(access.actor.user_id, tuple(words.COLUMNS), words.USUAL)
    return Desk(question, queries.answer(question), chosen).sheet()


@needs("reports.view")
@require_http_methods(["GET", "POST"])
def columns(request: HttpRequest) -> HttpResponse:
    """The drawer in which the columns of the breakdown by stage are chosen; they are kept for this person."""
    user_id = access_of_request(request).actor.user_id
    if request.method == "POST":
        names = [name for name in request.POST.getlist("column") if name in words.COLUMNS]
        actions.choose_columns(user_id, names)
        if not names:
            messages.info(request, gettext("No column was chosen, so the usual ones are shown."))
        return leave_for(request, _back(request))
    chosen = queries.columns(user_id, tuple(words.COLUMNS), words.USUAL)
    ordered = (*chosen, *(name for name in words.COLUMNS if name not in chosen))
    lines = [(name, gettext(words.COLUMNS[name].label), gettext(words.COLUMNS[name].formula), name in chosen) for name in ordered]
    return render(request, "reports/lifecycle/_columns.html", {"columns": lines, "back": _back(request)})


def _back(request: HttpRequest) -> str:
    """The report as it stands."""
    current = request.POST.get("back", "") or request.headers.get("HX-Current-URL", "")
    return current if url_has_allowed_host_and_scheme(current, {request.get_host()}) else reverse("reports:lifecycle")


@needs("export")
@require_GET
def table(request: HttpRequest, name: str, form: str) -> HttpResponseBase:
    """One of the tables as a file: the days, contacts and columns that are shown."""
    if name not in set(files.Table) or form not in set(Format) or not _is_there():
        raise Http404
    sheet = _asked_sheet(request)
    made: Sheet = files.table(sheet, files.Table(name))
    access = access_of_request(request)
    audit(access.actor, "export.table", EXPORTED, link=reverse("reports:lifecycle"), what=sheet.subtitle)
    return response(made, Format(form), f"{sheet.title}, {made.name}")


@needs("reports.view")
@require_GET
def picture(request: HttpRequest, form: str) -> HttpResponse:
    """The funnel as a picture."""
    if form not in pictures.FORMS or not _is_there():
        raise Http404
    back = f"{reverse('reports:lifecycle')}?{request.GET.urlencode()}"
    name = f"{gettext('Lifecycle journey funnel')}.{form}"
    return drawn(request, lambda: pictures.FORMS[form](_asked_sheet(request)), name, back=back)


@needs("reports.view")
@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    """Every figure as JSON, exact: what `jalon report run --json` tells, cut to what this reader may see."""
    if not _is_there():
        raise Http404
    said = asked.read(request.GET, records.catalog(OBJECT_TYPE))
    question = queries.ask(access_of_request(request), said.definition)
    told = printed.figures(Desk(question, queries.answer(question)))
    return attached(_json(told), f"{gettext('Lifecycle report')}.json", "application/json")


@needs("reports.view")
@require_GET
def definition(request: HttpRequest) -> HttpResponse:
    """What is asked, as JSON: for `jalon report run`."""
    said = asked.read(request.GET, records.catalog(OBJECT_TYPE))
    return attached(_json(kind.written(said.definition)), "lifecycle.json", "application/json")


def _json(told: Any) -> bytes:
    return (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode()


def _asked_sheet(request: HttpRequest) -> Shown:
    return _sheet(request, asked.read(request.GET, records.catalog(OBJECT_TYPE)))
