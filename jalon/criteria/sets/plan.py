"""Many criteria over all records, window by window, as one question: each record with the criteria that it meets. Pure.

What several of them ask of another table (a record's past, its lists) is asked there once: one pass over that table,
grouped by record, holds an answer for each, where a question per filter would read it a hundred times. The criteria come
as text that was generated once, since that and compiling take longer than the answer (docs/decisions/0210).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2s

from sqlglot import exp

from jalon.criteria.sets.checks import without_checks
from jalon.criteria.sets.elsewhere import ID, RECORD, Elsewhere, Pins, Source, Sql, elsewhere, pinned_by_all, pins
from jalon.criteria.sets.moment import marked, told
from jalon.warehouse import query

Narrow = Callable[[exp.Expression], exp.Expression]  # a column with ids of records: the condition that they are asked about


def window(first: int, last: int) -> Narrow:
    """All records with an id from `first` to `last`."""
    return lambda id: query.between(id, query.whole(first), query.whole(last))


@dataclass(frozen=True, slots=True)
class Condition:
    """What at least one row of a source meets: texts that have to hold together, under a name that is the same for the same."""

    name: str
    source: Source
    parts: tuple[str, ...]
    pins: Pins


@dataclass(frozen=True, slots=True)
class Ready:
    """One predicate as the text of its engine; what it asks elsewhere stands in it as columns of that name."""

    text: str
    elsewhere: tuple[Condition, ...] = ()

    def at(self, now: datetime) -> Ready:
        """The predicate as of an instant."""
        moved = tuple(replace(one, parts=tuple(told(part, now) for part in one.parts)) for one in self.elsewhere)
        return Ready(told(self.text, now), moved)


def ready(predicate: exp.Expression, sql: Sql, now: datetime) -> Ready:
    """A predicate over `RECORD`, generated for good by an engine's `sql`: whenever it is asked, `at` puts the instant in."""
    found: dict[str, Condition] = {}

    def told_elsewhere(node: exp.Expression) -> exp.Expression:
        one = elsewhere(node)
        if one is None:
            return node
        condition = _condition(one, sql, now)
        found[condition.name] = condition
        return exp.Coalesce(this=query.column(condition.name, _reading(condition.source)), expressions=[query.truth(False)])

    text = sql(without_checks(predicate).transform(told_elsewhere, copy=False))
    return Ready(marked(text, now), tuple(found.values()))


def _condition(one: Elsewhere, sql: Sql, now: datetime) -> Condition:
    parts = tuple(marked(sql(exp.Paren(this=part) if isinstance(part, exp.Connector) else part), now) for part in one.parts)
    name = blake2s(f"{one.source} {parts}".encode(), digest_size=8).hexdigest()
    return Condition(f"e{name}", one.source, parts, pins(one, sql))


def answers(criteria: Mapping[int, Ready], table: str, narrow: Narrow) -> exp.Select:
    """A row for each record: its id, and the numbers of the criteria that it meets."""
    asked = exp.Select().from_(query.table(table, RECORD)).where(narrow(ID.copy()))
    for name, reading in _readings(criteria.values(), narrow):
        own = exp.EQ(this=query.column("owner", name), expression=ID.copy())
        asked = asked.join(_bracketed(reading, name), on=own, join_type="left", copy=False)
    met = [exp.Case(ifs=[exp.If(this=exp.Var(this=one.text), true=_number(number))]) for number, one in criteria.items()]
    present = exp.Lambda(this=query.is_known(query.column("one")), expressions=[exp.to_identifier("one", quoted=True)])
    numbers = exp.ArrayFilter(this=exp.Array(expressions=met), expression=present)
    return asked.select(query.named(ID.copy(), "id"), query.named(numbers, "numbers"), copy=False)


def _number(number: int) -> exp.Expression:
    return exp.Literal.number(number)


def _bracketed(rows: exp.Select, name: str) -> exp.Subquery:
    return rows.subquery(exp.to_identifier(name, quoted=True), copy=False)


@dataclass(frozen=True, slots=True)
class Members:
    """The table that remembers who met which criteria: the columns with the number of the criteria and with the record."""

    table: str
    number: str
    record: str


def differences(criteria: Mapping[int, Ready], table: str, narrow: Narrow, members: Members) -> exp.Select:
    """Rows of a number, whether they are to come in or to go, and the ids: what the table remembers otherwise than it is now."""
    met = query.select(query.column("id"), query.named(exp.Explode(this=query.column("numbers")), "number"))
    met.from_(_bracketed(answers(criteria, table, narrow), "answers"), copy=False)
    remembered = query.select(query.named(query.column(members.record), "id"), query.named(query.column(members.number), "number"))
    own = [query.one_of(query.column(members.number), [_number(one) for one in criteria]), narrow(query.column(members.record))]
    remembered = remembered.from_(query.table(members.table)).where(query.conjunction(own))
    same = query.conjunction(exp.EQ(this=query.column(name, _NOW), expression=query.column(name, _BEFORE)) for name in ("number", "id"))
    new, old = (query.is_null(query.column("number", side)) for side in (_BEFORE, _NOW))
    changed = query.select(_either("number"), query.named(new.copy(), "entered"), _either("id"))
    changed.from_(_bracketed(met, _NOW), copy=False).join(_bracketed(remembered, _BEFORE), on=same, join_type="full", copy=False)
    changed.where(query.disjunction([new, old]), copy=False)
    by = (query.column("number"), query.column("entered"))
    grouped = query.select(*by, exp.ArrayAgg(this=query.column("id"))).group_by(*(one.copy() for one in by))
    return grouped.from_(_bracketed(changed, "changed"), copy=False)


_NOW, _BEFORE = "now", "before"  # the two sides that are compared


def _either(name: str) -> exp.Alias:
    """The value of the side that has one."""
    return query.named(exp.Coalesce(this=query.column(name, _NOW), expressions=[query.column(name, _BEFORE)]), name)


# What is asked of other tables


def _reading(source: Source) -> str:
    return f"{source.table}_{source.owner}_{source.alias}"  # the conditions name the table by their alias


def _readings(criteria: Iterable[Ready], narrow: Narrow) -> Iterator[tuple[str, exp.Select]]:
    """For every other table: one pass over its rows of these records, grouped by record, a truth for each condition."""
    by_source: dict[Source, dict[str, Condition]] = {}
    for one in (part for each in criteria for part in each.elsewhere):
        by_source.setdefault(one.source, {})[one.name] = one
    for source, asked in by_source.items():
        conditions = list(asked.values())
        shared = frozenset(conditions[0].parts).intersection(*(one.parts for one in conditions))
        truths = [query.named(exp.Max(this=_together(one, shared)), one.name) for one in conditions]
        rows = query.select(query.named(source.id, "owner"), *truths).from_(source.rows)
        wanted = [exp.Var(this=part) for part in sorted(shared)]
        of_all = pinned_by_all(source, [one.pins for one in conditions])
        yield _reading(source), rows.where(query.conjunction([*wanted, *of_all, narrow(source.id)])).group_by(source.id)


def _together(one: Condition, shared: frozenset[str]) -> exp.Expression:
    """What a condition wants besides what all want."""
    return query.conjunction(exp.Var(this=part) for part in one.parts if part not in shared)
