"""A `jalon` of its own home, run as a self-hoster runs it, and its command line."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

READY_WITHIN = 60.0
ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True, slots=True)
class Home:
    """A JALON_HOME and the port of its server."""

    folder: Path
    port: int
    more: tuple[tuple[str, str], ...] = ()  # variables of its own: where another database or other columns are

    @property
    def environment(self) -> dict[str, str]:
        """With compiled modules, as pip installs them: a process that compiles what it imports keeps 15 MB more."""
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        own = {"JALON_HOME": str(self.folder), "PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "jalon.config.settings"}
        return {**kept, **own, **dict(self.more)}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """A command that goes on by itself."""
        log = (self.folder.parent / f"{self.folder.name}.log").open("ab")
        return subprocess.Popen([sys.executable, "-m", "benchmarks.as_installed", *arguments], env=self.environment, stdout=log, stderr=log)

    def command(self, *arguments: str) -> Any:
        """A command with --json; its last line is what it says."""
        run = subprocess.run([sys.executable, "-m", "jalon", *arguments, "--json"], env=self.environment, capture_output=True, text=True)
        if run.returncode:
            raise RuntimeError(f"jalon {' '.join(arguments)} failed: {run.stderr.strip() or run.stdout.strip()}")
        return json.loads(run.stdout.strip().splitlines()[-1]) if run.stdout.strip() else None

    def wait_for_answer(self, process: subprocess.Popen[bytes]) -> None:
        """Returns when the server answers."""
        until = time.monotonic() + READY_WITHIN
        while time.monotonic() < until:
            if process.poll() is not None:
                raise RuntimeError(f"The server ended with {process.returncode}; its words are in {self.folder}.log.")
            try:
                urllib.request.urlopen(self.url, timeout=1)
            except urllib.error.HTTPError:
                return
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise RuntimeError("The server did not answer in time.")


@contextmanager
def serving(home: Home) -> Iterator[subprocess.Popen[bytes]]:
    """The server, from its first answer until it has stopped by itself."""
    home.folder.mkdir(parents=True, exist_ok=True)
    process = home.start("serve", "--port", str(home.port))
    try:
        home.wait_for_answer(process)
        yield process
    finally:
        process.terminate()
        process.wait(30)
