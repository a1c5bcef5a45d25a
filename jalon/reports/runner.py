"""The background job that compiles a report: it asks once, for everybody, and freezes the rows. Repeated after a crash, it asks again."""

from __future__ import annotations

from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from jalon.accounts.access import EVERYTHING
from jalon.accounts.queries import account
from jalon.jobs.actions import JobFailed, report
from jalon.jobs.queries import JobView
from jalon.lists import waiting
from jalon.lists.queries import referred
from jalon.records.queries import wait_for_all
from jalon.reports import queries
from jalon.reports.by_kind import table
from jalon.reports.kinds import every
from jalon.reports.kinds.definition import DefinitionError
from jalon.reports.snapshots import actions as snapshots
from jalon.reports.wording import problems

STEPS: Final = 3  # wait for the columns and the lists, ask them, keep the rows
LOOKS, LOOK_MS = 240, 500  # two minutes: the first filling of a list of a million takes seconds


def run(job: JobView) -> dict[str, Any]:
    """Compiles the report that the job names, as its options are now; anew where they change meanwhile."""
    found = queries.report(job.arguments["report_id"], EVERYTHING)
    if found is None or not _reported(job, 0):
        return {}
    wait_for_all()
    now = timezone.now()
    try:
        definition = found.definition()
        if not _lists_are_filled(job, definition):
            return {}
        if not _reported(job, 1):
            return {}
        what = table.of(found).freeze(definition, now)
    except DefinitionError as error:
        raise JobFailed(" ".join(problems(error))) from error
    if not _reported(job, 2):
        return {}
    as_of = definition.as_of or now.astimezone(account().tz).date()
    try:
        snapshot = snapshots.keep(found.id, found.raw, every.written(definition), what, as_of=as_of, asked_at=now)
    except snapshots.Changed:
        return run(job)
    _reported(job, STEPS)
    return {"report_id": found.id, "snapshot_id": snapshot, "rows": what.count}


def _lists_are_filled(job: JobView, definition: every.Definition) -> bool:
    """Waits for the lists of the population: one that was made with the report is empty until the beat has looked at the contacts.

    False where the job is cancelled meanwhile. Raises JobFailed when it takes too long.
    """
    for number in referred(definition.criteria):
        for _ in range(LOOKS):
            if waiting.wait(int(number), LOOK_MS):
                break
            if not _reported(job, 0):
                return False
        else:
            raise JobFailed(gettext("A list of this report is still being filled. Refresh the report in a few minutes."))
    return True


@transaction.atomic
def _reported(job: JobView, done: int) -> bool:
    return report(job.id, done, STEPS)
