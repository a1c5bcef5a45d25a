"""Texts, numbers, truths and users: one value against one or more operands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from decimal import Decimal

from sqlglot import exp

from jalon.criteria import operands
from jalon.criteria.past import ever
from jalon.criteria.question import Answers, Question
from jalon.warehouse import query

Test = Callable[[exp.Expression], exp.Expression]

# --- texts: no operator looks at the case of letters ---------------------------------------------------------------


def _text(value: str) -> exp.Expression:
    return query.lowered(query.text(value))


def _equal(values: Iterable[str]) -> Test:
    return lambda text: query.one_of(query.lowered(text), [_text(value) for value in values])


def _contains(values: Iterable[str]) -> Test:
    return lambda text: query.disjunction(query.contains(query.lowered(text), _text(value)) for value in values)


def _starts(values: Iterable[str]) -> Test:
    return lambda text: query.disjunction(exp.StartsWith(this=query.lowered(text), expression=_text(value)) for value in values)


def _ends(values: Iterable[str]) -> Test:
    return lambda text: query.disjunction(exp.EndsWith(this=query.lowered(text), expression=_text(value)) for value in values)


#: A value stands as a whole where no letter, mark, digit or underscore touches it.
_BEFORE, _AFTER = r"(^|[^\p{L}\p{M}\p{N}_])", r"([^\p{L}\p{M}\p{N}_]|$)"


def _contains_exactly(values: Iterable[str]) -> Test:
    return lambda text: query.disjunction(exp.RegexpLike(this=query.lowered(text), expression=_token(value)) for value in values)


def _token(value: str) -> exp.Expression:
    whole = exp.DPipe(this=query.text(_BEFORE), expression=_text(re.escape(value)))
    return exp.DPipe(this=whole, expression=query.text(_AFTER))


def _now(test: Callable[[tuple[str, ...]], Test]) -> Callable[[Question], exp.Expression]:
    return lambda question: test(question.values)(question.column)


def _ever(test: Callable[[tuple[str, ...]], Test]) -> Callable[[Question], exp.Expression]:
    def answer(question: Question) -> exp.Expression:
        held = test(question.values)
        return ever(question, held(question.column), held)

    return answer


def _same_text(question: Question) -> exp.Expression:
    return exp.EQ(this=query.lowered(question.column), expression=query.lowered(_other(question)))


def _other_text(question: Question) -> exp.Expression:
    return exp.NEQ(this=query.lowered(question.column), expression=query.lowered(_other(question)))


def _other(question: Question) -> exp.Expression:
    return query.column(question.other.name, question.setting.of)


def _with_other(answer: Callable[[Question], exp.Expression]) -> Callable[[Question], exp.Expression]:
    """Nothing can be said of a record in which the other property has no value: it fails, whatever was asked."""
    return lambda question: query.conjunction([query.is_known(_other(question)), answer(question)])


STRING: Answers = {
    "equal": _now(_equal),
    "equal_any": _now(_equal),
    "contains": _now(_contains),
    "contains_any": _now(_contains),
    "starts_with": _now(_starts),
    "ends_with": _now(_ends),
    "contains_exactly": _now(_contains_exactly),
    "has_ever_equal": _ever(_equal),
    "has_ever_contained": _ever(_contains),
    "equal_property": _with_other(_same_text),
    "not_equal_property": _with_other(_other_text),
}

# --- numbers: exact decimals ---------------------------------------------------------------------------------------


def _compared(comparison: type[exp.EQ | exp.NEQ | exp.GT | exp.GTE | exp.LT | exp.LTE]) -> Callable[[Question], exp.Expression]:
    return lambda question: comparison(this=question.column, expression=_number(question.values[0]))


def _compared_with_other(comparison: type[exp.EQ | exp.NEQ | exp.GT | exp.LT]) -> Callable[[Question], exp.Expression]:
    return _with_other(lambda question: comparison(this=question.column, expression=_other(question)))


def _number(value: str) -> exp.Expression:
    return query.number(Decimal(value))


def _between(question: Question) -> exp.Expression:
    return query.between(question.column, _number(question.values[0]), _number(question.values[1]))


def _ever_number(question: Question) -> exp.Expression:
    canonical = query.text(operands.canonical_number(question.values[0]))
    return ever(question, _compared(exp.EQ)(question), lambda text: exp.EQ(this=text, expression=canonical.copy()))


NUMBER: Answers = {
    "equal": _compared(exp.EQ),
    "greater": _compared(exp.GT),
    "greater_equal": _compared(exp.GTE),
    "less": _compared(exp.LT),
    "less_equal": _compared(exp.LTE),
    "between": _between,
    "has_ever_equal": _ever_number,
    "equal_property": _compared_with_other(exp.EQ),
    "greater_property": _compared_with_other(exp.GT),
    "less_property": _compared_with_other(exp.LT),
}

# --- truths --------------------------------------------------------------------------------------------------------


def _is_truth(question: Question) -> exp.Expression:
    return exp.EQ(this=question.column, expression=query.truth(question.values[0] == "true"))


def _ever_truth(question: Question) -> exp.Expression:
    return ever(question, _is_truth(question), lambda text: exp.EQ(this=text, expression=query.text(question.values[0])))


BOOL: Answers = {
    "equal": _is_truth,
    "has_ever_been": _ever_truth,
    "equal_property": _compared_with_other(exp.EQ),
    "not_equal_property": _compared_with_other(exp.NEQ),
}

# --- users ---------------------------------------------------------------------------------------------------------


def _is_user(question: Question) -> exp.Expression:
    return query.one_of(question.column, [query.whole(int(value)) for value in question.values])


def _ever_user(question: Question) -> exp.Expression:
    ids = [str(int(value)) for value in question.values]
    return ever(question, _is_user(question), lambda text: query.one_of(text, [query.text(one) for one in ids]))


USER: Answers = {"any_of": _is_user, "has_ever_any": _ever_user}
