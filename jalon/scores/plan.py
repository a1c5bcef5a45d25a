"""Which scores there are, what each depends on, and in which order they are computed. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jalon.criteria import dependence
from jalon.criteria.dependence import Dependence
from jalon.criteria.known import Known
from jalon.criteria.problems import Problem
from jalon.scores import rules as language
from jalon.scores.rules import RuleProblem, Rules, RulesError
from jalon.warehouse.words import N_

Name = tuple[str, str]  # object type, property


@dataclass(frozen=True, slots=True)
class Stored:
    """The rules of a property as they are kept, which may not be readable any more."""

    object_type: str
    name: str
    property_id: int
    rules: Any


@dataclass(frozen=True, slots=True)
class Scoring:
    """A score that can be computed."""

    object_type: str
    name: str
    property_id: int
    rules: Rules
    depends: Dependence
    fingerprint: str

    @property
    def key(self) -> Name:
        return (self.object_type, self.name)


@dataclass(frozen=True, slots=True)
class Book:
    """All scores of an account, those that others read before those that read them. `broken` cannot be computed, and why."""

    scorings: tuple[Scoring, ...] = ()
    levels: Mapping[Name, int] = field(default_factory=dict)
    broken: Mapping[int, tuple[RuleProblem, ...]] = field(default_factory=dict)  # by the property's id

    def of(self, object_type: str) -> tuple[Scoring, ...]:
        return tuple(one for one in self.scorings if one.object_type == object_type)

    def named(self, names: Iterable[Name]) -> Iterator[Scoring]:
        wanted = set(names)
        return (one for one in self.scorings if one.key in wanted)


def book(stored: Sequence[Stored], known: Known, around: Sequence[str]) -> Book:
    """Reads every score. One that cannot be used is told and left out; the others go on."""
    scorings: list[Scoring] = []
    broken: dict[int, tuple[RuleProblem, ...]] = {}
    for one in stored:
        try:
            scorings.append(scoring(one, known, around))
        except RulesError as error:
            broken[one.property_id] = error.problems
    levels = _levels({each.key: _properties(each.depends) for each in scorings})
    for each in scorings:
        if each.key not in levels:  # the pages refuse it; two people saving at once may still bring it about
            broken[each.property_id] = (RuleProblem(0, Problem(N_("The scores go round in a circle."))),)
    usable = [each for each in scorings if each.key in levels]
    return Book(tuple(sorted(usable, key=lambda each: (levels[each.key], each.property_id))), levels, broken)


def scoring(stored: Stored, known: Known, around: Sequence[str]) -> Scoring:
    """A score ready to be computed. Raises RulesError. `around` is what else its values depend on: the zone, the first weekday."""
    rules = language.from_json(stored.rules)
    if problems := language.problems(rules, stored.object_type, known):
        raise RulesError(problems)
    text = json.dumps([language.to_json(rules), *around], sort_keys=True)
    depends = together(stored.object_type, rules, known)
    return Scoring(stored.object_type, stored.name, stored.property_id, rules, depends, hashlib.sha256(text.encode()).hexdigest())


def together(object_type: str, rules: Rules, known: Known) -> Dependence:
    """What any of the rules depends on."""
    each = [dependence.of(rule.criteria, known.catalogs[object_type], known) for rule in rules]
    far = {name for one in each for name in one.associated}
    return Dependence(
        object_type,
        own=frozenset().union(*(one.own for one in each)),
        associated={name: frozenset().union(*(one.associated.get(name, frozenset()) for one in each)) for name in far},
        facts=frozenset().union(*(one.facts for one in each)),
        days=any(one.days for one in each),
        instants=frozenset().union(*(one.instants for one in each)),
    )


def _properties(depends: Dependence) -> frozenset[Name]:
    """The properties that are read, those of linked records too."""
    return frozenset((made[1], made[2]) for made in dependence.reads(depends) if made[0] == "property")


def _levels(inputs: Mapping[Name, frozenset[Name]]) -> dict[Name, int]:
    """How many scores lie below each; those that go round in a circle have no level."""
    levels: dict[Name, int] = {}
    waiting = dict(inputs)
    while ready := [name for name, read in waiting.items() if not (read & waiting.keys())]:
        for name in ready:
            levels[name] = 1 + max((levels[other] for other in waiting[name] if other in levels), default=-1)
        waiting = {name: read for name, read in waiting.items() if name not in ready}
    return levels
