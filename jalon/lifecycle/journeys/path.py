"""The path of stages, as far as journeys need to know it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from jalon.lifecycle.columns import StageKind


@dataclass(frozen=True, slots=True)
class Path:
    """Stages by what they are: `primary` in their order, Won after the last of them, `lost`, and those outside the path."""

    primary: tuple[str, ...]
    won: str
    lost: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()

    @classmethod
    def of(cls, stages: Iterable[tuple[str, StageKind]]) -> Path:
        """From names and kinds in their order."""
        by_kind: dict[StageKind, list[str]] = {kind: [] for kind in StageKind}
        for name, kind in stages:
            by_kind[kind].append(name)
        (won,) = by_kind[StageKind.WON]
        return cls(tuple(by_kind[StageKind.PRIMARY]), won, tuple(by_kind[StageKind.LOST]), tuple(by_kind[StageKind.OUTSIDE]))

    @property
    def places(self) -> tuple[str, ...]:
        """The stages that have a place on the path, Won being the last."""
        return (*self.primary, self.won)

    @property
    def known(self) -> tuple[str, ...]:
        """All stages that there are: a movement from or to another one is left out of everything."""
        return (*self.places, *self.lost, *self.outside)
