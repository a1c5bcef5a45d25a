"""What a slice of a file did, or would do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from jalon.imports.verdicts.store import RowVerdict

Sentences = dict[int, list[str]]  # by line


@dataclass(slots=True)
class Counts:
    """What became of rows."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    told: int = 0
    linked: int = 0
    beside: dict[str, dict[str, int]] = field(default_factory=dict)

    def add(self, other: Counts) -> None:
        for name in ("created", "updated", "unchanged", "refused", "told", "linked"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        add_beside(self.beside, other.beside)


def add_beside(total: dict[str, dict[str, int]], more: Mapping[str, Mapping[str, int]]) -> None:
    """Add the counts of other objects, by object and by verdict."""
    for object_type, counts in more.items():
        own = total.setdefault(object_type, {})
        for name, count in counts.items():
            own[name] = own.get(name, 0) + count


@dataclass(slots=True)
class Verdict:
    """What a slice did, or would do."""

    counts: Counts = field(default_factory=Counts)
    refused: Sentences = field(default_factory=dict)
    told: Sentences = field(default_factory=dict)
    ids: list[int | None] = field(default_factory=list)  # the records of the rows that went in
    rows: list[RowVerdict] = field(default_factory=list)  # of a dry run
    keys: list[tuple[str, str, int]] = field(default_factory=list)  # (space, key, record) to be remembered
    waiting: list[tuple[int, int, str, str]] = field(default_factory=list)  # (line, record, target, key) to be tried again

    def tell(self, line: int, sentence: str) -> None:
        """Say something of a row that goes in."""
        said = self.told.setdefault(line, [])
        if sentence not in said:
            said.append(sentence)
