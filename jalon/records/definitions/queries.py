"""Definitions as settings pages show them: their past, and those that are archived."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language

from jalon.records.columns import PropertySpec
from jalon.records.definitions import words
from jalon.records.models import DefinitionChange, Property, PropertyGroup


@dataclass(frozen=True, slots=True)
class DefinitionLine:
    """Who changed a definition, when, and what in sentences."""

    at: datetime
    actor_id: int | None
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Archived:
    """A property in the archive: it can be restored with its values."""

    spec: PropertySpec
    at: datetime
    actor_id: int | None


def changes(object_type: str, name: str, limit: int = 100) -> list[DefinitionLine]:
    """The past of a definition, the latest change first."""
    language = get_language() or "en"
    groups = {
        row.name: row.label_fr if language.startswith("fr") else row.label_en
        for row in PropertyGroup.objects.filter(object_type__name=object_type)
    }
    rows = DefinitionChange.objects.filter(object_type__name=object_type, property=name).order_by("-id")[:limit]
    told = ((row, tuple(words.sentences(row.before, row.after, language, lambda key: groups.get(key, key)))) for row in rows)
    return [DefinitionLine(row.at, row.actor_id, sentences) for row, sentences in told if sentences]


def archived(object_type: str) -> list[Archived]:
    """The properties in the archive, the last archived first."""
    rows = Property.objects.filter(object_type__name=object_type).exclude(archived_at=None).select_related("group").order_by("-archived_at")
    return [Archived(row.spec(), row.archived_at, row.updated_by_id) for row in rows if row.archived_at]


@dataclass(frozen=True, slots=True)
class Keeping:
    """Who made a definition, who changed it last, and whether Jalon itself keeps its options."""

    created_at: datetime
    created_by_id: int | None
    updated_at: datetime
    updated_by_id: int | None
    keeps_options: bool


def keeping(object_type: str, name: str) -> Keeping | None:
    row = Property.objects.filter(object_type__name=object_type, name=name).first()
    return Keeping(row.created_at, row.created_by_id, row.updated_at, row.updated_by_id, row.read_only_options) if row else None
