"""Which formulas there are, what each reads, and which of them a change touches. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from jalon.records.calculated.check import Known, check
from jalon.records.calculated.evaluate import Result, of_nothing, result
from jalon.records.calculated.functions import Surroundings
from jalon.records.calculated.problems import FormulaError, Problem
from jalon.records.calculated.tree import Call, Node, Rollup, far_names, own_names, parts, rollups
from jalon.warehouse.words import N_

Name = tuple[str, str]  # object type, property

#: What a record has from its birth on without a line of the log that says so.
BORN_WITH: Final = frozenset({"createdate", "hs_object_id", "hs_object_source", "hs_object_source_detail_1", "hs_object_source_user_id"})
OF_THE_RATES: Final = "home_currency"
OF_THE_ZONE: Final = frozenset({"year", "month", "day", OF_THE_RATES})


@dataclass(frozen=True, slots=True)
class Way:
    """Where a rollup leads: the object type at the other end, by these association types."""

    end: str
    type_ids: tuple[int, ...]
    may_repeat: bool  # whether two records may be linked twice this way


@dataclass(frozen=True, slots=True)
class Formula:
    """A calculated property, ready to be computed."""

    object_type: str
    name: str
    tree: Node
    calculation: Result
    ways: Mapping[Rollup, Way]
    fingerprint: str
    of_nothing: str | None  # the value of an empty record

    @property
    def own(self) -> frozenset[str]:
        return own_names(self.tree)

    @property
    def at_birth(self) -> bool:
        """Whether a new record has a value even if it was given none of the inputs."""
        return self.of_nothing is not None or bool(self.own & BORN_WITH)


@dataclass(frozen=True, slots=True)
class Book:
    """All formulas of an account in the order of their levels. `broken` cannot be computed, and why."""

    formulas: tuple[Formula, ...] = ()
    levels: Mapping[Name, int] = field(default_factory=dict)
    broken: Mapping[Name, tuple[Problem, ...]] = field(default_factory=dict)

    def of(self, object_type: str, names: Iterable[str] | None = None) -> tuple[Formula, ...]:
        wanted = None if names is None else set(names)
        return tuple(each for each in self.formulas if each.object_type == object_type and (wanted is None or each.name in wanted))

    def interesting(self) -> frozenset[str]:
        """The names of properties whose change touches any formula; those calculated are among them (see `Changed.foreign`)."""
        names = {name for each in self.formulas for name in (*each.own, each.name)}
        return frozenset(names | {name for each in self.formulas for rollup in each.ways for name in far_names(rollup)})


def book(known: Known, around: Surroundings) -> Book:
    """Reads every formula of the catalogs. One that cannot be used is told and left out; the others go on."""
    formulas: list[Formula] = []
    broken: dict[Name, tuple[Problem, ...]] = {}
    for catalog in known.catalogs.values():
        for spec in catalog.properties.values():
            if spec.is_calculated and spec.formula:
                try:
                    formulas.append(formula(catalog.object_type, spec.name, spec.formula, known, around))
                except FormulaError as error:
                    broken[catalog.object_type, spec.name] = error.problems
    inputs = {(each.object_type, each.name): reads(each) for each in formulas}
    levels = _levels(inputs)
    for name in inputs.keys() - levels.keys():
        broken[name] = (Problem(N_("The formulas go round in a circle.")),)
    usable = [each for each in formulas if (each.object_type, each.name) in levels]
    usable.sort(key=lambda each: levels[each.object_type, each.name])
    return Book(tuple(usable), levels, broken)


def formula(object_type: str, name: str, text: str, known: Known, around: Surroundings) -> Formula:
    """A formula ready to be computed. Raises FormulaError."""
    tree = check(text, object_type, known).tree
    ways = {rollup: way(rollup, object_type, known) for rollup in rollups(tree)}
    print_of = hashlib.sha256(repr((tree, ways, _surroundings(tree, around))).encode()).hexdigest()
    return Formula(object_type, name, tree, result(tree, around), ways, print_of, of_nothing(tree, around))


def way(rollup: Rollup, object_type: str, known: Known) -> Way:
    end, links = known.over(object_type, rollup.over)
    return Way(end, tuple(link.type_id for link in links), len(links) > 1 or any(link.one == link.other for link in links))


def _surroundings(tree: Node, around: Surroundings) -> tuple[object, ...]:
    """What of the surroundings the formula looks at: another zone or another rate makes it another formula."""
    called = {part.name for part in parts(tree) if isinstance(part, Call)}
    rates = (around.rates.home, sorted(around.rates.by_code.items())) if OF_THE_RATES in called else ()
    return (str(around.zone) if called & OF_THE_ZONE else "", rates)


def reads(formula: Formula) -> frozenset[Name]:
    """The properties that a formula reads, on its own records and on others."""
    own = {(formula.object_type, name) for name in formula.own}
    return frozenset(own | {(way.end, name) for rollup, way in formula.ways.items() for name in far_names(rollup)})


def _levels(inputs_of: Mapping[Name, frozenset[Name]]) -> dict[Name, int]:
    """How many formulas lie below each; those that go round in a circle have no level."""
    levels: dict[Name, int] = {}
    waiting = dict(inputs_of)
    while ready := {name: inputs for name, inputs in waiting.items() if not (inputs & waiting.keys())}:
        for name, inputs in ready.items():
            levels[name] = 1 + max((levels[other] for other in inputs if other in levels), default=-1)
        waiting = {name: inputs for name, inputs in waiting.items() if name not in ready}
    return levels


def readers(book: Book, name: Name) -> Iterator[Formula]:
    """The formulas that read a property."""
    return (each for each in book.formulas if name in reads(each))


def circle(known: Known, name: Name, tree: Node) -> bool:
    """Whether this formula would in the end read what it gives."""
    present = book(known, Surroundings())
    inputs = {(each.object_type, each.name): reads(each) for each in present.formulas}
    wanted = set(reads_of(known, name[0], tree))
    seen: set[Name] = set()
    while wanted:
        if name in wanted:
            return True
        seen |= wanted
        wanted = {other for each in wanted for other in inputs.get(each, ())} - seen
    return False


def reads_of(known: Known, object_type: str, tree: Node) -> frozenset[Name]:
    """The same of a formula that is only a tree yet."""
    ways = {rollup: way(rollup, object_type, known) for rollup in rollups(tree)}
    own = {(object_type, name) for name in own_names(tree)}
    return frozenset(own | {(to.end, far) for rollup, to in ways.items() for far in far_names(rollup)})


# What a slice of the log touches


@dataclass(frozen=True, slots=True)
class Changed:
    """A line of the log as formulas see it. `came` marks a new record or one that was restored, `went` one that is gone."""

    object_type: str
    id: int
    names: frozenset[str] = frozenset()
    came: bool = False
    went: bool = False
    is_new: bool = False
    foreign: bool = True  # not written by the calculation itself
    near: frozenset[int] = frozenset()  # whom it was linked to, where nobody else knows it any more


@dataclass(frozen=True, slots=True)
class Linked:
    """Records that got or lost a link of an association type."""

    type_id: int
    ids: Mapping[str, frozenset[int]]  # by object type


@dataclass(slots=True)
class Touched:
    """What has to be computed anew: formulas and records by object type; and records whose neighbors' rollups have to be."""

    names: dict[str, set[str]] = field(default_factory=dict)
    ids: dict[str, set[int]] = field(default_factory=dict)
    ends: dict[Name, set[int]] = field(default_factory=dict)  # by formula: changed records that it may roll up

    def add(self, object_type: str, names: Iterable[str], ids: Iterable[int]) -> None:
        if wanted := set(names):
            self.names.setdefault(object_type, set()).update(wanted)
            self.ids.setdefault(object_type, set()).update(ids)


def touched(book: Book, changes: Sequence[Changed], links: Sequence[Linked]) -> Touched:
    """The formulas and records that these lines of the log touch."""
    found = Touched()
    alike: dict[Changed, tuple[list[str], list[Name]]] = {}  # most lines of a slice differ in nothing but their record
    for change in changes:
        kind = replace(change, id=0, near=frozenset())
        if kind not in alike:
            alike[kind] = _touched_by(book, kind)
        own, ends = alike[kind]
        found.add(change.object_type, own, [change.id])
        for object_type, name in ends:
            found.ends.setdefault((object_type, name), set()).add(change.id)
            found.add(object_type, [name] if change.near else [], change.near)
    for link in links:
        for formula in book.formulas:
            if any(link.type_id in way.type_ids for way in formula.ways.values()):
                found.add(formula.object_type, [formula.name], link.ids.get(formula.object_type, ()))
    return found


def _touched_by(book: Book, change: Changed) -> tuple[list[str], list[Name]]:
    """The formulas of the record itself, and those that may roll it up."""
    own = [each.name for each in book.of(change.object_type) if _own_touched(each, change)]
    far = [each for each in book.formulas if any(_far_touched(rollup, way, change) for rollup, way in each.ways.items())]
    return own, [(each.object_type, each.name) for each in far]


def _own_touched(formula: Formula, change: Changed) -> bool:
    if change.went:
        return False
    if formula.name in change.names and change.foreign:  # whoever else writes it, the calculation has the last word
        return True
    return (change.came and (not change.is_new or formula.at_birth)) or bool(formula.own & change.names)


def _far_touched(rollup: Rollup, way: Way, change: Changed) -> bool:
    if way.end != change.object_type or change.is_new:  # a new record has no links yet
        return False
    return change.came or change.went or bool(far_names(rollup) & change.names)
