"""Criteria as an index page and its editor read them: the predicate, the words, the sentences."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import get_language
from sqlglot import exp

from jalon.accounts.queries import account, users
from jalon.criteria import tree, validate, words
from jalon.criteria.compile import predicate
from jalon.criteria.problems import CriteriaError
from jalon.criteria.tree import Criteria, Filter, Group
from jalon.records.columns import Catalog
from jalon.records.pages import Chip, Narrowing
from jalon.warehouse.schema import Kind


def read(text: str, catalog: Catalog) -> Narrowing:
    """What `?criteria=` asks of an object type, or everything that is wrong with it."""
    try:
        criteria = tree.from_text(text)
    except CriteriaError as error:
        return Narrowing(text, problems=tuple(validate.sentences(error)))
    wrong = validate.problems(criteria, catalog)
    if wrong:
        return Narrowing(text, problems=tuple(wrong))
    return Narrowing(text, where(criteria, catalog), chips(criteria, catalog))


def where(criteria: Criteria, catalog: Catalog) -> exp.Expression | None:
    """The predicate as of now in the account's zone; None where nothing is asked."""
    if not criteria.groups:
        return None
    settings = account()
    return predicate(criteria, catalog, now=timezone.now(), zone=settings.tz, first_weekday=settings.first_weekday)


def chips(criteria: Criteria, catalog: Catalog) -> tuple[Chip, ...]:
    """Each filter in words, with the criteria that are left without it, in the order of the groups."""
    return tuple(
        Chip(in_words(one, catalog), tree.to_text(without(criteria, at, place)), starts_group=place == 0 and at > 0)
        for at, group in enumerate(criteria.groups)
        for place, one in enumerate(group.filters)
    )


def in_words(one: Filter, catalog: Catalog) -> str:
    """One filter as its chip says it."""
    names = {user.id: user.name for user in users()} if catalog.properties[one.property].kind is Kind.USER else {}
    (text,) = words.chips(tree.all_of(one), catalog, get_language() or "en", users=names)
    return text


def without(criteria: Criteria, group: int, place: int) -> Criteria:
    """The criteria without one filter; a group that is left empty goes with it, since it would ask nothing."""
    filters = [list(each.filters) for each in criteria.groups]
    del filters[group][place]
    return Criteria(tuple(Group(tuple(kept)) for kept in filters if kept))
