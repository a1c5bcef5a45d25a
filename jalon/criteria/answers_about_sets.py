"""Enumerations: a set of options against a set of operands. A choice of one option is a set of one."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from jalon.criteria.past import ever
from jalon.criteria.question import Answers, Question
from jalon.warehouse import query

Test = Callable[[exp.Expression], exp.Expression]
SetTest = Callable[[frozenset[str]], Test]

# --- one option ----------------------------------------------------------------------------------------------------


def _is_any(options: frozenset[str]) -> Test:
    return lambda value: query.one_of(value, [query.text(option) for option in sorted(options)])


def _is_all(options: frozenset[str]) -> Test:
    """One option can only equal, or contain all of, a set of one."""
    return _is_any(options) if len(options) == 1 else lambda value: query.truth(False)


# --- several options: ";a;b;" in the columns, "a;b" in the history ---------------------------------------------------


def _has(members: exp.Expression, option: str) -> exp.Expression:
    return query.contains(members, query.text(f";{option};"))


def _has_any(options: frozenset[str]) -> Test:
    return lambda members: query.disjunction(_has(members, option) for option in sorted(options))


def _has_all(options: frozenset[str]) -> Test:
    return lambda members: query.conjunction(_has(members, option) for option in sorted(options))


def _has_just(options: frozenset[str]) -> Test:
    """All of them and as many of them: the order in which a set was written says nothing."""

    def test(members: exp.Expression) -> exp.Expression:
        semicolons = exp.Sub(this=exp.Length(this=members), expression=exp.Length(this=_without_semicolons(members)))
        return query.conjunction([_has_all(options)(members), exp.EQ(this=semicolons, expression=exp.Literal.number(len(options) + 1))])

    return test


def _without_semicolons(members: exp.Expression) -> exp.Expression:
    return exp.Replace(this=members, expression=query.text(";"), replacement=query.text(""))


def _wrapped(text: exp.Expression) -> exp.Expression:
    """The history's "a;b" in the form of the columns; NULL stays NULL."""
    return exp.DPipe(this=exp.DPipe(this=query.text(";"), expression=text), expression=query.text(";"))


def _now(test: SetTest) -> Callable[[Question], exp.Expression]:
    return lambda question: test(frozenset(question.values))(question.column)


def _ever(test: SetTest, read: Test = lambda text: text) -> Callable[[Question], exp.Expression]:
    def answer(question: Question) -> exp.Expression:
        held = test(frozenset(question.values))
        return ever(question, held(question.column), lambda text: held(read(text)))

    return answer


ENUMERATION: Answers = {
    "any_of": _now(_is_any),
    "exactly": _now(_is_all),
    "all_of": _now(_is_all),
    "has_ever_any": _ever(_is_any),
    "has_ever_exactly": _ever(_is_all),
    "has_ever_all": _ever(_is_all),
}

MULTI: Answers = {
    "any_of": _now(_has_any),
    "exactly": _now(_has_just),
    "all_of": _now(_has_all),
    "has_ever_any": _ever(_has_any, _wrapped),
    "has_ever_exactly": _ever(_has_just, _wrapped),
    "has_ever_all": _ever(_has_all, _wrapped),
}
