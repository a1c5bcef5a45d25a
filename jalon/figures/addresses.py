"""The address of the very records behind a number: the index page with the population AND the bucket AND the breakdown value. Pure.

The index page's total is that number. A property test opens every cell of random reports.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from urllib.parse import quote

from jalon.criteria.tree import MOST_FILTERS, Criteria, Filter, Group, Node, to_text
from jalon.records.columns import PropertySpec
from jalon.warehouse.schema import Kind

LONGEST = 8_000  # characters; a request line of 16 kB passes everywhere, and a browser keeps such an address

EQUAL = {
    Kind.STRING: "equal",
    Kind.NUMBER: "equal",
    Kind.BOOL: "equal",
    Kind.ENUMERATION: "any_of",
    Kind.MULTI: "any_of",
    Kind.DATE: "on",
    Kind.DATETIME: "on",
    Kind.USER: "any_of",
}


def narrowed(population: Criteria, filters: Iterable[Node]) -> Criteria:
    """The population AND all these filters: OR of ANDs stays OR of ANDs when each group takes them in."""
    extra = tuple(filters)
    groups = population.groups or (Group(()),)
    return Criteria(tuple(Group((*group.filters, *extra)) for group in groups))


def on_days(spec: PropertySpec, first: date | None, last: date | None) -> Filter:
    """The date lies between two days, both included, or simply is there."""
    if first is None or last is None:
        return Filter(spec.name, "is_known")
    return Filter(spec.name, "between", (first.isoformat(), last.isoformat()))


def known(spec: PropertySpec) -> Filter:
    """The property has a value."""
    return Filter(spec.name, "is_known")


def having(spec: PropertySpec, text: str | None) -> Filter:
    """The property has this value, or none at all."""
    if text is None:
        return Filter(spec.name, "is_unknown")
    return Filter(spec.name, EQUAL[spec.kind], (text,))


def having_another(spec: PropertySpec, texts: Iterable[str]) -> tuple[Filter, ...]:
    """The property has a value, and it is none of these."""
    values = tuple(texts)
    if not values:
        return (known(spec),)
    if spec.kind in (Kind.NUMBER, Kind.BOOL):
        return tuple(Filter(spec.name, "not_equal", (value,)) for value in values)
    if spec.kind in (Kind.DATE, Kind.DATETIME):
        return tuple(Filter(spec.name, "not_between", (value, value)) for value in values)
    return (Filter(spec.name, "not_equal_any" if spec.kind is Kind.STRING else "none_of", values),)


def address(plural: str, criteria: Criteria) -> str | None:
    """The index page of these records; None where the criteria are too large for an address."""
    url = f"/{plural}/?criteria={quote(to_text(criteria), safe='')}"
    return url if len(url) <= LONGEST and criteria.count() <= MOST_FILTERS else None
