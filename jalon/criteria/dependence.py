"""What criteria read: which changes can alter their answer, and when the clock alone can. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from jalon.criteria.kinds import kinds
from jalon.criteria.known import NOTHING, Known
from jalon.criteria.operators import OPERATORS, Operands
from jalon.criteria.tree import Associated, Branch, Criteria, Fact, Filter, Node, When
from jalon.records.columns import Catalog
from jalon.warehouse.schema import Kind

Name = tuple[str, str]  # object type, property
Option = tuple[str, str, str]  # and one of its values


@dataclass(frozen=True, slots=True)
class Dependence:
    """What the answer of one criteria tree on records of `object_type` depends on.

    own         names of the record's own properties (those compared with among them)
    associated  by object type: names of properties read on records it is linked with; an empty set: that they are linked
    facts       what filter kinds say they read: ("list", "12"), ("import", "7"); of the record or of linked ones
    days        the answer may change when a new day of the account begins
    instants    properties (object type, name) of which an instant, a value or a change, alters the answer once it is passed
    """

    object_type: str
    own: frozenset[str] = frozenset()
    associated: Mapping[str, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))
    facts: frozenset[tuple[str, str]] = frozenset()
    days: bool = False
    instants: frozenset[Name] = frozenset()

    @property
    def on_clock(self) -> bool:
        return self.days or bool(self.instants)


#: The operators that compare with another property, which their first value names.
COMPARING = frozenset(one.name for fitting in OPERATORS.values() for one in fitting if one.operands is Operands.PROPERTY)

#: The operators of dates whose answer a new day may change; and those of instants that look at "now" itself.
BY_DAY = frozenset(one.name for one in OPERATORS[Kind.DATETIME] if one.operands in (Operands.DAYS, Operands.OFFSETS, Operands.PERIOD))
CHANGED = frozenset({"updated_in_last_days", "not_updated_in_last_days"})  # the instants of changes, of any kind of property
BY_NOW = frozenset({"less_than_days_ago", "in_this_so_far", "less_than_days_from_now"})


@dataclass(frozen=True, slots=True)
class Asked:
    """A filter with the object type whose records it is asked of; `linked` where these are those that a record is linked with."""

    node: Node
    object_type: str
    linked: bool = False


def everything_asked(criteria: Criteria, object_type: str) -> Iterator[Asked]:
    """Every filter at any depth, in the order of reading."""
    for group in criteria.groups:
        for node in group.filters:
            yield from _asked(Asked(node, object_type))


def _asked(one: Asked) -> Iterator[Asked]:
    yield one
    match one.node:
        case Branch(parts=parts):
            inside = [Asked(part, one.object_type, one.linked) for part in parts]
        case Associated(object_type=there, parts=parts):
            inside = [Asked(part, there, linked=True) for part in parts]
        case _:
            inside = []
    for each in inside:
        yield from _asked(each)


def named(criteria: Criteria, object_type: str) -> frozenset[Name]:
    """Every property that the criteria name, those compared with and those of linked records among them, whether it exists or not."""
    return frozenset(
        (one.object_type, name)
        for one in everything_asked(criteria, object_type)
        if isinstance(one.node, Filter)
        for name in _names(one.node)
    )


def options(criteria: Criteria, object_type: str) -> frozenset[Option]:
    """Every value that the criteria ask a property for, whether it exists or not: whoever takes an option away wants to know."""
    return frozenset(
        (one.object_type, name, value) for one in everything_asked(criteria, object_type) for name, value in _options(one.node)
    )


def of(criteria: Criteria, catalog: Catalog, known: Known = NOTHING) -> Dependence:
    """What these criteria read. What does not exist is among it: it may come into being."""
    asked = tuple(everything_asked(criteria, catalog.object_type))
    catalogs = {**known.catalogs, catalog.object_type: catalog}
    return Dependence(
        catalog.object_type,
        own=frozenset(name for one in asked if not one.linked for name in _read(one.node)),
        associated=_far(asked),
        facts=frozenset(key for one in asked if isinstance(one.node, Fact) for key in _keys(one.node)),
        days=any(_is_by_day(one.node) for one in asked),
        instants=frozenset(
            (one.object_type, one.node.property)
            for one in asked
            if isinstance(one.node, Filter) and looks_at_now(one.node, catalogs.get(one.object_type))
        ),
    )


def reads(depends: Dependence) -> frozenset[tuple[str, ...]]:
    """All that is read, as the table of circles names what is made (records.circles)."""
    own = {("property", depends.object_type, name) for name in depends.own}
    far = {("property", other, name) for other, names in depends.associated.items() for name in names}
    return frozenset(own | far | depends.facts)


def looks_at_now(one: Filter, catalog: Catalog | None) -> bool:
    """Whether the answer changes in the course of a day: an instant is passed, or one in the history."""
    spec = catalog.properties.get(one.property) if catalog else None
    if spec is None:
        return False
    return one.operator in CHANGED or (one.operator in BY_NOW and spec.kind is Kind.DATETIME)


def _names(one: Filter) -> tuple[str, ...]:
    return (one.property, *one.values[:1]) if one.operator in COMPARING else (one.property,)


def _options(node: Node) -> frozenset[tuple[str, str]]:
    match node:
        case Filter(operator=operator) if operator not in COMPARING:
            return frozenset((node.property, value) for value in node.values)
        case Fact() if kind := kinds().get(node.kind):
            return kind.options(node)
    return frozenset()


def _read(node: Node) -> frozenset[str]:
    """The properties of its record that a filter looks at."""
    match node:
        case Filter():
            return frozenset(_names(node))
        case Fact() if kind := kinds().get(node.kind):
            return kind.reads(node)
    return frozenset()


def _far(asked: Sequence[Asked]) -> Mapping[str, frozenset[str]]:
    read: dict[str, frozenset[str]] = {one.node.object_type: frozenset() for one in asked if isinstance(one.node, Associated)}
    for one in asked:
        if one.linked:
            read[one.object_type] |= _read(one.node)
    return MappingProxyType(read)


def _keys(fact: Fact) -> frozenset[tuple[str, str]]:
    kind = kinds().get(fact.kind)
    return kind.depends(fact) if kind else frozenset()


def _is_by_day(node: Node) -> bool:
    match node:
        case Filter(operator=operator) | Fact(refine=When(operator=operator)):
            return operator in BY_DAY
    return False
