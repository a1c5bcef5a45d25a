"""One filter on a property as a condition: what the operators of all kinds have in common."""

from __future__ import annotations

from sqlglot import exp

from jalon.criteria import answers_about_days, answers_about_sets, answers_about_values
from jalon.criteria.operators import operator
from jalon.criteria.past import ever_known
from jalon.criteria.question import Answers, Question, Setting
from jalon.criteria.tree import Filter
from jalon.warehouse import query
from jalon.warehouse.schema import Kind

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


def answer(one: Filter, setting: Setting) -> exp.Expression:
    """Whether the record's property is as the filter wants it; TRUE or FALSE for every record."""
    spec = setting.catalog.properties[one.property]
    question = Question(spec, one.values, setting)
    if one.operator == "is_known":
        return query.is_known(question.column)
    if one.operator == "is_unknown":
        return query.is_null(question.column)
    about_the_past = _OPPOSITES.get(one.operator, one.operator).startswith("has_ever")
    blank, known = (_never_known if about_the_past else _is_blank)(question)
    implied = about_the_past and one.operator not in _OPPOSITES  # who ever had such a value ever had one
    held = query.conjunction([None if implied else known, answer_of_value(one.operator, question)])
    return query.disjunction([blank, held]) if one.include_blank else held


def answer_of_value(operator: str, question: Question) -> exp.Expression:
    """What an operator says of a column that holds a value, such as the instant of a fact."""
    positive = _OPPOSITES.get(operator, operator)
    held = _ANSWERS[question.spec.kind][positive](question)
    return held if positive == operator else query.negation(held)


def _is_blank(question: Question) -> tuple[exp.Expression, exp.Expression]:
    return query.is_null(question.column), query.is_known(question.column)


def _never_known(question: Question) -> tuple[exp.Expression, exp.Expression]:
    """To the operators about the past, a record is without a value only if it never had one."""
    return query.negation(ever_known(question)), ever_known(question)


def operators_answered(kind: Kind) -> frozenset[str]:
    """The operators of a kind that are answered; a test holds it against the table of operators."""
    answered = {*_ANSWERS[kind], *(name for name, positive in _OPPOSITES.items() if positive in _ANSWERS[kind])}
    return frozenset(name for name in {*answered, "is_known", "is_unknown"} if operator(kind, name))
