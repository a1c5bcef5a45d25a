"""`jalon serve`: one process that starts by itself, stops cleanly, and says in a sentence why it cannot start."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from tests.config.houses import House
from tests.waiting import until


@pytest.fixture
def home(short_folder: Path) -> House:
    return House(short_folder / "home")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_everything_within_two_seconds(home: House, number: signal.Signals) -> None:
    with home.serving() as server:
        assert server.get("/health").json()["status"] == "ok"
        assert home.postgres_runs()
        code, seconds = server.end(number)
    assert code == 0
    assert seconds < 2
    assert not home.postgres_runs()


def test_after_a_kill_the_next_start_finds_its_data_and_leaves_nothing_running(home: House) -> None:
    with home.serving() as server:
        server.end(signal.SIGKILL)
    assert home.postgres_runs(), "nobody was left to stop it"
    with home.serving() as server:
        assert server.get("/health").json()["status"] == "ok"
    assert not home.postgres_runs()


def test_an_address_of_sixty_thousand_characters_passes(home: House) -> None:
    with home.serving() as server:
        assert server.get("/health?criteria=" + "a" * 60_000).status_code == 200


def test_a_second_server_on_the_same_home_is_refused_before_it_touches_anything(home: House) -> None:
    with home.serving() as server:
        before = sorted((home.home / "pg").iterdir())
        answer = home.jalon("serve", "--port", "0")
        assert sorted((home.home / "pg").iterdir()) == before
    assert answer.code == 2
    assert answer.err.startswith(f"Another Jalon (process {server.process.pid}) is using {home.home}")
    assert "ClickHouse" in answer.err
    assert answer.err.count("\n") == 1


def test_a_taken_port_is_named_with_a_free_alternative(home: House) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        answer = home.jalon("serve", "--port", str(port))
    assert answer.code == 2
    assert answer.err == f"Port {port} is taken by another program: choose another one, for example `jalon serve --port {port + 1}`.\n"
    assert not (home.home / "pg").exists()


def test_a_home_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    answer = House(tmp_path / "file" / "home").jalon("serve", "--port", "0")
    assert answer.code == 2
    assert answer.err.startswith(f"Jalon cannot write in {tmp_path}/file/home (")
    assert "Traceback" not in answer.err


def test_an_unknown_host_is_refused(home: House) -> None:
    answer = home.jalon("serve", "--host", "203.0.113.1", "--port", "0")
    assert answer.code == 2
    assert "--host" in answer.err
    assert "Traceback" not in answer.err


def test_a_database_that_does_not_answer_is_named_without_its_password(home: House) -> None:
    answer = home.jalon("serve", "--port", "0", DATABASE_URL="postgresql://somebody:geheim@127.0.0.1:1/jalon")
    assert answer.code == 2
    assert "127.0.0.1" in answer.err
    assert "DATABASE_URL" in answer.err
    assert "geheim" not in answer.err
    assert "Traceback" not in answer.err


def test_a_worker_with_the_embedded_columns_is_told_what_it_needs(home: House) -> None:
    answer = home.jalon("worker")
    assert answer.code == 2
    assert "WAREHOUSE_URL" in answer.err


def test_data_of_another_postgresql_is_not_touched(home: House) -> None:
    (home.home / "pg").mkdir(parents=True)
    (home.home / "pg" / "PG_VERSION").write_text("14\n")
    answer = home.jalon("upgrade")
    assert answer.code == 2
    assert "PostgreSQL 14" in answer.err


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")
def test_a_full_disk_is_said_at_the_start(short_folder: Path) -> None:
    small = short_folder / "small"
    small.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", small], capture_output=True)
    if mounted.returncode:
        pytest.skip("this machine lets nobody mount")
    try:
        answer = House(small / "home").jalon("serve", "--port", "0")
    finally:
        subprocess.run(["umount", small], check=True)
    assert answer.code == 2
    assert answer.err.startswith(f"The disk of {small}/home is full")


def test_everything_in_the_home_is_closed_to_others(home: House) -> None:
    with home.serving():
        until(lambda: (home.home / "jalon.sock").exists())
        open_to_others = [path.name for path in home.home.iterdir() if path.stat().st_mode & 0o066]
        assert (home.home / "jalon.sock").stat().st_mode & 0o177 == 0
    assert open_to_others == []
    assert not (home.home / "jalon.sock").exists()
