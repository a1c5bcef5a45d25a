"""A question to the columns: one scan that groups, counts and adds up, the period before included. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlglot import exp

from jalon.figures import buckets
from jalon.records.columns import PropertySpec
from jalon.reports.columns import SNAPSHOTS
from jalon.reports.kinds.definition import DATES
from jalon.reports.kinds.question import Question
from jalon.warehouse import query
from jalon.warehouse.schema import Kind

MOST_CELLS = 20_000  # rows of one group-by that are read at once; a breakdown by e-mail address would give one for each contact


def cells(question: Question) -> exp.Select:
    """The scan. Its rows: records, those with a number, its sum, bucket number (NULL: the period before), value, and of a
    text the form in which it is compared.

    A row more than MOST_CELLS means that there are too many values. A multi-select is grouped by whole sets, never cut: a record must be
    seen once with all its values.
    """
    if is_text(question):  # grouped as written: then only the groups, not all the rows, are put into lower case
        tree = _grouped(question, [bucket(question), raw(question)], beside=_value(question))
    else:
        tree = _grouped(question, [bucket(question), *([_value(question)] if question.breakdown else [])])
    return tree if is_set(question) else tree.limit(MOST_CELLS + 1, copy=False)


def cells_of(question: Question, largest: Sequence[Any]) -> exp.Select:
    """The scan with only these values told apart; its last column is 1 for all others together."""
    value = _value(question)
    is_large = query.one_of(value, [_literal(each) for each in largest])
    is_other = query.conjunction([query.is_known(value.copy()), query.negation(is_large.copy())])
    return _grouped(question, [bucket(question), exp.case().when(is_large, value.copy()), exp.case().when(is_other, "1").else_("0")])


def largest_values(question: Question) -> exp.Select:
    """The values with the most contacts in the period, each with one of its spellings."""
    value, spelling = _value(question), exp.Max(this=raw(question))
    tree = _asked(query.select(query.named(value, "value"), query.named(spelling, "spelling")), question, alone=True)
    tree = tree.where(query.is_known(value.copy()), copy=False).group_by("1", copy=False)
    return tree.order_by(query.descending(query.count()), "1", copy=False).limit(question.keep, copy=False)


def distinct_values(question: Question) -> exp.Select:
    """How many values there are, the period before included."""
    return _asked(query.select(query.count_distinct(_value(question))), question)


def frozen(question: Question, *, alone: bool = False) -> exp.Select:
    """The rows of a snapshot: record, day, value of the breakdown as text, number; `alone` leaves out the period before."""
    value = exp.cast(raw(question), "TEXT")
    number = _number(question) or exp.cast(query.null(), "DECIMAL(18, 6)")
    record = query.column("id" if question.snapshot is None else "record_id")
    parts = {"record_id": record, "day": _day(question), "value": value, "number": number}
    return _asked(query.select(*(query.named(part, name) for name, part in parts.items())), question, alone=alone)


def numbers(question: Question, keys: Mapping[str, exp.Expression], where: exp.Expression | None, *, alone: bool) -> exp.Select:
    """The numbers of the contacts that have one, each beside its keys by name."""
    number = _number(question) or query.null()
    parts = [query.named(each.copy(), name) for name, each in keys.items()]
    tree = _asked(query.select(*parts, query.named(number, "number")), question, alone=alone)
    return tree.where(query.conjunction([query.is_known(number.copy()), where]), copy=False)


def has(question: Question, text: str) -> exp.Expression:
    """The record has this value of the breakdown, or has it among others; `text` is its canonical text."""
    spec = question.breakdown
    kind = spec.kind if spec else Kind.STRING
    if kind is Kind.MULTI:
        return query.contains(raw(question), query.text(f";{text};"))
    if kind is Kind.STRING:
        return exp.EQ(this=_value(question), expression=query.lowered(query.text(text)))
    return exp.EQ(this=raw(question), expression=query.text(text) if question.snapshot is not None else _typed(kind, text))


def is_set(question: Question) -> bool:
    return question.breakdown is not None and question.breakdown.kind is Kind.MULTI


def is_text(question: Question) -> bool:
    """Texts that differ in case only are one value, as they are to every operator of the criteria."""
    return question.breakdown is not None and question.breakdown.kind is Kind.STRING


def _grouped(question: Question, keys: Sequence[exp.Expression], beside: exp.Expression | None = None) -> exp.Select:
    """The figures of each group: three numbers, then the keys, then what follows from them."""
    parts = [query.named(part, f"key_{place}") for place, part in enumerate(keys)]
    more = [query.named(beside, "beside")] if beside else []
    places = [exp.Literal.number(place) for place in range(4, 4 + len(keys))]
    return _asked(query.select(*_figures(question), *parts, *more), question).group_by(*places, copy=False)


def _asked(tree: exp.Select, question: Question, *, alone: bool = False) -> exp.Select:
    table = question.catalog.plural if question.snapshot is None else SNAPSHOTS.name
    return tree.from_(query.table(table), copy=False).where(*_conditions(question, alone=alone), copy=False)


def _day_of(spec: PropertySpec) -> exp.Expression:
    """The calendar day of a date property; that of a datetime was made in the account's zone when it was synced."""
    return query.day_of(spec.name) if spec.kind is Kind.DATETIME else query.column(spec.name)


def _day(question: Question) -> exp.Expression:
    return _day_of(question.date) if question.snapshot is None else query.column("day")


def raw(question: Question) -> exp.Expression:
    spec = question.breakdown
    if spec is None:
        return query.null()
    if question.snapshot is not None:
        return query.column("value")
    return _day_of(spec) if spec.kind in DATES else query.column(spec.name)


def _number(question: Question) -> exp.Expression | None:
    if question.number is None:
        return None
    return query.column(question.number.name if question.snapshot is None else "number")


def _value(question: Question) -> exp.Expression:
    return query.lowered(raw(question)) if is_text(question) else raw(question)


def bucket(question: Question) -> exp.Expression:
    number = buckets.bucket(question.definition.grouping, _day(question), question.first_weekday)
    if question.before is None or question.period.first is None:
        return number
    return exp.case().when(exp.GTE(this=_day(question), expression=query.day(question.period.first)), number)


def _figures(question: Question) -> list[exp.Expression]:
    number = _number(question)
    valued = exp.Count(this=number.copy()) if number else exp.Literal.number(0)
    total = query.total(number.copy()) if number else exp.Literal.number(0)
    return [query.named(query.count(), "records"), query.named(valued, "valued"), query.named(total, "total")]


def _conditions(question: Question, *, alone: bool = False) -> list[exp.Expression]:
    """Population, rights and days; `alone` leaves out the period before."""
    day = _day(question)
    period, before = question.period, question.before
    first = before.first if before and not alone else period.first
    if first is None or period.last is None:
        return [question.where.copy(), query.is_known(day)]
    return [question.where.copy(), query.between(day, query.day(first), query.day(period.last))]


def _typed(kind: Kind, text: str) -> exp.Expression:
    """A canonical text as the value that the columns keep for it."""
    typed: dict[Kind, Callable[[str], Any]] = {
        Kind.NUMBER: Decimal,
        Kind.BOOL: lambda each: each == "true",
        Kind.DATE: date.fromisoformat,
        Kind.DATETIME: date.fromisoformat,
        Kind.USER: int,
        Kind.INTEGER: int,
    }
    return _literal(typed.get(kind, str)(text))


def _literal(value: Any) -> exp.Expression:
    """A value that the engine returned, written into the next question."""
    if isinstance(value, bool):
        return query.truth(value)
    if isinstance(value, Decimal):
        return query.number(value)
    if isinstance(value, date):
        return query.day(value)
    return query.whole(value) if isinstance(value, int) else query.text(value)
