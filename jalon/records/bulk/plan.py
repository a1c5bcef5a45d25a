"""What taking something back means for one record, told from its lines of the change log. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from jalon.records.columns import Origin, Source
from jalon.warehouse.words import N_

CHANGED_SINCE: Final = N_("It was changed since.")
ARCHIVED_SINCE: Final = N_("The record was archived since.")
TAKEN_SINCE: Final = N_("Its former value belongs to another record now.")
BY_ITSELF: Final = frozenset({Source.CALCULATED, Source.SYSTEM})  # follow from other changes: nobody's own work is lost with them
CREATED, UPDATED, ARCHIVED, RESTORED, LINKED, UNLINKED, PRIMARY = "c", "u", "a", "r", "l", "x", "p"

Link = tuple[int, int]  # an association type and the record at the other end


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log about the record, in the order of the log."""

    kind: str
    origin: Origin
    delta: Mapping[str, Any]


@dataclass(slots=True)
class Reversal:
    """What to do to one record. `kept` says which properties stay as they are, "" for the record itself, and why."""

    values: dict[str, str | None] = field(default_factory=dict)
    archive: bool = False
    restore: bool = False
    unlink: list[Link] = field(default_factory=list)
    link: list[Link] = field(default_factory=list)
    primary: dict[int, int | None] = field(default_factory=dict)  # by association type, the record that was the primary one
    kept: list[tuple[str, str]] = field(default_factory=list)


def reverse(entries: Iterable[Entry], origin: Origin, undo: Origin) -> Reversal:
    """How to take back all that came from `origin`, where nobody changed it since. Lines of `undo` are earlier tries of the same."""
    lines = list(entries)
    first = next((place for place, line in enumerate(lines) if line.origin == origin), len(lines))
    reversal = Reversal()
    _links(lines[first:], origin, reversal)
    _primaries(lines[first:], origin, reversal)
    if lines[first:] and lines[first].kind == CREATED:
        _creation(lines[first:], origin, undo, reversal)
        return reversal
    marks = [line for line in lines[first:] if line.kind in (ARCHIVED, RESTORED)]
    if marks and marks[-1].kind == ARCHIVED:
        if marks[-1].origin == origin:
            reversal.restore = True
        else:
            reversal.kept.append(("", ARCHIVED_SINCE))
            return reversal
    _values(lines[first:], origin, undo, reversal)
    return reversal


def _creation(lines: list[Entry], origin: Origin, undo: Origin, reversal: Reversal) -> None:
    """A record that came in this way goes out again, unless somebody has worked on it."""
    marks = [line.kind for line in lines if line.kind in (ARCHIVED, RESTORED)]
    if marks and marks[-1] == ARCHIVED:
        return
    others = [line for line in lines if line.origin not in (origin, undo) and line.origin.source not in BY_ITSELF]
    if others:
        reversal.kept.append(("", CHANGED_SINCE))
        reversal.unlink.clear()
        reversal.primary.clear()
    else:
        reversal.archive = True


def _values(lines: list[Entry], origin: Origin, undo: Origin, reversal: Reversal) -> None:
    before: dict[str, str | None] = {}
    last: dict[str, Origin] = {}
    others: set[str] = set()
    for line in lines:
        if line.kind != UPDATED:
            continue
        for name, (old, _new) in line.delta.items():
            if line.origin == origin:
                before.setdefault(name, old)
            elif name in before and line.origin != undo:
                others.add(name)
            if name in before:
                last[name] = line.origin
    for name, old in before.items():
        if name in others:
            reversal.kept.append((name, CHANGED_SINCE))
        elif last[name] == origin:
            reversal.values[name] = old


def _links(lines: list[Entry], origin: Origin, reversal: Reversal) -> None:
    """Links that were made and are there, unmade; links that were taken away and are gone, made again."""
    state: dict[Link, str] = {}
    for line in lines:
        if line.kind not in (LINKED, UNLINKED):
            continue
        for other in line.delta["to"]:
            link = (int(line.delta["type"]), int(other))
            if line.origin == origin:
                state[link] = line.kind
            else:
                state.pop(link, None)
    reversal.unlink = [link for link, kind in state.items() if kind == LINKED]
    reversal.link = [link for link, kind in state.items() if kind == UNLINKED]


def _primaries(lines: list[Entry], origin: Origin, reversal: Reversal) -> None:
    """Which link was the primary one before, unless somebody has chosen again since."""
    for line in lines:
        if line.kind != PRIMARY:
            continue
        type_id, (old, _new) = int(line.delta["type"]), line.delta["primary"]
        if line.origin == origin:
            reversal.primary.setdefault(type_id, old)
        else:
            reversal.primary.pop(type_id, None)
