"""What many criteria ask of a few records, taken apart: conditions that are alike but for their operands are asked as one. Pure.

Of a question about few records nearly all the time goes into reading and planning its words. Two hundred lists of three
filters hold 272 different conditions, but of 16 shapes: each shape is said once, its operands are rows of a table that the
engine is handed, and what the conditions answer is joined here as AND, OR and NOT have it (docs/decisions/0232).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from typing import Any, Final

import pyarrow as pa
from sqlglot import exp

from jalon.criteria.sets import plan
from jalon.criteria.sets.checks import conjuncts, disjuncts, without_checks
from jalon.criteria.sets.elsewhere import RECORD, Pins, Source, Sql, elsewhere, few, pinned_by_all, pins
from jalon.criteria.sets.moment import marked, told
from jalon.warehouse import query

OPERANDS: Final = "operands"  # the table that the engine is handed: a row for each condition
_ASKED: Final = "asked"  # its alias
_LISTED: Final = 12  # values of an IN that become operands; a longer list stays in the shape


@dataclass(frozen=True, slots=True)
class Condition:
    """What a record, or a row elsewhere that belongs to it, has to meet: the text of the shape, and the operands that go into it.

    Without a source it is a condition on the record that asks a question of its own, and shares no shape with others.
    """

    source: Source | None
    shape: str
    operands: tuple[str, ...] = ()
    columns: frozenset[str] = field(default=frozenset(), compare=False)  # that the shape reads
    pins: Pins = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Every:
    """All of the parts hold; without parts, of every record that is there."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """One of the parts holds."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Other:
    """The part does not hold."""

    part: Formula


Formula = Condition | Every | Some | Other

Shapes = Mapping[tuple[Source | None, str], int]  # the number of each


def taken_apart(predicate: exp.Expression, table: str, sql: Sql, now: datetime) -> Formula:
    """A predicate over `RECORD`, a row of this table, in shapes that an engine's `sql` generates for good."""
    return _formula(without_checks(predicate), Source(table, RECORD, "id"), sql, now)


def _formula(node: exp.Expression, record: Source, sql: Sql, now: datetime) -> Formula:
    bare = _bare(node)
    match bare:
        case exp.And():
            return Every(tuple(_formula(part, record, sql, now) for part in conjuncts(bare)))
        case exp.Or():
            return Some(tuple(_formula(part, record, sql, now) for part in disjuncts(bare)))
        case exp.Not() if _is_never_null(bare.this):
            return Other(_formula(bare.this, record, sql, now))
        case exp.Boolean():
            return Every(()) if bare.this else Some(())
    if (one := elsewhere(bare)) is not None:
        return _condition(one.source, query.conjunction(one.parts), pins(one, sql), sql, now)
    if bare.find(exp.Select):
        return Condition(None, marked(sql(bare), now))
    return _condition(record, bare, {}, sql, now)


def _bare(node: exp.Expr) -> exp.Expression:
    bare = node.unnest()
    assert isinstance(bare, exp.Expression)
    return bare


def _is_never_null(node: exp.Expr) -> bool:
    """TRUE or FALSE by itself, so that those of whom it is not TRUE are those of whom its opposite is."""
    bare = _bare(node)
    match bare:
        case exp.And() | exp.Or():
            return _is_never_null(bare.left) and _is_never_null(bare.right)
        case exp.Not():
            return _is_never_null(bare.this)
        case exp.Is():
            return isinstance(bare.expression, exp.Null)
    return isinstance(bare, exp.Boolean) or elsewhere(bare) is not None


# Shapes


def _condition(source: Source, asked: exp.Expression, pinned: Pins, sql: Sql, now: datetime) -> Condition:
    operands: list[str] = []

    def put_aside(node: exp.Expression) -> exp.Expression:
        if not _is_operand(node):
            return node
        operands.append(marked(node.this, now))
        return query.column(_place(len(operands) - 1), _ASKED)

    columns = frozenset(column.name for column in asked.find_all(exp.Column) if column.table in (source.alias, ""))
    shape = asked.copy().transform(_spelled_out, copy=False).transform(put_aside, copy=False)
    return Condition(source, marked(sql(shape), now), tuple(operands), columns, pinned)


_HOLDING = (
    *(exp.Cast, exp.Lower, exp.Contains, exp.StartsWith, exp.EndsWith),
    *(exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between),
)


def _is_operand(node: exp.Expression) -> bool:
    """A text that is compared with or read as a value. Patterns belong to the shape: an engine reads them once, not once a row."""
    told = isinstance(node, exp.Literal) and node.is_string and isinstance(node.parent, _HOLDING)
    return told and node.find_ancestor(exp.RegexpLike) is None


def _spelled_out(node: exp.Expression) -> exp.Expression:
    """A short list of values as comparisons: not every engine takes a column in a list."""
    if not isinstance(node, exp.In) or not 0 < len(node.expressions) <= _LISTED or node.this.find(exp.Select):
        return node
    return exp.Paren(this=query.disjunction(exp.EQ(this=node.this.copy(), expression=one.copy()) for one in node.expressions))


def _place(number: int) -> str:
    return f"p{number}"


# The question


@dataclass(frozen=True, slots=True)
class Asked:
    """One question for many conditions: rows of a number of `conditions` and the ids of the records that meet it."""

    tree: exp.Expression
    operands: Any  # a pyarrow.Table
    conditions: tuple[Condition, ...]


def question(formulas: Iterable[Formula], table: str, now: datetime) -> Asked:
    """What all of them need to know of the few records, and which of these are there."""
    there = Condition(Source(table, RECORD, "id"), "TRUE")
    conditions = tuple(dict.fromkeys([there, *(one for formula in formulas for one in _conditions(formula))]))
    keys = dict.fromkeys((one.source, one.shape) for one in conditions if one.source)
    shapes: Shapes = {key: number for number, key in enumerate(keys)}
    by_source: dict[Source, list[Condition]] = {}
    for one in conditions:
        if one.source:
            by_source.setdefault(one.source, []).append(one)
    parts: list[exp.Expression] = [_of_source(source, some, shapes, now) for source, some in by_source.items()]
    alone = {number: plan.Ready(one.shape).at(now) for number, one in enumerate(conditions) if one.source is None}
    parts += [_of_each(alone, table)] if alone else []
    return Asked(reduce(_and_all, parts), _operands(conditions, shapes, now), conditions)


def _conditions(formula: Formula) -> Iterator[Condition]:
    match formula:
        case Condition():
            yield formula
        case Every(parts) | Some(parts):
            for part in parts:
                yield from _conditions(part)
        case Other(part):
            yield from _conditions(part)


def _of_source(source: Source, some: Sequence[Condition], shapes: Shapes, now: datetime) -> exp.Select:
    """Every row of the few records beside every condition that is asked of such rows; the shape says what is compared.

    MATERIALIZED: else an engine may lay a million records beside the conditions before it asks which are the few.
    CASE: what stands in a shape may only be read where the operands are those of this shape.
    """
    columns = sorted({source.owner}.union(*(one.columns for one in some)))
    rows = query.select(*(query.column(name, source.alias) for name in columns)).from_(source.rows)
    rows.where(query.conjunction([few(source.id), *pinned_by_all(source, [one.pins for one in some])]), copy=False)
    own = {shape: number for (of, shape), number in shapes.items() if of == source}
    shape, number = query.column("shape", _ASKED), query.column("number", _ASKED)
    met = exp.Case(this=shape, ifs=[exp.If(this=_whole(place), true=exp.Var(this=told(text, now))) for text, place in own.items()])
    within = query.between(shape.copy(), _whole(min(own.values())), _whole(max(own.values())))
    tree = query.select(number, query.named(exp.ArrayAgg(this=source.id), "ids")).from_(query.table(source.alias))
    tree.join(query.table(OPERANDS, _ASKED), join_type="cross", copy=False).where(query.conjunction([within, met]), copy=False)
    tree.group_by(number.copy(), copy=False).with_(_name(source.alias), as_=rows, materialized=True, copy=False)
    return query.select(query.column("number"), query.column("ids")).from_(tree.subquery(_name("met"), copy=False), copy=False)


def _of_each(alone: Mapping[int, plan.Ready], table: str) -> exp.Select:
    """Conditions that ask questions of their own, said one by one."""
    met = query.select(query.column("id"), query.named(exp.Explode(this=query.column("numbers")), "number"))
    met.from_(plan.answers(alone, table, few).subquery(_name("answers"), copy=False), copy=False)
    number = query.column("number")
    tree = query.select(number, exp.ArrayAgg(this=query.column("id"))).from_(met.subquery(_name("met"), copy=False), copy=False)
    return tree.group_by(number.copy(), copy=False)


def _name(text: str) -> exp.Identifier:
    return exp.to_identifier(text, quoted=True)


def _and_all(one: exp.Expression, other: exp.Expression) -> exp.Expression:
    return exp.Union(this=one, expression=other, distinct=False)


def _whole(number: int) -> exp.Expression:
    return exp.Literal.number(number)


def _operands(conditions: Sequence[Condition], shapes: Shapes, now: datetime) -> Any:
    rows = [(shapes[one.source, one.shape], number, one.operands) for number, one in enumerate(conditions) if one.source]
    most = max(len(operands) for _, _, operands in rows)
    columns = {name: pa.array([row[place] for row in rows], pa.int64()) for place, name in enumerate(("shape", "number"))}
    for place in range(most):
        values = (operands[place] if place < len(operands) else None for _, _, operands in rows)
        columns[_place(place)] = pa.array([value if value is None else told(value, now) for value in values], pa.string())
    return pa.table(columns)


def holds(formula: Formula, met: Mapping[Condition, frozenset[int]], there: frozenset[int]) -> frozenset[int]:
    """The records of which a formula holds, by those that meet its conditions."""
    match formula:
        case Condition():
            return met.get(formula, frozenset())
        case Every(parts):
            found = there
            for part in parts:
                found = found & holds(part, met, there) if found else found
            return found
        case Some(parts):
            return frozenset().union(*(holds(part, met, there) for part in parts))
        case Other(part):
            return there - holds(part, met, there)
