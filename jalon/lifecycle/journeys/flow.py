"""From stage to stage: how many went where, and how long they had stayed before.

Every visit has exactly one way out, so that the ways out of a stage add up to its visits: to another stage, out of the path
without one (cleared), away by something that no movement tells (an import, a bulk edit), or none, for who is still there. The
ways in are those visits that begin a journey, beside the ways from other stages.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlglot import exp

from jalon.lifecycle.columns import JOURNEYS, VISITS
from jalon.lifecycle.journeys.counts import Range
from jalon.warehouse import query


class Way(StrEnum):
    """What a way leads to where that is no stage, or comes from."""

    ENTRY = "entry"  # the journey began there
    STILL_IN = "still_in"
    CLEARED = "cleared"
    UNTOLD = "untold"


@dataclass(frozen=True, slots=True)
class Edge:
    """So many went this way; `mean_ms` is how long they had stayed where they came from."""

    source: str | Way
    target: str | Way
    count: int
    mean_ms: float | None = None


AWAY: Final = (Way.CLEARED, Way.UNTOLD, Way.STILL_IN)


def ways_out(range: Range, among: exp.Expression | None = None) -> exp.Select:
    """By stage, what came next, whether the end is known and whether there is none yet: how many, and the mean of their milliseconds."""
    length, one = query.column("length_ms"), query.whole(1)
    known = exp.Nullif(this=exp.Count(this=length.copy()), expression=exp.Literal.number(0))
    ended = exp.Case(ifs=[exp.If(this=query.is_known(query.column("left_at")), true=one)], default=query.whole(0))
    staying = exp.Case(ifs=[exp.If(this=query.column("still_in"), true=one.copy())], default=query.whole(0))
    keys = (query.column("stage"), query.column("next_stage"), query.named(ended, "ended"), query.named(staying, "staying"))
    asked = query.select(*keys, query.count(), exp.Div(this=query.total(length), expression=known)).from_(query.table(VISITS.name))
    narrowed = asked.where(query.conjunction([range.holds("journey_entered_at"), among]))
    return narrowed.group_by(*(query.column(name) for name in ("stage", "next_stage", "ended", "staying")))


def ways_in(range: Range, among: exp.Expression | None = None) -> exp.Select:
    """By first stage, how many journeys began there; those that were won or lost at once among them."""
    asked = query.select(query.column("entry_stage"), query.count()).from_(query.table(JOURNEYS.name))
    return asked.where(query.conjunction([range.holds("entered_at"), among])).group_by(query.column("entry_stage"))


@dataclass(frozen=True, slots=True)
class Flow:
    """All ways of the journeys of a range."""

    edges: tuple[Edge, ...]

    @classmethod
    def of(cls, entries: Iterable[Sequence[object]], exits: Iterable[Sequence[object]]) -> Flow:
        found = [Edge(Way.ENTRY, str(stage), int(str(count))) for stage, count in entries]
        return cls((*found, *_exits(exits)))

    def count(self, source: str | Way, target: str | Way) -> int:
        return sum(edge.count for edge in self.edges if (edge.source, edge.target) == (source, target))

    def edge(self, source: str | Way, target: str | Way) -> Edge | None:
        return next((edge for edge in self.edges if (edge.source, edge.target) == (source, target)), None)

    def out_of(self, source: str | Way) -> int:
        return sum(edge.count for edge in self.edges if edge.source == source)

    def into(self, target: str | Way) -> int:
        return sum(edge.count for edge in self.edges if edge.target == target)


def _exits(rows: Iterable[Sequence[object]]) -> Iterator[Edge]:
    for stage, following, ended, staying, count, mean in rows:
        if following is not None:
            target: str | Way = str(following)
        elif int(str(ended)):
            target = Way.CLEARED
        else:
            target = Way.STILL_IN if int(str(staying)) else Way.UNTOLD
        yield Edge(str(stage), target, int(str(count)), None if mean is None else float(str(mean)))
