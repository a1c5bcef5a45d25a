"""The background job that deletes a stage: its contacts go to another one, slice by slice, and then the stage goes.

After a crash it goes on with whoever still stands in the stage. Cancelled, it leaves the stage where it is.
"""

from __future__ import annotations

from typing import Any, Final

from django.db import transaction

from jalon.accounts import actions as accounts
from jalon.accounts.access import SYSTEM, Actor
from jalon.accounts.queries import access_of, account
from jalon.jobs.actions import report
from jalon.jobs.queries import JobView
from jalon.lifecycle import actions, queries
from jalon.lifecycle.columns import CONTACT, PROPERTY
from jalon.records.bulk import actions as bulk
from jalon.records.columns import Origin, Source
from jalon.warehouse.words import N_

SLICE: Final = 5_000
DONE: Final = N_("The lifecycle stage “%(label)s” is deleted; %(count)s of its contacts were moved.")


def run(job: JobView) -> dict[str, Any]:
    """Moves the contacts, then deletes the stage."""
    stage, to = job.arguments["stage"], job.arguments["to"]
    actor = access_of(job.user_id).actor if job.user_id else SYSTEM
    found = queries.stage(stage)
    moved = _move(job, stage, to, actor)
    if queries.holders(stage, 1):
        actions.keep(stage)
        return {"stage": stage, "moved": moved}
    with transaction.atomic():
        actions.finish_deletion(stage, actor=actor)
        if job.user_id is not None and found is not None:
            accounts.notify([job.user_id], "bulk", DONE, actions.LINK, label=found.label(account().language), count=moved)
    return {"stage": stage, "moved": moved}


def _move(job: JobView, stage: str, to: str, actor: Actor) -> int:
    moved, total = job.done, job.total or queries.how_many_hold(stage)
    while ids := queries.holders(stage, SLICE):
        with transaction.atomic():
            bulk.set_all(CONTACT, ids, {PROPERTY: to or None}, actor=actor, origin=Origin(Source.BULK_EDIT, f"lifecycle {stage}"))
            moved += len(ids)
            going_on = report(job.id, moved, max(total, moved))
        if not going_on:
            break
    return moved
