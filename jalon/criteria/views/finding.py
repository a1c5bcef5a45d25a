"""The object type that an address or a filter is about."""

from __future__ import annotations

from django.http import Http404

from jalon.records import queries
from jalon.records.columns import Catalog


def by_plural(plural: str) -> Catalog:
    for catalog in queries.catalogs().values():
        if catalog.plural == plural:
            return catalog
    raise Http404


def by_name(object_type: str) -> Catalog:
    found = queries.catalogs().get(object_type)
    if found is None:
        raise Http404
    return found
