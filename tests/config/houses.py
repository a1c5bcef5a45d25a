"""Real houses for tests: a home of their own, started as a user starts them."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.spawned import PATH


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command left behind."""

    code: int
    out: str
    err: str


def _hear_ctrl_c() -> None:
    """A shell's background job, as a test run may be one, has it ignored by all that it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@dataclass(frozen=True, slots=True)
class House:
    """A home, and the commands one types there."""

    home: Path

    def environment(self, **more: str) -> dict[str, str]:
        ours = ("JALON", "DJANGO", "DATABASE", "WAREHOUSE", "SECRET")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        return {**kept, "JALON_HOME": str(self.home), "LANG": "en_US.UTF-8", "PYTHONPATH": PATH, **more}

    def jalon(self, *arguments: str, folder: Path | None = None, **environment: str) -> Answer:
        done = subprocess.run(
            [sys.executable, "-m", "jalon", *arguments],
            env=self.environment(**environment),
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=180,
        )
        return Answer(done.returncode, done.stdout, done.stderr)

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "jalon", *arguments]
        streams: dict[str, Any] = {"stderr": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        return subprocess.Popen(command, env=self.environment(**environment), preexec_fn=_hear_ctrl_c, **streams)

    @contextmanager
    def serving(self, **environment: str) -> Iterator[Server]:
        """`jalon serve` on a free port, ready; ended by SIGTERM."""
        process = self.start("serve", "--port", "0", **environment)
        try:
            yield Server(process, _address(process))
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            process.communicate(timeout=20)

    def postgres_runs(self) -> bool:
        """Whether the embedded PostgreSQL of this home is there, asked of the system and not of Jalon."""
        return any(str(self.home / "pg") in _command_line(process) for process in Path("/proc").glob("[0-9]*"))


@dataclass(frozen=True, slots=True)
class Server:
    process: subprocess.Popen[str]
    address: str

    def get(self, path: str, **options: Any) -> httpx.Response:
        return httpx.get(self.address + path, **options)

    def end(self, number: signal.Signals) -> tuple[int, float]:
        """The exit code, and the seconds it took."""
        began = time.monotonic()
        self.process.send_signal(number)
        code = self.process.wait(20)
        return code, time.monotonic() - began


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stderr
    said = []
    for line in process.stderr:
        said.append(line)
        if '"Jalon is ready"' in line:
            return str(json.loads(line)["address"])
    raise AssertionError("it did not start: " + "".join(said))


def _command_line(process: Path) -> str:
    try:
        return re.sub("\0", " ", (process / "cmdline").read_text(errors="replace"))
    except OSError:
        return ""
