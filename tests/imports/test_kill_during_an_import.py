"""`kill -9` at any moment of an import: the next worker goes on, nothing is lost and nothing is double.

JALON_KILLS is the number of kills, 3 by default; `make prove` asks for more.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

from django.db.models import Count

from jalon.accounts.access import EVERYTHING
from jalon.imports import actions, queries
from jalon.imports.actions import Upload
from jalon.imports.models import Note
from jalon.imports.queries import ImportView
from jalon.records.models import Change, Record
from tests.waiting import until

KILLS = int(os.environ.get("JALON_KILLS", "3"))
ROWS = 12_000 * KILLS
BAD, TWICE = 1_000, 7_000  # every so many rows one is bad, one has a key that came before


@contextmanager
def worker() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-m", "tests.imports.worker_process"], stdin=subprocess.PIPE)
    try:
        yield process
    finally:
        process.communicate()


def content() -> str:
    lines = ["email,firstname,birthday"]
    for number in range(1, ROWS + 1):
        email = "first@a.fr" if number % TWICE == 0 or number == 1 else f"person{number}@a.fr"
        lines.append(f"{email},Name {number},{'never' if number % BAD == 1 and number > 1 else '31/12/1990'}")
    return "\n".join(lines)


def now(import_id: int) -> ImportView:
    found = queries.one(EVERYTHING, import_id)
    assert found is not None
    return found


def test_after_kills_at_any_moment_every_row_is_there_once(house: None) -> None:
    import_id = actions.take([Upload("a.csv", [content().encode()])], access=EVERYTHING)
    actions.settle(import_id, actions.settings_of(import_id))
    actions.begin(import_id, access=EVERYTHING)
    chance, killed = random.Random(11), 0
    for _ in count():
        with worker() as process:
            aim = now(import_id).rows_done + (0 if killed % 3 == 2 else 5_000)
            until(lambda: now(import_id).state == "done" or now(import_id).rows_done >= aim, seconds=120)  # noqa: B023
            if killed == KILLS or now(import_id).state == "done":
                until(lambda: now(import_id).state == "done", seconds=240)
                break
            try:
                process.wait(chance.uniform(0, 0.6))  # a moment within the next slice
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
            killed += 1
    assert killed >= min(KILLS, 2)
    bad, twice = (ROWS - 2) // BAD, ROWS // TWICE
    found = now(import_id)
    assert (found.rows_done, found.created, found.updated, found.refused, found.told) == (ROWS, ROWS - bad - twice, twice, bad, twice)
    emails = Record.objects.values_list("properties__email", flat=True)
    assert len(emails) == len(set(emails)) == ROWS - bad - twice
    assert Change.objects.count() == ROWS - bad
    assert not Note.objects.values("line").annotate(times=Count("id")).filter(times__gt=1).exists()
    assert Note.objects.filter(is_refusal=True).count() == bad
    assert Note.objects.filter(is_refusal=False).count() == twice
