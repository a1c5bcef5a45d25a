"""The table of records, for every page that shows some: headings, lines, paging, and the bar under a selection.

The index page shows all of an object type, a list's page those that are in it; the address says how (`records.address`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language, gettext

from jalon.accounts.access import Access
from jalon.records import address, pages, queries
from jalon.records.address import Address
from jalon.records.beside import Beside
from jalon.records.columns import CURRENCY, Catalog, PropertySpec
from jalon.records.display import Display, Shown
from jalon.records.links.sides import sides
from jalon.records.saved_views import usual
from jalon.records.selection import Selection
from jalon.warehouse.schema import Kind

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


def _as_they_are(criteria: str) -> str:
    return criteria


@dataclass(frozen=True, slots=True)
class Within:
    """Which records a page looks among. Nothing said: all of the object type.

    `criteria` adds the page's own condition to those of its address, for what acts on all that match; `beside` is a column
    that goes with it. The addresses are those of the page's own drawer of columns and of its own export.
    """

    criteria: Callable[[str], str] = _as_they_are
    beside: Beside | None = None
    columns: str = ""
    choose: str = ""
    export: str = ""
    bulk: Sequence[tuple[str, str, str]] = field(default=())  # more buttons under a selection: words, icon, address of a drawer


EVERYTHING = Within()


def frame(catalog: Catalog, here: Address, narrowing: pages.Narrowing, within: Within = EVERYTHING) -> dict[str, Any]:
    """What stands around the records: their filters, search and columns."""
    language = get_language() or "en"
    at = {} if here.path == reverse("records:index", args=[catalog.plural]) else {"at": here.bare()}
    criteria = urlencode({**here.parameters(), "criteria": here.criteria, **at})
    arguments = [catalog.plural]
    return {
        "catalog": catalog,
        "label": catalog.label(language).lower(),
        "plural": catalog.plural_label(language),
        "here": here,
        "narrowing": narrowing,
        "chips": [(chip.words, here.narrowed(chip.rest), chip.starts_group, chip.key) for chip in narrowing.chips],
        "further": narrowing.filters - len(narrowing.chips),
        "cleared": here.narrowed(""),
        "editor": f"{reverse(pages.narrower().editor, args=arguments)}?{criteria}",
        "columns_url": f"{within.columns or reverse('records:columns', args=arguments)}{here.query()}",
        "choose_url": f"{within.choose or reverse('records:choose_columns', args=arguments)}{here.query()}",
        "widths_url": reverse("records:view_width", args=[catalog.plural, here.base.key or usual.ALL]),
        "is_narrowed": bool(here.search or narrowing.chips),
    }


def columns(catalog: Catalog, here: Address, choose_url: str) -> dict[str, Any]:
    """What the drawer needs in which columns are chosen and put in order."""
    language = get_language() or "en"
    others = [spec for spec in catalog.properties.values() if spec.name not in here.columns and not spec.hidden]
    return {
        "catalog": catalog,
        "here": here,
        "chosen": [(catalog.properties[name], catalog.properties[name].label(language)) for name in here.columns],
        "others": sorted(((spec, spec.label(language)) for spec in others), key=lambda pair: pair[1].casefold()),
        "back": here.url(),
        "choose_url": choose_url,
    }


def rows(access: Access, catalog: Catalog, here: Address, narrowing: pages.Narrowing, within: Within = EVERYTHING) -> dict[str, Any]:
    """The table itself, a page of it."""
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
        beside=within.beside,
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
        **bulk_bar(access, catalog, here, within),
    }


def bulk_bar(access: Access, catalog: Catalog, here: Address, within: Within = EVERYTHING) -> dict[str, Any]:
    """What stands in the bar under a selection."""
    may_edit = access.may("bulk") and access.may("records.edit") and access.scope(catalog.object_type, "edit") != "none"
    return {
        "bulk": {
            "may_edit": may_edit,
            "may_link": may_edit and bool(sides(catalog)),
            "may_archive": access.may("bulk_delete") and access.scope(catalog.object_type, "delete") != "none",
            "may_export": access.may("export"),
            "more": within.bulk,
            "actions": [(action, gettext(action.label), action.url(catalog)) for action in pages.bulk_actions(access)],
            "matching": Selection(catalog, criteria=within.criteria(here.criteria), search=here.search).query_string(),
            "state": [(name, value) for name, value in here.first_page().parameters().items() if name not in ("criteria", "q")],
            "criteria": within.criteria(here.criteria),
            "search": here.search,
        },
        "export_url": within.export or reverse("records:export", args=[catalog.plural]),
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
