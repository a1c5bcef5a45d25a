"""Imports and their files with the words that pages show."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language, gettext

from jalon.imports import queries
from jalon.imports.queries import FileView, ImportView
from jalon.records import queries as records

TONES = {"done": "is-good", "failed": "is-bad", "cancelled": "is-warn", "undone": "is-warn"}
AT_WORK = ("trying", "running", "undoing")


def line(found: ImportView) -> dict[str, Any]:
    """An import as a line of a list, and as the head of its own page."""
    language = get_language() or "en"
    names = dict.fromkeys(records.catalog(file.object_type).plural_label(language) for file in found.files)
    at_work = found.state in AT_WORK
    return {
        "import": found,
        "objects": ", ".join(names),
        "is_history": any(file.is_history for file in found.files),
        "at_work": at_work,
        "state_label": gettext(queries.STATES[found.state]),
        "tone": "is-accent" if at_work else TONES.get(found.state, ""),
    }


def file_line(file: FileView) -> dict[str, Any]:
    """One file with the words of its object."""
    language = get_language() or "en"
    catalog = records.catalog(file.object_type)
    match = catalog.properties.get(file.match)
    beside = [(records.catalog(name), counts) for name, counts in file.beside.items() if name in records.catalogs()]
    return {
        "file": file,
        "catalog": catalog,
        "objects": catalog.plural_label(language),
        "match_label": match.label(language) if match else gettext("Record id"),
        "beside": [{"objects": other.plural_label(language), **counts} for other, counts in beside],
    }
