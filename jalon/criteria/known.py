"""What criteria may speak of besides the properties of their own records: the other object types and the ways to them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from jalon.records.columns import Catalog


@dataclass(frozen=True, slots=True)
class Link:
    """An association type, read from its from-side."""

    id: int
    name: str
    from_type: str
    to_type: str
    label_en: str = ""
    label_fr: str = ""
    inverse_en: str = ""
    inverse_fr: str = ""

    @property
    def has_sides(self) -> bool:
        """Whether it links records of one type that stand on different sides of it: parents and children, not colleagues."""
        return self.from_type == self.to_type and (self.label_en, self.label_fr) != (self.inverse_en, self.inverse_fr)

    def label(self, object_type: str, language: str, side: str = "") -> str:
        """How records of one of its ends read it; its name where it has no labels.

        Within one object type both readings count, but for where the `side` of the linked record is known.
        """
        labels = [(self.label_en, self.label_fr)] if object_type == self.from_type and side != "from" else []
        labels += [(self.inverse_en, self.inverse_fr)] if object_type == self.to_type and side != "to" else []
        told = [(french if language.startswith("fr") else english) or english for english, french in labels]
        return " / ".join(dict.fromkeys(one for one in told if one)) or self.name


@dataclass(frozen=True, slots=True)
class Known:
    """Every object type by name, and every association type."""

    catalogs: Mapping[str, Catalog] = field(default_factory=lambda: MappingProxyType({}))
    links: tuple[Link, ...] = ()

    def ways(self, object_type: str, other: str, label: str = "") -> tuple[Link, ...]:
        """The association types between two object types, or the one of that name."""
        ends = {object_type, other}
        return tuple(link for link in self.links if {link.from_type, link.to_type} == ends and label in ("", link.name))


NOTHING = Known()
