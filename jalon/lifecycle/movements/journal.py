"""The journal: movements one by one, narrowed, and how many there were by day. Questions to the columns. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlglot import exp

from jalon.lifecycle.columns import MOVEMENTS
from jalon.lifecycle.journeys.counts import Range
from jalon.warehouse import query

LISTED: Final = ("movement_id", "record_id", "from_stage", "to_stage", "at", "source", "source_detail", "actor_id")
NONE: Final = "none"  # as a stage: no stage at all


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which movements: on which days they happened, from and to which stage, by what and by whom. None: any."""

    range: Range = Range()  # noqa: RUF009  # frozen
    came_from: str | None = None
    to: str | None = None
    source: str | None = None
    actor: int | None = None  # a user; 0: nobody, since a form or a program moves without one

    def where(self, among: exp.Expression | None) -> exp.Expression:
        parts = [self.range.holds("at"), _stage("from_stage", self.came_from), _stage("to_stage", self.to)]
        by = exp.EQ(this=query.column("source"), expression=query.text(self.source)) if self.source else None
        return query.conjunction([*parts, by, _actor(self.actor), among])


def _stage(name: str, stage: str | None) -> exp.Expression | None:
    if stage is None:
        return None
    own = query.column(name)
    return query.is_null(own) if stage == NONE else exp.EQ(this=own, expression=query.text(stage))


def _actor(id: int | None) -> exp.Expression | None:
    if id is None:
        return None
    own = query.column("actor_id")
    return exp.EQ(this=own, expression=query.whole(id)) if id else query.is_null(own)


def listed(wanted: Wanted, among: exp.Expression | None = None) -> exp.Select:
    """The movements, the latest first."""
    asked = query.select(*map(query.column, LISTED)).from_(query.table(MOVEMENTS.name)).where(wanted.where(among))
    return asked.order_by(query.descending(query.column("at")), query.descending(query.column("movement_id")))


def count(wanted: Wanted, among: exp.Expression | None = None) -> exp.Select:
    return query.select(query.count()).from_(query.table(MOVEMENTS.name)).where(wanted.where(among))


def by_day(wanted: Wanted, among: exp.Expression | None = None) -> exp.Select:
    """By day of the account, how many; days without any are not there."""
    day = query.day_of("at")
    asked = query.select(day, query.count()).from_(query.table(MOVEMENTS.name)).where(wanted.where(among))
    return asked.group_by(day.copy()).order_by(query.ascending(day.copy()))
