"""What lists must know of higher capabilities: who uses a list. A table that config's wiring fills."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from jalon.records.pages import UsedIn


@dataclass(frozen=True, slots=True)
class ListUse:
    """Finds what one capability uses a list for, by the list's number; asked before the list is deleted."""

    find: Callable[[int], Sequence[UsedIn]]


_uses: list[ListUse] = []


def install(uses: Sequence[ListUse]) -> None:
    """Takes the rows of the wiring, in place of those it had."""
    _uses[:] = uses


def used_in(list_id: int) -> list[UsedIn]:
    """Everything that uses a list, whatever capability it belongs to."""
    return [found for use in _uses for found in use.find(list_id)]
