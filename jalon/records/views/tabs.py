"""The tabs above an index page: its views, what differs from the open one, and what can be done about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from jalon.accounts.access import access_of_request
from jalon.records import address
from jalon.records.address import SHOWN, Address, Base
from jalon.records.columns import Catalog
from jalon.records.saved_views import queries, usual
from jalon.records.saved_views.queries import Tabs, View


@dataclass(frozen=True, slots=True)
class Tab:
    """A view as a link."""

    view: View
    url: str
    current: bool
    first: bool  # opens where an address names no view


def place(request: HttpRequest, catalog: Catalog) -> tuple[Tabs, Address]:
    """The views of this person, and what the request asks to see of the open one."""
    tabs = queries.tabs(access_of_request(request), catalog)
    return tabs, read(request, catalog, tabs)


def address_of(request: HttpRequest, catalog: Catalog) -> Address:
    """The table that a request of the page, of its drawers or of its export speaks of."""
    return place(request, catalog)[1]


def read(request: HttpRequest, catalog: Catalog, tabs: Tabs) -> Address:
    """An address that says nothing at all is that of the view that this person wants to see first."""
    path = reverse("records:index", args=[catalog.plural])
    bare = not any(name in request.GET for name in SHOWN)
    key = request.GET.get("view", tabs.default if bare and tabs.default != usual.ALL else "")
    view = tabs.view(key)
    columns = queries.own_columns(access_of_request(request), catalog)
    return address.read(request.GET.dict(), path, catalog, view.base if view else Base(columns=columns))


def context(catalog: Catalog, tabs: Tabs, here: Address) -> dict[str, Any]:
    """What the tabs need to be drawn."""
    current = tabs.view(here.base.key or usual.ALL)
    arguments = [catalog.plural]
    differences = here.differences()
    is_saved = current is not None and current.saved
    if not is_saved:  # whether a usual view is a table or a board is no change of it
        differences = {name: value for name, value in differences.items() if name not in ("layout", "pipeline")}
    return {
        "tabs": [_tab(view, here, tabs, current) for view in tabs.shown],
        "other_tabs": [_tab(view, here, tabs, current) for view in tabs.others],
        "current_view": current,
        "is_pinned": current in tabs.shown,
        "is_first": current is not None and current.key == tabs.default,
        "is_changed": bool(differences),
        "is_saved": is_saved,
        "may_save": is_saved and current is not None and current.may_change,
        "discard_url": view_url(here, current) if current else here.path,
        "state": urlencode(here.first_page().parameters()),
        "arrange_url": reverse("records:view_arrange", args=arguments),
        "create_view_url": reverse("records:view_create", args=arguments),
    }


def view_url(here: Address, view: View) -> str:
    return f"{here.path}?view={view.key}"


def _tab(view: View, here: Address, tabs: Tabs, current: View | None) -> Tab:
    return Tab(view, view_url(here, view), view == current, view.key == tabs.default)
