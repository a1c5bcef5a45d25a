"""The background job that compiles a report: it asks once, for everybody, and freezes the rows. Repeated after a crash, it asks again."""

from __future__ import annotations

from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from jalon.accounts.access import EVERYTHING
from jalon.accounts.queries import account
from jalon.jobs.actions import JobFailed, report
from jalon.jobs.queries import JobView
from jalon.records.queries import wait_for_all
from jalon.reports import queries
from jalon.reports.kinds import scan
from jalon.reports.kinds.definition import DefinitionError, written
from jalon.reports.snapshots import actions as snapshots
from jalon.reports.snapshots.rows import typed
from jalon.reports.wording import problems
from jalon.warehouse import current

STEPS: Final = 3  # wait for the columns, ask them, keep the rows


def run(job: JobView) -> dict[str, Any]:
    """Compiles the report that the job names, as its options are now."""
    found = queries.report(job.arguments["report_id"])
    if found is None or not _reported(job, 0):
        return {}
    wait_for_all()
    now = timezone.now()
    try:
        definition = found.definition()
        with queries.asked(EVERYTHING, definition, now=now) as question:
            if not _reported(job, 1):
                return {}
            breakdown = question.breakdown
            rows = typed(current.engine().arrow(scan.frozen(question)), breakdown.kind if breakdown else None)
    except DefinitionError as error:
        raise JobFailed(" ".join(problems(error))) from error
    if not _reported(job, 2):
        return {}
    as_of = definition.as_of or now.astimezone(account().tz).date()
    snapshot = snapshots.keep(found.id, written(definition), rows, as_of=as_of)
    _reported(job, STEPS)
    return {"report_id": found.id, "snapshot_id": snapshot, "rows": rows.num_rows}


@transaction.atomic
def _reported(job: JobView, done: int) -> bool:
    return report(job.id, done, STEPS)
