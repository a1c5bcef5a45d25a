"""From stage to stage: how many went where, and how long they had stayed before.

Every visit has exactly one way out, so that the ways out of a stage add up to its visits: to another stage, out of the path
without one (cleared), away by something that no movement tells (an import, a bulk edit), or none, for who is still there. The
ways in are those visits that begin a journey, beside the ways from other stages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
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
    """So many went this way, in so many journeys; the times are how long they had stayed where they came from."""

    source: str | Way
    target: str | Way
    count: int
    mean_ms: float | None = None
    median_ms: float | None = None
    journeys: int = 0  # fewer than went, where one of them went to and fro


AWAY: Final = (Way.CLEARED, Way.UNTOLD, Way.STILL_IN)
KEYS: Final = ("stage", "next_stage", "ended", "staying")
JOURNEY: Final = ("record_id", "number")

Rows = Callable[[exp.Expression], Iterable[Sequence[object]]]
Ends = tuple[str | Way, str | Way]


def ways_out(range: Range, among: exp.Expression | None = None) -> exp.Select:
    """By stage, what came next, whether the end is known and whether there is none yet: how many, and the mean of their milliseconds."""
    length = query.column("length_ms")
    known = exp.Nullif(this=exp.Count(this=length.copy()), expression=exp.Literal.number(0))
    asked = query.select(*_ways(), query.count(), exp.Div(this=query.total(length), expression=known)).from_(query.table(VISITS.name))
    return _by_way(asked.where(query.conjunction([range.holds("journey_entered_at"), among])))


def medians_out(range: Range, among: exp.Expression | None = None) -> exp.Select:
    """By way, the median of the milliseconds before it. Exact, so it looks at every value: asked apart from the rest."""
    timed = query.is_known(query.column("length_ms"))
    asked = query.select(*_ways(), exp.Median(this=query.column("length_ms"))).from_(query.table(VISITS.name))
    return _by_way(asked.where(query.conjunction([range.holds("journey_entered_at"), timed, among])))


def repeats(range: Range, among: exp.Expression | None = None) -> exp.Select:
    """By way, how often a journey went it that had gone it before. Only journeys that came to a stage again can have."""
    key = [query.column(name) for name in (*JOURNEY, "stage")]
    again = query.select(*(part.copy() for part in key)).from_(query.table(VISITS.name))
    again = again.where(query.negation(query.column("last_of_stage")))
    more = query.named(exp.Sub(this=query.count(), expression=query.whole(1)), "more")
    each = query.select(*_ways(), more).from_(query.table(VISITS.name))
    each = each.where(query.conjunction([range.holds("journey_entered_at"), query.among(exp.Tuple(expressions=key), again), among]))
    each = each.group_by(*(query.column(name) for name in (*JOURNEY, *KEYS)))
    return _by_way(query.select(*map(query.column, KEYS), query.total(query.column("more"))).from_(each.subquery("each")))


def _ways() -> list[exp.Expression]:
    one, none = query.whole(1), query.whole(0)
    ended = exp.Case(ifs=[exp.If(this=query.is_known(query.column("left_at")), true=one)], default=none)
    staying = exp.Case(ifs=[exp.If(this=query.column("still_in"), true=one.copy())], default=none.copy())
    return [query.column("stage"), query.column("next_stage"), query.named(ended, "ended"), query.named(staying, "staying")]


def _by_way(asked: exp.Select) -> exp.Select:
    return asked.group_by(*map(query.column, KEYS))


def visitors(range: Range, among: exp.Expression | None = None) -> exp.Select:
    """By stage, how many journeys were there, each once."""
    asked = query.select(query.column("stage"), query.count()).from_(query.table(VISITS.name))
    return asked.where(query.conjunction([range.holds("journey_entered_at"), query.column("last_of_stage"), among])).group_by(
        query.column("stage")
    )


def ways_in(range: Range, among: exp.Expression | None = None) -> exp.Select:
    """By first stage, how many journeys began there; those that were won or lost at once among them."""
    asked = query.select(query.column("entry_stage"), query.count()).from_(query.table(JOURNEYS.name))
    return asked.where(query.conjunction([range.holds("entered_at"), among])).group_by(query.column("entry_stage"))


@dataclass(frozen=True, slots=True)
class Flow:
    """All ways of the journeys of a range."""

    edges: tuple[Edge, ...]
    journeys: Mapping[str, int]  # by stage, that were there

    @classmethod
    def asked(cls, rows: Rows, range: Range, among: exp.Expression | None = None) -> Flow:
        """The answers to the five questions above."""
        medians = {_ends(row): _float(row[4]) for row in rows(medians_out(range, among))}
        again = {_ends(row): _int(row[4]) for row in rows(repeats(range, among))}
        entries = (Edge(Way.ENTRY, str(stage), _int(count), journeys=_int(count)) for stage, count in rows(ways_in(range, among)))
        exits = ((_ends(row), _int(row[4]), _float(row[5])) for row in rows(ways_out(range, among)))
        out = (Edge(*ends, count, mean, medians.get(ends), count - again.get(ends, 0)) for ends, count, mean in exits)
        return cls((*entries, *out), {str(stage): _int(count) for stage, count in rows(visitors(range, among))})

    def edge(self, source: str | Way, target: str | Way) -> Edge | None:
        return next((edge for edge in self.edges if (edge.source, edge.target) == (source, target)), None)

    def out_of(self, source: str | Way) -> int:
        return sum(edge.count for edge in self.edges if edge.source == source)

    def into(self, target: str | Way) -> int:
        return sum(edge.count for edge in self.edges if edge.target == target)


def _ends(row: Sequence[object]) -> Ends:
    """Where a way leads from and to."""
    stage, following, ended, staying, *_ = row
    if following is not None:
        return str(stage), str(following)
    if _int(ended):
        return str(stage), Way.CLEARED
    return str(stage), Way.STILL_IN if _int(staying) else Way.UNTOLD


def _int(value: object) -> int:
    return int(str(value))


def _float(value: object) -> float | None:
    return None if value is None else float(str(value))
