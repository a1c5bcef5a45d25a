"""Background work of the accounts: what belonged to somebody who left goes to a colleague."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from jalon.accounts import pages, queries
from jalon.accounts.access import SYSTEM, Actor
from jalon.accounts.models import User
from jalon.accounts.notices.actions import notify
from jalon.jobs import actions as jobs
from jalon.jobs.queries import JobView
from jalon.warehouse.words import N_


def hand_over(job: JobView) -> dict[str, Any]:
    """Asks every capability for its part, slice by slice. After a crash it finds what is left and goes on."""
    if job.total and job.done == job.total:
        return {"moved": job.done - 1}  # all of it, and the heir knows
    leaver, heir = job.arguments["from"], job.arguments["to"]
    actor = queries.access_of(job.user_id).actor if job.user_id else SYSTEM
    done, rows = job.done, pages.hand_overs()
    total = done + sum(part.count for row in rows for part in row.owned(leaver)) + 1  # the last step is to say so
    for row in rows:
        for moved in row.move(leaver, heir, actor, str(job.id)):
            done += moved
            if not jobs.report(job.id, done, max(done + 1, total)):
                return {"moved": done}
    with transaction.atomic():
        if heir is not None and done:
            _tell(leaver, heir, done, actor)
        jobs.report(job.id, done + 1, done + 1)
    return {"moved": done}


def _tell(leaver: int, heir: int, count: int, actor: Actor) -> None:
    sentence = N_("%(who)s gave you what belonged to %(person)s: %(count)s records, views and reports.")
    notify([heir], "hand_over", sentence, who=actor.name, person=str(User.objects.get(pk=leaver)), count=count)
