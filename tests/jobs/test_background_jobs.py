"""Background jobs: nothing lost and nothing twice, whatever happens to the worker."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction

from jalon.accounts.models import Team
from jalon.jobs import actions, queries, runner
from jalon.jobs.queries import JobView
from jalon.jobs.worker import Worker
from tests.jobs.worker_process import RUNNERS
from tests.waiting import until


@contextmanager
def working() -> Iterator[Worker]:
    """A worker in this process."""
    before = runner._runners
    runner.install(RUNNERS)
    worker = Worker()
    worker.start()
    try:
        yield worker
    finally:
        assert worker.stop(), "the worker did not end"
        runner.install(before)


@contextmanager
def process() -> Iterator[subprocess.Popen[bytes]]:
    """A worker in a process of its own, that a test may kill."""
    started = subprocess.Popen([sys.executable, "-m", "tests.jobs.worker_process"], stdin=subprocess.PIPE)
    try:
        yield started
    finally:
        started.communicate()


def started(kind: str, **arguments: Any) -> int:
    return actions.start(kind, "A job", arguments=arguments, user_id=7).pk


def now(job_id: int) -> JobView:
    found = queries.job(job_id)
    assert found
    return found


def ended(job_id: int) -> JobView:
    until(lambda: now(job_id).finished)
    return now(job_id)


def test_a_job_is_done_and_its_result_stays(house: None) -> None:
    with working():
        job = ended(started("count", total=3))
    assert (job.state, job.done, job.total, job.percent, job.result) == ("done", 3, 3, 100, {"rows": 3})


def test_a_job_of_a_rolled_back_transaction_never_was(house: None) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        started("count", total=1)
        raise RuntimeError
    with working():
        ended(started("fails"))
    assert Team.objects.count() == 0


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("fails", "The file is not there any more."),
        ("is refused", "You may see only some of these records."),
        ("breaks", "Something unexpected happened"),
    ],
)
def test_a_job_that_fails_says_why(house: None, kind: str, sentence: str) -> None:
    with working():
        job = ended(started(kind))
    assert job.state == "failed"
    assert sentence in job.message


def test_a_job_of_an_unknown_kind_fails_instead_of_waiting_for_ever(house: None) -> None:
    with working():
        assert ended(started("unheard of")).state == "failed"


def test_a_cancelled_job_stops_after_its_slice_and_says_what_it_did(house: None) -> None:
    job_id = started("count", total=1_000_000)
    with working():
        until(lambda: now(job_id).done > 3)
        actions.cancel(job_id)
        job = ended(job_id)
    assert job.state == "cancelled"
    assert job.result == {"rows": job.done}
    assert Team.objects.count() == job.done


def test_a_job_cancelled_before_it_began_never_begins(house: None) -> None:
    job_id = started("count", total=5)
    actions.cancel(job_id)
    with working():
        ended(started("count", total=0))
    assert (now(job_id).state, now(job_id).done) == ("cancelled", 0)


@pytest.mark.parametrize("after", [1, 40, 90])
def test_a_killed_worker_loses_nothing_and_the_next_one_goes_on(house: None, after: int) -> None:
    job_id = started("count", total=400)
    with process() as first:
        until(lambda: now(job_id).done >= after)
        first.send_signal(signal.SIGKILL)
    assert not now(job_id).finished
    with process():
        job = ended(job_id)
    assert (job.state, job.result) == ("done", {"rows": 400})
    assert Team.objects.count() == 400


def test_a_job_that_is_being_done_is_not_taken_up_by_another_worker(house: None) -> None:
    job_id = started("count", total=1_000_000)
    with working():
        until(lambda: now(job_id).done > 0)
        assert actions.take_up_interrupted() == 0
        actions.cancel(job_id)
        ended(job_id)


def test_a_job_goes_on_after_its_worker_was_stopped(house: None) -> None:
    job_id = started("count", total=3_000)
    with working():
        until(lambda: now(job_id).done > 10)
    assert now(job_id).state == "running"
    with working():
        assert actions.take_up_interrupted() == 1
        assert ended(job_id).result == {"rows": 3_000}


def test_a_job_that_kills_its_worker_every_time_is_given_up(house: None) -> None:
    job_id = started("dies")
    for _ in range(actions.MOST_FRUITLESS_STARTS):
        with process() as worker:
            worker.wait(20)
    actions.take_up_interrupted()
    assert (now(job_id).state, now(job_id).message) == ("failed", actions.GAVE_UP)


def test_the_remaining_time_follows_the_rate_since_the_last_start(house: None) -> None:
    moment = datetime(2026, 5, 4, 12, tzinfo=UTC)
    job_id = started("count", total=100)
    with time_machine.travel(moment, tick=False) as clock:
        actions.begin(job_id)
        assert now(job_id).remaining_seconds is None
        clock.shift(timedelta(seconds=10))
        actions.report(job_id, 20, 100)
        assert now(job_id).remaining_seconds == 40
        actions.begin(job_id)
        clock.shift(timedelta(seconds=10))
        actions.report(job_id, 60, 100)
        assert now(job_id).remaining_seconds == 10


def test_the_menu_shows_each_user_their_own_jobs(house: None) -> None:
    mine = started("count", total=1)
    theirs = actions.start("count", "Theirs", arguments={}, user_id=8).pk
    assert [job.id for job in queries.running(7)] == [mine]
    assert [job.id for job in queries.running()] == [mine, theirs]
