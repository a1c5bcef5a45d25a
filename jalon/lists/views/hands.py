"""Putting records into static lists and taking them out: from the list, from an index page's selection, from a record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jalon.accounts.access import Access, needs
from jalon.criteria import queries as criteria
from jalon.criteria import tree
from jalon.criteria.problems import CriteriaError
from jalon.folders import queries as folders
from jalon.lists import actions, queries, waiting, wording
from jalon.lists.actions import ListError
from jalon.lists.hands import actions as hands
from jalon.lists.models import List
from jalon.lists.queries import ListView
from jalon.lists.table import members_among
from jalon.lists.views.editing import hits
from jalon.lists.views.finding import catalog_in_sight, list_in_use, settle
from jalon.records import queries as records
from jalon.records import selection
from jalon.records.columns import Catalog
from jalon.records.queries import RecordView
from jalon.records.selection import Selection
from jalon.web import formats
from jalon.web.pages import leave_for, page_under, render
from jalon.web.toasts import say

Kind = List.Kind


@dataclass(frozen=True, slots=True)
class Choice:
    """A static list that records can be put into."""

    id: int
    name: str
    size: int
    is_in: bool = False


# On the list's page


@needs("lists.edit")
@require_GET
def hand(request: HttpRequest, list_id: int) -> HttpResponse:
    """The drawer that looks for records to add."""
    access, view, catalog = list_in_use(request, list_id)
    found = list(hits(access, catalog, request.GET.get("find", "")))
    inside = _inside(view, [record for record, _, _ in found])
    context = {"list": view, "catalog": catalog, "hits": [(*hit, hit[0] in inside) for hit in found], "typed": request.GET.get("find", "")}
    return render(request, "lists/_hand_hits.html" if "find" in request.GET else "lists/_hand.html", context)


def _inside(view: ListView, ids: Sequence[int]) -> set[int]:
    """Those of a few records that are in the list."""
    return members_among(view.id, ids)


@needs("lists.edit")
@require_POST
def put_in(request: HttpRequest, list_id: int, record_id: int) -> HttpResponse:
    """One record, of the drawer's search."""
    access, view, catalog = list_in_use(request, list_id)
    record = _record(access, catalog, record_id)
    try:
        actions.add(list_id, [record_id], actor=access.actor)
    except ListError as refused:
        return render(request, "lists/_put.html", {"record": record, "problems": refused.sentences}, status=422)
    waiting.wait(list_id, settings.READ_PATIENCE_MS)
    response = render(request, "lists/_put.html", {"record": record, "list": view})
    response.headers["HX-Trigger"] = "members-changed"
    return response


@needs("lists.edit")
@require_http_methods(["GET", "POST"])
def take_out(request: HttpRequest, list_id: int) -> HttpResponse:
    """The chosen members, after a look at how many they are."""
    access, view, catalog = list_in_use(request, list_id)
    chosen = _chosen(request.POST if request.method == "POST" else request.GET, catalog)
    if request.method == "GET":
        context = {"list": view, "held": selection.count(access, chosen), "hidden": list(chosen.parameters().items())}
        return render(request, "lists/_take_out.html", context)
    try:
        asked = hands.ask(access, view, chosen, add=False)
    except ListError as refused:
        messages.error(request, " ".join(refused.sentences))
    else:
        told = ngettext("%(count)s record is taken out of the list.", "%(count)s records are taken out of the list.", asked.count)
        _tell(request, view, asked, told)
    return leave_for(request, reverse("lists:list", args=[list_id]))


# From a selection of an index page


@needs("lists.edit")
@require_http_methods(["GET", "POST"])
def bulk(request: HttpRequest, plural: str) -> HttpResponse:
    """The chosen records into a static list, an existing one or a new one; or their filters as an active list."""
    access, catalog = catalog_in_sight(request, plural)
    chosen = _chosen(request.POST if request.method == "POST" else request.GET, catalog)
    problems: Sequence[str] = ()
    if request.method == "POST":
        try:
            view = _target(request, access, catalog)
            asked = hands.ask(access, view, chosen, add=True)
        except ListError as refused:
            problems = refused.sentences
        else:
            told = ngettext("%(count)s record is put into “%(name)s”.", "%(count)s records are put into “%(name)s”.", asked.count)
            _tell(request, view, asked, told)
            return leave_for(request, reverse("lists:list", args=[view.id]))
    context: dict[str, Any] = {
        "catalog": catalog,
        "held": selection.count(access, chosen),
        "hidden": list(chosen.parameters().items()),
        "choices": _choices(access, catalog),
        "folders": folders.choices(queries.folders()),
        "said": request.POST or request.GET,
        "problems": problems,
        "active_url": _active_url(chosen) if _may_be_followed(chosen) else "",
        "back": _page_under(request, catalog),
    }
    return render(request, "lists/_bulk.html", context, status=422 if problems else 200)


def _target(request: HttpRequest, access: Access, catalog: Catalog) -> ListView:
    """The list that was chosen, or a new one of this name. Raises ListError."""
    if request.POST.get("how") == "new":
        folder = request.POST.get("folder", "")
        known = {str(one.id): one.id for one in queries.folders()}
        return actions.create(request.POST.get("name", ""), catalog.object_type, Kind.MANUAL, folder=known.get(folder), actor=access.actor)
    text = request.POST.get("list", "")
    view = queries.one(access, int(text)) if text.isdecimal() and len(text) < 19 else None
    if view is None or view.object_type != catalog.object_type:
        raise ListError(gettext("Choose a list."))
    return view


def _may_be_followed(chosen: Selection) -> bool:
    """Whether the selection is all that meet criteria which an active list can follow."""
    if not chosen.every or not chosen.criteria or chosen.search:
        return False
    try:
        return not criteria.not_followed(tree.from_text(chosen.criteria))
    except CriteriaError:
        return False


def _active_url(chosen: Selection) -> str:
    parameters = QueryDict(mutable=True)
    parameters.update({"object_type": chosen.catalog.object_type, "kind": Kind.DYNAMIC, "criteria": chosen.criteria})
    return f"{reverse('lists:new')}?{parameters.urlencode()}"


def _choices(access: Access, catalog: Catalog, inside: frozenset[int] = frozenset()) -> list[Choice]:
    views = [view for view in queries.found(access, catalog.object_type) if not view.is_active]
    return [Choice(view.id, view.name, queries.size(access, view), view.id in inside) for view in views]


def _tell(request: HttpRequest, view: ListView, asked: hands.Asked, told: str) -> None:
    if asked.in_background:
        messages.info(
            request, gettext("The records are being gone through. The top of the page shows how far it is; you may go on meanwhile.")
        )
        return
    settle(request, view.id)
    say(request, told % {"count": formats.number(asked.count), "name": view.name})


# On the page of a record


@dataclass(frozen=True, slots=True)
class Line:
    """A list that the record is in."""

    id: int
    name: str
    since: datetime
    why: str
    is_active: bool


@needs("lists.view")
@require_GET
def panel(request: HttpRequest, plural: str, id: int) -> HttpResponse:
    """The lists that the record is in."""
    access, catalog = catalog_in_sight(request, plural)
    return _panel(request, access, catalog, _record(access, catalog, id))


@needs("lists.edit")
@require_GET
def choose(request: HttpRequest, plural: str, id: int) -> HttpResponse:
    """The drawer with the static lists that the record can be put into."""
    access, catalog = catalog_in_sight(request, plural)
    record = _record(access, catalog, id)
    inside = frozenset(found.list.id for found in queries.lists_of(access, catalog.object_type, id))
    context = {"catalog": catalog, "record": record, "choices": _choices(access, catalog, inside)}
    return render(request, "lists/_choose.html", context)


@needs("lists.edit")
@require_POST
def join(request: HttpRequest, plural: str, id: int, list_id: int) -> HttpResponse:
    return _changed(request, plural, id, list_id, joins=True)


@needs("lists.edit")
@require_POST
def leave(request: HttpRequest, plural: str, id: int, list_id: int) -> HttpResponse:
    return _changed(request, plural, id, list_id, joins=False)


def _changed(request: HttpRequest, plural: str, id: int, list_id: int, *, joins: bool) -> HttpResponse:
    access, catalog = catalog_in_sight(request, plural)
    record = _record(access, catalog, id)
    verb = actions.add if joins else actions.remove
    problems: Sequence[str] = ()
    try:
        verb(list_id, [id], actor=access.actor)
    except ListError as refused:
        problems = refused.sentences
    waiting.wait(list_id, settings.READ_PATIENCE_MS)
    response = _panel(request, access, catalog, record, problems)
    response.headers["HX-Trigger"] = "record-changed"
    return response


def _panel(request: HttpRequest, access: Access, catalog: Catalog, record: RecordView, problems: Sequence[str] = ()) -> HttpResponse:
    context = {
        "catalog": catalog,
        "record": record,
        "lines": list(_lines(access, catalog, record)),
        "may_edit": access.may("lists.edit") and not record.archived,
        "problems": problems,
    }
    return render(request, "lists/_panel.html", context)


def _lines(access: Access, catalog: Catalog, record: RecordView) -> Iterator[Line]:
    for found in queries.lists_of(access, catalog.object_type, record.id):
        yield Line(found.list.id, found.list.name, found.joined_at, wording.reason(found.why), found.list.is_active)


# From an address to what it names


def _record(access: Access, catalog: Catalog, id: int) -> RecordView:
    found = records.record(access, catalog.object_type, id)
    if found is None:
        raise Http404
    return found


def _chosen(parameters: QueryDict, catalog: Catalog) -> Selection:
    found = selection.read(parameters, catalog)
    if found is None:
        raise Http404
    return found


def _page_under(request: HttpRequest, catalog: Catalog) -> str:
    return page_under(request, reverse("records:index", args=[catalog.plural]))
