"""What the palette finds among records: a few of every object type, by any word in them."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import get_language

from jalon.accounts.access import Access, Scope
from jalon.accounts.pages import Hit
from jalon.records import address, queries
from jalon.records.columns import Catalog

OF_EACH = 4
LEAST_LETTERS = 2
ICONS = {"contact": "user", "company": "building", "deal": "cash", "ticket": "ticket", "feedback_submission": "message-star"}
OTHER_ICON = "cube"


def find(access: Access, text: str, limit: int) -> list[Hit]:
    """At most `limit` records that the person may see, a few of each type."""
    if len(text.strip()) < LEAST_LETTERS:
        return []
    seen = [catalog for catalog in queries.catalogs().values() if access.scope(catalog.object_type) is not Scope.NONE]
    return [hit for catalog in seen for hit in _hits(access, catalog, text)][:limit]


def icon(object_type: str) -> str:
    return ICONS.get(object_type, OTHER_ICON)


def _hits(access: Access, catalog: Catalog, text: str) -> Iterator[Hit]:
    language = get_language() or "en"
    page = queries.page(access, catalog.object_type, columns=address.name_columns(catalog), search=text, limit=OF_EACH)
    for row in page.rows:
        name = address.name_of(catalog, row) or str(row["id"])
        detail = " · ".join(part for part in (catalog.label(language), str(row.get("email") or "")) if part and part != name)
        yield Hit(name, detail, icon(catalog.object_type), reverse("records:record", args=[catalog.plural, row["id"]]))
