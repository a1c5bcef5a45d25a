"""The background jobs of bulk edits. After a crash they go on behind the last slice that was committed."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import reverse

from jalon.accounts import actions as accounts
from jalon.accounts.access import SYSTEM
from jalon.accounts.queries import access_of
from jalon.jobs.actions import report
from jalon.jobs.queries import JobView
from jalon.records.bulk_edits import actions
from jalon.records.models import BulkEdit
from jalon.warehouse.words import N_

DONE = N_("%(changed)s of %(total)s records are changed.")
UNDONE = N_("The change of %(total)s records is taken back.")


def run(job: JobView) -> dict[str, Any]:
    """Changes what is left to change."""
    id = job.arguments["bulk_edit_id"]
    actions.do(id, lambda done, total: report(job.id, done, total))
    row = BulkEdit.objects.select_related("object_type").defer("ids").get(pk=id)
    _tell(row, job, DONE)
    return {"bulk_edit_id": id, "changed": row.changed}


def undo(job: JobView) -> dict[str, Any]:
    """Takes back what is left to take back."""
    id = job.arguments["bulk_edit_id"]
    actor = access_of(job.user_id).actor if job.user_id else SYSTEM
    outcome = actions.take_back(id, actor, lambda done, total: _reported(job.id, done, total))
    row = BulkEdit.objects.select_related("object_type").defer("ids").get(pk=id)
    if outcome.finished:
        _tell(row, job, UNDONE)
    return {"bulk_edit_id": id, "undone": row.undone}


def _reported(job_id: int, done: int, total: int) -> bool:
    with transaction.atomic():
        return report(job_id, done, total)


def _tell(row: BulkEdit, job: JobView, sentence: str) -> None:
    """Says to whoever asked for it that it is over."""
    if job.user_id is not None:
        link = reverse("records:bulk_edit", args=[row.object_type.plural, row.pk])
        accounts.notify([job.user_id], "bulk", sentence, link, changed=row.changed, total=row.total)
