"""The round of the proof about backups: killed while one is made, killed while it is brought back, begun again, counted."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.crashes import Round, Unproved, _inhabit, _postmaster
from benchmarks.server import Home

ROWS_A_ROUND = 50_000
PATIENCE = 600.0


def restore_round(attempt: Round) -> dict[str, int]:
    """A home that grows by 50,000 records a round, up to a million in twenty, is backed up and brought back into another one."""
    home = attempt.home
    _inhabit(home)
    people = ((f"{attempt.tag}-{n}@proof.example", f"Person {n}") for n in range(ROWS_A_ROUND))
    home.command("import", str(attempt.file("people", [("email", "lastname"), *people])))
    _kill_at(attempt, home, "backup", mark=lambda: bool(list(home.folder.glob("backups/*.part"))))
    if list(home.folder.glob("backups/*.jalon")):
        return _bring_back(attempt, max(home.folder.glob("backups/*.jalon")))  # it was quicker than the kill
    return _bring_back(attempt, Path(json.loads(_said(home, "backup", "--json"))["path"]))


def foreign_round(attempt: Round) -> dict[str, int]:
    """The same into a PostgreSQL that is not Jalon's: the one of a DATABASE_URL."""
    from jalon.config.environment import read
    from jalon.config.postgres import Postgres

    home = attempt.home
    _inhabit(home)
    people = ((f"{attempt.tag}-{n}@proof.example", f"Person {n}") for n in range(ROWS_A_ROUND))
    home.command("import", str(attempt.file("people", [("email", "lastname"), *people])))
    file = Path(json.loads(_said(home, "backup", "--json"))["path"])
    beside = home.folder.with_name("foreign-postgres")
    beside.mkdir(parents=True, exist_ok=True)
    where = read({"JALON_HOME": str(beside)})
    with Postgres(where.database_folder, where.database_socket_folder):
        url = f"postgresql://postgres@/jalon?host={where.database_socket_folder}"
        return _bring_back(attempt, file, (("DATABASE_URL", url),))


def _bring_back(attempt: Round, file: Path, more: tuple[tuple[str, str], ...] = ()) -> dict[str, int]:
    other = Home(attempt.home.folder.with_name(f"{attempt.home.folder.name}-restored"), attempt.home.port, more)
    shutil.rmtree(other.folder, ignore_errors=True)
    other.folder.mkdir(parents=True)
    _kill_at(attempt, other, "restore", str(file), mark=(other.folder / "restoring").exists)
    if (other.folder / "restoring").exists() and _run(other, "warehouse", "status").returncode != 2:
        raise Unproved("A half restored home was opened.")
    done = json.loads(_said(other, "restore", str(file), "--replace", "--confirm", _account(file), "--json"))
    expected, found = json.loads(_said(attempt.home, "backup", "check", str(file), "--json"))["rows"], done["records"]
    if found != json.loads(_said(attempt.home, "warehouse", "status", "--json"))["records"]:
        raise Unproved(f"{found} records are in the columns of the restored home.")
    if done["rows"] != sum(expected.values()):
        raise Unproved(f"{done['rows']} rows are there, {sum(expected.values())} were backed up.")
    for old in attempt.home.folder.glob("backups/*"):
        old.unlink()
    shutil.rmtree(other.folder, ignore_errors=True)
    return {"kills": 2, "rows": done["rows"]}


def _kill_at(attempt: Round, home: Home, *command: str, mark: Any) -> None:
    """kill -9 at a drawn moment after the work has begun; and of the PostgreSQL that it leaves."""
    process = home.start(*command)
    until = time.monotonic() + PATIENCE
    while not mark() and process.poll() is None and time.monotonic() < until:
        time.sleep(0.01)
    time.sleep(attempt.chance.random() * 3)
    process.kill()
    process.wait()
    postmaster = _postmaster(home.folder / "pg")
    if postmaster and attempt.chance.random() < 0.5:
        os.kill(postmaster, signal.SIGKILL)


def _account(file: Path) -> str:
    from jalon.config.backups.archive import read_manifest

    return read_manifest(file).account


def _said(home: Home, *command: str) -> str:
    done = _run(home, *command)
    if done.returncode:
        raise Unproved(f"jalon {' '.join(command)} failed: {done.stderr.strip()[-600:]}")
    return done.stdout.strip().splitlines()[-1]


def _run(home: Home, *command: str) -> subprocess.CompletedProcess[str]:
    arguments = [sys.executable, "-m", "jalon", *command]
    return subprocess.run(arguments, env=home.environment, capture_output=True, text=True, timeout=PATIENCE)
