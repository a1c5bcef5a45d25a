"""The mappings that were saved, those first that fit a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from jalon.imports.models import Template


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
