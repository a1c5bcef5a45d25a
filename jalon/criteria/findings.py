"""Everything that is wrong with criteria, found at once. Pure: the sentences are told by `validate`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from jalon.criteria.findings_in_facts import in_count, in_fact
from jalon.criteria.findings_in_operands import KINDS, in_operands, no_such_property
from jalon.criteria.known import NOTHING, Known
from jalon.criteria.operators import OPERATORS, operator
from jalon.criteria.problems import Part, Place, Problem, Word
from jalon.criteria.tree import MOST_FILTERS, Associated, Branch, Criteria, Fact, Filter, Node
from jalon.records.columns import Catalog, PropertySpec
from jalon.warehouse.words import N_


def findings(criteria: Criteria, catalog: Catalog, known: Known = NOTHING) -> tuple[Problem, ...]:
    """All problems of these criteria on this object type, in the order of the filters."""
    return tuple(_found(criteria, catalog, known))


def _found(criteria: Criteria, catalog: Catalog, known: Known) -> Iterator[Problem]:
    if (count := criteria.count()) > MOST_FILTERS:
        message = N_("There are %(count)s filters; at most %(most)s are possible.")
        yield Problem(message, {"count": str(count), "most": str(MOST_FILTERS)})
    for group, members in enumerate(criteria.groups, 1):
        if not members.filters:
            yield Problem(N_("Group %(group)s has no filter. Add one, or take the group away."), {"group": str(group)})
        yield from _in_nodes(members.filters, (group,), _Reader(catalog, known))


@dataclass(frozen=True, slots=True)
class _Reader:
    """Whose records the filters are asked of; `linked` inside of filters on linked records."""

    catalog: Catalog
    known: Known
    linked: bool = False


def _in_nodes(nodes: tuple[Node, ...], place: Place, reader: _Reader) -> Iterator[Problem]:
    for at, node in enumerate(nodes, 1):
        for problem in _in_node(node, reader):
            yield replace(problem, place=(*place, at))
        match node:
            case Branch(parts=parts):
                yield from _in_nodes(parts, (*place, at), reader)
            case Associated(object_type=name, parts=parts) if not reader.linked and name in reader.known.catalogs:
                yield from _in_nodes(parts, (*place, at), _Reader(reader.known.catalogs[name], reader.known, linked=True))


def _in_node(node: Node, reader: _Reader) -> Iterator[Problem]:
    """What is wrong with the filter itself; those inside of it speak for themselves."""
    match node:
        case Filter():
            yield from _in_filter(node, reader.catalog)
        case Fact():
            yield from in_fact(node, reader.catalog)
        case Associated():
            yield from _in_associated(node, reader)
        case Branch(parts=()):
            yield Problem(N_("These brackets hold no filter. Add one, or take them away."))


def _in_associated(one: Associated, reader: _Reader) -> Iterator[Problem]:
    if reader.linked:
        yield Problem(N_("Filters on linked records cannot ask about records that these are linked with."))
        return
    if one.count is not None:
        yield from in_count(one.count)
    there = reader.known.catalogs.get(one.object_type)
    if there is None:
        yield Problem(N_("The object “%(name)s” does not exist. It may have been archived; choose another one."), {"name": one.object_type})
        return
    ends: dict[str, Part] = {"own": reader.catalog, "there": there}
    if not reader.known.ways(reader.catalog.object_type, one.object_type):
        yield Problem(N_("Nothing links “%(own)s” with “%(there)s”. Add an association in the settings, or take this filter away."), ends)
    elif not reader.known.ways(reader.catalog.object_type, one.object_type, one.label):
        yield Problem(N_("There is no association “%(name)s” between “%(own)s” and “%(there)s”."), {"name": one.label, **ends})


def _in_filter(one: Filter, catalog: Catalog) -> Iterator[Problem]:
    spec = catalog.properties.get(one.property)
    if spec is None:
        yield no_such_property(one.property)
        return
    fitting = operator(spec.kind, one.operator)
    if fitting is None:
        yield _unfit(one, spec)
        return
    yield from in_operands(one.values, spec, fitting, catalog)


def _unfit(one: Filter, spec: PropertySpec) -> Problem:
    message = N_("“%(property)s” is %(kind)s, so “%(operator)s” cannot be asked of it. What can be asked: %(possible)s.")
    possible = tuple(Word(fitting.label) for fitting in OPERATORS.get(spec.kind, ()))
    return Problem(
        message, {"property": spec, "kind": Word(KINDS[spec.kind]), "operator": _operator_word(one.operator), "possible": possible}
    )


def _operator_word(name: str) -> Part:
    """The label of an operator of any kind, or the name itself when there is none."""
    known = (one.label for kind in OPERATORS for one in OPERATORS[kind] if one.name == name)
    label = next(known, None)
    return Word(label) if label else name
