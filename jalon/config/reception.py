"""The server's end of `handover`: takes commands at the socket and does each in a thread of its own."""

from __future__ import annotations

import json
import os
import select
import socketserver
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from jalon.config.handover import Request
from jalon.config.terminal import encoded
from jalon.jobs.console import Cancelled, Output, Progress

ROWS_AT_ONCE = 200

Doing = Callable[[Request, Output], int]  # does the command, all its words on the output, and returns the exit code


class Reception:
    """Listens at the socket for as long as the server runs. Only its own user may write there."""

    def __init__(self, path: Path, do: Doing) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.unlink(missing_ok=True)  # of a server that was killed: the home's lock is ours, so none lives
        before = os.umask(0o177)
        try:
            self._server = _Server(str(path), do)
        finally:
            os.umask(before)
        self._path = path
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), name="reception", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._path.unlink(missing_ok=True)
        self._server.shutdown()
        self._server.server_close()


class _Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, path: str, do: Doing) -> None:
        self.do = do
        super().__init__(path, _Caller)


class _Caller(socketserver.StreamRequestHandler):
    """One command: its request on the way in, everything it says on the way out."""

    server: _Server

    def handle(self) -> None:
        asked = json.loads(self.rfile.readline())
        console = _RemoteConsole(self, wants_json="--json" in asked["arguments"])
        with suppress(BrokenPipeError, ConnectionResetError):  # the caller has gone: nobody to tell
            code = self.server.do(Request(tuple(asked["arguments"]), asked["folder"], asked["language"]), console)
            self.say("exit", code)

    def say(self, kind: str, value: Any) -> None:
        self.wfile.write(encoded({kind: value}).encode() + b"\n")

    @property
    def gone(self) -> bool:
        """Whether the caller hung up: it never says anything after its request."""
        return bool(select.select([self.connection], [], [], 0)[0])


class _RemoteConsole:
    def __init__(self, caller: _Caller, *, wants_json: bool) -> None:
        self.wants_json = wants_json
        self._caller = caller

    def line(self, text: str) -> None:
        if not self.wants_json:
            self._caller.say("line", text)

    def json(self, value: Any) -> None:
        if self.wants_json:
            self._caller.say("json", value)

    def problem(self, sentence: str) -> None:
        self._caller.say("problem", sentence)

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        self._caller.say("table", list(columns))
        for some in _in_pieces(rows):
            self._caller.say("rows", some)
        self._caller.say("rows", [])

    @contextmanager
    def progress(self, label: str, total: int | None = None) -> Iterator[Progress]:
        self._caller.say("progress", {"label": label, "total": total})
        yield _RemoteProgress(self._caller)


class _RemoteProgress:
    def __init__(self, caller: _Caller) -> None:
        self._caller = caller

    def update(self, done: int, total: int | None = None, message: str = "") -> None:
        if self._caller.gone:
            raise Cancelled
        self._caller.say("update", [done, total, message])


def _in_pieces(rows: Iterable[Sequence[Any]]) -> Iterator[list[list[Any]]]:
    piece: list[list[Any]] = []
    for row in rows:
        piece.append(list(row))
        if len(piece) == ROWS_AT_ONCE:
            yield piece
            piece = []
    if piece:
        yield piece
