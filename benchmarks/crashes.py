"""The rounds of the proofs: each does one thing to a Jalon that it must survive, and looks whether it did."""

from __future__ import annotations

import csv
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.memory import tree
from benchmarks.server import Home, serving

WRITERS, WRITES = 8, 25
PATIENCE = 180.0  # seconds for a job to end


class Unproved(Exception):
    """The promise did not hold."""


@dataclass(frozen=True, slots=True)
class Round:
    """One attempt: its home, its number, its own chance, so that it can be done again, and how many rows it is about."""

    home: Home
    number: int
    chance: random.Random
    rows: int = 20_000
    part: str = ""  # of a round that does several things

    @property
    def tag(self) -> str:
        return f"r{self.number}{self.part}"

    def file(self, name: str, lines: Iterable[tuple[str, ...]]) -> Path:
        path = self.home.folder.parent / f"{self.home.folder.name}-{name}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", newline="") as out:
            csv.writer(out).writerows(lines)
        return path


def import_round(attempt: Round) -> dict[str, int]:
    """An import is killed somewhere in the middle; after the restart it ends by itself, without a row twice."""
    _inhabit(attempt.home)
    people = ((f"{attempt.tag}-{n}@proof.example", f"Person {n}", str(n % 100)) for n in range(attempt.rows))
    file = attempt.file("people", [("email", "lastname", "hubspotscore"), *people])
    _killed_at(attempt, ("import", str(file)), attempt.rows)
    _check(attempt, f"{attempt.tag}-", attempt.rows)
    return {"kills": 1, "rows": attempt.rows}


def history_round(attempt: Round) -> dict[str, int]:
    """A history import is killed somewhere in the middle; after the restart every past value is in the log once."""
    _inhabit(attempt.home)
    count = 1_000
    people = attempt.file("people", [("email",), *((f"{attempt.tag}-{n}@proof.example",) for n in range(count))])
    attempt.home.command("import", str(people))
    first = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=attempt.number)
    past = (
        (f"{attempt.tag}-{n % count}@proof.example", "city", f"Ville {n}", (first + timedelta(minutes=n)).isoformat(), "api")
        for n in range(attempt.rows)
    )
    file = attempt.file("past", [("record key", "property", "value", "instant", "source"), *past])
    _killed_at(attempt, ("import", str(file), "--history", "--match", "email"), attempt.rows)
    found = _check(attempt, f"{attempt.tag}-", count)
    if found["history_lines"] != attempt.rows * attempt.number:
        raise Unproved(f"The log holds {found['history_lines']} past values, and {attempt.rows * attempt.number} were brought.")
    return {"kills": 1, "past values": attempt.rows}


def sync_round(attempt: Round) -> dict[str, int]:
    """Changes wait for the columns; the sync is killed again and again before it is through."""
    _inhabit(attempt.home)
    _step(attempt, "write", str(attempt.rows), attempt.tag)
    kills = 0
    for _ in range(3):
        process = _process(attempt.home, "benchmarks.steps", "sync")
        assert process.stdout
        for _ in range(attempt.chance.randint(0, 2)):
            process.stdout.readline()
        time.sleep(attempt.chance.random() * 0.3)
        kills += process.poll() is None
        _kill(process, attempt)
    _check(attempt, f"{attempt.tag}-", attempt.rows)
    return {"kills": kills, "changes": attempt.rows}


def lists_round(attempt: Round) -> dict[str, int]:
    """Lists with new criteria look at all records while changes wait; who follows them is killed again and again."""
    _inhabit(attempt.home)
    _step(attempt, "people", str(attempt.rows), attempt.tag)
    _step(attempt, "relist", str(attempt.number))
    kills = 0
    for _ in range(4):
        process = _process(attempt.home, "benchmarks.steps", "follow")
        assert process.stdout
        for _ in range(attempt.chance.randint(0, 3)):
            process.stdout.readline()
        time.sleep(attempt.chance.random())
        kills += process.poll() is None
        _kill(process, attempt)
    found = json.loads(_step(attempt, "membership").splitlines()[-1])
    if found["wrong"]:
        raise Unproved(f"Other members than a whole evaluation finds: {', '.join(found['wrong'][:5])}.")
    return {"kills": kills, "members": found["members"]}


def lifecycle_round(attempt: Round) -> dict[str, int]:
    """Contacts move while their journeys are followed and while a stage is deleted; whoever does either is killed again and again."""
    _inhabit(attempt.home)
    _step(attempt, "travellers", str(attempt.rows // 5), attempt.tag)
    kills = _killed_after(attempt, 3, "travel") + _killed_after(attempt, 2, "unstage", attempt.tag) + _killed_after(attempt, 1, "travel")
    _step(attempt, "unstage", attempt.tag)
    found = json.loads(_step(attempt, "travelled").splitlines()[-1])
    if found["wrong"]:
        raise Unproved(f"Other rows than the state machine on paper has: {', '.join(found['wrong'])}.")
    return {"kills": kills, "journeys": found["journeys"]}


def _killed_after(attempt: Round, times: int, *step: str) -> int:
    """The step, killed so many times somewhere in its middle; returns how often it was still at work."""
    kills = 0
    for _ in range(times):
        process = _process(attempt.home, "benchmarks.steps", *step)
        assert process.stdout
        for _ in range(attempt.chance.randint(1, 3)):
            process.stdout.readline()
        time.sleep(attempt.chance.random() / 2)
        kills += process.poll() is None
        _kill(process, attempt)
    return kills


def writers_round(attempt: Round) -> dict[str, int]:
    """Writers in processes of their own, some of which hold their transaction open, beside the beat of a server."""
    _inhabit(attempt.home)
    with serving(attempt.home):
        writers = [
            _process(attempt.home, "benchmarks.steps", "writer", f"{attempt.tag}-{number}", str(WRITES), str(attempt.chance.random()))
            for number in range(WRITERS)
        ]
        if any(writer.wait(PATIENCE) for writer in writers):
            raise Unproved("A writer did not come through.")
    _check(attempt, f"{attempt.tag}-", WRITERS * WRITES * 10)
    return {"writers": WRITERS, "transactions": WRITERS * WRITES}


def _inhabit(home: Home) -> None:
    """Its account and its users; quick where they are there."""
    if not (home.folder / "pg").exists():
        home.folder.mkdir(parents=True, exist_ok=True)
        _run(home, "benchmarks.steps", "inhabit")


def _killed_at(attempt: Round, command: tuple[str, ...], rows: int) -> None:
    """Starts the command at a server, kills the server when a drawn share of the rows is in, starts it again, waits for the end."""
    share = attempt.chance.random()
    with _mortal(attempt.home) as server:
        before = _job(attempt.home)
        client = attempt.home.start(*command)
        _wait_for_rows(attempt, int(rows * share), before["id"] if before else 0)
        _kill(server, attempt)
        client.wait(PATIENCE)
    with serving(attempt.home):
        _wait_for_the_end(attempt)


@contextmanager
def _mortal(home: Home) -> Any:
    """A server that is going to be killed."""
    process = home.start("serve", "--port", str(home.port))
    try:
        home.wait_for_answer(process)
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def _kill(process: subprocess.Popen[Any], attempt: Round) -> None:
    """kill -9, every other time of its PostgreSQL too, as a power cut would."""
    process.kill()
    process.wait()
    postmaster = _postmaster(attempt.home.folder / "pg")
    if postmaster and attempt.chance.random() < 0.5:
        family = tree(postmaster)
        os.kill(postmaster, signal.SIGKILL)
        while any(Path(f"/proc/{pid}").exists() for pid in family):  # its children see that it is gone and end
            time.sleep(0.05)


def _postmaster(folder: Path) -> int | None:
    """The PostgreSQL of this folder if it runs; the file alone may name a process of somebody else by now."""
    try:
        number = int((folder / "postmaster.pid").read_text().split()[0])
        return number if str(folder) in Path(f"/proc/{number}/cmdline").read_text() else None
    except OSError:
        return None


def _wait_for_rows(attempt: Round, rows: int, after: int) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        job = _job(attempt.home)
        if job and job["id"] > after and (job["done"] >= rows or job["state"] not in {"queued", "running"}):
            return
        time.sleep(0.02)
    raise Unproved("The import did not begin.")


def _wait_for_the_end(attempt: Round) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        job = _job(attempt.home)
        if job and job["state"] == "done":
            return
        if job and job["state"] in {"failed", "cancelled"}:
            raise Unproved(f"After the restart the import {job['state']}: {job['message']}")
        time.sleep(0.1)
    raise Unproved("After the restart the import did not end.")


def _job(home: Home) -> dict[str, Any] | None:
    """The latest job, read past Jalon."""
    import psycopg

    from jalon.config.environment import database, read

    where = database(read(home.environment))
    try:
        with psycopg.connect(host=str(where["HOST"]), user=str(where["USER"]), dbname=str(where["NAME"]), connect_timeout=5) as connection:
            row = connection.execute("SELECT id, state, done, message FROM jobs_job ORDER BY id DESC LIMIT 1").fetchone()
    except psycopg.OperationalError:
        return None
    return dict(zip(("id", "state", "done", "message"), row, strict=True)) if row else None


def _check(attempt: Round, prefix: str, count: int) -> dict[str, Any]:
    """Log, records and columns agree, and the contacts of this round are all there, once."""
    found: dict[str, Any] = json.loads(_run(attempt.home, "benchmarks.agreement").splitlines()[-1])
    if found["disagreements"]:
        raise Unproved(" ".join(found["disagreements"]))
    there = int(_run(attempt.home, "benchmarks.steps", "count", prefix).splitlines()[-1])
    if there != count:
        raise Unproved(f"{there} contacts of this round are there, {count} should be.")
    return found


def _step(attempt: Round, *arguments: str) -> str:
    return _run(attempt.home, "benchmarks.steps", *arguments)


def _run(home: Home, module: str, *arguments: str) -> str:
    done = subprocess.run([sys.executable, "-m", module, *arguments], env=home.environment, capture_output=True, text=True)
    if done.returncode:
        raise Unproved(f"{module} {' '.join(arguments)} failed: {done.stderr.strip()[-600:]}")
    return done.stdout.strip()


def _process(home: Home, module: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-m", module, *arguments], env=home.environment, stdout=subprocess.PIPE, text=True)
