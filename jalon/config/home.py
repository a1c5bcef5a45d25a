"""JALON_HOME: the folder of one deployment, and the lock that says whose it is. No Django, nothing started."""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jalon.config.environment import Environment
from jalon.config.speech import said
from jalon.warehouse.words import N_

LEAST_FREE = 100 * 1024 * 1024  # bytes: PostgreSQL alone writes its log in files of 16 MB


RESTORING = "restoring"  # the file that stands in the home for as long as it is being restored


class StartProblem(Exception):
    """Jalon cannot start: one sentence, by its message id, that says what is wrong and what to do. Exit code 2."""

    def __init__(self, message: str, **told: object) -> None:
        super().__init__(said(message, **told))


@contextmanager
def held(environment: Environment) -> Iterator[Path]:
    """The prepared home, and the right to use it.

    A process with the embedded columns holds it alone, since their file belongs to one process; with ClickHouse many share it.
    The lock is taken before anything in the home is touched and ends with the process.
    """
    home = environment.home
    prepare(home)
    with (home / "lock").open("a+") as file:
        _lock(file.fileno(), home, alone=environment.embedded_warehouse)
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield home


def prepare(home: Path) -> None:
    """The folder with all it needs: 0700, and the secret that signs sessions."""
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        secret = home / "secret"
        if not secret.exists():
            secret.touch(mode=0o600)
            secret.write_text(secrets.token_urlsafe(48))
        for name in ("files", "warehouse"):
            (home / name).mkdir(mode=0o700, exist_ok=True)
        (home / "lock").touch(mode=0o600)
    except OSError as error:
        raise _by_the_system(home, error) from error
    free = shutil.disk_usage(home).free
    if free < LEAST_FREE:
        raise StartProblem(
            N_("The disk of %(home)s is full: %(free)s MB are free and Jalon needs %(needed)s MB to start."),
            home=home,
            free=free // 2**20,
            needed=LEAST_FREE // 2**20,
        )


def check_whole(environment: Environment) -> None:
    """A home that a restore has not come to the end of holds a part of everything."""
    mark = environment.home / RESTORING
    if mark.exists():
        raise StartProblem(
            N_("This home is half restored: the restore of %(file)s was interrupted. Type the same `jalon restore` again; it starts over."),
            file=mark.read_text().strip(),
        )


def _by_the_system(home: Path, error: OSError) -> StartProblem:
    if error.errno == errno.ENOSPC:
        return StartProblem(N_("The disk of %(home)s is full: free some space and start again."), home=home)
    refused = N_("Jalon cannot write in %(home)s (%(why)s): give it a folder of its own with JALON_HOME.")
    return StartProblem(refused, home=home, why=error.strerror)


def _lock(file: int, home: Path, *, alone: bool) -> None:
    try:
        fcntl.flock(file, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError as error:
        holder = (home / "lock").read_text().strip()
        raise StartProblem(
            N_(
                "Another Jalon (process %(process)s) is using %(home)s: stop it, or choose another folder with JALON_HOME. "
                "Several processes can only share the columns when they are in ClickHouse (WAREHOUSE_URL)."
            ),
            process=holder or "?",
            home=home,
        ) from error
