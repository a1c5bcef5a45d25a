"""Criteria as an index page and its editor read them: the predicate, the words, the sentences."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from django.utils.translation import ngettext

from jalon.accounts.access import Access
from jalon.criteria import dependence, queries, tree, validate
from jalon.criteria.problems import CriteriaError
from jalon.criteria.tree import Criteria, Group, Node
from jalon.records.columns import Catalog
from jalon.records.pages import Chip, Narrowing

MOST_CHIPS = 10  # each carries the address without it: two hundred and fifty of them were 22 MB


def read(text: str, catalog: Catalog, access: Access) -> Narrowing:
    """What `?criteria=` asks of an object type, among the linked records that this person may see; or everything that is wrong with it."""
    try:
        criteria = tree.from_text(text)
    except CriteriaError as error:
        return Narrowing(text, problems=tuple(validate.sentences(error)))
    if wrong := queries.problems(criteria, catalog.object_type):
        return Narrowing(text, problems=tuple(wrong))
    filters = sum(len(group.filters) for group in criteria.groups)
    return Narrowing(text, queries.where(criteria, catalog.object_type, access), chips(criteria, catalog), filters)


def names(text: str, object_type: str) -> frozenset[tuple[str, str]]:
    """The properties that stored criteria ask about, whether they still exist or not; none where they cannot be read."""
    try:
        return dependence.named(tree.from_text(text), object_type)
    except CriteriaError:
        return frozenset()


def options(text: str, object_type: str) -> frozenset[tuple[str, str, str]]:
    """The values that stored criteria ask properties for; none where they cannot be read."""
    try:
        return dependence.options(tree.from_text(text), object_type)
    except CriteriaError:
        return frozenset()


def chips(criteria: Criteria, catalog: Catalog) -> tuple[Chip, ...]:
    """The first filters in words, in the order of the groups, each with the criteria that are left without it."""
    first = list(islice(_each(criteria), MOST_CHIPS))
    speaker = queries.speaker(catalog.object_type, *(one for _group, _place, one in first))
    return tuple(
        Chip(speaker.chip(one), tree.to_text(without(criteria, at, place)), place == 0 and at > 0, f"{at}.{place}")
        for at, place, one in first
    )


def in_words(text: str, catalog: Catalog) -> list[tuple[str, bool]]:
    """What a field of a form shows of criteria: the first filters, each with whether "or" stands before it; broken criteria too."""
    try:
        criteria = tree.from_text(text)
    except CriteriaError:
        return []
    shown = [(chip.words, chip.starts_group) for chip in chips(criteria, catalog)]
    further = sum(1 for _one in _each(criteria)) - len(shown)
    return [*shown, *([(ngettext("and %(count)s more", "and %(count)s more", further) % {"count": further}, False)] if further else [])]


def _each(criteria: Criteria) -> Iterator[tuple[int, int, Node]]:
    return ((at, place, one) for at, group in enumerate(criteria.groups) for place, one in enumerate(group.filters))


def without(criteria: Criteria, group: int, place: int) -> Criteria:
    """The criteria without one filter; a group that is left empty goes with it, since it would ask nothing."""
    filters = [list(each.filters) for each in criteria.groups]
    del filters[group][place]
    return Criteria(tuple(Group(tuple(kept)) for kept in filters if kept))
