"""The rounds of the proofs about large changes: a bulk edit, its undo, the undo of an import, formulas; each killed and gone on with.

The changes are made by `benchmarks.steps` in a process that is killed at a drawn moment, as often as it takes to be through.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from benchmarks.crashes import Round, Unproved, _check, _inhabit, _kill, _process, _step

ROOT = Path(__file__).resolve().parent.parent
KILLS = 2  # of each change


def bulk_round(attempt: Round) -> dict[str, int]:
    """Every contact of the round gets a city and loses it again; both are killed on their way."""
    _inhabit(attempt.home)
    _step(attempt, "write", str(attempt.rows), attempt.tag)
    kills = _killed(attempt, 0.4, "bulk", attempt.tag)
    _expect(attempt, Bulk=attempt.rows)
    kills += _killed(attempt, 0.8, "bulk_back", attempt.tag)
    _expect(attempt, Paris=attempt.rows // 2, Lyon=attempt.rows // 2)
    _check(attempt, f"{attempt.tag}-", attempt.rows)
    return {"kills": kills, "changes": 2 * attempt.rows}


def import_undo_round(attempt: Round) -> dict[str, int]:
    """An import over contacts half of which are there; its undo is killed on its way."""
    _inhabit(attempt.home)
    _step(attempt, "write", str(attempt.rows), attempt.tag)
    people = ((f"{attempt.tag}-{n}@proof.example", "Import") for n in range(2 * attempt.rows))
    attempt.home.command("import", str(attempt.file("people", [("email", "city"), *people])))
    _expect(attempt, Import=2 * attempt.rows)
    kills = _killed(attempt, 1.5, "import_back")
    _expect(attempt, Paris=attempt.rows // 2, Lyon=attempt.rows // 2)
    _check(attempt, f"{attempt.tag}-", attempt.rows)
    return {"kills": kills, "rows": 2 * attempt.rows}


def calculated_round(attempt: Round) -> dict[str, int]:
    """A formula over deals and a rollup of it are computed; whoever computes them is killed on the way."""
    _inhabit(attempt.home)
    _step(attempt, "deals", str(attempt.rows // 4), attempt.tag)
    kills = _killed(attempt, 3.0, "calculate")
    wrong = _step(attempt, "recount").splitlines()[-1]
    if wrong != "0":
        raise Unproved(f"{wrong} rollups are not what a naive recount gives.")
    _check(attempt, f"{attempt.tag}-", attempt.rows // 4)
    return {"kills": kills, "rollups": attempt.rows // 4}


def _killed(attempt: Round, seconds: float, *step: str) -> int:
    """Does a step, killed at drawn moments of its first seconds, then to its end; how often it was killed before it was through."""
    kills = 0
    while kills < KILLS:
        process = _process(attempt.home, "benchmarks.steps", *step)
        assert process.stdout
        process.stdout.readline()  # the work begins
        time.sleep(attempt.chance.random() * seconds)
        was_through = process.poll() is not None
        _kill(process, attempt)
        if was_through:
            break
        kills += 1
    _step(attempt, *step)
    return kills


def _expect(attempt: Round, **cities: int) -> None:
    for city, count in cities.items():
        found = int(_step(attempt, "living", attempt.tag, city).splitlines()[-1])
        if found != count:
            raise Unproved(f"{found} contacts of this round are in {city}, {count} should be.")


@contextmanager
def _clickhouse() -> Iterator[str]:
    """A ClickHouse in a process of its own: its address."""
    command = [sys.executable, "-m", "benchmarks.clickhouse"]
    process = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait(30)


def clickhouse_round(attempt: Round) -> dict[str, int]:
    """A bulk edit and the undo of an import with ClickHouse for the columns, killed in the same ways."""
    with _clickhouse() as address:
        beside = replace(attempt, home=replace(attempt.home, more=(("WAREHOUSE_URL", address),)))
        counts = bulk_round(replace(beside, part="b"))
        for name, count in import_undo_round(replace(beside, part="i")).items():
            counts[name] = counts.get(name, 0) + count
        return counts


def sequences_round(attempt: Round) -> dict[str, int]:
    """Sequences of writes, links, merges, undos, archivings and erasures beside a naive model, on both engines."""
    count = 100
    environment = {name: value for name, value in os.environ.items() if name not in ("JALON_HOME", "DJANGO_SETTINGS_MODULE")}
    environment |= {"PYTHONPATH": str(ROOT), "SEQUENCES": str(count)}
    command = [sys.executable, "-m", "pytest", "-q", "tests/records/merging/test_any_sequence.py", f"--hypothesis-seed={attempt.number}"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise Unproved(done.stdout[-2000:])
    return {"sequences": count + count // 4}
