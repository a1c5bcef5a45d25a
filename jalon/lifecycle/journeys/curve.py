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
from math import exp as exp_of
from math import log, sqrt
from typing import Final

from sqlglot import exp

from jalon.lifecycle.columns import JOURNEYS, Outcome
from jalon.lifecycle.journeys.counts import Range
from jalon.warehouse import query

HOUR_MS: Final = 3_600_000
HOURS_A_DAY: Final = 24
Z: Final = 1.959964  # 95 % of a normal distribution lie so many standard errors around its middle
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
    spread: float = 0.0  # the standard error of `won`
    wins: int = 0  # journeys that were won by now

    @property
    def likely(self) -> tuple[float, float]:
        """Where the share of all journeys like these lies, 95 times in 100. By log(-log), so that it never leaves 0 to 1."""
        if not 0 < self.won < 1 or not self.spread:
            return self.won, self.won
        reach = Z * self.spread / (self.won * log(self.won))
        low, high = sorted((self.won ** exp_of(reach), self.won ** exp_of(-reach)))
        return low, high


@dataclass(slots=True)
class _Spread:
    """The variance of the share that is won, by the delta method (Marubini and Valsecchi, 1995), from sums that grow step by step.

    Each step adds to the doubt about all later shares, by how far these lie above it; so the sums are kept apart by powers of
    the share. With nobody lost it is Greenwood's, with nobody open that of a plain share.
    """

    ended: float = 0.0  # sum of d / (n (n - d))
    by_won: float = 0.0  # the same times the share at the step
    by_square: float = 0.0
    own: float = 0.0  # what the parts won add themselves
    shared: float = 0.0
    shared_by_won: float = 0.0

    def add(self, won: float, going: float, left: int, now_won: int, now_ended: int) -> None:
        if now_ended < left:  # where nobody goes on there is no later share
            doubt = now_ended / (left * (left - now_ended))
            self.ended += doubt
            self.by_won += doubt * won
            self.by_square += doubt * won * won
        self.own += going * going * (left - now_won) * now_won / left**3
        part = going * now_won / left**2
        self.shared += part
        self.shared_by_won += part * won

    def error(self, won: float) -> float:
        """The standard error of this share, the last one that was added."""
        squares = won * won * self.ended - 2 * won * self.by_won + self.by_square
        return sqrt(max(0.0, squares + self.own - 2 * (won * self.shared - self.shared_by_won)))


@dataclass(frozen=True, slots=True)
class Curve:
    """The shares that are won and lost by age."""

    steps: tuple[Step, ...]
    journeys: int

    @classmethod
    def of(cls, rows: Iterable[Sequence[object]]) -> Curve:
        told = sorted((max(0, int(str(hours))), str(outcome), int(str(count))) for outcome, hours, count in rows)
        left = journeys = sum(count for _, _, count in told)
        wins = 0
        won = lost = 0.0
        going = 1.0  # share without an end so far
        steps: list[Step] = []
        spread = _Spread()
        for hours, together in groupby(told, key=lambda row: row[0]):
            ends = [(outcome, count) for _, outcome, count in together]
            now_won = sum(count for outcome, count in ends if outcome == Outcome.WON)
            now_lost = sum(count for outcome, count in ends if outcome in (Outcome.LOST, Outcome.CLEARED))
            wins += now_won
            won += going * now_won / left
            lost += going * now_lost / left
            spread.add(won, going, left, now_won, now_won + now_lost)
            going *= 1 - (now_won + now_lost) / left
            steps.append(Step(hours, won, lost, left, spread.error(won), wins))
            left -= sum(count for _, count in ends)
        return cls(tuple(steps), journeys)

    def at(self, days: int) -> Step:
        """What holds after so many days."""
        place = bisect_right(self.steps, days * HOURS_A_DAY, key=lambda step: step.hours)
        before = self.steps[place - 1] if place else Step(0, 0.0, 0.0, self.journeys)
        at_risk = self.steps[place].at_risk if place < len(self.steps) else 0
        return Step(days * HOURS_A_DAY, before.won, before.lost, at_risk, before.spread, before.wins)

    @property
    def days(self) -> int:
        """Whole days of the oldest journey, open ones among them: of later ages nothing is known."""
        return -(-self.steps[-1].hours // HOURS_A_DAY) if self.steps else 0

    @property
    def won(self) -> float:
        """The share that is won as far as anything is known."""
        return self.steps[-1].won if self.steps else 0.0

    def days_until(self, share: float) -> int | None:
        """After how many days so many of all that entered are won; None if that was never seen."""
        hours = next((step.hours for step in self.steps if step.won >= share - 1e-12), None)
        return None if hours is None else -(-hours // HOURS_A_DAY)
