"""The web server inside the process: uvicorn on a socket that is ours, stopped when we say so."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from jalon.config.asgi import application

LARGEST_REQUEST_HEAD = 128 * 1024  # bytes: criteria travel in the address
PATIENCE = 1  # seconds that open requests get when the server stops


class Web:
    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        config = uvicorn.Config(
            application,
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=PATIENCE,
            h11_max_incomplete_event_size=LARGEST_REQUEST_HEAD,
        )
        self._server = _Server(config)

    def run(self) -> None:
        """Serves until `stop`."""
        self._server.run(sockets=[self._listener])

    def stop(self) -> None:
        self._server.should_exit = True


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are the process's affair: uvicorn would raise them again at the end, before the engines are closed."""
        yield
