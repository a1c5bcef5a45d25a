"""What a filter can be narrowed by: when something happened, and how often (spec 2.4). And the facts that both narrow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlglot import exp

from jalon.criteria.answers import answer_of_value
from jalon.criteria.operators import OPERATORS, Operands, Operator
from jalon.criteria.question import Question, Setting
from jalon.criteria.tree import Count, Fact, When
from jalon.records.columns import FieldType, PropertySpec, Type
from jalon.warehouse import query
from jalon.warehouse.schema import Kind

_F = "f"  # the rows of a fact, inside a question of our own
_ABOUT_CHANGES = frozenset({"updated_in_last_days", "not_updated_in_last_days"})

#: The operators of a date and time that may say when something happened: those that need nothing but the moment.
WHEN: Mapping[str, Operator] = {
    one.name: one
    for one in OPERATORS[Kind.DATETIME]
    if one.operands not in (Operands.NONE, Operands.PROPERTY) and one.name not in _ABOUT_CHANGES
}


def moment(column: str) -> PropertySpec:
    """The column with the instant of a fact, read as a property is."""
    return PropertySpec(column, Type.DATETIME, FieldType.DATE, "When it happened", "Date du fait")


def happened(when: When, column: str, of: str, setting: Setting) -> exp.Expression:
    """The instant in a column of the table `of` is then, by the same answers as a property."""
    return answer_of_value(when.operator, Question(moment(column), when.values, replace(setting, of=of)))


def times(id: exp.Expression, rows: exp.Select, owner: exp.Expression, counted: exp.Expression, count: Count) -> exp.Expression:
    """A record's rows, whose first column is its id, are as many as wanted; at least 0 also takes the records that have none."""
    if count.least == 0 and count.most is None:
        return query.truth(True)
    most = None if count.most is None else exp.Literal.number(count.most)
    if count.least == 0:
        too_many = exp.GT(this=counted, expression=most)
        return query.negation(query.among(id, rows.group_by(owner).having(too_many) if count.most else rows))
    if count.least == 1 and most is None:
        return query.among(id, rows)
    enough = exp.GTE(this=counted, expression=exp.Literal.number(count.least))
    not_too_many = None if most is None else exp.LTE(this=counted.copy(), expression=most)
    return query.among(id, rows.group_by(owner).having(query.conjunction([enough, not_too_many])))


def on_record(
    fact: Fact, setting: Setting, table: str, among: Mapping[str, Sequence[exp.Expression]], *, record: str = "record_id", at: str = "at"
) -> exp.Expression:
    """The record has rows in a table whose columns hold one of these values each, then and as often as the refinement wants.

    What most kinds of filters compile to; `record` and `at` are the columns with the record's id and the instant.
    """
    owner, refine = query.column(record, _F), fact.refine
    wanted = [query.one_of(query.column(name, _F), values) for name, values in among.items()]
    then = happened(refine, at, _F, setting) if isinstance(refine, When) else None
    rows = query.select(owner).from_(query.table(table, _F)).where(query.conjunction([*wanted, then, setting.within(owner)]))
    count = refine if isinstance(refine, Count) else Count(least=1)
    return times(setting.id, rows, owner, query.count(), count)
