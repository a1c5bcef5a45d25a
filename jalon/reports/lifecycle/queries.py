"""Answers the lifecycle report from the columns, cut to the contacts that the reader may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from sqlglot import exp

from jalon.accounts.access import Access
from jalon.accounts.queries import account, preference
from jalon.criteria import queries as criteria_queries
from jalon.criteria.tree import Criteria
from jalon.figures import periods
from jalon.figures.periods import Period
from jalon.lifecycle import queries as lifecycle
from jalon.lifecycle.journeys import counts
from jalon.lifecycle.journeys.counts import Figures, Range
from jalon.lifecycle.journeys.path import Path
from jalon.lifecycle.queries import StageView
from jalon.records import queries as records
from jalon.records.columns import Catalog
from jalon.reports.kinds import journeys
from jalon.reports.kinds import lifecycle as kind
from jalon.reports.kinds.journeys import Cell
from jalon.reports.kinds.lifecycle import MOST, Answer, Definition
from jalon.reports.lifecycle.asked import OBJECT_TYPE
from jalon.warehouse import current, query

COLUMNS = "lifecycle.columns"  # the preference that keeps which columns of the breakdown somebody looks at


@dataclass(frozen=True, slots=True)
class Question:
    """The definition as it stands now for one reader. `contacts` are those they may see and ask about; None: all there are."""

    definition: Definition
    catalog: Catalog
    stages: tuple[StageView, ...]
    period: Period
    contacts: exp.Select | None

    @property
    def path(self) -> Path:
        return Path.of((one.name, one.kind) for one in self.stages)

    @property
    def days(self) -> Range:
        return Range(self.period.first, self.period.last)

    @property
    def before(self) -> Period | None:
        return periods.previous(self.period)

    @property
    def among(self) -> exp.Expression | None:
        """The journeys of these contacts."""
        return None if self.contacts is None else query.among(query.column("record_id"), self.contacts)


def ask(access: Access, definition: Definition, *, now: datetime | None = None) -> Question:
    """Linked records count as far as the reader sees them, as on the index page."""
    settings, instant = account(), now or timezone.now()
    period = definition.period.resolve(instant.astimezone(settings.tz).date(), settings.first_weekday)
    contacts = _contacts(access, definition.criteria, instant)
    return Question(definition, records.catalog(OBJECT_TYPE), lifecycle.stages(), period, contacts)


def _contacts(access: Access, criteria: Criteria, now: datetime) -> exp.Select | None:
    """Their ids; None where the reader sees everybody and asks about everybody, so that nothing needs to be looked up."""
    seen = records.visible(access, OBJECT_TYPE)
    if seen is None and not criteria.groups:
        return None
    wanted = criteria_queries.where(criteria, OBJECT_TYPE, access, now=now)
    return _every_contact().where(query.conjunction([wanted, seen]))


def _every_contact() -> exp.Select:
    return query.select(query.column("id")).from_(query.table(records.catalog(OBJECT_TYPE).plural))


def answer(question: Question) -> Answer:
    """The figures, those of the period before, and those side by side."""
    rows, days, among = current.engine().rows, question.days, question.among
    before = question.before
    compared = Figures.of(rows(counts.by_outcome_and_place(Range(before.first, before.last), among))) if before else None
    contacts = int(rows(counts.contacts(days, among))[0][0])
    shown, apart, values = _side_by_side(question)
    return Answer(kind.told(rows, days, among), compared, contacts, tuple(zip(map(kind.canonical, shown), apart, strict=True)), values)


def _side_by_side(question: Question) -> tuple[Sequence[Any], Sequence[kind.Told], int]:
    """The largest values of the breakdown, their figures, and how many values there are."""
    spec = question.catalog.properties.get(question.definition.breakdown)
    if spec is None:
        return (), (), 0
    rows = current.engine().rows
    values = kind.valued(question.contacts if question.contacts is not None else _every_contact(), spec)
    found = rows(kind.largest(question.days, values))
    shown = found[:MOST]
    return [spelled for spelled, _ in shown], kind.apart(rows, question.days, values, [value for _, value in shown]), len(found)


# The journeys behind a number


@dataclass(frozen=True, slots=True)
class Journey:
    """A journey as a row of the page that lists them."""

    record_id: int
    number: int
    entered_at: datetime
    entry_stage: str
    outcome: str
    ended_at: datetime | None
    end_stage: str | None
    last_stage: str | None
    furthest: int
    length_ms: int | None
    moves: int


@dataclass(frozen=True, slots=True)
class Found:
    """Some of the journeys behind a number, how many there are, and how many contacts made them."""

    journeys: tuple[Journey, ...]
    total: int
    contacts: int


def behind(access: Access, cell: Cell, criteria: Criteria, *, limit: int, offset: int = 0) -> Found:
    """The journeys of a cell that this reader may see."""
    among = _among(access, criteria)
    path, rows = lifecycle.path(), current.engine().rows
    ((total, people),) = rows(journeys.count(cell, path, among))
    found = rows(journeys.listed(cell, path, among).limit(limit).offset(offset)) if total and limit else []
    return Found(tuple(Journey(*row) for row in found), int(total), int(people))


def rows_behind(access: Access, cell: Cell, criteria: Criteria) -> exp.Select:
    """All of them, as a question that a file asks together with others."""
    return journeys.found(cell, lifecycle.path(), _among(access, criteria))


def _among(access: Access, criteria: Criteria) -> exp.Expression | None:
    contacts = _contacts(access, criteria, timezone.now())
    return None if contacts is None else query.among(query.column("record_id"), contacts)


# What somebody chose to see


def columns(user_id: int | None, known: Sequence[str], usual: Sequence[str]) -> tuple[str, ...]:
    """The columns of the breakdown by stage, in their order."""
    kept = preference(user_id, COLUMNS)
    chosen = [name for name in kept if name in known] if isinstance(kept, list) else []
    return tuple(chosen or usual)
