"""kill -9 in the middle of a pass: what was done stays, what was not is done later, and nothing is written twice."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from jalon.records.calculated import runner
from jalon.records.models import Calculation, Change, Record
from jalon.warehouse import current
from jalon.warehouse.duckdb_engine import DuckDBEngine
from tests.records.calculated.test_following import define
from tests.records.steps import write

DEALS = 400


@pytest.mark.parametrize("writes", [1, 3])
def test_a_pass_goes_on_where_it_was_killed(columns: None, tmp_path: Path, writes: int) -> None:
    rows = [{"dealname": f"{n}", "amount": n, "dealstage": "closedwon"} for n in range(1, DEALS + 1)]
    deals = write(*rows, match="id", object_type="deal").created
    runner.catch_up()
    define("twice", "amount * 2")
    path = tmp_path / "columns.duckdb"
    current.engine().close()
    command = [sys.executable, "-m", "tests.records.calculated.killed", str(path), str(writes)]
    child = subprocess.run(command, capture_output=True, text=True, check=False)
    assert child.returncode == -signal.SIGKILL, child.stderr
    stands = Calculation.objects.get(property__name="twice")
    assert not stands.is_done
    assert 0 < Change.objects.filter(delta__has_key="twice").count() < DEALS
    current.install(DuckDBEngine(path, "Europe/Paris"))
    runner.catch_up()
    held = Record.objects.filter(pk__in=deals).values_list("properties__amount", "properties__twice")
    assert all(int(twice) == 2 * int(amount) for amount, twice in held)
    assert Change.objects.filter(delta__has_key="twice").count() == DEALS
