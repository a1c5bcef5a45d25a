"""What can be done to many records at once, as a value. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Deed(StrEnum):
    """What becomes of every chosen record."""

    SET = "set"  # the same values for all
    SPREAD = "spread"  # an owner each, several people in turn
    LINK = "link"
    UNLINK = "unlink"
    ARCHIVE = "archive"

    @property
    def verb(self) -> str:
        """The right that it takes on each record."""
        return "delete" if self is Deed.ARCHIVE else "edit"

    @property
    def permission(self) -> str:
        """The right that it takes to do it to many."""
        return "bulk_delete" if self is Deed.ARCHIVE else "bulk"


@dataclass(frozen=True, slots=True)
class Change:
    """A deed with what it needs: canonical values, owners, or a link's type and other end."""

    deed: Deed
    values: Mapping[str, str | None] = field(default_factory=dict)
    owners: tuple[int, ...] = ()
    association: str = ""
    other_id: int = 0
    inverse: bool = False  # the other record stands on the type's from-side

    def to_json(self) -> dict[str, Any]:
        parts: dict[Deed, dict[str, Any]] = {
            Deed.SET: {"values": dict(self.values)},
            Deed.SPREAD: {"owners": list(self.owners)},
            Deed.LINK: {"association": self.association, "other_id": self.other_id, "inverse": self.inverse},
        }
        return parts.get(Deed.LINK if self.deed is Deed.UNLINK else self.deed, {})


def from_json(deed: str, arguments: Mapping[str, Any]) -> Change:
    """As `to_json` wrote it."""
    return Change(
        Deed(deed),
        arguments.get("values", {}),
        tuple(arguments.get("owners", ())),
        arguments.get("association", ""),
        arguments.get("other_id", 0),
        arguments.get("inverse", False),
    )


def in_turn(owners: tuple[int, ...], ids: list[int], start: int) -> list[tuple[int, dict[str, str | None]]]:
    """Who gets which record. `start` is the place of the first id in the whole selection, so that slices go on where the last ended."""
    return [(id, {"hubspot_owner_id": str(owners[(start + place) % len(owners)])}) for place, id in enumerate(ids)]
