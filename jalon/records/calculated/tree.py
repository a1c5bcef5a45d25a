"""A formula as a value: what its text says, with the place of each part in the text. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from decimal import Decimal
from enum import StrEnum


class Measure(StrEnum):
    """What a rollup makes of the values of associated records."""

    SUM = "sum"
    MIN = "min"
    MAX = "max"
    COUNT = "count"
    AVERAGE = "average"


@dataclass(frozen=True, slots=True)
class Node:
    """Any part of a formula. `place` counts characters from 0; two parts that say the same are equal wherever they stand."""

    place: int = field(compare=False, kw_only=True, default=0)


@dataclass(frozen=True, slots=True)
class Number(Node):
    value: Decimal


@dataclass(frozen=True, slots=True)
class Text(Node):
    value: str


@dataclass(frozen=True, slots=True)
class Truth(Node):
    value: bool


@dataclass(frozen=True, slots=True)
class Nothing(Node):
    """`null`: no value."""


@dataclass(frozen=True, slots=True)
class Own(Node):
    """The value of a property of the record itself, or inside a condition, of the associated record."""

    name: str


@dataclass(frozen=True, slots=True)
class Not(Node):
    of: Node


@dataclass(frozen=True, slots=True)
class Minus(Node):
    of: Node


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """`operator` is one of + - * /."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """`operator` is one of = != < <= > >=."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Logic(Node):
    """`operator` is "and" or "or"."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Among(Node):
    """`of in (values)`."""

    of: Node
    values: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A function with its arguments: `round(amount, 2)`."""

    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Rollup(Node):
    """A measure of the associated records that meet `where`. `over` names an association or an object type; count may lack a property."""

    measure: Measure
    property: str
    over: str
    where: Node | None = None


def parts(node: Node) -> Iterator[Node]:
    """The node and all that it holds, but not what lies inside a rollup: that is about other records."""
    yield node
    if isinstance(node, Rollup):
        return
    for each in fields(node):
        value = getattr(node, each.name)
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, Node):
                yield from parts(part)


def own_names(node: Node) -> frozenset[str]:
    """The properties of the record itself that a formula reads."""
    return frozenset(part.name for part in parts(node) if isinstance(part, Own))


def rollups(node: Node) -> tuple[Rollup, ...]:
    """The rollups of a formula, each once."""
    return tuple(dict.fromkeys(part for part in parts(node) if isinstance(part, Rollup)))


def far_names(rollup: Rollup) -> frozenset[str]:
    """The properties of the associated records that a rollup reads."""
    conditions = own_names(rollup.where) if rollup.where else frozenset()
    return conditions | ({rollup.property} if rollup.property else set())
