"""What a killed run of the tests leaves behind: folders, and in some a PostgreSQL that nobody stops any more.

Every folder of a test carries the number of its process; the next run takes away those whose process is dead.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import tempfile
from contextlib import suppress
from pathlib import Path

OURS = re.compile(r"jalon-[a-z]+-(\d+)-\w+")


def prefix(kind: str) -> str:
    """How a folder of this process begins: tempfile.mkdtemp(prefix=prefix("test"))."""
    return f"jalon-{kind}-{os.getpid()}-"


def clear(folder: Path | None = None) -> list[Path]:
    """Ends the orphans and takes their folders away; those of living processes stay."""
    places = (folder or Path(tempfile.gettempdir())).glob("jalon-*-*-*")
    dead = [place for place in places if (match := OURS.fullmatch(place.name)) and not _is_alive(int(match[1]))]
    for place in dead:
        for pid_file in (*place.glob("pg/postmaster.pid"), *place.glob("*/pg/postmaster.pid")):
            _end(pid_file)
        shutil.rmtree(place, ignore_errors=True)
    return dead


def _end(pid_file: Path) -> None:
    """The server that this file names, if it is the one of this folder and not another process with its number."""
    with suppress(OSError, ValueError, IndexError):
        number = int(pid_file.read_text().split()[0])
        if str(pid_file.parent) in Path(f"/proc/{number}/cmdline").read_text():
            os.kill(number, signal.SIGQUIT)  # at once: its data go with the folder


def _is_alive(number: int) -> bool:
    return Path(f"/proc/{number}").exists() if Path("/proc").exists() else True
