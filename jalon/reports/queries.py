"""Read reports and answer them. Every answer is cut to what its reader may see."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from hashlib import sha256
from time import monotonic, sleep
from typing import Any, TypeVar

from django.db.models import QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from sqlglot import exp

from jalon.accounts.access import EVERYTHING, Access
from jalon.accounts.pages import Owned
from jalon.accounts.queries import account
from jalon.criteria import dependence
from jalon.criteria import queries as criteria_queries
from jalon.criteria.known import NOTHING
from jalon.criteria.problems import Problem
from jalon.criteria.tree import from_json
from jalon.figures.results import Result
from jalon.jobs.queries import JobView, job
from jalon.lists import queries as lists
from jalon.records.columns import Catalog, PropertySpec
from jalon.records.erasing import archived
from jalon.records.pages import UsedIn
from jalon.records.queries import catalog, visible, with_archived
from jalon.reports import wording
from jalon.reports.kinds import contacts, display, every
from jalon.reports.kinds.cells import Cell, records
from jalon.reports.kinds.definition import KIND, Definition, DefinitionError, named, read
from jalon.reports.kinds.display import Display
from jalon.reports.kinds.question import Question
from jalon.reports.models import Report, Snapshot
from jalon.reports.reach import require_reach
from jalon.reports.sharing.queries import edited, seen, starred
from jalon.reports.snapshots import queries as snapshots
from jalon.reports.snapshots import then
from jalon.reports.snapshots.queries import LATENESS, SnapshotView
from jalon.warehouse import current, query
from jalon.warehouse.words import N_

Sharing = Report.Sharing
OBJECT_TYPE = "contact"
PLAIN = Display()
Known = TypeVar("Known", Definition, every.Definition)
BLINK = 0.05  # seconds between two looks at a compile
MOST_NAMED = 1_000  # of the records that left since a compile


@dataclass(frozen=True, slots=True)
class ReportView:
    """A saved report as pages show it. `title` is "" while it follows the options."""

    id: int
    kind: str
    title: str
    raw: dict[str, Any]
    owner_id: int | None
    owner_name: str
    created_at: datetime
    created_by: str
    edited_at: datetime
    edited_by: str
    snapshot: SnapshotView | None = None  # none: it was never compiled
    display: Display = PLAIN
    compiling: JobView | None = None  # the job that compiles it, or did last
    folder_id: int | None = None
    sharing: Sharing = Sharing.EVERYBODY
    everybody_edits: bool = False
    given_to_edit: bool = False  # to the one who asked
    is_favorite: bool = False  # of the one who asked

    @property
    def is_compiled(self) -> bool:
        return self.compiling is None or self.compiling.finished

    def may_be_edited(self, access: Access) -> bool:
        """By its owner; by those whom it was given to; everybody's by those who may edit everybody's."""
        makes = access.may("reports.create") or access.may("reports.edit")
        if self.sharing == Sharing.EVERYBODY and (access.may("reports.edit") or (self.everybody_edits and makes)):
            return True
        return access.super_admin or (makes and (self.is_owned_by(access) or (self.sharing == Sharing.CHOSEN and self.given_to_edit)))

    def may_be_shared(self, access: Access) -> bool:
        """Who else sees it is for its owner to say, and for those who edit it where the owner is gone."""
        return self.may_be_edited(access) and (access.super_admin or self.owner_id is None or self.is_owned_by(access))

    def is_owned_by(self, access: Access) -> bool:
        return self.owner_id is not None and self.owner_id == access.actor.user_id

    @property
    def mark(self) -> str:
        """Another one as soon as the options are others."""
        return sha256(json.dumps(self.raw, sort_keys=True).encode()).hexdigest()[:16]

    def definition(self) -> every.Definition:
        """Raises DefinitionError, with every problem, when a property it names has gone."""
        return understood(self.raw)


def reports(access: Access) -> list[ReportView]:
    """The saved reports that this person may see, the last edited first."""
    return [_view(row) for row in _rows(access).order_by("-edited_at", "-id")]


def report(report_id: int, access: Access) -> ReportView | None:
    """A report, for somebody who may see it; others do not learn that it exists."""
    row = _rows(access).filter(id=report_id).first()
    return replace(_view(row), compiling=job(row.compiling_id) if row.compiling_id else None) if row else None


def _rows(access: Access) -> QuerySet[Any]:
    people = ("owner", "created_by", "edited_by", "snapshot")
    asked = {"given_to_edit": edited(access), "is_favorite": starred(access)}
    return Report.objects.filter(seen(access)).annotate(**asked).select_related(*people)


def _view(row: Any) -> ReportView:
    names = [user.name or user.email if user else "" for user in (row.owner, row.created_by, row.edited_by)]
    return ReportView(
        id=row.pk,
        raw=row.definition,
        owner_name=names[0],
        created_by=names[1],
        edited_by=names[2],
        snapshot=snapshots.view(row.snapshot) if row.snapshot else None,
        display=display.read(row.display),
        sharing=Sharing(row.sharing),
        **{name: getattr(row, name) for name in _AS_STORED},
    )


_AS_STORED = ("kind", "title", "owner_id", "created_at", "edited_at", "folder_id", "everybody_edits", "given_to_edit", "is_favorite")


def uses(object_type: str, name: str) -> list[UsedIn]:
    """The saved reports that name a property."""
    return [_used(row) for row in _by_title() if (object_type, name) in named(row.definition, OBJECT_TYPE)]


def uses_of_list(list_id: int) -> list[UsedIn]:
    """The saved reports whose population asks about a list."""
    return [_used(row) for row in _by_title() if str(list_id) in lists.referred(lists.criteria_of(row.definition.get("criteria") or {}))]


def uses_of_option(object_type: str, name: str, value: str) -> list[UsedIn]:
    """The saved reports whose population asks for an option."""
    wanted = (object_type, name, value)
    asked = ((row, lists.criteria_of(row.definition.get("criteria") or {})) for row in _by_title())
    return [_used(row) for row, criteria in asked if wanted in dependence.options(criteria, OBJECT_TYPE)]


def _by_title() -> QuerySet[Report]:
    return Report.objects.order_by("title", "id").only("id", "title", "definition", "sharing")


def _used(row: Report) -> UsedIn:
    """Whoever asks learns that there is a report, but not the name of one that is not everybody's."""
    if row.sharing != Sharing.EVERYBODY:
        return UsedIn(gettext("Report"), gettext("A report that not everybody sees"), "")
    title = row.title or gettext("Report %(number)s") % {"number": row.pk}
    return UsedIn(gettext("Report"), title, reverse("reports:report", args=[row.pk]))


def owned(user_id: int) -> list[Owned]:
    """What somebody who leaves has of reports, for the page that asks who gets it."""
    count = Report.objects.filter(owner_id=user_id).count()
    return [Owned(gettext("Reports"), count)] if count else []


def contacts_catalog() -> Catalog:
    return catalog(OBJECT_TYPE)


def understood(raw: Any) -> every.Definition:
    """The definition that JSON holds, of the kind that it names; raises DefinitionError with every problem."""
    return _known_by_now(every.kind_of(raw).read(raw, contacts_catalog(), criteria_queries.known()))


def read_definition(raw: Any) -> Definition:
    """That of a contacts report, as `understood`."""
    return _known_by_now(read(raw, contacts_catalog(), criteria_queries.known()))


def _known_by_now(definition: Known) -> Known:
    if definition.as_of and definition.as_of > timezone.now().astimezone(account().tz).date():
        message = N_("“%(day)s” lies in the future: nobody knows yet how the contacts will be. Choose a past day.")
        raise DefinitionError((Problem(message, {"day": definition.as_of.isoformat()}),))
    return definition


def ask(access: Access, definition: Definition, *, now: datetime | None = None, past: Catalog | None = None) -> Question:
    """The definition as it stands now for this reader: its days, its population, and only the records they may see.

    As of a past date it stands as it did at that day's end, and `past` is the table of the contacts as they were (`standing`).
    Raises Denied where it asks about linked records of which they see only some.
    """
    require_reach(access, definition.criteria)
    settings = account()
    instant = end_of_day(definition.as_of, settings.tz) if definition.as_of else now or timezone.now()
    known = past or contacts_catalog()
    population = criteria_queries.where(definition.criteria, OBJECT_TYPE, access, now=instant, catalog=known)
    seen = query.among(query.column("id"), _there(access)) if past else visible(access, OBJECT_TYPE)
    return Question(
        definition=definition,
        catalog=known,
        period=definition.period.resolve(instant.astimezone(settings.tz).date(), settings.first_weekday),
        where=query.conjunction([population, seen]),
        first_weekday=settings.first_weekday,
    )


@contextmanager
def asked(access: Access, definition: Definition, *, now: datetime | None = None) -> Iterator[Question]:
    """The question, and as long as it is asked the contacts as they were, where it is asked as of a past date."""
    if definition.as_of is None:
        yield ask(access, definition, now=now)
        return
    until = end_of_day(definition.as_of, account().tz)
    with then.standing(current.engine(), contacts_catalog(), _read_by(definition), until) as catalog:
        yield ask(access, definition, past=catalog)


def _read_by(definition: Definition) -> set[str]:
    options = {definition.date_property, definition.breakdown, definition.number} - {""}
    return options | {name for object_type, name in dependence.named(definition.criteria, OBJECT_TYPE) if object_type == OBJECT_TYPE}


def end_of_day(day: date, zone: tzinfo) -> datetime:
    """The last instant of a day of the account."""
    return datetime.combine(day + timedelta(days=1), time.min, zone) - timedelta(microseconds=1)


def frozen(access: Access, report_id: int, snapshot: SnapshotView) -> Question:
    """What a compile found, cut to the records that are there now and that this reader may see; `snapshot` as it was read a moment ago.

    Its properties are told even where they have since been archived. Raises Denied where it asks about linked records of which
    they see only some.
    """
    snapshot = brought(report_id, snapshot)
    definition, catalog = _as_compiled(snapshot)
    require_reach(access, definition.criteria)
    settings = account()
    return Question(
        definition=definition,
        catalog=catalog,
        period=definition.period.resolve(snapshot.as_of, settings.first_weekday),
        where=query.conjunction([_own(snapshot), stayed(access, snapshot)]),
        first_weekday=settings.first_weekday,
        snapshot=snapshot.id,
        report=report_id,
    )


def _as_compiled(snapshot: SnapshotView) -> tuple[Definition, Catalog]:
    """The options that were compiled, and the properties as they are known now, archived ones too."""
    catalog = with_archived_of(snapshot.raw)
    return replace(read({**snapshot.raw, "criteria": None}, catalog), criteria=from_json(snapshot.raw["criteria"])), catalog


def brought(report_id: int, snapshot: SnapshotView) -> SnapshotView:
    """With its rows in the columns; the report's present one where that one is gone since it was read."""
    if snapshots.bring(snapshot):
        return snapshot
    row = Snapshot.objects.filter(pk=Subquery(Report.objects.filter(pk=report_id).values("snapshot_id"))).first()
    return brought(report_id, snapshots.view(row)) if row else snapshot


def frozen_properties(snapshot: SnapshotView) -> dict[str, PropertySpec]:
    """The properties that a snapshot holds, by the option that chose them; archived ones too."""
    catalog = with_archived_of(snapshot.raw)
    chosen = {option: str(snapshot.raw.get(option) or "") for option in ("date_property", "breakdown", "number")}
    return {option: catalog.properties[name] for option, name in chosen.items() if name in catalog.properties}


def with_archived_of(raw: dict[str, Any]) -> Catalog:
    return with_archived(OBJECT_TYPE, [name for object_type, name in named(raw, OBJECT_TYPE) if object_type == OBJECT_TYPE])


def sees_all(access: Access) -> bool:
    """Whether no contact is kept from this reader."""
    return visible(access, OBJECT_TYPE) is None


def _own(snapshot: SnapshotView) -> exp.Expression:
    return exp.EQ(this=query.column("snapshot_id"), expression=query.whole(snapshot.id))


def _there(access: Access) -> exp.Select:
    """The records that this reader may see."""
    table = query.table(contacts_catalog().plural)
    return query.select(query.column("id")).from_(table).where(visible(access, OBJECT_TYPE) or query.truth(True))


def stayed(access: Access, snapshot: SnapshotView) -> exp.Expression | None:
    """The rows of records that this reader may see and that are there still; None where that is all of them.

    Few leave between two compiles, so those are named where the reader sees all others: to look for each one that stayed takes six times
    as long as to count them.
    """
    departed = _departed(snapshot) if visible(access, OBJECT_TYPE) is None else None
    record = query.column("record_id")
    return query.among(record, _there(access)) if departed is None else query.outside_ids(record, departed)


def _departed(snapshot: SnapshotView) -> list[int] | None:
    """Who was archived or merged since the compile, and a little before: the columns that it asked may have been behind."""
    return archived.since(OBJECT_TYPE, snapshot.compiled_at - LATENESS, MOST_NAMED)


def gone(snapshot: SnapshotView) -> int:
    """How many of its contacts have been archived or merged since the compile; of the erased ones it has no rows any more."""
    snapshots.bring(snapshot)
    there = stayed(EVERYTHING, snapshot)
    if there is None:
        return 0
    rows = query.select(query.column("record_id")).distinct().from_(query.table(snapshot.tables[0].name))
    tree = query.select(query.count()).from_(rows.where(_own(snapshot), query.negation(there)).subquery("gone"))
    return int(current.engine().rows(tree)[0][0])


def behind(found: ReportView, cell: Cell) -> exp.Select | None:
    """The ids of the records behind a number of a compiled report; None where there is no snapshot of it."""
    if found.snapshot is None or found.kind != KIND:
        return None
    snapshot = brought(found.id, found.snapshot)
    definition, catalog = _as_compiled(snapshot)
    breakdown = catalog.properties.get(definition.breakdown)
    period = definition.period.resolve(snapshot.as_of, account().first_weekday)
    return records(cell, snapshot.id, breakdown.kind if breakdown else None, days=(period.first, period.last))


def answer(question: Question) -> Result:
    """The figures, from one scan of the columns."""
    return contacts.answer(question, current.engine().rows)


def answer_in_full(question: Question) -> Result:
    """With many more values of the breakdown: what a file holds."""
    return answer(replace(question, keep=10_000))


def title_of(found: ReportView | Report) -> str:
    """The typed title, or the one that follows the options, in the current language."""
    if found.title:
        return found.title
    raw = found.raw if isinstance(found, ReportView) else found.definition
    try:
        return wording.title(understood(raw), contacts_catalog())
    except DefinitionError:
        return _title_in_the_past(raw) or gettext("Report %(number)s") % {"number": found.id if isinstance(found, ReportView) else found.pk}


def _title_in_the_past(raw: dict[str, Any]) -> str:
    """That of options of which some are gone since, as long as the archive knows their properties."""
    try:
        known = with_archived_of(raw)
        return wording.title(every.kind_of(raw).read({**raw, "criteria": None}, known, NOTHING), known)
    except DefinitionError:
        return ""


def compiled(report_id: int, access: Access, timeout_ms: int) -> ReportView | None:
    """The report, once its compile has ended or the time is over: most take less than a blink."""
    deadline = monotonic() + timeout_ms / 1000
    while (found := report(report_id, access)) and not found.is_compiled and monotonic() < deadline:
        sleep(BLINK)
    return found
