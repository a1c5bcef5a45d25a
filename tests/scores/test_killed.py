"""kill -9 in the middle of a pass: what was done stays, what was not is done later, and nothing is written twice."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from jalon.records.models import Change, Record
from jalon.scores import runner
from jalon.scores.models import Score
from jalon.warehouse import current
from jalon.warehouse.duckdb_engine import DuckDBEngine
from tests.records.steps import write
from tests.scores.test_scores import lead_score

CONTACTS = 400


@pytest.mark.parametrize("writes", [1, 3])
def test_a_pass_goes_on_where_it_was_killed(columns: None, tmp_path: Path, writes: int) -> None:
    rows = [{"email": f"{n}@example.com", "city": "Paris" if n % 3 else "Lyon"} for n in range(CONTACTS)]
    people = write(*rows).created
    runner.catch_up()
    lead_score()
    path = tmp_path / "columns.duckdb"
    current.engine().close()
    command = [sys.executable, "-m", "tests.scores.killed", str(path), str(writes)]
    child = subprocess.run(command, capture_output=True, text=True, check=False)
    assert child.returncode == -signal.SIGKILL, child.stderr
    assert not Score.objects.get().is_done
    assert 0 < Change.objects.filter(delta__has_key="hubspotscore").count() < CONTACTS
    current.install(DuckDBEngine(path, "Europe/Paris"))
    runner.catch_up()
    held = Record.objects.filter(pk__in=people).values_list("properties__city", "properties__hubspotscore")
    assert all(score == ("10" if city == "Paris" else "0") for city, score in held)
    assert Change.objects.filter(delta__has_key="hubspotscore").count() == CONTACTS
