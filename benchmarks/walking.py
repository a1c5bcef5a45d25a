"""Memory of a demo home: walks through every kind of page, opens a report and its picture, waits a minute, and looks."""

from __future__ import annotations

import time
from collections.abc import Iterator

import httpx

from benchmarks.as_installed import compiled
from benchmarks.figures import Figure
from benchmarks.memory import of_home, pss
from benchmarks.server import Home, serving
from benchmarks.walk import Walk
from jalon.demo.company import PASSWORD

CONTACTS = 20_000
REST = 60  # seconds between the walk and the look
MEGABYTE = 1_000_000


def measure(home: Home) -> Iterator[Figure]:
    """Fills a demo where there is none, then serves it, walks, waits and weighs every process."""
    folder = home.folder
    folder.mkdir(parents=True, exist_ok=True)
    compiled(home.environment)
    start = time.perf_counter()
    home.command("demo", "--contacts", str(CONTACTS))
    filled = time.perf_counter() - start
    with serving(home) as server:
        ready = time.perf_counter() - start
        fresh = pss(of_home(server.pid, folder))
        walk = _walk(home)
        time.sleep(REST)
        rested = pss(of_home(server.pid, folder))
    if filled > 5:  # it was not there before
        yield Figure("demo of 20,000 contacts filled and served", ready, "s", "60 s", ready <= 60)
    slowest = max(walk.took, key=lambda address: walk.took[address])
    yield Figure("memory of all processes after the start", fresh / MEGABYTE, "MB")
    yield Figure("memory 60 s after a walk, a report and a picture", rested / MEGABYTE, "MB", "300 MB", rested <= 300 * MEGABYTE)
    yield Figure(f"pages walked ({len(walk.kinds)} kinds), the slowest", walk.took[slowest], "ms")


def _walk(home: Home) -> Walk:
    with httpx.Client(base_url=home.url, timeout=60) as client:
        walk = Walk(client)
        walk.sign_in("alice@cabrelle.example", PASSWORD)
        walk.everywhere()
        return walk
