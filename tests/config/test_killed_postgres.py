"""A PostgreSQL that was killed is started again, also where its dead process still has its number; leftovers of tests go away."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from jalon.config.environment import read
from jalon.config.postgres import QUICK_AND_UNSAFE, Postgres
from tests.leftovers import clear, prefix
from tests.waiting import until


def test_a_server_that_was_killed_and_not_reaped_is_started_again(short_folder: Path) -> None:
    environment = read({"JALON_HOME": str(short_folder)})
    place = (environment.database_folder, environment.database_socket_folder, QUICK_AND_UNSAFE)
    first = Postgres(*place)
    first.open()
    number = _number(environment.database_folder)
    os.kill(number, signal.SIGKILL)
    # Nobody reaps it for a while; and where somebody does at once, another living process gets its number in the file.
    _name(environment.database_folder, os.getpid())
    with Postgres(*place) as second:
        assert second._why_silent() == ""
        assert _number(environment.database_folder) not in {number, os.getpid()}


def test_two_users_of_one_server_are_not_in_each_others_way(short_folder: Path) -> None:
    environment = read({"JALON_HOME": str(short_folder)})
    place = (environment.database_folder, environment.database_socket_folder, QUICK_AND_UNSAFE)
    with Postgres(*place):
        number = _number(environment.database_folder)
        with Postgres(*place) as second:
            assert _number(environment.database_folder) == number
        assert second._why_silent() == ""


def test_what_a_killed_run_of_the_tests_left_goes_away_and_that_of_a_living_one_stays() -> None:
    with TemporaryDirectory(prefix=prefix("left"), ignore_cleanup_errors=True) as name:
        place = Path(name)
        mine = place / f"jalon-test-{os.getpid()}-abcdefgh"
        mine.mkdir()
        orphan = place / f"jalon-test-{_dead_number()}-abcdefgh"
        environment = read({"JALON_HOME": str(orphan)})
        orphan.mkdir()
        server = Postgres(environment.database_folder, environment.database_socket_folder, QUICK_AND_UNSAFE)
        server.open()
        number = _number(environment.database_folder)
        assert clear(place) == [orphan]
        until(lambda: not _runs(number, environment.database_folder))
        assert not orphan.exists()
        assert mine.exists()


def _number(folder: Path) -> int:
    return int((folder / "postmaster.pid").read_text().split()[0])


def _name(folder: Path, number: int) -> None:
    file = folder / "postmaster.pid"
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join([f"{number}\n", *lines[1:]]))


def _dead_number() -> int:
    done = subprocess.Popen([sys.executable, "-c", ""])
    done.wait()
    return done.pid


def _runs(number: int, folder: Path) -> bool:
    try:
        return str(folder) in Path(f"/proc/{number}/cmdline").read_text()
    except OSError:
        return False
