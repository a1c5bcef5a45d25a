"""Reading activities: those of a record for its timeline, the tasks of a person for their page.

An activity is seen like every record, by its owner: pages, counts, lists and reports agree without a rule of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import F, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce
from sqlglot import exp

from jalon.accounts.access import EVERYTHING, Access, Scope
from jalon.records import progress, queries
from jalon.records.columns import Catalog
from jalon.records.models import Association, Record
from jalon.records.queries import RecordView
from jalon.records.values import instant_text
from jalon.warehouse import query

NAMES: Final = ("note", "task", "call", "meeting")
BODIES: Final = {"note": "hs_note_body", "task": "hs_task_body", "call": "hs_call_body", "meeting": "hs_meeting_body"}
TITLES: Final = {"task": "hs_task_subject", "call": "hs_call_title", "meeting": "hs_meeting_title"}
WHEN: Final = "hs_timestamp"
DONE_AT: Final = "hs_task_completion_date"
COMPLETED: Final = "COMPLETED"
PINNED: Final = "hs_pinned_engagement_id"
MOST_NAMED: Final = 6  # other records that an activity names


@dataclass(frozen=True, slots=True)
class Host:
    """A record that an activity hangs on."""

    catalog: Catalog
    id: int
    values: dict[str, str]


def told(access: Access, wanted: Collection[str], object_type: str, id: int, before: datetime | None, limit: int) -> list[RecordView]:
    """The activities of a record that have happened or have their hour, newest first; an open task has not happened yet.

    At least `limit` of them, if there are, and all of the last one's instant.
    """
    known = queries.catalogs()
    names = [name for name in wanted if name in known and access.scope(name) is not Scope.NONE]
    if not names:
        return []
    has_happened = ~Q(object_type_id=queries.type_id("task")) | Q(properties__hs_task_status=COMPLETED)
    stamp = Coalesce(KeyTextTransform(DONE_AT, "properties"), KeyTextTransform(WHEN, "properties"))  # only tasks are completed
    rows = _of_record(access, names, object_type, id).filter(has_happened).annotate(stamp=stamp).exclude(stamp=None)
    if before is not None:
        rows = rows.filter(stamp__lt=instant_text(before))
    found = list(rows.order_by("-stamp", "-id")[: limit + 1])
    if len(found) > limit:
        last = found[limit - 1].stamp
        found = list(rows.filter(stamp__gte=last).order_by("-stamp", "-id"))
    catalogs = {queries.type_id(name): known[name] for name in names}
    return [queries.view_of(catalogs[row.object_type_id], row) for row in found]


def open_tasks(access: Access, object_type: str, id: int) -> list[RecordView]:
    """What is still to be done for a record, the most urgent first."""
    if access.scope("task") is Scope.NONE:
        return []
    rows = _of_record(access, ["task"], object_type, id).exclude(properties__hs_task_status=COMPLETED)
    rows = rows.annotate(due=KeyTextTransform(WHEN, "properties")).order_by(F("due").asc(nulls_last=True), "id")
    catalog = queries.catalog("task")
    return [queries.view_of(catalog, row) for row in rows]


def hangs_on(activity: str, activity_id: int, object_type: str, id: int) -> bool:
    return Association.objects.filter(type__name=f"{activity}_to_{object_type}", from_record_id=activity_id, to_record_id=id).exists()


def hosts(access: Access, activities: Sequence[int]) -> dict[int, list[Host]]:
    """The records that activities hang on, those the person may see, the first few of each."""
    links = Association.objects.filter(from_record_id__in=list(activities), to_record__archived_at=None).select_related(
        "to_record", "type__to_type"
    )
    known = queries.catalogs()
    found: dict[int, list[Host]] = {}
    for link in links.order_by("id"):
        catalog = known.get(link.type.to_type.name)
        own = found.setdefault(link.from_record_id, [])
        if catalog and len(own) < MOST_NAMED and queries.reaches(access, catalog.object_type, link.to_record.properties):
            own.append(Host(catalog, link.to_record_id, link.to_record.properties))
    return found


def _of_record(access: Access, names: Collection[str], object_type: str, id: int) -> QuerySet[Record]:
    """The activities of these kinds that hang on a record, as far as `access` reaches."""
    types = [f"{name}_to_{object_type}" for name in names]
    linked = Association.objects.filter(type__name__in=types, to_record_id=id).values("from_record_id")
    reach = Q()
    for name in names:
        reach |= Q(queries.in_reach(access, name), object_type_id=queries.type_id(name))
    return Record.objects.filter(reach, id__in=linked, archived_at=None)


# My tasks


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which tasks a page shows: whose, of which queue, type and priority; empty is any."""

    owner_id: int | None
    queue: str = ""
    type: str = ""
    priority: str = ""


def task_where(wanted: Wanted, view: str, now: datetime, tomorrow: datetime) -> exp.Expression:
    """Tasks of a view: overdue, today, due (both of them), upcoming (and those without a date), done."""
    column = query.column
    status, due = column("hs_task_status"), column(WHEN)
    is_done = query.conjunction([query.is_known(status), exp.EQ(this=status, expression=query.text(COMPLETED))])
    at, until = query.instant(now), query.instant(tomorrow)
    views = {
        "overdue": query.conjunction([query.is_known(due), exp.LT(this=due, expression=at)]),
        "today": query.conjunction([query.is_known(due), exp.GTE(this=due, expression=at), exp.LT(this=due, expression=until)]),
        "due": query.conjunction([query.is_known(due), exp.LT(this=due, expression=until)]),
        "upcoming": query.disjunction([query.is_null(due), exp.GTE(this=due, expression=until)]),
    }
    parts: list[exp.Expression | None] = [is_done] if view == "done" else [_is_open(), views[view]]
    if wanted.owner_id is not None:
        parts.append(exp.EQ(this=column("hubspot_owner_id"), expression=query.whole(wanted.owner_id)))
    for name, value in (("hs_queue_membership_ids", wanted.queue), ("hs_task_type", wanted.type), ("hs_task_priority", wanted.priority)):
        parts.append(exp.EQ(this=column(name), expression=query.text(value)) if value else None)
    return query.conjunction(parts)


def _is_open() -> exp.Expression:
    status = query.column("hs_task_status")
    return query.disjunction([query.is_null(status), exp.NEQ(this=status, expression=query.text(COMPLETED))])


def overdue(access: Access, now: datetime) -> int:
    """How many of the person's own tasks are overdue: the number in the menu."""
    if access.actor.user_id is None or access.scope("task") is Scope.NONE or not progress.begun():
        return 0  # columns that were never filled have no tasks yet
    return queries.count(access, "task", task_where(Wanted(access.actor.user_id), "overdue", now, now))


def due_reminders(now: datetime, earliest: datetime, limit: int) -> list[int]:
    """Open tasks whose reminder has come and was not sent, whoever has them."""
    asked, sent = query.column("hs_task_reminders"), query.column("hs_task_reminded_at")
    parts = [
        query.is_known(asked),
        exp.LTE(this=asked, expression=query.instant(now)),
        exp.GTE(this=asked, expression=query.instant(earliest)),
        query.disjunction([query.is_null(sent), exp.LT(this=sent, expression=asked)]),
        query.is_known(query.column("hubspot_owner_id")),
        _is_open(),
    ]
    rows: list[tuple[Any, ...]] = []
    for batch in queries.stream(EVERYTHING, "task", columns=["id"], where=query.conjunction(parts), sort="hs_task_reminders", limit=limit):
        rows += batch
    return [int(id) for (id,) in rows]
