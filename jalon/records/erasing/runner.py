"""The background part of an erasure: files, the disk of the columns, PostgreSQL's dead rows. Safe to repeat after a crash."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.utils.translation import gettext

from jalon.jobs.actions import JobFailed
from jalon.jobs.beat import BeatPart
from jalon.jobs.queries import JobView
from jalon.records import holdings, queries
from jalon.records.erasing import actions
from jalon.records.models import Erasure
from jalon.warehouse import current

LEFT_ALONE: Final = timedelta(hours=1)  # by then its job has ended, well or not
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
            gettext("The columns do not follow the change log: see the health page. The rest of the erasure is tried again in an hour.")
        )
    current.engine().purge()
    actions.vacuum()
    actions.finish(row, counts)
    return {"erasure_id": row.pk}


_looked_at: datetime | None = None


def take_up_waiting(now: datetime) -> bool:
    """Once an hour: what an erasure has left to do and nobody does is tried again."""
    global _looked_at
    if _looked_at is None or now - _looked_at >= LEFT_ALONE:
        actions.take_up_waiting(now - LEFT_ALONE)
        _looked_at = now
    return False


WAITING: Final = BeatPart("erasures", take_up_waiting)
