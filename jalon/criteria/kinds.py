"""Filters on something else than a property: a kind each, a row each in config's table. Pure: what a row holds may not be.

A capability brings its kind by one row: list membership, the import that a record came from, later forms, page views, mails.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from sqlglot import exp

from jalon.criteria.operators import Operator
from jalon.criteria.problems import Problem
from jalon.criteria.question import Setting
from jalon.criteria.tree import Fact
from jalon.records.columns import Catalog


@dataclass(frozen=True, slots=True)
class Choice:
    """An operand that may be picked: "12", "Newsletter readers"."""

    value: str
    label: str


class Refining(StrEnum):
    """What a kind can be refined by; a filter has one refinement at most (spec 2.4)."""

    WHEN = "when"
    COUNT = "count"


Reader = Any  # the access of whoever edits, which nothing pure looks into


@dataclass(frozen=True, slots=True)
class FilterKind:
    """One kind of facts that filters may ask about.

    `operators` are what can be asked, the first one first in the editor; those named in `negatives` are the opposite of another
    and take no refinement by themselves. `compile` gives a condition that is TRUE or FALSE for every record, over
    `setting.id`, narrowed by `setting.only` where it reads another table. `choices` are the operands that somebody may
    pick for an object type; `find` names given operands, archived ones too, in the current language (those that do not exist are
    left out). `depends` are the keys of what the filter reads, such as the lists it names: (kind, key); `reads` are the names of the
    record's own properties that it looks at, and `options` the options of these that it names: (property, value).
    `say` tells the whole filter where operator and operands would not read well, and nothing where they do. A kind that is not
    `offered` comes in addresses that pages make, not in the editor's menu; one that is not `live` changes without a line in the log,
    so no live list may ask it.
    """

    name: str
    label: str  # a message id: "List membership"
    icon: str
    operators: tuple[Operator, ...]
    compile: Callable[[Fact, Setting], exp.Expression]
    choices: Callable[[Reader, str], Sequence[Choice]]
    find: Callable[[Sequence[str]], Mapping[str, str]]
    check: Callable[[Fact, Catalog], Sequence[Problem]] = lambda fact, catalog: ()
    depends: Callable[[Fact], frozenset[tuple[str, str]]] = lambda fact: frozenset((fact.kind, value) for value in fact.values)
    reads: Callable[[Fact], frozenset[str]] = lambda fact: frozenset()
    options: Callable[[Fact], frozenset[tuple[str, str]]] = lambda fact: frozenset()
    object_types: frozenset[str] = frozenset()  # none: every type
    refines: frozenset[Refining] = field(default=frozenset())
    negatives: frozenset[str] = field(default=frozenset())
    say: Callable[[Fact], str] | None = None
    offered: bool = True
    live: bool = True

    def fits(self, object_type: str) -> bool:
        return not self.object_types or object_type in self.object_types

    def operator(self, name: str) -> Operator | None:
        return next((one for one in self.operators if one.name == name), None)


_kinds: Mapping[str, FilterKind] = MappingProxyType({})


def install(kinds: Sequence[FilterKind]) -> None:
    """Takes the rows of the wiring, in place of those it had."""
    global _kinds
    _kinds = MappingProxyType({kind.name: kind for kind in kinds})


def kinds() -> Mapping[str, FilterKind]:
    """Every kind by its name, in the order of the wiring."""
    return _kinds
