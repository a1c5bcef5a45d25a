"""What people do with activities: write one down, complete a task, pin, and be reminded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext

from jalon.accounts.access import SYSTEM, Actor
from jalon.accounts.notices.actions import notify
from jalon.records import actions, queries
from jalon.records.actions import Outcome, Row
from jalon.records.activities.queries import COMPLETED, DONE_AT, PINNED, WHEN
from jalon.records.columns import Origin, Position, Source
from jalon.records.models import Record
from jalon.records.values import instant_text, parse_instant
from jalon.warehouse.words import N_

BY_HAND: Final = Origin(Source.USER)
BY_JALON: Final = Origin(Source.SYSTEM)
TASK_DUE: Final = "task"  # the kind of notice
REMINDER: Final = N_("Reminder: %(task)s")


def log(
    activity: str, values: Mapping[str, Any], on: Sequence[tuple[str, int]], *, actor: Actor, now: datetime, origin: Origin = BY_HAND
) -> Outcome:
    """Writes an activity down and hangs it on records, (object type, id): all or nothing. Its author owns it unless it names an owner."""
    given = {WHEN: instant_text(now), **values} if activity != "task" else {"hs_task_status": "NOT_STARTED", **values}
    if actor.user_id is not None:
        given.setdefault("hubspot_owner_id", str(actor.user_id))
    with transaction.atomic():
        outcome = actions.write(activity, [Row(given)], actor=actor, origin=origin, mode="create")
        if outcome.refused:
            return outcome
        position = outcome.position
        for object_type, id in on:
            pair = (outcome.created[0], id)
            position = actions.associate(f"{activity}_to_{object_type}", [pair], actor=actor, origin=origin) or position
    return Outcome(outcome.created, (), 0, (), outcome.ids, position)


def complete(ids: Sequence[int], *, actor: Actor, now: datetime) -> Position | None:
    """The tasks are done; one that was done already keeps its day."""
    open_ones = Record.objects.filter(id__in=list(ids)).exclude(properties__hs_task_status=COMPLETED).values_list("id", flat=True)
    return _write("task", {"hs_task_status": COMPLETED, DONE_AT: instant_text(now)}, list(open_ones), actor)


def reopen(ids: Sequence[int], *, actor: Actor) -> Position | None:
    return _write("task", {"hs_task_status": "NOT_STARTED", DONE_AT: ""}, ids, actor)


def assign(ids: Sequence[int], user_id: int | None, *, actor: Actor) -> Position | None:
    return _write("task", {"hubspot_owner_id": str(user_id or "")}, ids, actor)


def pin(object_type: str, id: int, activity_id: int | None, *, actor: Actor) -> Position | None:
    """One activity of a record stays on top of its timeline; None takes the pin out."""
    return _write(object_type, {PINNED: str(activity_id or "")}, [id], actor)


def _write(object_type: str, values: Mapping[str, str], ids: Sequence[int], actor: Actor) -> Position | None:
    return actions.write(object_type, [Row(values, id) for id in ids], actor=actor, origin=BY_HAND, mode="update").position


# Reminders


def remind(id: int, now: datetime) -> bool:
    """Tells the owner of a task once: the notice and its mark on the task are one transaction, the task's row is locked meanwhile."""
    with transaction.atomic():
        row = Record.objects.select_for_update().filter(id=id, object_type_id=queries.type_id("task"), archived_at=None).first()
        if row is None or not _is_due(row.properties, now):
            return False
        values = row.properties
        subject = values.get("hs_task_subject") or gettext("Task %(id)d") % {"id": id}
        notify([int(values["hubspot_owner_id"])], TASK_DUE, REMINDER, link=f"/tasks/{id}/", task=subject)
        actions.write("task", [Row({"hs_task_reminded_at": instant_text(now)}, id)], actor=SYSTEM, origin=BY_JALON, mode="update")
    return True


def _is_due(values: Mapping[str, str], now: datetime) -> bool:
    asked, sent = values.get("hs_task_reminders"), values.get("hs_task_reminded_at")
    if not asked or not values.get("hubspot_owner_id") or values.get("hs_task_status") == COMPLETED:
        return False
    return parse_instant(asked) <= now and (not sent or sent < asked)
