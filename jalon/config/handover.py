"""A command typed beside a running server is handed to it over JALON_HOME/jalon.sock, since the columns are the server's.

The caller sends one line of JSON: what was typed, and where. The server answers with a line for each thing that the
command says, and last with the exit code. This is the caller's end; `reception` is the server's.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from jalon.config.speech import language, said
from jalon.config.terminal import Terminal, complain
from jalon.jobs.console import Progress
from jalon.warehouse.words import N_

CANCELLED = 130  # as a shell says of a program that Ctrl-C ended


@dataclass(frozen=True, slots=True)
class Request:
    """What was typed, in which folder relative paths start, and in which language to answer."""

    arguments: tuple[str, ...]
    folder: str
    language: str


def request(arguments: Sequence[str]) -> Request:
    return Request(tuple(arguments), str(Path.cwd()), language())


def hand_over(path: Path, wanted: Request) -> int | None:
    """Has the server do the command and shows what it says; None where no server listens."""
    with socket.socket(socket.AF_UNIX) as server:
        try:
            server.connect(str(path))
        except OSError:
            return None
        server.sendall(json.dumps(asdict(wanted)).encode() + b"\n")
        with server.makefile() as answers:
            try:
                return _follow(answers, Terminal(wants_json="--json" in wanted.arguments))
            except KeyboardInterrupt:
                server.shutdown(socket.SHUT_WR)  # the server ends the command at its next progress and says what it did
                return _follow(answers, Terminal(wants_json=True)) or CANCELLED


def _follow(answers: IO[str], terminal: Terminal) -> int:
    with ExitStack() as open_bars:
        bars: list[Progress] = []
        for kind, value in (next(iter(json.loads(line).items())) for line in answers):
            match kind:
                case "line":
                    terminal.line(value)
                case "json":
                    terminal.json(value)
                case "table":
                    terminal.table(value, _rows(answers))
                case "progress":
                    bars.append(open_bars.enter_context(terminal.progress(value["label"], value["total"])))
                case "update":
                    bars[-1].update(*value)
                case "problem":
                    complain(value)
                case "exit":
                    return int(value)
    complain(said(N_("The server ended before the command did.")))
    return 1


def _rows(answers: IO[str]) -> Iterator[Sequence[Any]]:
    for line in answers:
        rows = json.loads(line)["rows"]
        if not rows:
            return
        yield from rows
