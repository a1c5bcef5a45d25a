"""The background part of an erasure: files, the disk of the columns, PostgreSQL's dead rows. Safe to repeat after a crash."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext

from jalon.jobs.actions import JobFailed
from jalon.jobs.queries import JobView
from jalon.records import holdings, queries
from jalon.records.erasing import actions
from jalon.records.models import Erasure
from jalon.warehouse import current

PATIENCE: Final = 60_000  # milliseconds until the columns have passed the erasure


def run(job: JobView) -> dict[str, Any]:
    """What one erasure has left to do. The columns are written anew once for all that wait."""
    row = Erasure.objects.get(pk=job.arguments["erasure_id"])
    if row.waiting is None:
        return {"erasure_id": row.pk}
    person, position = actions.waiting_person(row)
    counts = {holding.name: holding.clean(person) for holding in holdings.all_holdings() if holding.clean is not None}
    if not queries.wait(position, PATIENCE):
        raise JobFailed(
            gettext("The columns do not follow the change log: see the health page. The rest of the erasure is tried again tonight.")
        )
    current.engine().purge()
    actions.vacuum()
    actions.finish(row, counts)
    return {"erasure_id": row.pk}
