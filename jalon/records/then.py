"""Records as they were: the values that the history had for them at an instant. Pure.

Only records that are there now are told, since only these can be opened; who was archived or erased since is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlglot import exp

from jalon.records.columns import HISTORY, Catalog
from jalon.warehouse import query

STAMPS: Final = ("createdate", "hs_object_id")  # kept by the row itself, and never another one
_H, _R = "h", "r"


def texts(catalog: Catalog, names: Sequence[str], until: datetime) -> exp.Select:
    """The id, the creation date, and the canonical text that each of these properties had, of the records that there were."""
    created = query.column("createdate", _R)
    values = [_value(name) for name in names if name not in STAMPS]
    tree = query.select(query.column("id", _R), query.named(exp.Max(this=created), "createdate"), *values).from_(
        query.table(catalog.plural, _R)
    )
    own = exp.EQ(this=query.column("record_id", _H), expression=query.column("id", _R))
    born = exp.LTE(this=created.copy(), expression=query.instant(until))
    latest = _latest(catalog.object_type, [name for name in names if name not in STAMPS], until)
    return tree.join(latest.subquery(_H), on=own, join_type="left").where(born).group_by(query.column("id", _R))


def _value(name: str) -> exp.Expression:
    is_it = exp.EQ(this=query.column("property", _H), expression=query.text(name))
    return query.named(exp.Max(this=exp.case().when(is_it, query.column("new", _H))), name)


def _latest(object_type: str, names: Sequence[str], until: datetime) -> exp.Select:
    """The last line of each record's property up to the instant."""
    place = exp.Window(
        this=exp.RowNumber(),
        partition_by=[query.column("record_id"), query.column("property")],
        order=exp.Order(expressions=[query.descending(query.column("at")), query.descending(query.column("change_id"))]),
    )
    lines = (
        query.select(*(query.column(name) for name in ("record_id", "property", "new")), query.named(place, "place"))
        .from_(query.table(HISTORY.name))
        .where(
            exp.EQ(this=query.column("object_type"), expression=query.text(object_type)),
            query.one_of(query.column("property"), [query.text(name) for name in names]),
            exp.LTE(this=query.column("at"), expression=query.instant(until)),
        )
    )
    newest = exp.EQ(this=query.column("place"), expression=exp.Literal.number(1))
    return query.select(*(query.column(name) for name in ("record_id", "property", "new"))).from_(lines.subquery("lines")).where(newest)
