"""Which criteria a slice of the log may give another answer to, and for which records. Pure.

Most lines of a slice differ in nothing but their record, so it is decided once for all that are alike.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from jalon.criteria.dependence import Dependence
from jalon.records.columns import Position

#: Set with every write by the row itself, so that no line of the log names it.
STAMP: Final = "lastmodifieddate"

Fact = tuple[str, str]  # ("import", "7"), ("list", "12"): as filter kinds say what they read


@dataclass(frozen=True, slots=True)
class Watched:
    """Criteria that somebody follows, under the follower's own name for them."""

    key: Hashable
    depends: Dependence


class What(StrEnum):
    """What happened to a record besides changes of its values."""

    ARCHIVED = "archived"
    RESTORED = "restored"
    MERGED = "merged"
    SEPARATED = "separated"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class Event:
    """A record went or came back; `into` is the one that it was merged into, or separated from."""

    what: What
    object_type: str
    id: int
    into: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """A line of the log as criteria see it. `came` marks a record that is new or back, `went` one that is gone."""

    object_type: str
    id: int
    names: frozenset[str] = frozenset()
    fact: Fact | None = None  # what the line itself says: that an import wrote it
    came: bool = False
    went: bool = False
    is_new: bool = False
    near: frozenset[int] = frozenset()  # whom it was linked to, where nobody else knows it any more


@dataclass(frozen=True, slots=True)
class Linked:
    """Records of a type that got or lost a link to records of another."""

    object_type: str
    ids: frozenset[int]
    other: str


@dataclass(frozen=True, slots=True)
class Happened:
    """A fact became true of records, or is true of them no longer: they are in list 12 now. A reading of another log than the records'."""

    fact: Fact
    object_type: str
    ids: frozenset[int]


Touched = dict[Hashable, set[int]]


@dataclass(frozen=True, slots=True)
class Followed:
    """What a slice of the log touches. `gone` are the records, by type, that are no longer there at its end."""

    position: Position
    touched: Mapping[Hashable, set[int]]
    gone: Mapping[str, set[int]]
    events: tuple[Event, ...]
    more: bool


@dataclass(slots=True)
class Reach:
    """Whom changes touch: records by key; and changed records whose neighbors of a type are touched, for these keys together."""

    own: Touched = field(default_factory=dict)
    far: dict[tuple[str, tuple[Hashable, ...]], set[int]] = field(default_factory=dict)

    def add(self, keys: Iterable[Hashable], ids: Iterable[int]) -> None:
        for key in keys:
            self.own.setdefault(key, set()).update(ids)

    def add_neighbors(self, watched: Sequence[Watched], ids: Iterable[int]) -> None:
        """Records of the watched types that these are linked with: found by whoever can ask."""
        by_type: dict[str, list[Hashable]] = {}
        for each in watched:
            by_type.setdefault(each.depends.object_type, []).append(each.key)
        for object_type, keys in by_type.items():
            self.far.setdefault((object_type, tuple(keys)), set()).update(ids)


def interesting(watched: Sequence[Watched]) -> frozenset[str]:
    """The names of the properties that any of them reads."""
    own = {name for each in watched for name in each.depends.own}
    return frozenset(own | {name for each in watched for names in each.depends.associated.values() for name in names})


def reach(watched: Sequence[Watched], changes: Iterable[Change], links: Iterable[Linked]) -> Reach:
    """Whom these lines of the log touch."""
    found = Reach()
    facts = {fact for each in watched for fact in each.depends.facts}
    alike: dict[Change, set[int]] = {}
    for change in changes:
        alike.setdefault(replace(change, id=0, fact=change.fact if change.fact in facts else None), set()).add(change.id)
    for change, ids in alike.items():
        found.add([each.key for each in watched if _own(each.depends, change)], ids)
        near = [each for each in watched if _far(each.depends, change)]
        found.add_neighbors(near, ids)
        found.add([each.key for each in near], change.near)
    for link in links:
        found.add([each.key for each in watched if _looks(each.depends, link.object_type, link.other)], link.ids)
    return found


def reach_of_facts(watched: Sequence[Watched], happened: Iterable[Happened]) -> Reach:
    """Whom facts touch that do not stand in the log of the records."""
    found = Reach()
    for each in happened:
        asking = [one for one in watched if each.fact in one.depends.facts]
        found.add([one.key for one in asking if one.depends.object_type == each.object_type], each.ids)
        found.add_neighbors([one for one in asking if each.object_type in one.depends.associated], each.ids)
    return found


def gone_at_the_end(events: Iterable[Event]) -> dict[str, set[int]]:
    """Of the records that went and came, those that went last."""
    last = {(event.object_type, event.id): event.what for event in events}
    gone: dict[str, set[int]] = {}
    for (object_type, id), what in last.items():
        if what not in (What.RESTORED, What.SEPARATED):
            gone.setdefault(object_type, set()).add(id)
    return gone


def _own(depends: Dependence, change: Change) -> bool:
    """Whether the change may alter the answer for the record itself."""
    if depends.object_type != change.object_type or change.went:
        return False
    return change.came or STAMP in depends.own or bool(depends.own & change.names) or change.fact in depends.facts


def _far(depends: Dependence, change: Change) -> bool:
    """Whether it may alter the answer for records that are linked with it; a new record has no links yet."""
    names = depends.associated.get(change.object_type)
    if names is None or change.is_new:
        return False
    return change.came or change.went or STAMP in names or bool(names & change.names) or change.fact in depends.facts


def _looks(depends: Dependence, object_type: str, other: str) -> bool:
    return depends.object_type == object_type and other in depends.associated


def without_gone(touched: Touched, gone: Mapping[str, set[int]], watched: Sequence[Watched]) -> Iterator[tuple[Hashable, set[int]]]:
    """A record that is gone has no answer any more."""
    types = {each.key: each.depends.object_type for each in watched}
    for key, ids in touched.items():
        if left := ids - gone.get(types[key], set()):
            yield key, left
