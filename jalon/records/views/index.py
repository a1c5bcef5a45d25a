"""The index page of an object type: /contacts/, /companies/, and every custom object."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_POST

from jalon.accounts.access import Access, access_of_request, needs
from jalon.accounts.models import Preference
from jalon.accounts.queries import preference
from jalon.records import address, pages, queries
from jalon.records.address import Address
from jalon.records.columns import Catalog, PropertySpec
from jalon.records.display import Display, Shown
from jalon.records.views.finding import catalog_in_sight
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
    here = address_of(request, catalog)
    narrowing = pages.narrower().read(here.criteria, catalog)
    context = _frame(access, catalog, here, narrowing)
    if not narrowing.problems:
        context |= _table(access, catalog, here, narrowing)
    return render(request, "records/index.html", context | {"oob": wants_part(request)}, part="table")


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
    """Keeps the columns for this person and goes back to the table."""
    access, catalog = catalog_in_sight(request, plural)
    names = address.known(catalog, request.POST.getlist("column")) or address.usual(catalog)
    Preference.remember(access.actor.user_id, columns_key(catalog), list(names))
    here = address_of(request, catalog)
    back = Address(here.path, criteria=here.criteria, search=here.search, sort=here.sort).url()
    if wants_part(request):
        return HttpResponse(status=204, headers={"HX-Redirect": back})
    return HttpResponseRedirect(back)


def address_of(request: HttpRequest, catalog: Catalog) -> Address:
    """The table that a request of this page, its drawer or its export speaks of."""
    path = reverse("records:index", args=[catalog.plural])
    return address.read(request.GET.dict(), path, catalog, chosen_columns(access_of_request(request), catalog))


def columns_key(catalog: Catalog) -> str:
    return f"{catalog.object_type}.columns"


def chosen_columns(access: Access, catalog: Catalog) -> tuple[str, ...]:
    names = preference(access.actor.user_id, columns_key(catalog))
    return address.known(catalog, names if isinstance(names, list) else ())


def _frame(access: Access, catalog: Catalog, here: Address, narrowing: pages.Narrowing) -> dict[str, Any]:
    """What stands around the table."""
    language = get_language() or "en"
    actions = [(gettext(action.label), action.icon, action.url(catalog)) for action in pages.index_actions(access)]
    return {
        "catalog": catalog,
        "label": catalog.label(language).lower(),
        "plural": catalog.plural_label(language),
        "here": here,
        "narrowing": narrowing,
        "chips": [(chip.words, here.narrowed(chip.rest), chip.starts_group) for chip in narrowing.chips],
        "cleared": here.narrowed(""),
        "editor": f"{reverse(pages.narrower().editor, args=[catalog.plural])}{_query(here)}",
        "columns_url": f"{reverse('records:columns', args=[catalog.plural])}{_query(here)}",
        "export_url": reverse("records:export", args=[catalog.plural]),
        "index_actions": actions,
        "first_action": actions[0] if actions else None,
        "may_create": access.may("records.edit") and access.scope(catalog.object_type, "edit") != "none",
        "may_export": access.may("export"),
        "headings": list(_headings(catalog, here, language)),
        "name_url": here.sorted_by(catalog.primary[0]) if catalog.primary else "",
        "name_direction": _direction(here, catalog.primary[0]) if catalog.primary else "",
    }


def _table(access: Access, catalog: Catalog, here: Address, narrowing: pages.Narrowing) -> dict[str, Any]:
    names = address.known(catalog, (*here.columns, *address.name_columns(catalog)))
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
    specs = [catalog.properties[name] for name in here.columns]
    return {
        "lines": _lines(catalog, specs, page.rows),
        "total": page.total,
        "shown": len(page.rows),
        "next_url": here.at(page.next) if page.next else "",
        "previous_url": here.at(page.previous) if page.previous else "",
        "is_narrowed": bool(here.search or narrowing.chips),
    }


def _lines(catalog: Catalog, specs: Sequence[PropertySpec], rows: Sequence[dict[str, Any]]) -> list[Line]:
    display = Display()
    stem = reverse("records:index", args=[catalog.plural])
    return [
        Line(
            row["id"],
            address.name_of(catalog, row) or f"{catalog.label(display.language)} {row['id']}",
            f"{stem}{row['id']}/",
            tuple((display.show(spec, row.get(spec.name)), spec.kind in NUMERIC) for spec in specs),
        )
        for row in rows
    ]


def _headings(catalog: Catalog, here: Address, language: str) -> Iterator[Heading]:
    for name in here.columns:
        spec = catalog.properties[name]
        yield Heading(name, spec.label(language), here.sorted_by(name), _direction(here, name), spec.kind in NUMERIC)


def _direction(here: Address, name: str) -> str:
    return {name: "ascending", f"-{name}": "descending"}.get(here.sort, "")


def _query(here: Address) -> str:
    _, mark, query = here.url().partition("?")
    return mark + query
