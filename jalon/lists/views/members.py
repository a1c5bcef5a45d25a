"""The page of a list: its members, in the table of the index page; and their file."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from jalon.accounts.access import Access, needs
from jalon.accounts.actions import audit
from jalon.accounts.queries import account
from jalon.exports.responses import response
from jalon.exports.sheet import SHEET_ROWS, choose_format
from jalon.lists import flow
from jalon.lists.queries import ListView
from jalon.lists.table import LATEST, NAME, within
from jalon.lists.views.finding import frame, list_in_sight, standing_of
from jalon.records import address, pages, selection, sheets, table
from jalon.records import queries as records
from jalon.records.address import Address, Base
from jalon.records.columns import Catalog
from jalon.records.saved_views import actions as saved_views
from jalon.records.saved_views import queries as queries_of_views
from jalon.records.saved_views.queries import View
from jalon.warehouse.words import N_
from jalon.web.pages import render, wants_part

EXPORTED = N_("%(who)s exported %(rows)s records: %(what)s.")


@needs("lists.view")
@require_GET
def members(request: HttpRequest, list_id: int) -> HttpResponse:
    """Who is in the list; `?on=` a day, who was in it at its end."""
    access, view, catalog, here, then = _place(request, list_id)
    looked = within(view.id, before=_end_of(then) if then else None)
    if not then and not view.is_active and not view.deleted_at and access.may("lists.edit"):
        taking_out = (gettext("Take out of the list"), "user-minus", reverse("lists:take_out", args=[view.id]))
        looked = replace(looked, bulk=(taking_out,))
    narrowing = pages.narrower().read(here.criteria, records.catalog(view.object_type), access)
    context = frame(access, view, "members") | table.frame(catalog, here, narrowing, looked)
    if not narrowing.problems:
        context |= table.rows(access, catalog, here, narrowing, looked) | _then(access, view, then, here)
    usual = View("", "", Base())
    context |= {
        "widths": queries_of_views.widths(access, catalog, usual),
        "oob": wants_part(request),
        "open_url": _open_url(catalog, request.GET.get("open", "")),
        "all_url": reverse("records:index", args=[catalog.plural]),
    }
    return render(request, "lists/members.html", context, part="members")


def _then(access: Access, view: ListView, then: date | None, here: Address) -> dict[str, Any]:
    """At an earlier day nothing can be done with all that match, and some of them may be gone since."""
    if then is None:
        return {}
    size = next((day.size for day in reversed(flow.days(access, view)) if day.day <= then), 0)
    kept = records.count(access, view.object_type, beside=within(view.id, before=_end_of(then)).beside)
    return {"then": then, "gone": max(0, size - kept) if not here.search else 0, "bulk": None}


def _open_url(catalog: Catalog, text: str) -> str:
    return reverse("records:preview", args=[catalog.plural, int(text)]) if text.isdecimal() and len(text) < 19 else ""


@needs("lists.view")
@require_GET
def columns(request: HttpRequest, list_id: int) -> HttpResponse:
    """The drawer in which columns are chosen and put in order."""
    _, view, catalog, here, _ = _place(request, list_id)
    choose = reverse("lists:choose_columns", args=[view.id]) + here.query()
    return render(request, "records/_columns.html", table.columns(catalog, here, choose))


@needs("lists.view")
@require_POST
def choose_columns(request: HttpRequest, list_id: int) -> HttpResponse:
    """Keeps the columns for this person, for the index page too; the moment of joining belongs to lists only."""
    access, _, catalog, here, _ = _place(request, list_id)
    names = address.known(catalog, request.POST.getlist("column")) or address.usual(catalog)
    saved_views.choose_columns(access, catalog, tuple(name for name in names if name != NAME) or address.usual(catalog))
    back = replace(here.first_page(), columns=names).url()
    if wants_part(request):
        target = json.dumps({"path": back, "target": "#records"})
        return HttpResponse(status=204, headers={"HX-Location": target} if "in_place" in request.POST else {"HX-Redirect": back})
    return HttpResponseRedirect(back)


@needs("export")
@require_GET
def export(request: HttpRequest, list_id: int) -> HttpResponseBase:
    """The members as a file, with the moment at which each joined: all that match, or those that are ticked."""
    access, view, catalog, here, then = _place(request, list_id)
    chosen = selection.read(request.GET, catalog)
    if chosen is None and "ids" in request.GET:
        raise Http404
    narrowing = pages.narrower().read(here.criteria, records.catalog(view.object_type), access)
    if narrowing.problems:
        return HttpResponse("\n".join(narrowing.problems), status=422, content_type="text/plain; charset=utf-8")
    where = selection.predicate(access, chosen) if chosen and chosen.ids else narrowing.where
    names = address.known(catalog, (*address.name_columns(catalog), *here.columns))
    beside = within(view.id, before=_end_of(then) if then else None).beside
    sheet = sheets.sheet(access, catalog, names, where=where, search=here.search, sort=here.sort, beside=beside)
    audit(access.actor, "export.records", EXPORTED, link=f"/lists/{view.id}/", rows=sheet.total, what=view.name)
    return response(sheet, choose_format(sheet.total, request.GET.get("format", ""), most=SHEET_ROWS), view.name)


@needs("lists.view")
@require_GET
def standing(request: HttpRequest, list_id: int) -> HttpResponse:
    """How far the work on it is; done, the page shows the members."""
    access, view = list_in_sight(request, list_id)
    if not standing_of(view).at_work:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return render(request, "lists/_standing.html", frame(access, view, ""))


# What the address asks for


def _place(request: HttpRequest, list_id: int) -> tuple[Access, ListView, Catalog, Address, date | None]:
    access, view = list_in_sight(request, list_id)
    if view.catalog is None:
        raise Http404
    beside = within(view.id).beside
    catalog = beside.widen(view.catalog) if beside else view.catalog
    then = _day(request.GET.get("on", ""))
    return access, view, catalog, _read(request, access, view, catalog, then), then


def _read(request: HttpRequest, access: Access, view: ListView, catalog: Catalog, then: date | None) -> Address:
    path = reverse("lists:list", args=[view.id])
    base = Base(columns=_usual(access, view.catalog or catalog), sort=LATEST)
    here = address.read(request.GET.dict(), path, catalog, base)
    wanted = request.GET.get("sort", LATEST)
    sort = wanted if wanted.removeprefix("-") in catalog.properties else LATEST
    return replace(here, sort=sort, fixed={"on": then.isoformat()} if then else {})


def _usual(access: Access, catalog: Catalog) -> tuple[str, ...]:
    """The columns of the index page, with the moment of joining before them."""
    return (NAME, *queries_of_views.own_columns(access, catalog))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _end_of(day: date) -> datetime:
    """The first instant after a day of the account."""
    try:
        return datetime.combine(day + timedelta(days=1), time(), account().tz)
    except OverflowError:
        return timezone.now()
