"""Memory of Jalon as a whole: the proportional set size (PSS) of the server, its children and its PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

EVERY = 0.25  # seconds between two looks


def tree(pid: int) -> set[int]:
    """A process and everything that it started."""
    found, waiting = set(), [pid]
    while waiting:
        now = waiting.pop()
        if now in found:
            continue
        found.add(now)
        for children in Path(f"/proc/{now}/task").glob("*/children"):
            waiting += _numbers(children)
    return found


def of_home(pid: int, home: Path) -> set[int]:
    """The processes of a Jalon: PostgreSQL detaches itself, so it is found by its own file."""
    postmaster = home / "pg" / "postmaster.pid"
    database = tree(int(postmaster.read_text().split()[0])) if postmaster.exists() else set()
    return tree(pid) | database


def pss(pids: set[int]) -> int:
    """Bytes: each shared page counts in parts, so that the sum is what the machine really gave."""
    return sum(_pss(pid) for pid in pids)


def _pss(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:  # it ended meanwhile
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def _numbers(file: Path) -> list[int]:
    try:
        return [int(word) for word in file.read_text().split()]
    except OSError:
        return []


@dataclass(slots=True)
class Peak:
    """The highest PSS seen."""

    size: int = 0


@contextmanager
def watching(pid: int, home: Path) -> Iterator[Peak]:
    peak, stop = Peak(), threading.Event()

    def look() -> None:
        while not stop.wait(EVERY):
            peak.size = max(peak.size, pss(of_home(pid, home)))

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield peak
    finally:
        stop.set()
        thread.join()
