"""Criteria to one predicate over the column table of an object type. Pure: the moment and the zone are arguments.

Every predicate is TRUE or FALSE for every record, never NULL, so that it can be negated, counted and joined at will.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlglot import exp

from jalon.criteria import answers_about_days, answers_about_sets, answers_about_values
from jalon.criteria.findings import findings
from jalon.criteria.known import NOTHING, Known
from jalon.criteria.operators import operator
from jalon.criteria.past import ever_known
from jalon.criteria.problems import CriteriaError
from jalon.criteria.question import Answers, Question, Setting
from jalon.criteria.tree import Criteria, Filter
from jalon.records.columns import Catalog
from jalon.warehouse import query
from jalon.warehouse.schema import Kind


def predicate(
    criteria: Criteria,
    catalog: Catalog,
    *,
    now: datetime,
    zone: ZoneInfo,
    first_weekday: int = 0,
    fiscal_month: int = 1,
    of: str | None = None,
    known: Known = NOTHING,
    only: tuple[int, ...] | None = None,
) -> exp.Expression:
    """What selects the records of these criteria; TRUE when they ask nothing.

    `of` names the table or alias to read from where several are joined; the fiscal year begins in `fiscal_month`.
    Raises CriteriaError, with every problem, for criteria that do not fit the catalog.
    """
    if problems := findings(criteria, catalog):
        raise CriteriaError(problems)
    if not criteria.groups:
        return query.truth(True)
    setting = Setting(catalog, now, zone, first_weekday, fiscal_month, of, known, only)
    groups = (query.conjunction(_asked(one, setting) for one in group.filters) for group in criteria.groups)
    return query.disjunction(groups).copy()  # a tree of its own: answers may use one node in two places


_ANSWERS: dict[Kind, Answers] = {
    Kind.STRING: answers_about_values.STRING,
    Kind.NUMBER: answers_about_values.NUMBER,
    Kind.BOOL: answers_about_values.BOOL,
    Kind.USER: answers_about_values.USER,
    Kind.ENUMERATION: answers_about_sets.ENUMERATION,
    Kind.MULTI: answers_about_sets.MULTI,
    Kind.DATE: answers_about_days.DATE,
    Kind.DATETIME: answers_about_days.DATE,
}

#: What an operator is the opposite of. Not a plain NOT: a record without a value fails both (spec 2.5).
_OPPOSITES = {
    "not_equal": "equal",
    "not_contains": "contains",
    "not_equal_any": "equal_any",
    "not_contains_any": "contains_any",
    "not_contains_exactly": "contains_exactly",
    "not_between": "between",
    "none_of": "any_of",
    "not_exactly": "exactly",
    "not_all_of": "all_of",
    "not_updated_in_last_days": "updated_in_last_days",
    "has_never_equal": "has_ever_equal",
    "has_never_contained": "has_ever_contained",
    "has_never_been": "has_ever_been",
    "has_never_any": "has_ever_any",
    "has_never_exactly": "has_ever_exactly",
    "has_never_all": "has_ever_all",
}


def _asked(one: Filter, setting: Setting) -> exp.Expression:
    spec = setting.catalog.properties[one.property]
    question = Question(spec, one.values, setting)
    if one.operator == "is_known":
        return query.is_known(question.column)
    if one.operator == "is_unknown":
        return query.is_null(question.column)
    positive = _OPPOSITES.get(one.operator, one.operator)
    answer = _ANSWERS[spec.kind][positive](question)
    if positive != one.operator:
        answer = query.negation(answer)
    blank, known = (_never_known if positive.startswith("has_ever") else _is_blank)(question)
    held = query.conjunction([known, answer])
    return query.disjunction([blank, held]) if one.include_blank else held


def _is_blank(question: Question) -> tuple[exp.Expression, exp.Expression]:
    return query.is_null(question.column), query.is_known(question.column)


def _never_known(question: Question) -> tuple[exp.Expression, exp.Expression]:
    """To the operators about the past, a record is without a value only if it never had one."""
    return query.negation(ever_known(question)), ever_known(question)


def operators_compiled(kind: Kind) -> frozenset[str]:
    """The operators of a kind that this compiler answers; a test holds it against the table of operators."""
    answered = {*_ANSWERS[kind], *(name for name, positive in _OPPOSITES.items() if positive in _ANSWERS[kind])}
    return frozenset(name for name in {*answered, "is_known", "is_unknown"} if operator(kind, name))
