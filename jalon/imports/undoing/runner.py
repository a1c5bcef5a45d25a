"""The background job that takes an import back. Called again after a crash, it does what is left."""

from __future__ import annotations

from typing import Any

from django.utils import translation

from jalon.accounts.access import SYSTEM
from jalon.accounts.queries import access_of
from jalon.imports.models import Import
from jalon.imports.undoing import actions
from jalon.jobs.actions import report
from jalon.jobs.queries import JobView
from jalon.records.bulk import actions as bulk
from jalon.records.columns import Origin, Source


def run(job: JobView) -> dict[str, Any]:
    """Take back the import that the job names."""
    row = Import.objects.get(pk=job.arguments["import_id"])
    actor = access_of(job.user_id).actor if job.user_id else SYSTEM
    with translation.override(row.language):
        outcome = bulk.undo(
            Origin(Source.IMPORT, str(row.pk)),
            actor=actor,
            report=lambda done, total: report(job.id, done, total),
            since=row.started_at,
        )
    if outcome.finished:
        actions.finish(row.pk, outcome, job.user_id)
    return {"import_id": row.pk}
