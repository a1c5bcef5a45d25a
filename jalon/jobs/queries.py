"""What pages and commands read of the background jobs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from jalon.jobs.models import Job, State

UNFINISHED = (State.QUEUED, State.RUNNING)
LATELY = 20  # finished jobs that the menu still shows


@dataclass(frozen=True, slots=True)
class JobView:
    """A background job as it stands."""

    id: int
    kind: str
    label: str
    state: str  # queued, running, done, failed, cancelled
    done: int
    total: int
    message: str
    arguments: Mapping[str, Any]
    result: Mapping[str, Any]
    user_id: int | None
    cancel_wanted: bool
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    remaining_seconds: int | None

    @property
    def finished(self) -> bool:
        return self.state not in UNFINISHED

    @property
    def percent(self) -> int:
        return 100 if self.state == State.DONE else min(100, 100 * self.done // self.total) if self.total else 0


def job(job_id: int) -> JobView | None:
    found = Job.objects.filter(pk=job_id).first()
    return view(found) if found else None


def running(user_id: int | None = None) -> list[JobView]:
    """The jobs that are queued or run, the oldest first; of everybody when no user is named."""
    return [view(row) for row in _of(user_id).filter(state__in=UNFINISHED).order_by("id")]


def recent(user_id: int | None = None) -> list[JobView]:
    """The last jobs, the newest first, whatever became of them."""
    return [view(row) for row in _of(user_id).order_by("-id")[:LATELY]]


def _of(user_id: int | None) -> Any:
    return Job.objects.all() if user_id is None else Job.objects.filter(user_id=user_id)


def view(row: Job) -> JobView:
    return JobView(
        id=row.pk,
        kind=row.kind,
        label=row.label,
        state=row.state,
        done=row.done,
        total=row.total,
        message=row.message,
        arguments=row.arguments,
        result=row.result,
        user_id=row.user_id,
        cancel_wanted=row.cancel_wanted,
        created_at=row.created_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        remaining_seconds=_remaining(row, timezone.now()),
    )


def _remaining(row: Job, now: datetime) -> int | None:
    """Seconds to go at the rate since the last start; nothing is promised before the first progress."""
    progress = row.done - row.resumed_done
    if row.state != State.RUNNING or row.resumed_at is None or progress <= 0 or row.total <= row.done:
        return None
    elapsed = (now - row.resumed_at).total_seconds()
    return round(elapsed * (row.total - row.done) / progress)


def oldest_open_transaction() -> float:
    """For how many seconds the longest transaction of this database has been open; 0 when there is none but ours."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT coalesce(max(extract(epoch FROM now() - xact_start)), 0) FROM pg_stat_activity
               WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"""
        )
        (seconds,) = cursor.fetchone()
    return float(seconds)
