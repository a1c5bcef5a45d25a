"""What a record is linked with, page by page, and the types that may link it. Cut to what the reader may see, like every set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from jalon.accounts.access import Access, Scope
from jalon.records import queries
from jalon.records.columns import Catalog
from jalon.records.models import Association, AssociationType
from jalon.records.queries import RecordView

PAGE: Final = 20  # linked records that a panel shows at once


@dataclass(frozen=True, slots=True)
class LinkType:
    """A type of association as one of its two sides reads it. `inverse`: the records at the other end stand on its from-side."""

    id: int
    name: str
    own: Catalog
    there: Catalog
    label_en: str  # empty: what the others are called
    label_fr: str
    inverse: bool
    limit: int | None  # how many records one record of this side may be linked with
    is_system: bool
    is_labelled: bool

    def label(self, language: str) -> str:
        return self._own_label(language) or self.there.plural_label(language)

    def label_of_one(self, language: str) -> str:
        """The same for a single link."""
        return self._own_label(language) or self.there.label(language)

    def _own_label(self, language: str) -> str:
        return self.label_fr if language.startswith("fr") else self.label_en

    @property
    def side(self) -> str:
        """Where the other end stands, as addresses name it."""
        return "from" if self.inverse else "to"

    def pair(self, id: int, other: int) -> tuple[int, int]:
        """The two ids as the type reads them."""
        return (other, id) if self.inverse else (id, other)


@dataclass(frozen=True, slots=True)
class AssociationPanel:
    """The records linked to one by one type of association, read from its side: one page of them."""

    type: LinkType
    rows: list[tuple[RecordView, bool]]  # with the primary mark
    total: int
    page: int = 1

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


_known: tuple[Mapping[str, Catalog], tuple[LinkType, ...]] | None = None


def sides() -> tuple[LinkType, ...]:
    """Both readings of every type between objects that are not archived; read again only after a change of definitions."""
    global _known
    catalogs = queries.catalogs()
    if _known is None or _known[0] is not catalogs:
        rows = AssociationType.objects.select_related("from_type", "to_type").order_by("id")
        _known = (catalogs, tuple(side for row in rows for side in _sides(row, catalogs)))
    return _known[1]


def link_types(object_type: str) -> list[LinkType]:
    """The ways in which records of a type are linked with others, in the order of the menu; activities hang on, they are no panel."""
    found = [side for side in sides() if side.own.object_type == object_type and not side.there.is_activity]
    order = list(queries.catalogs())
    return sorted(found, key=lambda side: order.index(side.there.object_type))


def link_type(object_type: str, name: str, side: str) -> LinkType | None:
    """One way of linking records of this type, by its name and the side that the other end stands on."""
    return next((one for one in sides() if (one.own.object_type, one.name, one.side) == (object_type, name, side)), None)


def _sides(row: AssociationType, catalogs: Mapping[str, Catalog]) -> list[LinkType]:
    """Both readings of a type; none where one of its objects is archived."""
    own, other = catalogs.get(row.from_type.name), catalogs.get(row.to_type.name)
    if own is None or other is None:
        return []
    is_labelled = bool(row.label_en or row.label_fr or row.inverse_en or row.inverse_fr)
    ends = (
        (own, other, row.label_en, row.label_fr, False, row.limit_from),
        (other, own, row.inverse_en, row.inverse_fr, True, row.limit_to),
    )
    return [
        LinkType(row.pk, row.name, here, there, en, fr, inverse, limit, row.is_system, is_labelled)
        for here, there, en, fr, inverse, limit in ends
    ]


def associated(access: Access, object_type: str, id: int) -> list[AssociationPanel]:
    """The first page of everything that a record may be linked with, as far as `access` reaches."""
    return [panel(access, type, id) for type in link_types(object_type) if access.scope(type.there.object_type) is not Scope.NONE]


def panel(access: Access, type: LinkType, id: int, page: int = 1) -> AssociationPanel:
    """One page of what a record is linked with by a type: the primary one first, then in the order of linking."""
    own, other = ("to_record", "from_record") if type.inverse else ("from_record", "to_record")
    links = Association.objects.filter(
        queries.in_reach(access, type.there.object_type, "view", f"{other}__"),
        type_id=type.id,
        **{f"{own}_id": id, f"{other}__archived_at": None},
    )
    start = (page - 1) * PAGE
    rows = links.select_related(other).order_by("-is_primary", "id")[start : start + PAGE]
    shown = [(queries.view_of(type.there, getattr(row, other)), row.is_primary) for row in rows]
    total = len(shown) if page == 1 and len(shown) < PAGE else links.count()
    return AssociationPanel(type, shown, total, page)


def among(type: LinkType, id: int, others: Sequence[int]) -> set[int]:
    """Those of `others` that the record is linked with by this type."""
    own, other = ("to_record_id", "from_record_id") if type.inverse else ("from_record_id", "to_record_id")
    return set(Association.objects.filter(type_id=type.id, **{own: id, f"{other}__in": others}).values_list(other, flat=True))


def labels_between(type: LinkType) -> list[LinkType]:
    """Every type between the same two objects, read from the same side: the labels that a link may have."""
    return [
        one for one in link_types(type.own.object_type) if one.there.object_type == type.there.object_type and one.inverse == type.inverse
    ]
