"""Does the background jobs that the worker takes from the queue: finds who does a job's kind and keeps its row true."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied
from django.db import connection
from procrastinate import Blueprint

from jalon.jobs import actions
from jalon.jobs.locks import Session
from jalon.jobs.queries import JobView, view
from jalon.jobs.trouble import sentence

log = structlog.get_logger("jobs")

# Does a whole job and returns its result. Called again with the same job after a crash, so it goes on where its own rows
# say it was. It calls `actions.report` after every slice, stops when that says False, and raises JobFailed with a sentence.
Runner = Callable[[JobView], dict[str, Any]]

_runners: Mapping[str, Runner] = {}
tasks = Blueprint()


def install(runners: Mapping[str, Runner]) -> None:
    """Who does which kind of job, from the wiring."""
    global _runners
    _runners = dict(runners)


@tasks.task(name=actions.TASK, queue="jobs")
def run(job_id: int) -> None:
    """What a worker does with a hand-over. Two hand-overs of one job do no harm: the second finds it held or finished."""
    try:
        with _held(job_id) as mine:
            job = actions.begin(job_id) if mine else None
            if job is not None:
                _work(view(job))
    finally:
        connection.close()


@contextmanager
def _held(job_id: int) -> Iterator[bool]:
    with Session() as session:
        yield session.try_lock(actions.lock_key(job_id))


def _work(job: JobView) -> None:
    bound = log.bind(job=job.id, kind=job.kind)
    bound.info("job starts", label=job.label, done=job.done)
    try:
        result = _runners[job.kind](job)
    except actions.Interrupted:
        bound.info("job interrupted by the end of this process; the next one goes on with it")
    except (actions.JobFailed, PermissionDenied) as failure:  # what may not be done says so in a sentence, as on a page
        bound.info("job failed", reason=str(failure))
        actions.fail(job.id, str(failure))
    except Exception as error:
        bound.error("job failed", reason=sentence(error), exc_info=error)
        connection.close()
        actions.fail(job.id, sentence(error))
    else:
        actions.finish(job.id, result)
        bound.info("job ends")


def take_up_interrupted(now: datetime) -> bool:
    """The beat part "jobs": what a dead worker left goes back to the living."""
    taken = actions.take_up_interrupted()
    if taken:
        log.warning("interrupted jobs are taken up again", jobs=taken)
    return False
