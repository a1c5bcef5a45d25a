"""Object types and types of association as the settings show them: labels, numbers, what hangs on them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from jalon.records import queries
from jalon.records.columns import Catalog
from jalon.records.models import Association, AssociationType, ObjectType, Record


@dataclass(frozen=True, slots=True)
class ObjectLine:
    """An object type on the settings page."""

    name: str
    plural: str
    label_en: str
    label_fr: str
    plural_en: str
    plural_fr: str
    icon: str
    primary: tuple[str, ...]
    first: tuple[str, ...]
    records: int
    properties: int
    is_system: bool
    is_archived: bool

    def label(self, language: str) -> str:
        return self.label_fr if language.startswith("fr") else self.label_en

    def plural_label(self, language: str) -> str:
        return self.plural_fr if language.startswith("fr") else self.plural_en


def object_lines() -> list[ObjectLine]:
    """Every object type that has pages of its own, the archived ones last."""
    rows = ObjectType.objects.filter(is_activity=False)
    return sorted((_line(row) for row in rows), key=lambda line: line.is_archived)


def object_line(name: str) -> ObjectLine | None:
    row = ObjectType.objects.filter(name=name, is_activity=False).first()
    return _line(row) if row else None


def _line(row: ObjectType) -> ObjectLine:
    labels = {key: getattr(row, key) for key in ("name", "plural", "label_en", "label_fr", "plural_en", "plural_fr", "icon", "is_system")}
    return ObjectLine(
        **labels,
        primary=tuple(row.primary),
        first=tuple(row.first),
        records=Record.objects.filter(object_type_id=row.pk, archived_at=None).count(),
        properties=row.properties.filter(archived_at=None).count(),
        is_archived=row.archived_at is not None,
    )


@dataclass(frozen=True, slots=True)
class LinkTypeLine:
    """A type of association on the settings page, with both of its readings."""

    name: str
    from_type: Catalog
    to_type: Catalog
    label_en: str
    label_fr: str
    inverse_en: str
    inverse_fr: str
    limit_from: int | None
    limit_to: int | None
    is_system: bool
    links: int

    def label(self, language: str) -> str:
        """How the from-side reads it; the plain one bears the other object's name."""
        return (self.label_fr if language.startswith("fr") else self.label_en) or self.to_type.plural_label(language)

    def inverse(self, language: str) -> str:
        return (self.inverse_fr if language.startswith("fr") else self.inverse_en) or self.from_type.plural_label(language)


def link_type_lines() -> list[LinkTypeLine]:
    """Every type of association between objects that have pages, in the order of the menu."""
    rows = AssociationType.objects.select_related("from_type", "to_type").filter(from_type__is_activity=False)
    counts = dict(Association.objects.values_list("type_id").annotate(Count("id")))
    known = queries.catalogs()
    lines = [_link_line(row, known, counts.get(row.pk, 0)) for row in rows if row.from_type.name in known and row.to_type.name in known]
    order = list(known)
    return sorted(lines, key=lambda line: (order.index(line.from_type.object_type), order.index(line.to_type.object_type)))


def link_type_line(name: str) -> LinkTypeLine | None:
    return next((line for line in link_type_lines() if line.name == name), None)


def _link_line(row: AssociationType, known: dict[str, Catalog], links: int) -> LinkTypeLine:
    same = ("name", "label_en", "label_fr", "inverse_en", "inverse_fr", "limit_from", "limit_to", "is_system")
    values = {key: getattr(row, key) for key in same}
    return LinkTypeLine(from_type=known[row.from_type.name], to_type=known[row.to_type.name], links=links, **values)


def beyond(line: LinkTypeLine, limit_from: int | None, limit_to: int | None) -> int:
    """How many records have more links today than limits would allow."""
    own = Association.objects.filter(type__name=line.name)
    sides = (("from_record_id", limit_from), ("to_record_id", limit_to))
    return sum(own.values(side).annotate(links=Count("id")).filter(links__gt=limit).count() for side, limit in sides if limit is not None)


def links_of_type(name: str) -> int:
    """How many links the records of an object type have."""
    either = Q(type__from_type__name=name) | Q(type__to_type__name=name)
    return Association.objects.filter(either).count()
