"""The heartbeat: one ordered loop over the parts that follow the change log."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class BeatPart:
    """One part of the beat. `turn(now)` does one slice (200 ms or 5,000 records) and says whether more waits."""

    name: str
    turn: Callable[[datetime], bool]


_parts: tuple[BeatPart, ...] = ()


def install(parts: Sequence[BeatPart]) -> None:
    """The parts in the order of their turns, from the wiring."""
    global _parts
    _parts = tuple(parts)


def parts() -> tuple[BeatPart, ...]:
    return _parts
