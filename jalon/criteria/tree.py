"""Criteria as a value: an OR of groups, each an AND of filters; and its one form as JSON.

A filter asks about a property (`Filter`), about something that happened (`Fact`: a list, an import), about records that
the record is linked with (`Associated`), or combines others (`Branch`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import orjson

from jalon.criteria.problems import CriteriaError, Place, Problem
from jalon.warehouse.characters import are_storable
from jalon.warehouse.words import N_

VERSION = 2
READABLE = frozenset({1, VERSION})  # version 1 knew filters on properties only: the same form with less in it
MOST_FILTERS = 250

#: Other words for the same operators, understood when read and never written.
_SYNONYMS = {"is_blank": "is_unknown", "is_not_blank": "is_known"}


@dataclass(frozen=True, slots=True)
class Filter:
    """One question about one property. `include_blank` also takes the records that have no value."""

    property: str
    operator: str
    values: tuple[str, ...] = ()
    include_blank: bool = False


@dataclass(frozen=True, slots=True)
class When:
    """Only what happened then counts: an operator of a date and its operands (spec 2.4, prune)."""

    operator: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Count:
    """So many times: at least `least`, at most `most` (None: any number). `least` 0 also takes those with none (spec 2.4)."""

    least: int = 0
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """One question about something else than a property; `kind` is a row of the table of filter kinds. At most one refinement."""

    kind: str
    operator: str
    values: tuple[str, ...] = ()
    refine: When | Count | None = None


@dataclass(frozen=True, slots=True)
class Associated:
    """Filters that must all hold on one and the same record of `object_type` that this one is linked with.

    `label` narrows to one association type by its name; `count` asks how many such records there are instead of at least one.
    Between records of one type `side` says on which side of the association the linked ones stand: its "from" or its "to" side,
    such as parents or children; "" is either.
    """

    object_type: str
    parts: tuple[Node, ...]
    label: str = ""
    count: Count | None = None
    side: str = ""


class How(StrEnum):
    """How the parts of a branch are joined."""

    ALL = "all"
    ANY = "any"
    NOT_ALL = "not_all"  # at least one part does not hold
    NOT_ANY = "not_any"  # no part holds


@dataclass(frozen=True, slots=True)
class Branch:
    """Filters in brackets. A negated one is a plain NOT: it also takes the records that have no value."""

    how: How
    parts: tuple[Node, ...]


Node = Filter | Fact | Associated | Branch


@dataclass(frozen=True, slots=True)
class Group:
    """Filters that must all hold."""

    filters: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Criteria:
    """Groups of which one must hold. No group at all asks nothing: every record meets it."""

    groups: tuple[Group, ...] = field(default=())

    def walk(self) -> Iterator[tuple[Place, Node]]:
        """Every filter, those inside of others after these, each with its place: (group, filter, filter inside, ...), from 1."""
        for at, group in enumerate(self.groups, 1):
            yield from _walk(group.filters, (at,))

    def count(self) -> int:
        """How many questions they ask: filters on properties and facts, and associated branches that ask nothing more."""
        return sum(not isinstance(node, Branch) and not (isinstance(node, Associated) and node.parts) for _, node in self.walk())

    def filters(self) -> tuple[Filter, ...]:
        """The filters on properties of the record itself, at any depth."""
        return tuple(one for group in self.groups for one in _own(group.filters))

    def linked(self) -> frozenset[str]:
        """The object types of the linked records that they ask about."""
        return frozenset(node.object_type for _, node in self.walk() if isinstance(node, Associated))

    def properties(self) -> frozenset[str]:
        """The names of the record's own properties that the filters ask about (not those they compare with)."""
        return frozenset(one.property for one in self.filters())


EMPTY = Criteria()


def all_of(*filters: Node) -> Criteria:
    """Criteria of a single group."""
    return Criteria((Group(filters),))


def _walk(nodes: tuple[Node, ...], place: Place) -> Iterator[tuple[Place, Node]]:
    for at, node in enumerate(nodes, 1):
        yield (*place, at), node
        if isinstance(node, Associated | Branch):
            yield from _walk(node.parts, (*place, at))


def _own(nodes: tuple[Node, ...]) -> Iterator[Filter]:
    for node in nodes:
        if isinstance(node, Filter):
            yield node
        elif isinstance(node, Branch):
            yield from _own(node.parts)


# As JSON


def to_json(criteria: Criteria) -> dict[str, Any]:
    """The stored form; `from_json` gives the same value back."""
    return {"version": VERSION, "groups": [{"filters": [_node_json(one) for one in group.filters]} for group in criteria.groups]}


def to_text(criteria: Criteria) -> str:
    """The compact text that travels in addresses; nothing for criteria that ask nothing."""
    return orjson.dumps(to_json(criteria)).decode() if criteria.groups else ""


def _node_json(node: Node) -> dict[str, Any]:
    match node:
        case Filter():
            blank = {"include_blank": True} if node.include_blank else {}
            return {"property": node.property, "operator": node.operator} | _values_json(node.values) | blank
        case Fact():
            refined = {"refine": _refine_json(node.refine)} if node.refine else {}
            return {"kind": node.kind, "operator": node.operator} | _values_json(node.values) | refined
        case Associated():
            label = {name: told for name, told in (("label", node.label), ("side", node.side)) if told}
            count = {"count": _refine_json(node.count)} if node.count else {}
            return {"associated": node.object_type} | label | count | {"filters": [_node_json(part) for part in node.parts]}
        case Branch():
            return {"branch": node.how.value, "filters": [_node_json(part) for part in node.parts]}


def _values_json(values: tuple[str, ...]) -> dict[str, Any]:
    return {"values": list(values)} if values else {}


def _refine_json(refine: When | Count) -> dict[str, Any]:
    if isinstance(refine, When):
        return {"operator": refine.operator} | _values_json(refine.values)
    return {"least": refine.least} | ({"most": refine.most} if refine.most is not None else {})


def from_text(text: str) -> Criteria:
    """Read `to_text`'s form. Raises CriteriaError."""
    if not text.strip():
        return EMPTY
    try:
        parsed = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise CriteriaError((Problem(N_("The criteria are not valid JSON.")),)) from error
    return from_json(parsed)


def from_json(parsed: Any) -> Criteria:
    """Read the stored form, of this version or an older one. Raises CriteriaError with everything that is wrong with its shape."""
    if not isinstance(parsed, Mapping) or not isinstance(parsed.get("groups"), list):
        raise CriteriaError((Problem(N_("Criteria are an object with a list of “groups”.")),))
    if not are_storable(parsed):
        raise CriteriaError(
            (Problem(N_("The criteria hold characters that cannot be stored (a NUL byte or half a character); remove them.")),)
        )
    if parsed.get("version", VERSION) not in READABLE:
        raise CriteriaError((Problem(N_("These criteria were written by another version of Jalon.")),))
    problems: list[Problem] = []
    groups = tuple(_group(group, place, problems) for place, group in enumerate(parsed["groups"], 1))
    if problems:
        raise CriteriaError(tuple(problems))
    return Criteria(groups)


def _group(parsed: Any, group: int, problems: list[Problem]) -> Group:
    if not isinstance(parsed, Mapping) or not isinstance(parsed.get("filters"), list):
        problems.append(Problem(N_("Group %(group)s has no list of “filters”."), {"group": str(group)}))
        return Group(())
    return Group(_nodes(parsed["filters"], (group,), problems))


def _nodes(parsed: list[Any], place: Place, problems: list[Problem]) -> tuple[Node, ...]:
    return tuple(_node(one, (*place, at), problems) for at, one in enumerate(parsed, 1))


DEEPEST = 6  # brackets in brackets: more than anybody can read

#: What each form of a filter is known by, and the parts it may have.
_FORMS = {
    "property": frozenset({"property", "operator", "values", "include_blank"}),
    "kind": frozenset({"kind", "operator", "values", "refine"}),
    "associated": frozenset({"associated", "label", "side", "count", "filters"}),
    "branch": frozenset({"branch", "filters"}),
}


def _node(parsed: Any, place: Place, problems: list[Problem]) -> Node:
    nothing = Filter("", "")
    form = next((name for name in _FORMS if name in parsed), None) if isinstance(parsed, Mapping) else None
    if form is None:
        problems.append(Problem(N_("A filter is an object with a “property” and an “operator”."), place=place))
        return nothing
    if len(place) > DEEPEST:
        problems.append(Problem(N_("Filters are nested too deeply.")))
        return nothing
    before = len(problems)
    problems += [Problem(message, place=place) for name, message in _WRONG_PART.items() if name in _FORMS[form] and not _fits(name, parsed)]
    if unknown := sorted(str(name) for name in parsed if name not in _FORMS[form]):
        problems.append(Problem(N_("“%(names)s” means nothing here."), {"names": ", ".join(unknown)}, place))
    return _READ[form](parsed, place, problems) if len(problems) == before else nothing


def _filter(parsed: Mapping[str, Any], place: Place, problems: list[Problem]) -> Node:
    operator = parsed["operator"]
    blank = parsed.get("include_blank", False)
    return Filter(parsed["property"], _SYNONYMS.get(operator, operator), tuple(parsed.get("values", ())), blank)


def _fact(parsed: Mapping[str, Any], place: Place, problems: list[Problem]) -> Node:
    refine = parsed.get("refine")
    return Fact(parsed["kind"], parsed["operator"], tuple(parsed.get("values", ())), _refine(refine) if refine is not None else None)


def _associated(parsed: Mapping[str, Any], place: Place, problems: list[Problem]) -> Node:
    parts = _nodes(parsed["filters"], place, problems)
    count = parsed.get("count")
    counted = _count(count) if count is not None else None
    return Associated(parsed["associated"], parts, parsed.get("label", ""), counted, parsed.get("side", ""))


def _branch(parsed: Mapping[str, Any], place: Place, problems: list[Problem]) -> Node:
    return Branch(How(parsed["branch"]), _nodes(parsed["filters"], place, problems))


_READ = {"property": _filter, "kind": _fact, "associated": _associated, "branch": _branch}


def _refine(parsed: Mapping[str, Any]) -> When | Count:
    return When(parsed["operator"], tuple(parsed.get("values", ()))) if "operator" in parsed else _count(parsed)


def _count(parsed: Mapping[str, Any]) -> Count:
    return Count(parsed.get("least", 0), parsed.get("most"))


_WRONG_PART = {
    "property": N_("“property” must be the name of a property."),
    "kind": N_("“kind” must be the name of a kind of filter."),
    "associated": N_("“associated” must be the name of an object type."),
    "branch": N_("“branch” must be all, any, not_all or not_any."),
    "operator": N_("“operator” must be the name of an operator."),
    "values": N_("“values” must be a list of texts."),
    "include_blank": N_("“include_blank” must be true or false."),
    "refine": N_("“refine” is an operator of a date with its values, or “least” and “most” times."),
    "label": N_("“label” must be the name of an association."),
    "side": N_("“side” must be from or to."),
    "count": N_("“count” has “least” and “most”: whole numbers from 0."),
    "filters": N_("“filters” must be a list of filters."),
}


def _fits(name: str, parsed: Mapping[str, Any]) -> bool:
    match name:
        case "values":
            return _are_texts(parsed.get(name, []))
        case "filters":
            return isinstance(parsed.get(name), list)
        case "include_blank":
            return isinstance(parsed.get(name, False), bool)
        case "branch":
            return parsed.get(name) in set(How)
        case "refine":
            refine = parsed.get(name)
            return refine is None or _is_when(refine) or _is_count(refine)
        case "count":
            return parsed.get(name) is None or _is_count(parsed[name])
        case "side":
            return parsed.get(name, "") in ("", "from", "to")
        case "label":
            return isinstance(parsed.get(name, ""), str)
        case _:
            return isinstance(parsed.get(name), str)


def _are_texts(values: Any) -> bool:
    return isinstance(values, list) and all(isinstance(value, str) for value in values)


def _is_when(refine: Any) -> bool:
    known = isinstance(refine, Mapping) and set(refine) <= {"operator", "values"}
    return known and isinstance(refine.get("operator"), str) and _are_texts(refine.get("values", []))


def _is_count(count: Any) -> bool:
    if not isinstance(count, Mapping) or not count or not set(count) <= {"least", "most"}:
        return False
    return all(type(value) is int and value >= 0 for value in count.values() if value is not None)
