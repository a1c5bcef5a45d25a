"""Rollups as questions to the columns: one for each way to other records, whatever the number of measures. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlglot import exp

from jalon.records.calculated.functions import EXACT, instant
from jalon.records.calculated.plan import Way
from jalon.records.calculated.tree import (
    Among,
    Call,
    Comparison,
    Logic,
    Measure,
    Minus,
    Node,
    Not,
    Number,
    Own,
    Rollup,
    Text,
    Truth,
)
from jalon.records.columns import Catalog, PropertySpec
from jalon.warehouse import query
from jalon.warehouse.schema import Kind

OPERATORS: dict[str, Any] = {"=": exp.EQ, "!=": exp.NEQ, "<": exp.LT, "<=": exp.LTE, ">": exp.GT, ">=": exp.GTE}
TEXTS = (Kind.STRING, Kind.ENUMERATION)


@dataclass(frozen=True, slots=True)
class Ids:
    """Records by their ids, or all those between two."""

    some: Sequence[int] = ()
    first: int = 0
    last: int = 0

    def among(self, column: exp.Expression) -> exp.Expression:
        if self.last:
            return query.between(column, exp.Literal.number(self.first), exp.Literal.number(self.last))
        # One word for all: 5,000 nodes of a tree take ten times longer to print than the question takes to answer.
        return exp.In(this=column, expressions=[exp.Var(this=", ".join(f"{id:d}" for id in self.some))])


def own_values(catalog: Catalog, names: Sequence[str], ids: Ids) -> exp.Select:
    """The id and these properties of the records."""
    columns = [query.column(name) for name in ("id", *names)]
    return query.select(*columns).from_(query.table(catalog.plural)).where(ids.among(query.column("id")))


def next_ids(catalog: Catalog, after: int, limit: int) -> exp.Select:
    """The next ids of an object type, in order."""
    id = query.column("id")
    beyond = exp.GT(this=id, expression=exp.Literal.number(after))
    return query.select(id).from_(query.table(catalog.plural)).where(beyond).order_by(query.ascending(id)).limit(limit)


def rolled(object_type: str, end: Catalog, way: Way, measures: Sequence[Rollup], ids: Ids) -> exp.Select:
    """The owner's id, then for each rollup its number of records and its measure."""
    columns = [part for rollup in measures for part in _measured(rollup, end)]
    owner = query.column("owner", "link")
    linked = exp.Subquery(this=_links(object_type, end, way, ids), alias=exp.TableAlias(this=exp.to_identifier("link", quoted=True)))
    tree = query.select(owner, *columns).from_(linked)
    on = exp.EQ(this=query.column("id", "far"), expression=query.column("end", "link"))
    return tree.join(query.table(end.plural, "far"), on=on).group_by(owner)


def _links(object_type: str, end: Catalog, way: Way, ids: Ids) -> exp.Select:
    columns = (query.named(query.column("from_id"), "owner"), query.named(query.column("to_id"), "end"))
    there = [
        exp.EQ(this=query.column("from_type"), expression=query.text(object_type)),
        exp.EQ(this=query.column("to_type"), expression=query.text(end.object_type)),
        query.one_of(query.column("type_id"), [exp.Literal.number(id) for id in way.type_ids]),
        ids.among(query.column("from_id")),
    ]
    tree = query.select(*columns).from_(query.table("associations")).where(query.conjunction(there))
    return tree.distinct() if way.may_repeat else tree


def _measured(rollup: Rollup, end: Catalog) -> tuple[exp.Expression, exp.Expression]:
    """How many records (with a value) there are, and their sum, lowest or highest value."""
    value: exp.Expression = query.column(rollup.property, "far") if rollup.property else exp.Literal.number(1)
    if rollup.where is not None:
        value = exp.case().when(condition(rollup.where, end), value)
    count = exp.Count(this=value.copy())
    match rollup.measure:
        case Measure.SUM | Measure.AVERAGE:
            return count, exp.Sum(this=value)
        case Measure.MIN:
            return count, exp.Min(this=value)
        case Measure.MAX:
            return count, exp.Max(this=value)
    return count, count.copy()


def condition(node: Node, end: Catalog) -> exp.Expression:
    """A condition on the associated record; NULL where a value is missing, as the evaluator has it."""
    match node:
        case Logic():
            connect = query.conjunction if node.operator == "and" else query.disjunction
            return exp.Paren(this=connect([condition(node.left, end), condition(node.right, end)]))
        case Not():
            return query.negation(condition(node.of, end))
        case Own():
            return query.column(node.name, "far")
        case Call():
            return query.is_known(_column(node.arguments[0]))
        case Among():
            spec = end.properties[_name(node.of)]
            return query.one_of(_compared(spec), [_written(value, spec) for value in node.values])
        case Comparison():
            return _comparison(node, end)
    raise AssertionError(f"not a condition: {node}")


def _comparison(node: Comparison, end: Catalog) -> exp.Expression:
    spec = end.properties[_name(node.left if isinstance(node.left, Own) else node.right)]
    left, right = (_compared(spec) if isinstance(side, Own) else _written(side, spec) for side in (node.left, node.right))
    compared: exp.Expression = OPERATORS[node.operator](this=left, expression=right)
    return compared


def _name(node: Node) -> str:
    assert isinstance(node, Own)
    return node.name


def _column(node: Node) -> exp.Expression:
    return query.column(_name(node), "far")


def _compared(spec: PropertySpec) -> exp.Expression:
    """Texts are compared in small letters, as everywhere."""
    column: exp.Expression = query.column(spec.name, "far")
    if spec.kind is Kind.USER:
        return exp.cast(column, "VARCHAR")
    return query.lowered(column) if spec.kind in TEXTS else column


def _written(node: Node, spec: PropertySpec) -> exp.Expression:
    match node:
        case Text(value=text):
            return query.text(text.lower())
        case Number(value=number):
            return query.number(number)
        case Minus(of=Number(value=number)):
            return query.number(-number)
        case Truth(value=truth):
            return query.truth(truth)
        case Call(arguments=(Text(value=day),)):
            written = date.fromisoformat(day)
            return query.instant(instant(written)) if spec.kind is Kind.DATETIME else query.day(written)
    raise AssertionError(f"not a written value: {node}")


def measured(rollup: Rollup, count: int, value: object) -> object:
    """The rollup's value from what the columns said; the average is divided here, where decimals are exact."""
    match rollup.measure:
        case Measure.COUNT:
            return Decimal(count)
        case Measure.AVERAGE:
            return EXACT.divide(Decimal(str(value)), Decimal(count)) if count else None
    return value


def of_none(rollup: Rollup) -> object:
    """The rollup of a record that has no associated one (spec 1.4)."""
    return Decimal(0) if rollup.measure is Measure.COUNT else None
