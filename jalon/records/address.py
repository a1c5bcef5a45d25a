"""The address of an index page: criteria, search, sort, columns and place, each in the query string, so that it can be shared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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


@dataclass(frozen=True, slots=True)
class Address:
    """What an index page shows. `after` is the place in the table; everything but `columns` starts it over."""

    path: str
    columns: tuple[str, ...] = ()
    chosen: bool = False  # the columns stand in the address
    criteria: str = ""
    search: str = ""
    sort: str = NEWEST
    after: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)

    def url(self) -> str:
        parameters = {
            "q": self.search,
            "criteria": self.criteria,
            "sort": self.sort if self.sort != NEWEST else "",
            "columns": ",".join(self.columns) if self.chosen else "",
            "after": self.after,
            **self.extra,
        }
        query = urlencode({name: value for name, value in parameters.items() if value})
        return f"{self.path}?{query}" if query else self.path

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


def read(parameters: Mapping[str, str], path: str, catalog: Catalog, remembered: Sequence[str]) -> Address:
    """The address of a request. What it names and the object type does not have (any more) is passed over."""
    asked = known(catalog, parameters.get("columns", "").split(","))
    sort = parameters.get("sort", NEWEST)
    return Address(
        path=path,
        columns=asked or known(catalog, remembered) or usual(catalog),
        chosen=bool(asked),
        criteria=parameters.get("criteria", ""),
        search=parameters.get("q", "").strip()[:200],
        sort=sort if sort.removeprefix("-") in catalog.properties else NEWEST,
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
