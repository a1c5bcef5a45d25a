"""The questions about journeys, asked of those that a compile has frozen: the same trees, over other rows. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeVar, cast

from sqlglot import exp

from jalon.lifecycle.columns import JOURNEYS, VISITS
from jalon.reports.columns import ENTERED_ON, FROZEN_JOURNEYS, FROZEN_VALUES, FROZEN_VISITS, NUMBER
from jalon.reports.kinds.lifecycle import OWNER, SPELLED, VALUE
from jalon.warehouse import query
from jalon.warehouse.schema import Table, day_column
from jalon.warehouse.storage import stored

Tree = TypeVar("Tree", bound=exp.Expression)

VALUES: Final = "journey_values"  # no table: the contacts of a snapshot with their value of the breakdown

_INSTANTS: Final = {JOURNEYS: "entered_at", VISITS: "journey_entered_at"}  # by which days of the entry are asked
_ROWS: Final[Mapping[str, tuple[Table, Table]]] = {JOURNEYS.name: (JOURNEYS, FROZEN_JOURNEYS), VISITS.name: (VISITS, FROZEN_VISITS)}


def instead(tree: Tree, snapshot: int) -> Tree:
    """The question, reading what was frozen under this number wherever it names journeys or visits."""

    def frozen(node: exp.Expression) -> exp.Expression:
        if not isinstance(node, exp.Table) or node.name not in (*_ROWS, VALUES):
            return node
        rows = _values(snapshot) if node.name == VALUES else _rows(*_ROWS[node.name], snapshot)
        return rows.subquery(exp.to_identifier(node.alias_or_name, quoted=True))

    return cast(Tree, tree.transform(frozen))


def _rows(live: Table, kept: Table, snapshot: int) -> exp.Select:
    """The columns of the live table: the day of the entry is the one of the compile."""
    day = day_column(_INSTANTS[live])
    same = [query.column(cell.name) for cell in stored(kept) if cell.name not in (NUMBER, ENTERED_ON, day)]
    return query.select(*same, query.named(query.column(ENTERED_ON), day)).from_(query.table(kept.name)).where(_own(snapshot))


def _values(snapshot: int) -> exp.Select:
    parts = {OWNER: "record_id", VALUE: "value", SPELLED: "spelled"}
    cells = [query.named(query.column(source), name) for name, source in parts.items()]
    return query.select(*cells).from_(query.table(FROZEN_VALUES.name)).where(_own(snapshot))


def _own(snapshot: int) -> exp.Expression:
    return exp.EQ(this=query.column(NUMBER), expression=query.whole(snapshot))


# What a compile keeps


def rows(live: Table, where: exp.Expression) -> exp.Select:
    """The rows of journeys or of visits that a snapshot is made of."""
    _, kept = _ROWS[live.name]
    same = [query.column(column.name) for column in kept.columns if column.name not in (NUMBER, ENTERED_ON)]
    return query.select(*same, query.named(query.day_of(_INSTANTS[live]), ENTERED_ON)).from_(query.table(live.name)).where(where)


def values(values: exp.Select, where: exp.Expression) -> exp.Select:
    """The values of the contacts that made them; `values` is as for `lifecycle.apart`."""
    made = query.select(query.column("record_id")).from_(query.table(JOURNEYS.name)).where(where)
    asked = query.select(
        query.named(query.column(OWNER), "record_id"),
        query.named(exp.cast(query.column(VALUE), "TEXT"), "value"),
        query.named(exp.cast(query.column(SPELLED), "TEXT"), "spelled"),
    )
    return asked.from_(values.subquery("of_contacts")).where(query.among(query.column(OWNER), made))


def all_values(among: exp.Expression | None) -> exp.Select:
    """The frozen values as `lifecycle.apart` takes them; `among` narrows to some contacts."""
    cells = query.select(*map(query.column, (OWNER, VALUE, SPELLED))).from_(query.table(VALUES))
    return cells if among is None else cells.where(query.among(query.column(OWNER), _those(among)))


def _those(among: exp.Expression) -> exp.Select:
    return query.select(query.column("record_id")).from_(query.table(JOURNEYS.name)).where(among)


def having(spelled: str) -> exp.Expression:
    """The journeys of the contacts with this value of the breakdown, however it is spelled; "" for those without one."""
    own = query.column(VALUE)
    if not spelled:
        return query.among(query.column("record_id"), _owners(query.is_null(own)))
    value = query.select(query.column(VALUE)).from_(query.table(VALUES))
    same = value.where(exp.EQ(this=query.column(SPELLED), expression=query.text(spelled)))
    return query.among(query.column("record_id"), _owners(query.among(own, same)))


def _owners(where: exp.Expression) -> exp.Select:
    return query.select(query.column(OWNER)).from_(query.table(VALUES)).where(where)
