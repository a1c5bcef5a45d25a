"""A log that was backed up and restored into an empty cluster is read on: its stored transaction ids mean nothing there."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from jalon.config.environment import read
from jalon.config.postgres import QUICK_AND_UNSAFE, Postgres, program
from jalon.warehouse import current
from tests.leftovers import prefix
from tests.records.steps import write
from tests.spawned import PATH

ROOT = Path(__file__).resolve().parents[2]


def copy_of_the_log(folder: Path) -> Path:
    """Everything in the database as SQL."""
    dump = folder / "dump.sql"
    with dump.open("w") as file:
        subprocess.run(
            [program("pg_dump"), "-h", str(settings.DATABASES["default"]["HOST"]), "-U", "postgres", "jalon"], check=True, stdout=file
        )
    return dump


def go_on(home: Path, columns: Path) -> dict[str, int | bool]:
    """What a new process over the restored database finds."""
    environment = {**os.environ, "JALON_HOME": str(home), "PYTHONPATH": PATH}
    arguments = [sys.executable, "-m", "tests.records.restored_house", str(columns)]
    done = subprocess.run(arguments, env=environment, cwd=ROOT, capture_output=True, text=True, check=True)
    found: dict[str, int | bool] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.slow
def test_after_a_restore_nothing_is_missing_and_nothing_is_twice(sync: Callable[[], None], tmp_path: Path) -> None:
    with connection.cursor() as cursor:
        for _ in range(5_000):  # the old cluster is older than the new one
            cursor.execute("SELECT pg_current_xact_id()")
    write(*({"email": f"before{number}@example.com", "city": "Lyon"} for number in range(3)))
    write({"email": "before0@example.com", "city": "Brest"})
    sync()
    current.close()
    dump = copy_of_the_log(tmp_path)
    home = Path(tempfile.mkdtemp(prefix=prefix("restored")))  # not below pytest's folder, which PostgreSQL's own user may not enter
    environment = read({"JALON_HOME": str(home)})
    with Postgres(environment.database_folder, environment.database_socket_folder, QUICK_AND_UNSAFE):
        command: list[str | Path] = [
            program("psql"),
            "-q",
            "-h",
            str(environment.database_socket_folder),
            "-U",
            "postgres",
            "-v",
            "ON_ERROR_STOP=1",
            "jalon",
        ]
        with dump.open() as file:
            subprocess.run(command, check=True, stdin=file, stdout=subprocess.DEVNULL)
        found = go_on(home, tmp_path / "columns.duckdb")
    shutil.rmtree(home)
    assert found["lines_held"] == found["lines"]
    assert found["same"]
