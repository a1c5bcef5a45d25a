"""What criteria ask of other tables: `id IN (SELECT owner FROM table WHERE ...)` as a condition on that table's rows. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from sqlglot import exp

from jalon.criteria.sets.checks import conjuncts, without_checks
from jalon.warehouse import query

RECORD: Final = "record"  # the records that are looked at, in every question of this package
ID: Final = query.column("id", RECORD)

#: The few records that are asked about: the engine is handed their ids.
FEW: Final = query.select(query.column("id")).from_(query.table(query.GIVEN))

Sql = Callable[[exp.Expression], str]
Pins = Mapping[str, frozenset[str]]


def few(id: exp.Expression) -> exp.Expression:
    """The ids handed to the engine."""
    return query.among(id, FEW.copy())


@dataclass(frozen=True, slots=True)
class Source:
    """A table with the alias that conditions name it by, and the column of it that names a record."""

    table: str
    alias: str
    owner: str

    @property
    def id(self) -> exp.Column:
        return query.column(self.owner, self.alias)

    @property
    def rows(self) -> exp.Table:
        return query.table(self.table, self.alias)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What has to hold together of one row of a source, in parts; which records are asked about is not among them."""

    source: Source
    parts: tuple[exp.Expression, ...]


def elsewhere(node: exp.Expression) -> Elsewhere | None:
    """None for anything else, such as a question with joins or with HAVING."""
    rows = _plain_rows(node)
    if rows is None:
        return None
    (owner,) = rows.expressions
    table = rows.args["from_"].this
    parts = [part for part in conjuncts(rows.args["where"].this) if part != few(owner)]
    if any(part.find(exp.Select) for part in parts):
        return None
    return Elsewhere(Source(table.name, table.alias, owner.name), tuple(conjuncts(without_checks(query.conjunction(parts)))))


def _plain_rows(node: exp.Expression) -> exp.Select | None:
    """The inner question, if it is no more than a table, its conditions and the ids of records."""
    asked = node.args.get("query") if isinstance(node, exp.In) and node.this == ID else None
    rows = asked.this if isinstance(asked, exp.Subquery) else None
    if not isinstance(rows, exp.Select) or len(rows.expressions) != 1:
        return None
    told = {part for part, value in rows.args.items() if value}
    plain = told == {"expressions", "from_", "where"} and isinstance(rows.expressions[0], exp.Column)
    return rows if plain and isinstance(rows.args["from_"].this, exp.Table) and rows.args["from_"].this.alias else None


# The rows that several conditions need


def pins(one: Elsewhere, sql: Sql) -> Pins:
    """The columns that have to have one of a few values, so that a reading for several conditions can leave out the rest."""
    return {column: values for part in one.parts for column, values in _pinned(part, sql)}


def _pinned(part: exp.Expression, sql: Sql) -> Iterator[tuple[str, frozenset[str]]]:
    if not isinstance(part.this, exp.Column):
        return
    if isinstance(part, exp.EQ) and not part.expression.find(exp.Column):
        yield part.this.name, frozenset({sql(part.expression)})
    if isinstance(part, exp.In) and part.expressions:
        yield part.this.name, frozenset(sql(one) for one in part.expressions)


def pinned_by_all(source: Source, some: Collection[Pins]) -> Iterator[exp.Expression]:
    """What every condition wants of a row at least: the columns that all of them pin have one of all their values."""
    for column in sorted(frozenset[str].intersection(*(frozenset(one) for one in some))):
        values = sorted(frozenset[str]().union(*(one[column] for one in some)))
        yield query.one_of(query.column(column, source.alias), [exp.Var(this=value) for value in values])


def text_of(parts: Iterable[exp.Expression], sql: Sql) -> str:
    """All of them together; TRUE where there are none."""
    return sql(query.conjunction(parts))
