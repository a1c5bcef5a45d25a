"""The figures of journeys by the week, day or month in which they were entered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlglot import exp

from jalon.figures import buckets
from jalon.figures.periods import Unit
from jalon.lifecycle.columns import JOURNEYS, Outcome
from jalon.lifecycle.journeys.counts import Figures, Range
from jalon.lifecycle.journeys.stays import DAY_MS
from jalon.warehouse import query


def by_entry(unit: Unit, range: Range, first_weekday: int = 0, among: exp.Expression | None = None) -> exp.Select:
    """The rows of `Figures.of`, each with the number of its bucket before it; how far the journeys came is not asked."""
    timed = query.conjunction([query.negation(query.column("at_once")), query.is_known(query.column("length_ms"))])
    length = exp.Case(ifs=[exp.If(this=timed, true=query.column("length_ms"))])
    bucket = query.named(buckets.bucket(unit, query.day_of("entered_at"), first_weekday), "bucket")
    total = exp.Coalesce(this=query.total(length), expressions=[exp.Literal.number(0)])
    asked = query.select(bucket, query.column("outcome"), query.whole(0), query.count(), total, exp.Count(this=length.copy()))
    narrowed = asked.from_(query.table(JOURNEYS.name)).where(query.conjunction([range.holds("entered_at"), among]))
    return narrowed.group_by(query.column("bucket"), query.column("outcome"))


def won_within(days: int, unit: Unit, range: Range, first_weekday: int = 0, among: exp.Expression | None = None) -> exp.Select:
    """By number of the bucket, how many were won in so many days after their entry."""
    bucket = query.named(buckets.bucket(unit, query.day_of("entered_at"), first_weekday), "bucket")
    won = exp.EQ(this=query.column("outcome"), expression=query.text(Outcome.WON.value))
    soon = exp.LTE(this=query.column("length_ms"), expression=query.whole(days * DAY_MS))
    asked = query.select(bucket, query.count()).from_(query.table(JOURNEYS.name))
    return asked.where(query.conjunction([range.holds("entered_at"), won, soon, among])).group_by(query.column("bucket"))


def figures(rows: Iterable[Sequence[object]]) -> Mapping[int, Figures]:
    """By number of the bucket; those in which nobody entered are not there."""
    found: dict[int, list[Sequence[object]]] = {}
    for number, *row in rows:
        found.setdefault(int(str(number)), []).append(row)
    return {number: Figures.of(some) for number, some in found.items()}
