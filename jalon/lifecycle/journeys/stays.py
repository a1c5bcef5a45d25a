"""How long contacts stay in a stage before they move on, by whole days: what tells who is stuck there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlglot import exp

from jalon.lifecycle.columns import VISITS
from jalon.lifecycle.journeys.counts import Range
from jalon.warehouse import query

DAY_MS: Final = 86_400_000
MOVED_ON: Final = 0.9  # of those who moved on; who stays longer than these is stuck
FEWEST: Final = 10  # of fewer stays no such border can be told: one of them would decide it


def lengths(range: Range, among: exp.Expression | None = None) -> exp.Select:
    """By stage and days begun, how many single stays were over by then."""
    begun = exp.Add(this=query.column("length_ms"), expression=query.whole(DAY_MS - 1))
    days = exp.IntDiv(this=exp.Paren(this=begun), expression=query.whole(DAY_MS))
    asked = query.select(query.column("stage"), query.named(days, "days"), query.count()).from_(query.table(VISITS.name))
    over = query.is_known(query.column("length_ms"))
    return asked.where(query.conjunction([range.holds("journey_entered_at"), over, among])).group_by(
        query.column("stage"), query.column("days")
    )


def journeys(range: Range, among: exp.Expression | None = None) -> exp.Select:
    """By stage, how many journeys made such stays there, each once."""
    asked = query.select(query.column("stage"), query.count()).from_(query.table(VISITS.name))
    timed = query.is_known(query.column("stage_ms"))  # it stands on the last of a journey's visits
    return asked.where(query.conjunction([range.holds("journey_entered_at"), timed, among])).group_by(query.column("stage"))


@dataclass(frozen=True, slots=True)
class Stays:
    """The stays in one stage that are over."""

    by_days: tuple[tuple[int, int], ...]  # days begun, how many; the shortest first

    @property
    def count(self) -> int:
        return sum(count for _, count in self.by_days)

    def within(self, share: float) -> int | None:
        """The fewest whole days in which so many of them had moved on."""
        wanted, seen = share * self.count - 1e-9, 0
        for days, count in self.by_days:
            seen += count
            if seen >= wanted:
                return days
        return None

    @property
    def limit(self) -> int | None:
        """Who stays longer than these days is stuck; None where too few have moved on to tell."""
        return self.within(MOVED_ON) if self.count >= FEWEST else None


def by_stage(rows: Iterable[Sequence[object]]) -> Mapping[str, Stays]:
    found: dict[str, list[tuple[int, int]]] = {}
    for stage, days, count in rows:
        found.setdefault(str(stage), []).append((int(str(days)), int(str(count))))
    return {stage: Stays(tuple(sorted(some))) for stage, some in found.items()}
