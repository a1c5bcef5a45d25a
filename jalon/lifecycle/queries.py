"""Reading stages: which there are, who stands in them, what a deletion would take away, what was changed about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlglot import exp

from jalon.accounts.access import EVERYTHING, Access
from jalon.jobs import queries as jobs
from jalon.lifecycle.columns import CONTACT, JOURNEYS, MOVEMENTS, PROPERTY, VISITS, Outcome, StageKind
from jalon.lifecycle.journeys.path import Path
from jalon.lifecycle.models import Lifecycle, Stage, StageChange
from jalon.records import pages, progress
from jalon.records import queries as records
from jalon.records.definitions import files
from jalon.records.models import Change, Record
from jalon.records.pages import UsedIn
from jalon.warehouse import current, query

COOLING_OFF: Final = timedelta(days=14)  # so long after a change of the path figures may look odd
What = StageChange.What
DISTURBING: Final = (What.ADDED, What.MOVED, What.DELETED, What.PRESET)


@dataclass(frozen=True, slots=True)
class StageView:
    """A stage as pages and reports read it."""

    name: str
    kind: StageKind
    label_en: str
    label_fr: str
    description: str = ""
    emoji: str = ""
    color: str = ""
    is_default: bool = False
    is_leaving: bool = False

    def label(self, language: str) -> str:
        return self.label_fr if language.startswith("fr") else self.label_en

    @property
    def is_locked(self) -> bool:
        """Won is what every report counts: it is neither deleted nor moved."""
        return self.kind is StageKind.WON


def stages() -> tuple[StageView, ...]:
    """Those on the path in their order, Won, then the lost ones and those outside."""
    order = list(StageKind)
    rows = Stage.objects.filter(deleted_at=None)
    leaving = _at_work([row.leaving_job_id for row in rows if row.leaving_job_id is not None])
    found = [_view(row, row.leaving_job_id in leaving) for row in rows]
    return tuple(sorted(found, key=lambda stage: order.index(stage.kind)))


def stage(name: str) -> StageView | None:
    return next((one for one in stages() if one.name == name), None)


def labels(language: str) -> dict[str, str]:
    """What every stage is called, and what those that are gone were called: the past names them."""
    return {row.name: row.label_fr if language.startswith("fr") else row.label_en for row in Stage.objects.all()}


def default_stage() -> StageView | None:
    """The stage of a new contact that writes in."""
    return next((one for one in stages() if one.is_default), None)


def path() -> Path:
    """What journeys need to know of the stages."""
    return Path.of((one.name, one.kind) for one in stages())


def is_set_up() -> bool:
    return Stage.objects.exists()


def is_shown() -> bool:
    """Whether the account works with lifecycle stages."""
    return Lifecycle.objects.filter(pk=1, is_shown=False).first() is None


def _at_work(job_ids: Sequence[int]) -> set[int]:
    """Those of these background jobs that have not ended, one way or another."""
    return {id for id in job_ids if (job := jobs.job(id)) is not None and not job.finished}


def _view(row: Stage, is_leaving: bool) -> StageView:
    kind = StageKind(row.kind)
    return StageView(row.name, kind, row.label_en, row.label_fr, row.description, row.emoji, row.color, row.is_default, is_leaving)


# Contacts


def standing(access: Access = EVERYTHING) -> Mapping[str, int]:
    """How many contacts stand in each stage now, "" for those in none. Columns that hold nothing yet know of nobody."""
    if not progress.begun():
        return {}
    tree = query.select(query.column(PROPERTY), query.count()).from_(query.table(records.catalog(CONTACT).plural))
    narrowed = tree.where(records.matching(access, CONTACT, None, ""))
    return {name or "": count for name, count in current.engine().rows(narrowed.group_by(query.column(PROPERTY)))}


def has_contacts() -> bool:
    return Record.objects.filter(object_type_id=records.type_id(CONTACT)).exists()


def holders(name: str, limit: int) -> list[int]:
    """The next contacts that stand in a stage, archived ones left out."""
    rows = Record.objects.filter(object_type_id=records.type_id(CONTACT), archived_at=None, properties__contains={PROPERTY: name})
    return list(rows.order_by("id").values_list("id", flat=True)[:limit])


def never_staged(ids: Sequence[int]) -> list[int]:
    """Those of these contacts that are in no stage and never were in one."""
    rows = Record.objects.filter(object_type_id=records.type_id(CONTACT), pk__in=ids, archived_at=None)
    without = list(rows.exclude(properties__has_key=PROPERTY).order_by("id").values_list("id", flat=True))
    changes = Change.objects.filter(record_id__in=without, kind__in=("c", "u"), delta__has_key=PROPERTY)
    staged = set(changes.values_list("record_id", flat=True))
    return [id for id in without if id not in staged]


def how_many_hold(name: str) -> int:
    rows = Record.objects.filter(object_type_id=records.type_id(CONTACT), archived_at=None, properties__contains={PROPERTY: name})
    return rows.count()


@dataclass(frozen=True, slots=True)
class Vanishing:
    """What the deletion of a stage takes out of the reports, and whom it concerns."""

    contacts: int  # that stand in it
    movements: int
    journeys: int  # that had such a movement: they change, or are gone


def vanishing(name: str) -> Vanishing:
    """What deleting a stage would do, in numbers."""
    if not progress.begun():
        return Vanishing(how_many_hold(name), 0, 0)
    own = query.disjunction(exp.EQ(this=query.column(end), expression=query.text(name)) for end in ("from_stage", "to_stage"))
    movements = _count(query.select(query.count()).from_(query.table(MOVEMENTS.name)).where(own))
    visited = query.select(query.column("record_id"), query.column("number")).from_(query.table(VISITS.name))
    visited = visited.where(exp.EQ(this=query.column("stage"), expression=query.text(name)))
    ended = query.select(query.column("record_id"), query.column("number")).from_(query.table(JOURNEYS.name))
    ended = ended.where(exp.EQ(this=query.column("end_stage"), expression=query.text(name)))
    both = exp.Union(this=visited, expression=ended, distinct=True)
    journeys = _count(query.select(query.count()).from_(both.subquery("concerned")))
    return Vanishing(how_many_hold(name), movements, journeys)


def named_in(name: str) -> list[UsedIn]:
    """Lists, reports, scores, formulas and views that ask for a stage, or for one of the properties that go with it."""
    told = [one for spec in files.stage_names(name) for one in pages.used_in(CONTACT, spec)]
    return list(dict.fromkeys([*pages.option_named_in(CONTACT, PROPERTY, name), *told]))


@dataclass(frozen=True, slots=True)
class JourneyView:
    """A journey of one contact: when it began, when and how it ended."""

    number: int
    entered_at: datetime
    ended_at: datetime | None
    outcome: Outcome
    length_ms: int | None


def journeys_of(id: int) -> list[JourneyView]:
    """The journeys of a contact, as far as the columns have them."""
    if not progress.begun():
        return []
    names = ("number", "entered_at", "ended_at", "outcome", "length_ms")
    asked = (
        query.select(*map(query.column, names)).from_(query.table(JOURNEYS.name)).where(query.among_ids(query.column("record_id"), [id]))
    )
    rows = current.engine().rows(asked.order_by(query.ascending(query.column("number"))))
    return [JourneyView(number, entered, ended, Outcome(outcome), length) for number, entered, ended, outcome, length in rows]


def has_journeys() -> bool:
    """Whether any contact ever came onto the path."""
    if not progress.begun():
        return False
    return bool(current.engine().rows(query.select(exp.Literal.number(1)).from_(query.table(JOURNEYS.name)).limit(1)))


def _count(tree: exp.Expression) -> int:
    return int(current.engine().rows(tree)[0][0])


# What was changed


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One change of the stages."""

    at: datetime
    actor_id: int | None
    what: str
    label_en: str
    label_fr: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]

    def label(self, language: str) -> str:
        return self.label_fr if language.startswith("fr") else self.label_en


def changes(limit: int | None = None, since: datetime | None = None) -> Sequence[ChangeView]:
    """The changes, the newest first."""
    rows = StageChange.objects.filter(at__gte=since) if since else StageChange.objects.all()
    return [ChangeView(row.at, row.actor_id, row.what, row.label_en, row.label_fr, row.before, row.after) for row in rows[:limit]]


def cooling_off(now: datetime) -> datetime | None:
    """Until when figures may look odd after a change of the path; None where nothing was changed lately."""
    last = StageChange.objects.filter(what__in=DISTURBING, at__gt=now - COOLING_OFF).first()
    return last.at + COOLING_OFF if last else None
