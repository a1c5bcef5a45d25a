"""The kinds of links that the records of an object type may have, each from the side on which they stand."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language

from jalon.records import queries
from jalon.records.columns import Catalog
from jalon.records.models import AssociationType


@dataclass(frozen=True, slots=True)
class Side:
    """A way to link records: the type of the link, and on which side they stand."""

    value: str
    label: str
    other: str  # the object type at the other end


def sides(catalog: Catalog) -> list[Side]:
    """Every way in which records of this object type may be linked."""
    language = get_language() or "en"
    french = language.startswith("fr")
    catalogs = queries.catalogs()
    found = []
    for row in AssociationType.objects.select_related("from_type", "to_type").order_by("id"):
        labels = (row.label_fr, row.inverse_fr) if french else (row.label_en, row.inverse_en)
        ends = (row.from_type.name, row.to_type.name)
        for own, other, direction, label in ((*ends, "to", labels[0]), (*reversed(ends), "from", labels[1])):
            if own == catalog.object_type and other in catalogs:
                found.append(Side(f"{row.name}:{direction}", label or catalogs[other].label(language), other))
    return found
