"""Who has been in a stage for longer than nine in ten of those who moved on from it, of all contacts and side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import ngettext
from sqlglot import exp

from jalon.accounts.access import Access
from jalon.criteria import queries as criteria_queries
from jalon.criteria.tree import Criteria, Node, to_text
from jalon.figures.addresses import address, having, narrowed
from jalon.lifecycle.filters import longer_than, standing_in
from jalon.lifecycle.journeys import stays
from jalon.lifecycle.journeys.stays import Stays
from jalon.reports.kinds import lifecycle as kind
from jalon.reports.lifecycle import beyond, queries, shown, values
from jalon.reports.lifecycle.asked import OBJECT_TYPE
from jalon.reports.lifecycle.queries import Beside, Question
from jalon.reports.shown import Shown
from jalon.reports.travels.times import days_told
from jalon.warehouse import current, query
from jalon.web import formats


@dataclass(frozen=True, slots=True)
class Line:
    """A stage: how long contacts usually stay there, who is there, and who has been there for longer than nine in ten were."""

    stage: shown.StageName
    moved_on: Shown
    journeys: int  # that made these stays
    median: str
    half_days: int | None
    limit_text: str
    limit: int | None
    standing: Shown
    stuck: Shown
    list_url: str = ""
    apart: tuple[tuple[Shown, Shown], ...] = ()  # by value: who is there, and who is stuck


@dataclass(frozen=True, slots=True)
class Stuck:
    """Every stage of the path, with the values that stand side by side, of so many."""

    lines: tuple[Line, ...]
    values: tuple[shown.Value, ...] = ()
    known: int = 0


def stuck(question: Question, access: Access, now: datetime) -> Stuck:
    """The borders come of the stays of journeys entered in the period; who stands there now is asked of the contacts, all at once."""
    rows = current.engine().rows
    told = stays.by_stage(rows(stays.lengths(question.days, question.among)))
    journeys = {str(stage): int(count) for stage, count in rows(stays.journeys(question.days, question.among))}
    desk = _Desk(question, access, now, {stage: one.limit for stage, one in told.items()})
    own = beyond.names(question)
    lines = tuple(desk.line(own[stage], told.get(stage, Stays(())), journeys.get(stage, 0)) for stage in question.path.primary)
    beside = desk.beside
    return Stuck(lines, values.told(beside.spec, beside.texts) if beside else (), beside.known if beside else 0)


class _Desk:
    """Counts who stands where, and tells it."""

    def __init__(self, question: Question, access: Access, now: datetime, limits: Mapping[str, int | None]) -> None:
        self.question, self.limits = question, limits
        self.access, self.now = access, now
        self.asked = question.definition.criteria
        self.beside: Beside | None = queries.beside(question)
        self.whole = self._counts(None)[None] if question.path.primary else []
        self.parts = self._counts(self.beside) if self.beside else {}

    def here(self, stage: str) -> Criteria:
        return narrowed(self.asked, standing_in(stage).groups[0].filters)

    def long(self, stage: str) -> Criteria | None:
        """The days of today written into it, so that a list of them keeps its border."""
        limit = self.limits.get(stage)
        return None if limit is None else narrowed(self.asked, longer_than(stage, limit).groups[0].filters)

    def _counts(self, beside: Beside | None) -> dict[Any, list[int]]:
        """Two numbers for each stage, in one question; by value of the breakdown."""
        tallies = [_tally(where) for stage in self.question.path.primary for where in (self._stands(stage), self._stays(stage))]
        contacts = self.question.contacts
        asked = query.select(*tallies).from_(query.table(self.question.catalog.plural))
        asked = asked.where(query.conjunction([None if contacts is None else query.among(query.column("id"), contacts)]))
        if beside is None:
            return {None: [int(number) for number in current.engine().rows(asked)[0]]}
        value = query.named(kind.value_of(beside.spec), kind.VALUE)
        rows = current.engine().rows(asked.select(value).group_by(query.column(kind.VALUE)))
        return {row[-1]: [int(number) for number in row[:-1]] for row in rows}

    def _stands(self, stage: str) -> exp.Expression:
        return self._where(standing_in(stage))

    def _stays(self, stage: str) -> exp.Expression:
        limit = self.limits.get(stage)
        return query.truth(False) if limit is None else self._where(longer_than(stage, limit))

    def _where(self, criteria: Criteria) -> exp.Expression:
        return query.conjunction([criteria_queries.where(criteria, OBJECT_TYPE, self.access, now=self.now)])

    def line(self, stage: shown.StageName, told: Stays, journeys: int) -> Line:
        place = self.question.path.primary.index(stage.name)
        href = beyond.hrefs(self.question)
        half, limit = told.within(0.5), told.limit
        long = self.long(stage.name)
        return Line(
            stage,
            Shown(formats.number(told.count), href(visited=stage.name, timed=True) if told.count else None, told.count),
            journeys,
            days_told(half),
            half,
            days_told(limit),
            limit,
            *self._two(self.whole, place, stage.name, ()),
            _new_list(long, stage, limit) if long and limit is not None else "",
            tuple(self._apart(place, stage.name)),
        )

    def _apart(self, place: int, stage: str) -> Sequence[tuple[Shown, Shown]]:
        if self.beside is None:
            return ()
        nobody = [0] * 2 * len(self.question.path.primary)
        spec = self.beside.spec
        parts = zip(self.beside.texts, self.beside.keys, strict=True)
        return [self._two(self.parts.get(key, nobody), place, stage, (having(spec, text),)) for text, key in parts]

    def _two(self, counts: Sequence[int], place: int, stage: str, beside: Sequence[Node]) -> tuple[Shown, Shown]:
        """Who is there, and who is stuck."""
        long = self.long(stage)
        standing, stuck = counts[2 * place : 2 * place + 2]
        return self._number(standing, self.here(stage), beside), self._number(stuck, long, beside) if long else Shown(formats.DASH)

    def _number(self, number: int, criteria: Criteria, beside: Sequence[Node]) -> Shown:
        wanted = narrowed(criteria, beside) if beside else criteria
        return Shown(formats.number(number), address(self.question.catalog.plural, wanted) if number else None, number)


def _tally(condition: exp.Expression) -> exp.Expression:
    return exp.Count(this=exp.Case(ifs=[exp.If(this=condition, true=query.whole(1))]))


def _new_list(criteria: Criteria, stage: shown.StageName, days: int) -> str:
    """Where these become an active list: the days of today written into its criteria."""
    told = {"stage": stage.label, "days": formats.number(days)}
    words = ngettext("Stuck in “%(stage)s” for more than %(days)s day", "Stuck in “%(stage)s” for more than %(days)s days", days)
    said = {"object_type": OBJECT_TYPE, "kind": "DYNAMIC", "name": words % told, "criteria": to_text(criteria)}
    return f"{reverse('lists:new_criteria')}?{urlencode(said)}"
