"""The lifecycle report: live, every number with the journeys behind it; its columns."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from jalon.accounts.access import Access, access_of_request, needs
from jalon.lifecycle import queries as lifecycle
from jalon.records import queries as records
from jalon.reports import queries as saved
from jalon.reports.lifecycle import actions, asked, queries, toolbar, words
from jalon.reports.lifecycle.asked import OBJECT_TYPE, Asked
from jalon.reports.lifecycle.sheet import Desk
from jalon.reports.lifecycle.shown import Sheet as Shown
from jalon.web.pages import inside, leave_for, page_under, render


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
    return inside(request, request.POST.get("back", ""), page_under(request, reverse("reports:lifecycle")))
