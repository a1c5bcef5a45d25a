"""How many are won after so many days, where not everybody has had these days yet.

A journey that is open is *censored*: it tells that nothing had happened at its age, and nothing of later. Each hour's part of
those who still travel is therefore taken of those who have come to that age (Kaplan and Meier). Being lost or cleared is no
censoring: who is lost is not won later in the same journey, and to leave them out would tell what share would be won if nobody
were ever lost. So the share that is won by an age is the sum of what is won in each hour by those who had neither ending before
(Aalen and Johansen). Where no journey is open, that is exactly what was won by that age of all that entered.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final

from sqlglot import exp

from jalon.lifecycle.columns import JOURNEYS, Outcome
from jalon.lifecycle.journeys.counts import Range
from jalon.warehouse import query

HOUR_MS: Final = 3_600_000
HOURS_A_DAY: Final = 24
ENDS: Final = (Outcome.WON, Outcome.LOST, Outcome.CLEARED, Outcome.OPEN)  # of an unlogged end nobody knows the moment

Row = tuple[str, int, int]  # outcome, age in hours begun, journeys


def ages(range: Range, now: datetime, among: exp.Expression | None = None) -> exp.Select:
    """By outcome and age, how many journeys: at most a row for each hour of the longest. Open ones have the age they have now."""
    open_ms = exp.DateDiff(this=query.instant(now), expression=query.column("entered_at"), unit=exp.var("MILLISECOND"))
    age = exp.Coalesce(this=query.column("length_ms"), expressions=[open_ms])
    begun = exp.Add(this=exp.Paren(this=age), expression=query.whole(HOUR_MS - 1))
    hours = exp.IntDiv(this=exp.Paren(this=begun), expression=query.whole(HOUR_MS))
    known = query.one_of(query.column("outcome"), [query.text(outcome.value) for outcome in ENDS])
    asked = query.select(query.column("outcome"), query.named(hours, "hours"), query.count()).from_(query.table(JOURNEYS.name))
    return asked.where(query.conjunction([range.holds("entered_at"), known, among])).group_by(
        query.column("outcome"), query.column("hours")
    )


@dataclass(frozen=True, slots=True)
class Step:
    """From this age on, until the next step."""

    hours: int
    won: float  # share of all that entered
    lost: float  # or cleared
    at_risk: int  # journeys that had come to this age without an end


@dataclass(frozen=True, slots=True)
class Curve:
    """The shares that are won and lost by age."""

    steps: tuple[Step, ...]
    journeys: int

    @classmethod
    def of(cls, rows: Iterable[Sequence[object]]) -> Curve:
        told = sorted((max(0, int(str(hours))), str(outcome), int(str(count))) for outcome, hours, count in rows)
        left = journeys = sum(count for _, _, count in told)
        won = lost = 0.0
        going = 1.0  # share without an end so far
        steps: list[Step] = []
        for hours, together in groupby(told, key=lambda row: row[0]):
            ends = [(outcome, count) for _, outcome, count in together]
            now_won = sum(count for outcome, count in ends if outcome == Outcome.WON)
            now_lost = sum(count for outcome, count in ends if outcome in (Outcome.LOST, Outcome.CLEARED))
            won += going * now_won / left
            lost += going * now_lost / left
            going *= 1 - (now_won + now_lost) / left
            steps.append(Step(hours, won, lost, left))
            left -= sum(count for _, count in ends)
        return cls(tuple(steps), journeys)

    def at(self, days: int) -> Step:
        """What holds after so many days."""
        place = bisect_right(self.steps, days * HOURS_A_DAY, key=lambda step: step.hours)
        before = self.steps[place - 1] if place else Step(0, 0.0, 0.0, self.journeys)
        at_risk = self.steps[place].at_risk if place < len(self.steps) else 0
        return Step(days * HOURS_A_DAY, before.won, before.lost, at_risk)

    @property
    def days(self) -> int:
        """Whole days of the oldest journey, open ones among them: of later ages nothing is known."""
        return -(-self.steps[-1].hours // HOURS_A_DAY) if self.steps else 0

    def days_until(self, share: float) -> int | None:
        """After how many days so many of all that entered are won; None if that was never seen."""
        hours = next((step.hours for step in self.steps if step.won >= share - 1e-12), None)
        return None if hours is None else -(-hours // HOURS_A_DAY)
