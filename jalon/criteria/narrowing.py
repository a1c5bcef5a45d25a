"""Criteria as an index page and its editor read them: the predicate, the words, the sentences."""

from __future__ import annotations

from jalon.criteria import queries, tree, validate
from jalon.criteria.dependence import named
from jalon.criteria.problems import CriteriaError
from jalon.criteria.tree import Criteria, Group
from jalon.records.columns import Catalog
from jalon.records.pages import Chip, Narrowing


def read(text: str, catalog: Catalog) -> Narrowing:
    """What `?criteria=` asks of an object type, or everything that is wrong with it."""
    try:
        criteria = tree.from_text(text)
    except CriteriaError as error:
        return Narrowing(text, problems=tuple(validate.sentences(error)))
    if wrong := queries.problems(criteria, catalog.object_type):
        return Narrowing(text, problems=tuple(wrong))
    return Narrowing(text, queries.where(criteria, catalog.object_type), chips(criteria, catalog))


def names(text: str, object_type: str) -> frozenset[tuple[str, str]]:
    """The properties that stored criteria ask about, whether they still exist or not; none where they cannot be read."""
    try:
        return named(tree.from_text(text), object_type)
    except CriteriaError:
        return frozenset()


def chips(criteria: Criteria, catalog: Catalog) -> tuple[Chip, ...]:
    """Each filter in words, with the criteria that are left without it, in the order of the groups."""
    speaker = queries.speaker(catalog.object_type, *(one for group in criteria.groups for one in group.filters))
    return tuple(
        Chip(speaker.chip(one), tree.to_text(without(criteria, at, place)), starts_group=place == 0 and at > 0)
        for at, group in enumerate(criteria.groups)
        for place, one in enumerate(group.filters)
    )


def without(criteria: Criteria, group: int, place: int) -> Criteria:
    """The criteria without one filter; a group that is left empty goes with it, since it would ask nothing."""
    filters = [list(each.filters) for each in criteria.groups]
    del filters[group][place]
    return Criteria(tuple(Group(tuple(kept)) for kept in filters if kept))
