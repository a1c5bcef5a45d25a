"""The views that every object type has without anybody saving them: all, mine, unassigned, recently changed, and what is open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from jalon.accounts.access import Access
from jalon.records import filters
from jalon.records.columns import Catalog
from jalon.records.pipelines import queries as pipelines
from jalon.records.pipelines.queries import KINDS
from jalon.warehouse.words import N_

ALL: Final = "all"
LATELY: Final = "7"  # days


@dataclass(frozen=True, slots=True)
class Usual:
    """A usual view: its name is a message id."""

    key: str
    name: str
    criteria: str = ""
    sort: str = ""


NAMES: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "contact": {ALL: N_("All contacts"), "mine": N_("My contacts")},
        "company": {ALL: N_("All companies"), "mine": N_("My companies")},
        "deal": {ALL: N_("All deals"), "mine": N_("My deals"), "open": N_("Open deals")},
        "ticket": {ALL: N_("All tickets"), "mine": N_("My tickets"), "open": N_("Open tickets")},
    }
)
OTHERWISE: Final[Mapping[str, str]] = MappingProxyType(
    {
        ALL: N_("All"),
        "mine": N_("Owned by me"),
        "open": N_("In progress"),
        "unassigned": N_("Unassigned"),
        "changed": N_("Recently changed"),
    }
)


def views(access: Access, catalog: Catalog) -> Iterator[Usual]:
    """The usual views of an object type for this person."""
    yield _named(catalog, ALL)
    yield _named(catalog, "mine", filters.one("hubspot_owner_id", "any_of", str(access.actor.user_id)))
    if catalog.object_type in KINDS:
        stages = pipelines.open_stages(catalog.object_type)
        yield _named(catalog, "open", filters.one(KINDS[catalog.object_type].stage, "any_of", *stages))
    if access.scope(catalog.object_type).unassigned:
        yield _named(catalog, "unassigned", filters.one("hubspot_owner_id", "is_unknown"))
    yield _named(catalog, "changed", filters.one("lastmodifieddate", "less_than_days_ago", LATELY), "-lastmodifieddate")


def _named(catalog: Catalog, key: str, criteria: str = "", sort: str = "") -> Usual:
    return Usual(key, NAMES.get(catalog.object_type, {}).get(key) or OTHERWISE[key], criteria, sort)
