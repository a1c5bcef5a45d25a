"""kill -9 in the middle of a rebuild and of a turn: nobody is in a list twice, nobody is forgotten, and everything adds up."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from jalon.criteria.tree import Branch, How
from jalon.lists.columns import LIST_MEMBERS
from jalon.lists.membership import runner
from jalon.lists.models import Movement
from jalon.warehouse import current
from jalon.warehouse.duckdb_engine import DuckDBEngine
from tests.lists.steps import active, city, folded, members, view
from tests.records.steps import asked, write

PEOPLE = 240


def killed(path: Path, place: str, times: int) -> None:
    """What waits is followed by a process that dies."""
    current.engine().close()
    command = [sys.executable, "-m", "tests.lists.killed", str(path), place, str(times)]
    child = subprocess.run(command, capture_output=True, text=True, check=False)
    assert child.returncode == -signal.SIGKILL, child.stderr + child.stdout
    current.install(DuckDBEngine(path, "Europe/Paris"))


@pytest.mark.parametrize(("place", "times"), [("written", 4), ("looked at", 2), ("laid down", 1)])
def test_lists_go_on_where_they_were_killed(columns: None, tmp_path: Path, place: str, times: int) -> None:
    rows = [{"email": f"{n}@example.com", "city": "Lyon" if n % 2 else "Paris"} for n in range(PEOPLE)]
    people = write(*rows).created
    runner.catch_up()
    lyon, other = active("Lyon", city("Lyon")), active("Other", Branch(How.NOT_ANY, (city("Lyon"),)))
    path = tmp_path / "columns.duckdb"
    if place != "laid down":
        killed(path, place, times)  # in the rebuild
        assert 0 < Movement.objects.count() < PEOPLE
    runner.catch_up()
    before = Movement.objects.count()
    write(*({"id": id, "city": "Nice"} for id in people[:60]), match="id")
    killed(path, "laid down" if place == "laid down" else "written", 1)  # in a turn
    runner.catch_up()
    assert members(lyon) == folded(lyon) == set(people[61::2])
    assert members(other) == folded(other) == set(people) - set(people[61::2])
    assert (view(lyon).size, view(other).size) == (len(people[61::2]), PEOPLE - len(people[61::2]))
    moved = [(row.list_id, row.entered, id) for row in Movement.objects.filter(pk__gt=before) for id in row.ids]
    assert len(moved) == len(set(moved)), "somebody came or went twice"
    assert asked(f"SELECT count(*) FROM {LIST_MEMBERS.name}") == [(PEOPLE,)]
