"""Where a column goes: into a property, into another object of the same row, or it names a record to be associated. Pure.

As text: "email", "company/name", "link/primary_company/to/domain", "link/primary_company/to/file:1:Company ID", "new".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jalon.web.numbers import whole

NEW = "new"  # a property is made from this column


@dataclass(frozen=True, slots=True)
class Beside:
    """A property of another object that stands in the same row."""

    object_type: str
    property: str

    def __str__(self) -> str:
        return f"{self.object_type}/{self.property}"


@dataclass(frozen=True, slots=True)
class Link:
    """The column holds the key of a record that the row's record is associated with."""

    type_name: str
    inverse: bool  # the row's record stands on the to-side of the type
    by: str  # a property, or "" for a column of another file
    file: int = -1
    heading: str = ""

    def __str__(self) -> str:
        side = "from" if self.inverse else "to"
        return f"link/{self.type_name}/{side}/{self.by or f'file:{self.file}:{self.heading}'}"


Target = str | Beside | Link


def read(text: str) -> Target:
    """The target that a text names; a property of the row's own object is its name."""
    if text.startswith("link/"):
        _, type_name, side, how = text.split("/", 3)
        if how.startswith("file:"):
            _, place, heading = how.split(":", 2)
            return Link(type_name, side == "from", "", -1 if (number := whole(place, 6)) is None else number, heading)
        return Link(type_name, side == "from", how)
    object_type, sign, name = text.partition("/")
    return Beside(object_type, name) if sign else text


def own(mapping: Mapping[str, str]) -> dict[str, str]:
    """The columns that go into properties of the row's own object."""
    return {heading: name for heading, name in mapping.items() if "/" not in name}


def beside(mapping: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """For each other object of the row, its columns."""
    found: dict[str, dict[str, str]] = {}
    for heading, text in mapping.items():
        if isinstance(target := read(text), Beside):
            found.setdefault(target.object_type, {})[heading] = target.property
    return found


def links(mapping: Mapping[str, str]) -> list[tuple[str, Link]]:
    """The columns that name records to be associated."""
    return [(heading, target) for heading, text in mapping.items() if isinstance(target := read(text), Link)]
