"""What the demo is made of: one row per part, in the order in which they are filled. The wiring lists them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from jalon.accounts.access import SYSTEM, Actor
from jalon.demo.company import MEMBERS
from jalon.demo.year import Year


class Note(Protocol):
    """Notes that `done` things of `total` are there, and the records that later parts need, in the transaction of the rows."""

    def __call__(self, done: int, total: int, ids: Sequence[int] = ()) -> None: ...


@dataclass(frozen=True, slots=True)
class Scene:
    """What a part is given: the year to tell, the company's people by key, and how far the part came the last time."""

    year: Year
    users: Mapping[str, int]
    done: int
    note: Note
    ids_of: Callable[[str], list[int]]  # the records that an earlier part noted

    def actor(self, key: str | None) -> Actor:
        """The author of a write; Jalon itself for nobody."""
        return Actor(self.users[key], MEMBERS[key].name) if key else SYSTEM

    def owner(self, key: str | None) -> dict[str, str]:
        """The property that names an owner, absent where there is none."""
        return {"hubspot_owner_id": str(self.users[key])} if key else {}


@dataclass(frozen=True, slots=True)
class DemoPart:
    """One capability's share of the demo. `label` is a message id, shown beside the progress bar; `weight` its share of the time."""

    name: str
    label: str
    fill: Callable[[Scene], None]
    weight: int = 1


_parts: list[DemoPart] = []


def install(parts: Sequence[DemoPart]) -> None:
    _parts[:] = parts


def parts() -> tuple[DemoPart, ...]:
    return tuple(_parts)
