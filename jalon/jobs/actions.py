"""The verbs of background jobs. `start` belongs to whoever wants the work, the others to the one who does it."""

from __future__ import annotations

import threading
from typing import Any

import procrastinate.contrib.django
from django.db import connection, transaction
from django.utils import timezone

from jalon.jobs.models import Job, Position, State
from jalon.jobs.queries import UNFINISHED
from jalon.warehouse.words import N_

TASK = "jalon.job"
MOST_FRUITLESS_STARTS = 3
LOCKS = 0x4A << 48  # the jobs' own range of advisory locks
GAVE_UP = N_("It was interrupted several times before it got any further, so it was given up.")


class JobFailed(Exception):
    """Raised by a runner: the work cannot be done, and this sentence tells the user why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Interrupted(BaseException):
    """This process stops: the job ends here and goes on at the next start. Not an error, so no `except Exception` sees it."""


stopping = threading.Event()  # set when this process wants its jobs to end at their next report


def start(kind: str, label: str, *, arguments: dict[str, Any], user_id: int | None) -> Job:
    """A new job. It is seen by the worker when the caller's transaction commits, and is gone if that rolls back."""
    with transaction.atomic():
        job = Job.objects.create(kind=kind, label=label, arguments=arguments, user_id=user_id)
        _hand_over(job.pk)
    return job


def _hand_over(job_id: int) -> None:
    procrastinate.contrib.django.app.configure_task(TASK, queue="jobs", task_kwargs={"job_id": job_id}).defer()


def begin(job_id: int) -> Job | None:
    """Takes the job up, for the first time or again after a crash; None where there is nothing to do any more."""
    with transaction.atomic():
        job = Job.objects.select_for_update().filter(pk=job_id, state__in=UNFINISHED).first()
        if job is None:
            return None
        progressed = job.done > job.resumed_done
        job.fruitless_starts = 1 if progressed else job.fruitless_starts + 1
        job.state = State.RUNNING
        job.resumed_at = timezone.now()
        job.resumed_done = job.done
        job.started_at = job.started_at or job.resumed_at
        job.save()
    return job


def report(job_id: int, done: int, total: int, message: str = "") -> bool:
    """Notes the progress, in the transaction of the slice that was done. False: somebody asked to cancel.

    Raises Interrupted, which undoes the slice, when the process stops.
    """
    if stopping.is_set():
        raise Interrupted
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE jobs_job SET done = %s, total = %s, message = %s WHERE id = %s RETURNING cancel_wanted",
            [done, total, message, job_id],
        )
        row = cursor.fetchone()
    return row is not None and not row[0]


def finish(job_id: int, result: dict[str, Any]) -> None:
    """The work has ended: done, or cancelled where somebody asked and something was left to do."""
    with transaction.atomic():
        job = Job.objects.select_for_update().get(pk=job_id)
        job.state = State.CANCELLED if job.cancel_wanted and (job.done < job.total or not job.total) else State.DONE
        job.result = result
        job.finished_at = timezone.now()
        job.save(update_fields=["state", "result", "finished_at"])


def fail(job_id: int, sentence: str) -> None:
    """The work cannot be done; the sentence says why."""
    Job.objects.filter(pk=job_id).update(state=State.FAILED, message=sentence, finished_at=timezone.now())


def cancel(job_id: int) -> None:
    """Asks a running job to stop after its slice; one that waits is cancelled at once."""
    with transaction.atomic():
        Job.objects.filter(pk=job_id, state=State.QUEUED).update(state=State.CANCELLED, finished_at=timezone.now())
        Job.objects.filter(pk=job_id, state=State.RUNNING).update(cancel_wanted=True)


def take_up_again(job_id: int) -> None:
    """Gives an interrupted job back to the workers; one that never gets further is failed instead."""
    with transaction.atomic():
        job = Job.objects.select_for_update().get(pk=job_id)
        if job.fruitless_starts >= MOST_FRUITLESS_STARTS and job.done == job.resumed_done:
            fail(job_id, GAVE_UP)
        elif job.state in UNFINISHED:
            Job.objects.filter(pk=job_id).update(state=State.QUEUED)
            _hand_over(job_id)


def take_up_interrupted() -> int:
    """Gives back the jobs whose worker has died, and says how many. A living worker holds its job's lock."""
    with connection.cursor() as cursor:
        # What a dead worker had taken from the queue; the worker's row goes when its heartbeat is missed.
        cursor.execute("DELETE FROM procrastinate_jobs WHERE status = 'doing' AND worker_id IS NULL")
    interrupted = 0
    for job_id in _without_hand_over():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [lock_key(job_id)])
            if cursor.fetchone() == (True,):
                take_up_again(job_id)
                interrupted += 1
    return interrupted


def _without_hand_over() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT id FROM jobs_job j WHERE state IN ('queued', 'running') AND NOT EXISTS (
                 SELECT 1 FROM procrastinate_jobs p WHERE p.status = 'todo' AND p.task_name = %s AND (p.args->>'job_id')::bigint = j.id)
               ORDER BY id""",
            [TASK],
        )
        return [row[0] for row in cursor.fetchall()]


def lock_key(job_id: int) -> int:
    """The advisory lock that a worker holds while it does the job."""
    return LOCKS | job_id


def save_position(name: str, epoch: int, xid: int, id: int) -> None:
    """How far the part of the beat has read; in the transaction of what it wrote for it."""
    Position.objects.update_or_create(name=name, defaults={"epoch": epoch, "xid": xid, "id": id, "at": timezone.now()})
