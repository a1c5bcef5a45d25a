"""kill -9 in the middle of following and of a stage's deletion: what is there in the end is what the state machine on paper says."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from jalon.accounts.access import SYSTEM
from jalon.jobs import runner as jobs
from jalon.lifecycle import actions, queries
from jalon.records.columns import Source
from jalon.records.models import Record
from jalon.warehouse import current
from jalon.warehouse.duckdb_engine import DuckDBEngine
from tests.lifecycle.steps import agree, follow, past
from tests.records.steps import write

PEOPLE = 90
WAY = ("new_lead", "hot_lead", "payment", "customer", "cold_lead", "new_lead")
START = datetime(2026, 2, 2, 8, tzinfo=UTC)


def killed(path: Path, place: str, times: int, job: int = 0) -> None:
    """What waits is done by a process that dies."""
    current.engine().close()
    command = [sys.executable, "-m", "tests.lifecycle.killed", str(path), place, str(times), str(job)]
    child = subprocess.run(command, capture_output=True, text=True, check=False)
    assert child.returncode == -signal.SIGKILL, child.stderr + child.stdout
    current.install(DuckDBEngine(path, "Europe/Paris"))


@pytest.fixture
def people(columns: None) -> list[int]:
    """Each has gone another piece of the way; every third step was nobody's movement."""
    ids = list(write(*({"email": f"{number}@example.com"} for number in range(PEOPLE))).created)
    sources = (Source.USER, Source.FORM, Source.IMPORT)
    past(
        *(
            (id, stage, START + timedelta(hours=number + 5 * place), sources[(number + place) % 3])
            for number, id in enumerate(ids)
            for place, stage in enumerate(WAY[: 1 + number % len(WAY)])
        )
    )
    return ids


@pytest.mark.parametrize(("place", "times"), [("following", 3), ("dated", 1)])
def test_following_goes_on_where_it_was_killed(people: list[int], tmp_path: Path, place: str, times: int) -> None:
    follow()
    later = START + timedelta(days=9)
    past(*((id, "no_budget", later + timedelta(hours=number), Source.USER) for number, id in enumerate(people)))
    killed(tmp_path / "columns.duckdb", place, times)
    follow()
    agree()
    assert Record.objects.filter(properties__has_key="hs_v2_date_entered_no_budget").count() == len(people)


@pytest.mark.parametrize(("place", "times"), [("moving", 2), ("emptied", 1)])
def test_the_deletion_of_a_stage_goes_on_where_it_was_killed(people: list[int], tmp_path: Path, place: str, times: int) -> None:
    follow()
    job = actions.delete("hot_lead", "payment", actor=SYSTEM).pk
    there = queries.how_many_hold("hot_lead")
    killed(tmp_path / "columns.duckdb", place, times, job)
    left = queries.how_many_hold("hot_lead")
    assert 0 < left < there if place == "moving" else left == 0
    assert queries.stage("hot_lead") is not None
    jobs.run(job)
    follow()
    agree()
    assert queries.stage("hot_lead") is None
    assert not Record.objects.filter(properties__lifecyclestage="hot_lead").exists()
