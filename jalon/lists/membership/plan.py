"""Which lists follow which, and what their members become. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from jalon.criteria.dependence import Dependence
from jalon.criteria.following.plan import Watched
from jalon.criteria.tree import Criteria
from jalon.lists.columns import Why


@dataclass(frozen=True, slots=True)
class Active:
    """A list whose criteria are asked: an active one, or a static one that is found for the first time."""

    id: int
    object_type: str
    criteria: Criteria
    depends: Dependence
    version: int
    is_dynamic: bool

    @property
    def lists(self) -> frozenset[int]:
        """The lists that it asks about."""
        return frozenset(int(value) for kind, value in self.depends.facts if kind == "list")


@dataclass(frozen=True, slots=True)
class Book:
    """All lists that can be asked, by their level: 0 asks about no other list, 1 about those of level 0, and so on.

    `trouble` says in English why the others cannot be.
    """

    active: Mapping[int, Active] = field(default_factory=dict)
    levels: Sequence[Sequence[int]] = ()
    trouble: Mapping[int, tuple[str, ...]] = field(default_factory=dict)

    def watched(self, ids: Iterable[int] | None = None) -> list[Watched]:
        """Those that follow their criteria for good."""
        wanted = self.active.values() if ids is None else [self.active[id] for id in ids]
        return [Watched(each.id, each.depends) for each in wanted if each.is_dynamic]

    def level(self, list_id: int) -> int:
        return next(at for at, ids in enumerate(self.levels) if list_id in ids)


def book(active: Iterable[Active], trouble: Mapping[int, tuple[str, ...]]) -> Book:
    """Sorts the lists into levels. Actions refuse circles; should there be one, its lists come last, together."""
    by_id = {each.id: each for each in active}
    return Book(by_id, tuple(_levels({id: each.lists & by_id.keys() for id, each in by_id.items()})), trouble)


def _levels(reads: Mapping[int, frozenset[int]]) -> Iterator[tuple[int, ...]]:
    waiting = dict(reads)
    while waiting:
        ready = [id for id, others in waiting.items() if not others & waiting.keys()] or list(waiting)
        yield tuple(sorted(ready))
        for id in ready:
            del waiting[id]


@dataclass(frozen=True, slots=True)
class Move:
    """Records that come into a list or leave it for one reason. `version`: only while the list is still of this version.

    `silent`: they have left it already, archived or merged, and are not to come back with their return.
    """

    list_id: int
    entered: bool
    ids: tuple[int, ...]
    why: str
    detail: str = ""
    actor_id: int | None = None
    version: int | None = None
    silent: bool = False


def moves(active: Active, asked: set[int], holds: set[int], members: set[int], why: Why) -> Iterator[Move]:
    """From who is in a list, of the records that were asked about, to those of whom the criteria hold."""
    if entered := (holds & asked) - members:
        yield Move(active.id, True, tuple(sorted(entered)), why, version=active.version)
    if left := (members & asked) - holds:
        yield Move(active.id, False, tuple(sorted(left)), why, version=active.version)


# Static lists: whoever goes is out, whoever comes back is in again


@dataclass(frozen=True, slots=True)
class Latest:
    """The last thing that happened between a list and a record."""

    list_id: int
    record_id: int
    entered: bool
    why: str
    detail: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How records are: those that are there, what became of the merged ones, and which are gone for ever."""

    live: frozenset[int]
    roots: Mapping[int, int]
    erased: frozenset[int]

    def why_gone(self, id: int) -> Why:
        if id in self.erased:
            return Why.ERASED
        return Why.MERGED if self.roots.get(id, id) != id else Why.ARCHIVED


def settle(latest: Sequence[Latest], standing: Standing, static: frozenset[int]) -> Iterator[Move]:
    """What archiving, restoring, merging and separating records does to the lists that they are or were in.

    A record that is gone leaves every list. Of static lists, it comes back with its return, and what it was merged into
    takes its place. `latest` holds what is known of the records, of what they became and of what became part of them.
    """
    members = {(one.list_id, one.record_id) for one in latest if one.entered}
    for one in latest:
        yield from _left(one, standing, static, members)
    for one in latest:
        yield from _back(one, standing, static, members)


def _left(one: Latest, standing: Standing, static: frozenset[int], members: set[tuple[int, int]]) -> Iterator[Move]:
    if not one.entered:
        return
    if one.record_id not in standing.live:
        why = standing.why_gone(one.record_id)
        members.discard((one.list_id, one.record_id))
        yield Move(one.list_id, False, (one.record_id,), why)
        if why is Why.MERGED and one.list_id in static:
            yield from _enter(one.list_id, standing.roots[one.record_id], one.record_id, standing, members)
    elif one.list_id in static and one.why == Why.MERGED and standing.roots.get(int(one.detail), one.record_id) != one.record_id:
        members.discard((one.list_id, one.record_id))  # it stood in for a record that is no part of it any more
        yield Move(one.list_id, False, (one.record_id,), Why.SEPARATED)
        yield from _enter(one.list_id, standing.roots[int(one.detail)], int(one.detail), standing, members)


def _back(one: Latest, standing: Standing, static: frozenset[int], members: set[tuple[int, int]]) -> Iterator[Move]:
    if one.entered or one.list_id not in static or one.record_id not in standing.live:
        return
    back = {Why.ARCHIVED: Why.RESTORED, Why.MERGED: Why.SEPARATED}.get(Why(one.why)) if one.why in set(Why) else None
    if back is not None and (one.list_id, one.record_id) not in members:
        members.add((one.list_id, one.record_id))
        yield Move(one.list_id, True, (one.record_id,), back)


def _enter(list_id: int, survivor: int, instead_of: int, standing: Standing, members: set[tuple[int, int]]) -> Iterator[Move]:
    if survivor in standing.live and (list_id, survivor) not in members:
        members.add((list_id, survivor))
        own = survivor == instead_of
        yield Move(list_id, True, (survivor,), Why.SEPARATED if own else Why.MERGED, "" if own else str(instead_of))


def gathered(moves: Iterable[Move]) -> list[Move]:
    """Those that differ in nothing but their records as one; who leaves comes first, since a record may leave and come in again."""
    found: dict[tuple[object, ...], Move] = {}
    for move in sorted(moves, key=lambda move: move.entered):
        alike = (move.list_id, move.entered, move.why, move.detail)
        found[alike] = replace(found[alike], ids=(*found[alike].ids, *move.ids)) if alike in found else move
    return list(found.values())
