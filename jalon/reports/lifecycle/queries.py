"""Answers the lifecycle report from the columns, cut to the contacts that the reader may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils import timezone
from sqlglot import exp

from jalon.accounts.access import Access
from jalon.accounts.queries import account, preference
from jalon.criteria import queries as criteria_queries
from jalon.criteria.known import NOTHING
from jalon.criteria.tree import Criteria, from_json
from jalon.figures import periods
from jalon.figures.periods import Choice, Period
from jalon.lifecycle import queries as lifecycle
from jalon.lifecycle.columns import StageKind
from jalon.lifecycle.journeys import counts
from jalon.lifecycle.journeys.counts import Figures, Range
from jalon.lifecycle.journeys.path import Path
from jalon.lifecycle.queries import StageView
from jalon.records import queries as records
from jalon.records.address import name_columns
from jalon.records.columns import Catalog, PropertySpec
from jalon.reports import queries as saved
from jalon.reports.kinds import frozen, journeys
from jalon.reports.kinds import lifecycle as kind
from jalon.reports.kinds.definition import LIFECYCLE
from jalon.reports.kinds.frozen import Tree
from jalon.reports.kinds.journeys import Cell
from jalon.reports.kinds.lifecycle import MOST, Answer, Definition
from jalon.reports.lifecycle.asked import OBJECT_TYPE
from jalon.reports.reach import require_reach
from jalon.reports.snapshots.queries import SnapshotView
from jalon.warehouse import current, query

COLUMNS = "lifecycle.columns"  # the preference that keeps which columns of the breakdown somebody looks at


@dataclass(frozen=True, slots=True)
class Question:
    """The definition as it stands now for one reader. `contacts` are those they may see and ask about; None: all there are.

    With a `snapshot` the journeys are asked that were frozen under this number, those that are `there` still; `report` is the saved
    report that they belong to.
    """

    definition: Definition
    catalog: Catalog
    stages: tuple[StageView, ...]
    period: Period
    contacts: exp.Select | None
    snapshot: int | None = None
    report: int | None = None
    there: exp.Expression | None = None

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
        if self.snapshot is not None:
            return self.there
        return None if self.contacts is None else query.among(query.column("record_id"), self.contacts)

    @property
    def values(self) -> exp.Select | None:
        """The contacts with their value of the breakdown; None where there is none."""
        spec = self.catalog.properties.get(self.definition.breakdown)
        if spec is None:
            return None
        if self.snapshot is not None:
            return frozen.all_values(self.among)
        return kind.valued(self.contacts if self.contacts is not None else _every_contact(), spec)

    def rows(self, tree: exp.Expression) -> list[tuple[Any, ...]]:
        """What the journeys of this question answer."""
        return current.engine().rows(self.asked(tree))

    def asked(self, tree: Tree) -> Tree:
        """The same tree, over the journeys of this question."""
        return tree if self.snapshot is None else frozen.instead(tree, self.snapshot)


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


def as_compiled(access: Access, report_id: int, snapshot: SnapshotView) -> Question:
    """What a compile found, cut to the contacts that are there now and that this reader may see.

    The stages are those of the compile. Raises Denied as `reports.queries.frozen` does.
    """
    snapshot = saved.brought(report_id, snapshot)
    definition, catalog = _definition_of(snapshot)
    require_reach(access, definition.criteria)
    period = definition.period.resolve(snapshot.as_of, account().first_weekday)
    there = saved.stayed(access, snapshot)
    return Question(definition, catalog, stages_of(snapshot), period, None, snapshot.id, report_id, there)


def _definition_of(snapshot: SnapshotView) -> tuple[Definition, Catalog]:
    """The options that were compiled, and the properties as they are known now, archived ones too."""
    catalog = saved.with_archived_of(snapshot.raw)
    read = kind.read({**snapshot.raw, "criteria": None}, catalog, NOTHING)
    return replace(read, criteria=from_json(snapshot.raw["criteria"])), catalog


def stages_of(snapshot: SnapshotView) -> tuple[StageView, ...]:
    """The stages as they were at the compile."""
    return tuple(StageView(**{**one, "kind": StageKind(one["kind"])}) for one in snapshot.known["stages"])


def answer(question: Question) -> Answer:
    """The figures, those of the period before, and those side by side."""
    rows, days, among = question.rows, question.days, question.among
    before = question.before
    compared = Figures.of(rows(counts.by_outcome_and_place(Range(before.first, before.last), among))) if before else None
    contacts = int(rows(counts.contacts(days, among))[0][0])
    apart, values = _side_by_side(question)
    return Answer(kind.told(rows, days, among), compared, contacts, apart, values)


@dataclass(frozen=True, slots=True)
class Beside:
    """The values of the breakdown that stand side by side, as criteria write them and as the columns do, of so many."""

    question: Question
    spec: PropertySpec
    values: exp.Select
    texts: tuple[str | None, ...]
    keys: tuple[Any, ...]
    known: int

    def rows(self, asked: exp.Select) -> list[list[tuple[Any, ...]]]:
        """The answer to a question about journeys or visits, for each of them."""
        found = kind.by_value(self.question.rows, asked, self.values)
        return [found.get(key, []) for key in self.keys]


def beside(question: Question) -> Beside | None:
    """Those with the most journeys; None without a breakdown."""
    spec, values = question.catalog.properties.get(question.definition.breakdown), question.values
    if spec is None or values is None:
        return None
    found = question.rows(kind.largest(question.days, values))
    shown = found[:MOST]
    texts = tuple(kind.canonical(spelled) for spelled, _ in shown)
    return Beside(question, spec, values, texts, tuple(key for _, key in shown), len(found))


def _side_by_side(question: Question) -> tuple[tuple[tuple[str | None, kind.Told], ...], int]:
    """The figures of the values of the breakdown, and how many values there are."""
    found = beside(question)
    if found is None:
        return (), 0
    told = kind.apart(question.rows, question.days, found.values, found.keys)
    return tuple(zip(found.texts, told, strict=True)), found.known


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
    times: int | None = None  # how often they went the way that the cell tells of, or came to its stage


def asked_by(access: Access, cell: Cell, criteria: Criteria) -> Question | None:
    """What the number of a cell was asked of: the journeys as they are, or those of a saved report that this reader may see."""
    if cell.report is None:
        return ask(access, Definition(Choice(), criteria))
    found = saved.report(int(cell.report), access)
    if found is None or found.snapshot is None or found.kind != LIFECYCLE:
        return None
    return as_compiled(access, found.id, found.snapshot)


def behind(question: Question, cell: Cell, *, limit: int, offset: int = 0, order: str = journeys.USUAL_ORDER) -> Found:
    """The journeys of a cell that this reader may see."""
    path, among, rows = question.path, question.among, question.rows
    ((total, people),) = rows(journeys.count(cell, path, among))
    if not total or not limit:
        return Found((), int(total), int(people))
    catalog = records.catalog(OBJECT_TYPE)
    listed = journeys.listed(cell, path, among, order, catalog.plural, name_columns(catalog))
    movements = journeys.movements(cell, path, among)
    times = int(rows(movements)[0][0]) if movements is not None else None
    return Found(tuple(Journey(*row) for row in rows(listed.limit(limit).offset(offset))), int(total), int(people), times)


def rows_behind(question: Question, cell: Cell) -> exp.Select:
    """All of them, as a question that a file asks together with others."""
    return question.asked(journeys.found(cell, question.path, question.among))


# What somebody chose to see


def columns(user_id: int | None, known: Sequence[str], usual: Sequence[str]) -> tuple[str, ...]:
    """The columns of the breakdown by stage, in their order."""
    kept = preference(user_id, COLUMNS)
    chosen = [name for name in kept if name in known] if isinstance(kept, list) else []
    return tuple(chosen or usual)
