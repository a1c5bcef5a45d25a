"""Says in a sentence what an unexpected error means for the one who runs the house."""

from __future__ import annotations

import errno

import psycopg.errors
from django.db import Error as DatabaseError

from jalon.warehouse.words import N_

DISK_FULL = N_("The disk is full. Free some space: the work goes on by itself.")
DATABASE_AWAY = N_("PostgreSQL does not answer. The work goes on by itself when it is back.")
UNEXPECTED = N_("Something unexpected happened. The log holds the details.")


def sentence(error: BaseException) -> str:
    """What a person can do about it; an unknown error is only named."""
    causes = list(_causes(error))
    if any(_is_disk_full(cause) for cause in causes):
        return DISK_FULL
    if any(isinstance(cause, psycopg.OperationalError) and cause.sqlstate is None for cause in causes):
        return DATABASE_AWAY
    return UNEXPECTED


def _causes(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found


def _is_disk_full(error: BaseException) -> bool:
    if isinstance(error, OSError):
        return error.errno == errno.ENOSPC
    if isinstance(error, psycopg.errors.DiskFull):
        return True
    # DuckDB has no class for it, only the words of the system call
    return not isinstance(error, DatabaseError) and "No space left on device" in str(error)
