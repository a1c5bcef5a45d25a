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

    `silent`: nobody comes or goes at this moment; it says who is wanted in a static list when they, or others again, are there.
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


# Records that go and come back


Pair = tuple[int, int]  # a list and a record


@dataclass(frozen=True, slots=True)
class Standing:
    """How records are: those that are there, and of each that is not gone for ever, the record that it has become (or itself)."""

    live: frozenset[int]
    roots: Mapping[int, int]

    def why_gone(self, id: int) -> Why:
        if id not in self.roots:
            return Why.ERASED
        return Why.MERGED if self.roots[id] != id else Why.ARCHIVED

    def one_with(self) -> dict[int, set[int]]:
        """By record, those that it is made of, itself among them."""
        found: dict[int, set[int]] = {id: {id} for id in self.roots}
        for id, root in self.roots.items():
            found.setdefault(root, {root}).add(id)
        return found


def settle(
    members: set[Pair], wanted: set[Pair], standing: Standing, static: frozenset[int], separated: frozenset[int] = frozenset()
) -> Iterator[Move]:
    """What archiving, restoring, merging and separating records does to the lists that they are in.

    A record that is gone leaves every list. A static list has the records that are wanted in it, by hand or found once, as
    long as they are there; what such a record was merged into stands in for it. `separated` have just left another record.
    """
    for list_id, id in sorted(members):
        if list_id not in static and id not in standing.live:
            yield Move(list_id, False, (id,), standing.why_gone(id))
    families = standing.one_with()
    for list_id in sorted({list_id for list_id, _ in members | wanted if list_id in static}):
        for id in sorted(families.keys() | {id for own, id in members if own == list_id}):
            instead_of = sorted(other for other in families.get(id, ()) if (list_id, other) in wanted)
            belongs = id in standing.live and bool(instead_of)
            if belongs is not ((list_id, id) in members):
                yield _stands_in(list_id, id, instead_of, separated) if belongs else _leaves(list_id, id, standing)


def _stands_in(list_id: int, id: int, instead_of: Sequence[int], separated: frozenset[int]) -> Move:
    if id in instead_of:
        return Move(list_id, True, (id,), Why.SEPARATED if id in separated else Why.RESTORED)
    return Move(list_id, True, (id,), Why.MERGED, str(instead_of[0]))


def _leaves(list_id: int, id: int, standing: Standing) -> Move:
    return Move(list_id, False, (id,), Why.SEPARATED if id in standing.live else standing.why_gone(id))


def gathered(moves: Iterable[Move]) -> list[Move]:
    """Those that differ in nothing but their records as one."""
    found: dict[tuple[object, ...], Move] = {}
    for move in moves:
        alike = (move.list_id, move.entered, move.why, move.detail)
        found[alike] = replace(found[alike], ids=(*found[alike].ids, *move.ids)) if alike in found else move
    return list(found.values())


# What people ask for


@dataclass(frozen=True, slots=True)
class Asked:
    """Records that somebody wants in a static list, or out of it: who of them is in it, wanted in it so far, and there at all."""

    ids: frozenset[int]
    members: frozenset[int]
    wanted: frozenset[int]
    live: frozenset[int]


def requested(add: bool, asked: Asked) -> tuple[set[int], set[int]]:
    """Who comes or goes; and of whom it is only noted, for the day of their return, or because they stand in for another."""
    if not add:
        return set(asked.ids & asked.members), set((asked.ids - asked.members) & asked.wanted)
    entered = (asked.ids & asked.live) - asked.members
    return set(entered), set(asked.ids - entered - asked.wanted)
