"""The index page of an object type: /contacts/, /companies/, and every custom object."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from jalon.accounts.access import Access, needs
from jalon.records import address, pages, table
from jalon.records.address import Address
from jalon.records.columns import Catalog
from jalon.records.pipelines.queries import KINDS
from jalon.records.saved_views import actions
from jalon.records.saved_views import queries as queries_of_views
from jalon.records.views.board import board
from jalon.records.views.finding import catalog_in_sight
from jalon.records.views.tabs import address_of, place
from jalon.records.views.tabs import context as tabs_context
from jalon.web.numbers import whole
from jalon.web.pages import render, wants_part


@needs("records.view")
@require_GET
def index(request: HttpRequest, plural: str) -> HttpResponse:
    access, catalog = catalog_in_sight(request, plural)
    tabs, here = place(request, catalog)
    narrowing = pages.narrower().read(here.criteria, catalog, access)
    context = _frame(access, catalog, here, narrowing) | tabs_context(catalog, tabs, here)
    if not narrowing.problems:
        show = board if context["is_board"] else table.rows
        context |= show(access, catalog, here, narrowing)
    context["widths"] = queries_of_views.widths(access, catalog, view) if (view := context["current_view"]) else {}
    return render(request, "records/index.html", context | {"oob": wants_part(request)}, part="results")


@needs("records.view")
@require_GET
def columns(request: HttpRequest, plural: str) -> HttpResponse:
    """The drawer in which columns are chosen and put in order."""
    _, catalog = catalog_in_sight(request, plural)
    here = address_of(request, catalog)
    choose = f"{reverse('records:choose_columns', args=[plural])}{here.query()}"
    return render(request, "records/_columns.html", table.columns(catalog, here, choose))


@needs("records.view")
@require_POST
def choose_columns(request: HttpRequest, plural: str) -> HttpResponse:
    """Keeps the columns for this person, or, of a saved view, as a change that is not saved yet; and goes back to the table."""
    access, catalog = catalog_in_sight(request, plural)
    here = address_of(request, catalog)
    names = address.known(catalog, request.POST.getlist("column")) or address.usual(catalog)
    if whole(here.base.key) is None:
        actions.choose_columns(access, catalog, names)
        here = replace(here, base=replace(here.base, columns=names))
    back = replace(here.first_page(), columns=names).url()
    if wants_part(request):
        target = json.dumps({"path": back, "target": "#records"})
        return HttpResponse(status=204, headers={"HX-Location": target} if "in_place" in request.POST else {"HX-Redirect": back})
    return HttpResponseRedirect(back)


def _frame(access: Access, catalog: Catalog, here: Address, narrowing: pages.Narrowing) -> dict[str, Any]:
    """What stands around the records, whether they are a table or a board."""
    actions = [(gettext(action.label), action.icon, action.url(catalog)) for action in pages.index_actions(access)]
    has_board = catalog.object_type in KINDS
    return table.frame(catalog, here, narrowing) | {
        "has_board": has_board,
        "is_board": has_board and here.layout == address.BOARD,
        "as_table": replace(here.first_page(), layout=address.TABLE).url(),
        "as_board": replace(here.first_page(), layout=address.BOARD).url(),
        "index_actions": actions,
        "first_action": actions[0] if actions else None,
        "may_create": access.may("records.edit") and access.scope(catalog.object_type, "edit") != "none",
    }
