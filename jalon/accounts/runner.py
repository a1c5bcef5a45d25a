"""Background work of the accounts: what belonged to somebody who left goes to a colleague."""

from __future__ import annotations

from typing import Any

from jalon.accounts import pages, queries
from jalon.accounts.access import SYSTEM
from jalon.jobs import actions as jobs
from jalon.jobs.queries import JobView


def hand_over(job: JobView) -> dict[str, Any]:
    """Asks every capability for its part, slice by slice. After a crash it finds what is left and goes on."""
    leaver, heir = job.arguments["from"], job.arguments["to"]
    actor = queries.access_of(job.user_id).actor if job.user_id else SYSTEM
    done, rows = job.done, pages.hand_overs()
    total = done + sum(part.count for row in rows for part in row.owned(leaver))
    for row in rows:
        for moved in row.move(leaver, heir, actor, str(job.id)):
            done += moved
            if not jobs.report(job.id, done, max(done, total)):
                return {"moved": done}
    jobs.report(job.id, done, done)
    return {"moved": done}
