"""Many criteria over the same records as one question: each record with the criteria that it meets. Pure.

What several of them ask of another table (a record's past, its lists) is asked there once: one pass over that table,
grouped by record, holds an answer for each, where a question per filter would read it a hundred times. The criteria come
as text that was generated once, since that and compiling take longer than the answer (docs/decisions/0210).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import blake2s
from typing import Final

from sqlglot import exp

from jalon.criteria.sets.checks import conjuncts, without_checks
from jalon.warehouse import query

RECORD: Final = "record"  # the records that are looked at, in every question of this module
ID: Final = query.column("id", RECORD)

#: The few records that are asked about: the engine is handed their ids.
FEW: Final = query.select(query.column("id")).from_(query.table(query.GIVEN))

Narrow = Callable[[exp.Expression], exp.Expression]  # a column with ids of records: the condition that they are asked about


def few(id: exp.Expression) -> exp.Expression:
    """The ids handed to the engine."""
    return query.among(id, FEW.copy())


def window(first: int, last: int) -> Narrow:
    """All records with an id from `first` to `last`."""
    return lambda id: query.between(id, query.whole(first), query.whole(last))


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """One condition on the rows that another table has of a record: at least one of them meets it.

    `pins` are columns that it wants to have one of a few values, so that a reading for several conditions can leave out the rest.
    """

    name: str  # the same for the same condition
    table: str
    alias: str
    owner: str  # the column with the record's id
    condition: str  # the text of it
    pins: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Ready:
    """One predicate as the text of its engine; what it asks elsewhere stands in it as columns of that name."""

    text: str
    elsewhere: tuple[Elsewhere, ...]

    def at(self, before: str, now: str) -> Ready:
        """The same predicate with another instant for the one it was made for."""
        if before == now:
            return self
        moved = tuple(replace(one, condition=one.condition.replace(before, now)) for one in self.elsewhere)
        return Ready(self.text.replace(before, now), moved)


def ready(predicate: exp.Expression, sql: Callable[[exp.Expression], str]) -> Ready:
    """A predicate over `RECORD`, generated for good by an engine's `sql`."""
    found: dict[str, Elsewhere] = {}

    def told_elsewhere(node: exp.Expression) -> exp.Expression:
        one = _elsewhere(node, sql)
        if one is None:
            return node
        found[one.name] = one
        return exp.Coalesce(this=query.column(one.name, _reading(one)), expressions=[query.truth(False)])

    text = sql(without_checks(predicate).transform(told_elsewhere, copy=False))
    return Ready(text, tuple(found.values()))


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


def _elsewhere(node: exp.Expression, sql: Callable[[exp.Expression], str]) -> Elsewhere | None:
    """`id IN (SELECT owner FROM table WHERE ...)` as a condition on that table's rows; None for anything else."""
    rows = _plain_rows(node)
    if rows is None:
        return None
    (owner,) = rows.expressions
    source = rows.args["from_"].this
    parts = [part for part in conjuncts(rows.args["where"].this) if part != few(owner)]
    if any(part.find(exp.Select) for part in parts):
        return None
    condition = sql(without_checks(query.conjunction(parts)))
    name = blake2s(f"{source.name} {owner.name} {condition}".encode(), digest_size=8).hexdigest()
    pins = {column: values for part in parts for column, values in _pinned(part, sql)}
    return Elsewhere(f"e{name}", source.name, source.alias, owner.name, condition, pins)


def _plain_rows(node: exp.Expression) -> exp.Select | None:
    """The inner question, if it is no more than a table, its conditions and the ids of records."""
    asked = node.args.get("query") if isinstance(node, exp.In) and node.this == ID else None
    rows = asked.this if isinstance(asked, exp.Subquery) else None
    if not isinstance(rows, exp.Select) or len(rows.expressions) != 1:
        return None
    told = {part for part, value in rows.args.items() if value}
    plain = told == {"expressions", "from_", "where"} and isinstance(rows.expressions[0], exp.Column)
    return rows if plain and isinstance(rows.args["from_"].this, exp.Table) and rows.args["from_"].this.alias else None


def _pinned(part: exp.Expression, sql: Callable[[exp.Expression], str]) -> Iterator[tuple[str, frozenset[str]]]:
    if not isinstance(part.this, exp.Column):
        return
    if isinstance(part, exp.EQ) and not part.expression.find(exp.Column):
        yield part.this.name, frozenset({sql(part.expression)})
    if isinstance(part, exp.In) and part.expressions:
        yield part.this.name, frozenset(sql(one) for one in part.expressions)


def _reading(one: Elsewhere) -> str:
    return f"{one.table}_{one.owner}_{one.alias}"  # the conditions name the table by their alias


def _readings(criteria: Iterable[Ready], narrow: Narrow) -> Iterator[tuple[str, exp.Select]]:
    """For every other table: one pass over its rows of these records, grouped by record, a truth for each condition."""
    by_table: dict[str, dict[str, Elsewhere]] = {}
    for one in (part for each in criteria for part in each.elsewhere):
        by_table.setdefault(_reading(one), {})[one.name] = one
    for name, asked in by_table.items():
        conditions = list(asked.values())
        owner = query.column(conditions[0].owner, conditions[0].alias)
        truths = [query.named(exp.Max(this=exp.Var(this=one.condition)), one.name) for one in conditions]
        rows = query.select(query.named(owner, "owner"), *truths).from_(query.table(conditions[0].table, conditions[0].alias))
        yield name, rows.where(query.conjunction([*_common(conditions), narrow(owner.copy())])).group_by(owner.copy())


def _common(conditions: list[Elsewhere]) -> Iterator[exp.Expression]:
    """What every condition wants of a row at least: the columns that all of them pin have one of all their values."""
    for column in sorted(set[str].intersection(*(set(one.pins) for one in conditions))):
        values = sorted(frozenset[str]().union(*(one.pins[column] for one in conditions)))
        yield query.one_of(query.column(column, conditions[0].alias), [exp.Var(this=value) for value in values])
