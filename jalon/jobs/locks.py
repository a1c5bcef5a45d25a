"""A connection of one's own for what belongs to a session: advisory locks and LISTEN. Both end with the process."""

from __future__ import annotations

import select
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

import psycopg
from django.db import connection


class Session:
    """A connection beside Django's. Its locks are gone the moment the process dies, even by `kill -9`."""

    def __init__(self) -> None:
        parameters = connection.get_connection_params()
        for django_only in ("cursor_factory", "context"):
            parameters.pop(django_only, None)
        self._connection: psycopg.Connection[Any] = psycopg.connect(**parameters, autocommit=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Its locks are free when this returns; PostgreSQL notices only some time later that a connection was closed."""
        with suppress(psycopg.Error):
            self._connection.execute("SELECT pg_advisory_unlock_all()")
        self._connection.close()

    def lock(self, key: int) -> None:
        """Waits until the lock is free."""
        self._connection.execute("SELECT pg_advisory_lock(%s)", [key])

    def try_lock(self, key: int) -> bool:
        row = self._connection.execute("SELECT pg_try_advisory_lock(%s)", [key]).fetchone()
        return row == (True,)

    def unlock(self, key: int) -> None:
        self._connection.execute("SELECT pg_advisory_unlock(%s)", [key])

    def listen(self, channel: str) -> None:
        self._connection.execute(psycopg.sql.SQL("LISTEN {}").format(psycopg.sql.Identifier(channel)))

    def wait(self, seconds: float, *others: int) -> None:
        """Until something is said on the channel, one of the other file descriptors can be read, or the time is over.

        What was said while this session asked for a lock was read with the lock's answer: the socket is silent about it.
        """
        if not self._was_told():
            select.select([self._connection.fileno(), *others], [], [], seconds)
            self._was_told()

    def _was_told(self) -> bool:
        """Takes whatever was said since the last look."""
        return bool(list(self._connection.notifies(timeout=0)))
