"""The index page of an object type: /contacts/, /companies/, and every custom object."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_POST

from jalon.accounts.access import Access, needs
from jalon.records import address, pages, queries
from jalon.records.address import Address
from jalon.records.columns import CURRENCY, Catalog, PropertySpec
from jalon.records.display import Display, Shown
from jalon.records.pipelines.queries import KINDS
from jalon.records.saved_views import actions, usual
from jalon.records.saved_views import queries as queries_of_views
from jalon.records.views.board import board
from jalon.records.views.bulk import bulk_bar
from jalon.records.views.finding import catalog_in_sight
from jalon.records.views.tabs import address_of, place
from jalon.records.views.tabs import context as tabs_context
from jalon.warehouse.schema import Kind
from jalon.web.pages import render, wants_part

ROWS = 50
NUMERIC = frozenset({Kind.NUMBER, Kind.INTEGER})


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's heading: `direction` is "ascending", "descending" or empty; `url` sorts by it."""

    name: str
    label: str
    url: str
    direction: str
    numeric: bool
    ascending: str
    descending: str


@dataclass(frozen=True, slots=True)
class Line:
    """One record of the table."""

    id: int
    name: str
    url: str
    cells: tuple[tuple[Shown, bool], ...]


@needs("records.view")
@require_GET
def index(request: HttpRequest, plural: str) -> HttpResponse:
    access, catalog = catalog_in_sight(request, plural)
    tabs, here = place(request, catalog)
    narrowing = pages.narrower().read(here.criteria, catalog)
    context = _frame(access, catalog, here, narrowing) | tabs_context(catalog, tabs, here)
    if not narrowing.problems:
        show = board if context["is_board"] else _table
        context |= show(access, catalog, here, narrowing)
    context["widths"] = queries_of_views.widths(access, catalog, view) if (view := context["current_view"]) else {}
    return render(request, "records/index.html", context | {"oob": wants_part(request)}, part="results")


@needs("records.view")
@require_GET
def columns(request: HttpRequest, plural: str) -> HttpResponse:
    """The drawer in which columns are chosen and put in order."""
    _, catalog = catalog_in_sight(request, plural)
    here = address_of(request, catalog)
    language = get_language() or "en"
    others = [spec for spec in catalog.properties.values() if spec.name not in here.columns and not spec.hidden]
    context = {
        "catalog": catalog,
        "here": here,
        "chosen": [(catalog.properties[name], catalog.properties[name].label(language)) for name in here.columns],
        "others": sorted(((spec, spec.label(language)) for spec in others), key=lambda pair: pair[1].casefold()),
        "back": here.url(),
        "choose_url": f"{reverse('records:choose_columns', args=[plural])}{_query(here)}",
    }
    return render(request, "records/_columns.html", context)


@needs("records.view")
@require_POST
def choose_columns(request: HttpRequest, plural: str) -> HttpResponse:
    """Keeps the columns for this person, or, of a saved view, as a change that is not saved yet; and goes back to the table."""
    access, catalog = catalog_in_sight(request, plural)
    here = address_of(request, catalog)
    names = address.known(catalog, request.POST.getlist("column")) or address.usual(catalog)
    if not here.base.key.isdigit():
        actions.choose_columns(access, catalog, names)
        here = replace(here, base=replace(here.base, columns=names))
    back = replace(here.first_page(), columns=names).url()
    if wants_part(request):
        target = json.dumps({"path": back, "target": "#records"})
        return HttpResponse(status=204, headers={"HX-Location": target} if "in_place" in request.POST else {"HX-Redirect": back})
    return HttpResponseRedirect(back)


def _frame(access: Access, catalog: Catalog, here: Address, narrowing: pages.Narrowing) -> dict[str, Any]:
    """What stands around the records, whether they are a table or a board."""
    language = get_language() or "en"
    actions = [(gettext(action.label), action.icon, action.url(catalog)) for action in pages.index_actions(access)]
    criteria = urlencode({**here.parameters(), "criteria": here.criteria})
    has_board = catalog.object_type in KINDS
    return {
        "catalog": catalog,
        "label": catalog.label(language).lower(),
        "plural": catalog.plural_label(language),
        "here": here,
        "narrowing": narrowing,
        "chips": [(chip.words, here.narrowed(chip.rest), chip.starts_group) for chip in narrowing.chips],
        "cleared": here.narrowed(""),
        "editor": f"{reverse(pages.narrower().editor, args=[catalog.plural])}?{criteria}",
        "columns_url": f"{reverse('records:columns', args=[catalog.plural])}{_query(here)}",
        "choose_url": f"{reverse('records:choose_columns', args=[catalog.plural])}{_query(here)}",
        "widths_url": reverse("records:view_width", args=[catalog.plural, here.base.key or usual.ALL]),
        "has_board": has_board,
        "is_board": has_board and here.layout == address.BOARD,
        "as_table": replace(here.first_page(), layout=address.TABLE).url(),
        "as_board": replace(here.first_page(), layout=address.BOARD).url(),
        "index_actions": actions,
        "first_action": actions[0] if actions else None,
        "may_create": access.may("records.edit") and access.scope(catalog.object_type, "edit") != "none",
        "is_narrowed": bool(here.search or narrowing.chips),
    }


def _table(access: Access, catalog: Catalog, here: Address, narrowing: pages.Narrowing) -> dict[str, Any]:
    names = address.known(catalog, (*here.columns, *address.name_columns(catalog), CURRENCY))
    page = queries.page(
        access,
        catalog.object_type,
        columns=names,
        where=narrowing.where,
        search=here.search,
        sort=here.sort,
        after=here.after,
        limit=ROWS,
    )
    language = get_language() or "en"
    specs = [catalog.properties[name] for name in here.columns]
    name = catalog.primary[0] if catalog.primary else ""
    return {
        "lines": _lines(catalog, here, specs, page.rows),
        "total": page.total,
        "shown": len(page.rows),
        "next_url": here.at(page.next) if page.next else "",
        "previous_url": here.at(page.previous) if page.previous else "",
        "headings": list(_headings(catalog, here, language)),
        "name_url": here.sorted_by(name) if name else "",
        "name_direction": _direction(here, name) if name else "",
        **bulk_bar(access, catalog, here),
    }


def _lines(catalog: Catalog, here: Address, specs: Sequence[PropertySpec], rows: Sequence[dict[str, Any]]) -> list[Line]:
    display = Display()
    stem = reverse("records:index", args=[catalog.plural])
    return [
        Line(
            row["id"],
            address.name_of(catalog, row) or f"{catalog.label(display.language)} {row['id']}",
            f"{stem}{row['id']}/",
            tuple((display.show(spec, row.get(spec.name), row), spec.kind in NUMERIC) for spec in specs),
        )
        for row in rows
    ]


def _headings(catalog: Catalog, here: Address, language: str) -> Iterator[Heading]:
    for name in here.columns:
        spec = catalog.properties[name]
        up, down = (replace(here.first_page(), sort=sort).url() for sort in (name, f"-{name}"))
        yield Heading(name, spec.label(language), here.sorted_by(name), _direction(here, name), spec.kind in NUMERIC, up, down)


def _direction(here: Address, name: str) -> str:
    return {name: "ascending", f"-{name}": "descending"}.get(here.sort, "")


def _query(here: Address) -> str:
    _, mark, query = here.url().partition("?")
    return mark + query
