"""The mappings that were saved, those first that fit a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from jalon.imports import queries, targets
from jalon.imports.models import Template
from jalon.records.pages import UsedIn


@dataclass(frozen=True, slots=True)
class TemplateView:
    """A saved mapping. `fits` where the file has every column that it maps."""

    id: int
    name: str
    object_type: str
    columns: int
    saved_at: datetime
    user_name: str
    fits: bool = False


def every(headings: Sequence[str] = ()) -> list[TemplateView]:
    """All of them by name; with the headings of a file, those that fit it come first."""
    there = set(headings)
    found = []
    for row in Template.objects.select_related("user"):
        mapped = {heading for heading, target in row.chosen["mapping"].items() if target}
        name = (row.user.name or row.user.email) if row.user else "Jalon"
        fits = bool(mapped) and mapped <= there
        found.append(TemplateView(row.pk, row.name, row.object_type, len(mapped), row.saved_at, name, fits))
    return sorted(found, key=lambda template: not template.fits)


def uses(object_type: str, name: str) -> list[UsedIn]:
    """The saved mappings that bring a column into a property, or find records by it."""
    url = reverse("imports:keeping")
    rows = Template.objects.values_list("name", "object_type", "chosen")
    return [UsedIn(gettext("Import mapping"), row, url) for row, own, chosen in rows if (object_type, name) in _named(own, chosen)]


def _named(own: str, chosen: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every property that a mapping names, with its object type: its columns', its keys', those that links find records by."""
    mapping = chosen["mapping"]
    yield own, chosen.get("match", "")
    yield from ((own, name) for name in targets.own(mapping).values())
    for other, columns in targets.beside(mapping).items():
        yield from ((other, name) for name in (*columns.values(), chosen.get("companions", {}).get(other, {}).get("by", "")))
    ends = {(link.name, link.inverse): link.there for link in queries.link_types(own)}
    yield from ((ends.get((link.type_name, link.inverse), ""), link.by) for _, link in targets.links(mapping))
