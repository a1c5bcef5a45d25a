"""Backups by the house itself: as a background job, every night where the settings ask for it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext

from jalon.accounts.queries import account
from jalon.config.backups import actions, queries
from jalon.jobs import actions as job_actions
from jalon.jobs.beat import BeatPart
from jalon.jobs.queries import JobView, running
from jalon.warehouse.words import N_

KIND: Final = "backup"
HOUR: Final = 2  # of the account's night
REST: Final = timedelta(hours=20)  # since the last one
LOOK: Final = timedelta(minutes=10)
MADE: Final = N_("Backup")
NIGHTLY: Final = N_("Nightly backup")
STEP: Final = 16 << 20  # bytes between two reports


def start(user_id: int | None, *, kind: str = actions.BY_HAND) -> None:
    """Has a worker make one; nothing where one is being made."""
    if not any(job.kind == KIND for job in running()):
        label = NIGHTLY if kind == actions.NIGHTLY else MADE
        job_actions.start(KIND, gettext(label), arguments={"kind": kind}, user_id=user_id)


def run(job: JobView) -> dict[str, Any]:
    """The job. After a crash it begins anew: what it had written is no backup."""
    told = 0

    def report(done: int, total: int) -> None:
        nonlocal told
        if done - told >= STEP or done == total:
            told = done
            if not job_actions.report(job.id, done, total):
                raise job_actions.JobFailed(gettext("It was cancelled; nothing was kept of it."))

    kind = str(job.arguments.get("kind", actions.BY_HAND))
    try:
        made = actions.back_up(kind=kind, keep=settings.ENVIRONMENT.nightly_backups if kind == actions.NIGHTLY else 0, report=report)
    except actions.BackupFailed as problem:
        raise job_actions.JobFailed(gettext(problem.message) % problem.params) from problem
    return {"file": made.path.name, "bytes": made.bytes, "records": made.records}


_looked_at: datetime | None = None


def nightly(now: datetime) -> bool:
    """Starts the job in the first hours of the account's day, once, where the settings ask for nightly backups."""
    global _looked_at
    if not settings.ENVIRONMENT.nightly_backups or (_looked_at and now - _looked_at < LOOK):
        return False
    _looked_at = now
    if is_due(now, account().zone):
        start(None, kind=actions.NIGHTLY)
    return False


def is_due(now: datetime, zone: str) -> bool:
    """Whether the night's backup is still to be made."""
    last = next((one.made_at for one in queries.backups() if one.manifest.kind == actions.NIGHTLY), None)
    return now.astimezone(ZoneInfo(zone)).hour >= HOUR and (last is None or now - last >= REST)


NIGHTS: Final = BeatPart("backups", nightly)
