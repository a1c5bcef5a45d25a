"""Dates and instants. Whole days are days of the account; only "now" is an instant."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from sqlglot import exp

from jalon.criteria import operands
from jalon.criteria.past import against_last_update, updated_in_last_days
from jalon.criteria.periods import Days, period
from jalon.criteria.question import Answers, Question, day
from jalon.warehouse import query
from jalon.warehouse.schema import Kind

Comparison = type[exp.EQ | exp.GT | exp.GTE | exp.LT | exp.LTE]


def _day(value: str) -> date:
    return date.fromisoformat(value)


def _compared(comparison: Comparison) -> Callable[[Question], exp.Expression]:
    return lambda question: comparison(this=question.day, expression=query.day(_day(question.values[0])))


def _within(question: Question, days: Days) -> exp.Expression:
    return query.between(question.day, query.day(days[0]), query.day(days[1]))


def _between(question: Question) -> exp.Expression:
    return _within(question, (_day(question.values[0]), _day(question.values[1])))


def _from_today(question: Question, sign: int) -> date:
    """The day so many days ago (-1) or from now (+1)."""
    return question.setting.today + sign * timedelta(days=operands.days(question.values[0]) or 0)


def _until_now(question: Question) -> exp.Expression:
    """Not in the future: an instant up to now, now included; a date up to today."""
    if question.spec.kind is Kind.DATE:
        return exp.LTE(this=question.day, expression=query.day(question.setting.today))
    return exp.LTE(this=question.column, expression=query.instant(question.setting.now))


def _from_now_on(question: Question) -> exp.Expression:
    if question.spec.kind is Kind.DATE:
        return exp.GTE(this=question.day, expression=query.day(question.setting.today))
    return exp.GTE(this=question.column, expression=query.instant(question.setting.now))


def _less_than_days_ago(question: Question) -> exp.Expression:
    since = exp.GTE(this=question.day, expression=query.day(_from_today(question, -1)))
    return query.conjunction([since, _until_now(question)])


def _more_than_days_ago(question: Question) -> exp.Expression:
    return exp.LT(this=question.day, expression=query.day(_from_today(question, -1)))


def _less_than_days_from_now(question: Question) -> exp.Expression:
    until = exp.LTE(this=question.day, expression=query.day(_from_today(question, 1)))
    return query.conjunction([_from_now_on(question), until])


def _more_than_days_from_now(question: Question) -> exp.Expression:
    return exp.GT(this=question.day, expression=query.day(_from_today(question, 1)))


def _between_days(question: Question) -> exp.Expression:
    first, last = (question.setting.today + timedelta(days=operands.offset(value) or 0) for value in question.values)
    return _within(question, (first, last))


def _period(question: Question, shift: int) -> Days:
    setting = question.setting
    return period(question.values[0], shift, setting.today, first_weekday=setting.first_weekday, fiscal_month=setting.fiscal_month)


def _in_period(shift: int) -> Callable[[Question], exp.Expression]:
    return lambda question: _within(question, _period(question, shift))


def _in_this_so_far(question: Question) -> exp.Expression:
    since = exp.GTE(this=question.day, expression=query.day(_period(question, 0)[0]))
    return query.conjunction([since, _until_now(question)])


def _against_other(comparison: type[exp.LT | exp.GT]) -> Callable[[Question], exp.Expression]:
    """Instant against instant; as soon as one of the two is a date, day against day."""

    def answer(question: Question) -> exp.Expression:
        other, of = question.other, question.setting.of
        exact = question.spec.kind is other.kind is Kind.DATETIME
        mine, theirs = (question.column, query.column(other.name, of)) if exact else (question.day, day(other, of))
        return query.conjunction([query.is_known(theirs), comparison(this=mine, expression=theirs.copy())])

    return answer


DATE: Answers = {
    "on": _compared(exp.EQ),
    "before": _compared(exp.LT),
    "after": _compared(exp.GT),
    "between": _between,
    "less_than_days_ago": _less_than_days_ago,
    "more_than_days_ago": _more_than_days_ago,
    "less_than_days_from_now": _less_than_days_from_now,
    "more_than_days_from_now": _more_than_days_from_now,
    "between_days": _between_days,
    "in_this": _in_period(0),
    "in_this_so_far": _in_this_so_far,
    "in_last": _in_period(-1),
    "in_next": _in_period(1),
    "updated_in_last_days": updated_in_last_days,
    "before_property": _against_other(exp.LT),
    "after_property": _against_other(exp.GT),
    "before_property_updated": against_last_update(exp.LT),
    "after_property_updated": against_last_update(exp.GT),
}
