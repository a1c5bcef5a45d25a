"""Figures of journeys that were entered in a range of days: how many, how they ended, how far they came, how long it took.

One scan over the journeys, grouped by outcome and furthest place, answers all that counts; so its cost does not grow with the
number of stages. Times in stages are a scan over the visits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlglot import exp

from jalon.lifecycle.columns import JOURNEYS, VISITS, Outcome
from jalon.warehouse import query


@dataclass(frozen=True, slots=True)
class Range:
    """The days of the account's zone on which journeys were entered, both ends included; None: since ever, or until now."""

    first: date | None = None
    last: date | None = None

    def holds(self, instant: str) -> exp.Expression:
        """The condition over a table with that column."""
        day = query.day_of(instant)
        since = exp.GTE(this=day.copy(), expression=query.day(self.first)) if self.first else None
        until = exp.LTE(this=day.copy(), expression=query.day(self.last)) if self.last else None
        return query.conjunction([since, until])


def _numbers(values: Sequence[object]) -> tuple[int, int, int, int]:
    place, count, length, timed = (int(str(value)) for value in values)
    return place, count, length, timed


Row = tuple[str, int, int, int, int]  # outcome, furthest place, journeys, milliseconds of those with a time, how many have one


def by_outcome_and_place(range: Range, among: exp.Expression | None = None) -> exp.Select:
    """The rows that `Figures.of` adds up. `among` narrows to journeys of some contacts."""
    timed = query.conjunction([query.negation(query.column("at_once")), query.is_known(query.column("length_ms"))])
    length = exp.Case(ifs=[exp.If(this=timed, true=query.column("length_ms"))])
    keys = ("outcome", "furthest")
    return (
        query.select(
            *map(query.column, keys),
            query.count(),
            exp.Coalesce(this=query.total(length), expressions=[exp.Literal.number(0)]),
            exp.Count(this=length.copy()),
        )
        .from_(query.table(JOURNEYS.name))
        .where(query.conjunction([range.holds("entered_at"), among]))
        .group_by(*map(query.column, keys))
    )


def contacts(range: Range, among: exp.Expression | None = None) -> exp.Select:
    """How many contacts made these journeys. Groups that are counted may leave the memory, other than a count of what differs."""
    each = query.select(query.column("record_id")).from_(query.table(JOURNEYS.name))
    each = each.where(query.conjunction([range.holds("entered_at"), among])).group_by(query.column("record_id"))
    return query.select(query.count()).from_(each.subquery("contacts"))


@dataclass(frozen=True, slots=True)
class Figures:
    """What the journeys of a range came to. Rates and means have no value where there is nothing to divide by."""

    rows: tuple[Row, ...]

    @classmethod
    def of(cls, rows: Sequence[Sequence[object]]) -> Figures:
        return cls(tuple((str(outcome), *_numbers(rest)) for outcome, *rest in rows))

    @property
    def entered(self) -> int:
        """n(J): all of them, whatever became of them."""
        return sum(count for _, _, count, _, _ in self.rows)

    def ended(self, outcome: Outcome) -> int:
        return sum(count for own, _, count, _, _ in self.rows if own == outcome)

    def timed(self, outcome: Outcome) -> int:
        """How many of them have a time from the entry to the end."""
        return sum(timed for own, _, _, _, timed in self.rows if own == outcome)

    def share(self, outcome: Outcome) -> float | None:
        """Of all that entered: the conversion rate for Won, the drop-off rate for Lost."""
        return self.ended(outcome) / self.entered if self.entered else None

    def mean_ms(self, outcome: Outcome) -> float | None:
        """From the entry to the end, of those that took a time."""
        lengths = [(length, timed) for own, _, _, length, timed in self.rows if own == outcome]
        timed = sum(timed for _, timed in lengths)
        return sum(length for length, _ in lengths) / timed if timed else None

    def reached(self, place: int) -> int:
        """How many came to this place on the path or beyond it: a bar of the funnel, which never rises from one to the next."""
        return sum(count for _, furthest, count, _, _ in self.rows if furthest >= place)

    def lost_before(self, place: int) -> int:
        """How many were lost without having come so far: for them this stage was skipped before the drop-off."""
        return sum(count for outcome, furthest, count, _, _ in self.rows if outcome == Outcome.LOST and furthest < place)


def lost_stages(range: Range, among: exp.Expression | None = None) -> exp.Select:
    """By lost stage, and by the last stage before it (none: lost at once), how many journeys ended there."""
    keys = ("end_stage", "last_stage")
    lost = exp.EQ(this=query.column("outcome"), expression=query.text(Outcome.LOST.value))
    asked = query.select(*map(query.column, keys), query.count()).from_(query.table(JOURNEYS.name))
    return asked.where(query.conjunction([range.holds("entered_at"), lost, among])).group_by(*map(query.column, keys))


def times_in_stages(range: Range, among: exp.Expression | None = None) -> exp.Select:
    """By stage: the journeys that visited it, who is still in, and the mean and the median milliseconds of those that have a time.

    The last visit of a journey to a stage tells all of it: the sum of the stays, and that the contact is there still.
    """
    idle = exp.Case(ifs=[exp.If(this=query.column("still_in"), true=exp.Literal.number(1))])
    time = query.column("stage_ms")
    told = (query.count(), exp.Count(this=idle), exp.Avg(this=time), exp.Median(this=time.copy()))
    wanted = query.conjunction([range.holds("journey_entered_at"), query.column("last_of_stage"), among])
    asked = query.select(query.column("stage"), *told).from_(query.table(VISITS.name))
    return asked.where(wanted).group_by(query.column("stage"))
