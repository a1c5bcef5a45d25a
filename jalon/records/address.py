"""The address of an index page: criteria, search, sort, columns and place, each in the query string, so that it can be shared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from jalon.records.columns import Catalog, PropertySpec
from jalon.warehouse.schema import Kind

NEWEST = "-createdate"
USUAL: Mapping[str, tuple[str, ...]] = {
    "contact": ("email", "company", "lifecyclestage", "hubspot_owner_id", "total_revenue", "createdate"),
    "company": ("domain", "industry", "city", "numberofemployees", "annualrevenue", "hubspot_owner_id", "createdate"),
    "deal": ("dealstage", "amount", "closedate", "hubspot_owner_id", "createdate"),
    "ticket": ("hs_pipeline_stage", "hs_ticket_priority", "hs_ticket_category", "hubspot_owner_id", "createdate", "closed_date"),
}
USUAL_COUNT = 4


TABLE, BOARD = "table", "board"
SHOWN = ("view", "q", "criteria", "sort", "columns", "layout", "pipeline")  # an address with none of these is that of the default view


@dataclass(frozen=True, slots=True)
class Base:
    """What an address starts from: a saved view, one of the usual ones, or without a key the plain table."""

    key: str = ""
    columns: tuple[str, ...] = ()
    criteria: str = ""
    search: str = ""
    sort: str = NEWEST
    layout: str = TABLE
    pipeline: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """What an index page shows. `after` is the place in the table; everything but `columns` starts it over.

    `fixed` are parameters of the page itself, which every address of its table keeps; `extra` those of this one address.
    """

    path: str
    base: Base = Base()
    columns: tuple[str, ...] = ()
    criteria: str = ""
    search: str = ""
    sort: str = NEWEST
    layout: str = TABLE
    pipeline: str = ""
    after: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)

    def differences(self) -> dict[str, str]:
        """What differs from the view that it starts from, by parameter; an empty text takes something of it away."""
        names = {"q": "search", "criteria": "criteria", "sort": "sort", "layout": "layout", "pipeline": "pipeline"}
        found = {parameter: getattr(self, name) for parameter, name in names.items() if getattr(self, name) != getattr(self.base, name)}
        return found | ({"columns": ",".join(self.columns)} if self.columns != self.base.columns else {})

    def parameters(self) -> dict[str, str]:
        """As an address or a form carries them; an empty one is only written where it takes something away."""
        place = {name: value for name, value in (("after", self.after), *self.extra.items()) if value}
        return {**({"view": self.base.key} if self.base.key else {}), **self.fixed, **self.differences(), **place}

    def url(self) -> str:
        query = urlencode(self.parameters())
        return f"{self.path}?{query}" if query else self.path

    def bare(self) -> str:
        """The page with nothing chosen on it: its path, and what every address of its table keeps."""
        return f"{self.path}?{urlencode(self.fixed)}" if self.fixed else self.path

    def query(self) -> str:
        """The query string alone, with its mark."""
        _, mark, query = self.url().partition("?")
        return mark + query

    def first_page(self) -> Address:
        return replace(self, after="", extra={})

    def sorted_by(self, name: str) -> str:
        """The address of a column's heading: once ascending, once descending."""
        sort = f"-{name}" if self.sort == name else name
        return replace(self.first_page(), sort=sort).url()

    def at(self, after: str) -> str:
        return replace(self, after=after, extra={}).url()

    def narrowed(self, criteria: str) -> str:
        return replace(self.first_page(), criteria=criteria).url()

    def with_open(self, **extra: str) -> str:
        return replace(self, extra=extra).url()


def read(parameters: Mapping[str, str], path: str, catalog: Catalog, base: Base) -> Address:
    """The address of a request. What it names and the object type does not have (any more) is passed over."""
    asked = known(catalog, parameters.get("columns", "").split(","))
    sort = parameters.get("sort", base.sort)
    layout = parameters.get("layout", base.layout)
    return Address(
        path=path,
        base=base,
        columns=asked or base.columns,
        criteria=parameters.get("criteria", base.criteria),
        search=parameters.get("q", base.search).strip()[:200],
        sort=sort if sort.removeprefix("-") in catalog.properties else NEWEST,
        layout=layout if layout in (TABLE, BOARD) else TABLE,
        pipeline=parameters.get("pipeline", base.pipeline),
        after=parameters.get("after", ""),
    )


def known(catalog: Catalog, names: Iterable[str]) -> tuple[str, ...]:
    """The names that are properties, each once, in their order."""
    return tuple(dict.fromkeys(name for name in names if name in catalog.properties))


def usual(catalog: Catalog) -> tuple[str, ...]:
    """The columns of somebody who has not chosen any: a custom object shows its first properties, owner and date."""
    if catalog.first:
        return known(catalog, (*catalog.first, "hubspot_owner_id", "createdate"))
    if catalog.object_type in USUAL:
        return known(catalog, USUAL[catalog.object_type])
    own = [spec.name for spec in sorted(catalog.properties.values(), key=_place) if _is_usual(catalog, spec)]
    return known(catalog, [*own[:USUAL_COUNT], "hubspot_owner_id", "createdate"])


def _place(spec: PropertySpec) -> tuple[bool, int]:
    return spec.kind is Kind.STRING and spec.field_type.value == "textarea", spec.order


def _is_usual(catalog: Catalog, spec: PropertySpec) -> bool:
    return not (spec.hidden or spec.read_only_value or spec.group == "system" or spec.name in catalog.primary)


def name_columns(catalog: Catalog) -> tuple[str, ...]:
    """What a record is called by: its primary properties, and for a person without a name the e-mail."""
    return known(catalog, (*catalog.primary, "email"))


def name_of(catalog: Catalog, values: Mapping[str, object]) -> str:
    """The name of a row: its primary values, else its e-mail, else nothing."""
    own = " ".join(str(values[name]) for name in catalog.primary if values.get(name))
    return own or str(values.get("email") or "")
