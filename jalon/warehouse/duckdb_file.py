"""The DuckDB file itself: opening it safely, its size, writing it anew, and what DuckDB's complaints mean."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from jalon.warehouse.engine import Locked, NoPermission, NoRoom, Unreadable, WarehouseError

#: Freed blocks are used again, and under steady upserts a file stays at about twice its live size (measured at 1 M x 61).
#: Only a file beyond that is written anew, and only from this size on.
REWRITE_FROM = 64 << 20
FREE_PER_USED = 2.0

#: DuckDB folds the log by itself only from here on: in a bulk load, or when quiet moments never came. The log lies in
#: memory too until then, so it is not higher.
LATEST_CHECKPOINT = "128MB"


class Gate:
    """Everybody passes together; `alone` waits until nobody is inside, and keeps others out meanwhile."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._inside = 0
        self._closed = False

    @contextmanager
    def passing(self) -> Iterator[None]:
        with self._changed:
            self._changed.wait_for(lambda: not self._closed)
            self._inside += 1
        try:
            yield
        finally:
            with self._changed:
                self._inside -= 1
                self._changed.notify_all()

    @contextmanager
    def alone(self, timeout: float) -> Iterator[bool]:
        """Yields False if somebody was still inside after `timeout` seconds."""
        with self._changed:
            self._closed = True
            empty = self._changed.wait_for(lambda: self._inside == 0, timeout=timeout)
            try:
                yield empty
            finally:
                self._closed = False
                self._changed.notify_all()


def connect(path: Path, memory: str, threads: int) -> duckdb.DuckDBPyConnection:
    """Open or create the file, closed off from the network and from every other file."""
    try:
        connection = duckdb.connect(str(path), config=_configuration(memory, threads))
    except duckdb.Error as error:
        raise explained(error, path) or error from error
    copies = ", ".join("'" + str(name).replace("'", "''") + "'" for name in _copy_files(path))
    connection.execute(f"SET allowed_paths=[{copies}]")
    discard_copy(path)
    connection.execute("SET TimeZone='UTC'")
    connection.execute("SET enable_external_access=false")
    connection.execute("SET lock_configuration=true")
    return connection


def _configuration(memory: str, threads: int) -> dict[str, str | bool | int | float | list[str]]:
    return {
        "memory_limit": memory,
        "threads": threads,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "checkpoint_threshold": LATEST_CHECKPOINT,
    }


def is_alive(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the instance still answers; after a fatal error it answers nobody."""
    try:
        connection.execute("SELECT count(*) FROM duckdb_tables()").fetchall()
    except duckdb.Error:
        return False
    return True


def size(path: Path) -> int:
    """Bytes of the file and of its log."""
    return (path.stat().st_size if path.exists() else 0) + log_size(path)


def log_size(path: Path) -> int:
    log = _beside(path, ".wal")
    return log.stat().st_size if log.exists() else 0


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _copy_files(path: Path) -> tuple[Path, ...]:
    copy = _beside(path, ".new").absolute()
    return (copy, _beside(copy, ".wal"), _beside(copy, ".wal.checkpoint"))


def is_wasteful(cursor: duckdb.DuckDBPyConnection, path: Path) -> bool:
    """Most of the file is free blocks, more than the next upserts will need."""
    used, free = cursor.execute("SELECT used_blocks, free_blocks FROM pragma_database_size() LIMIT 1").fetchall()[0]
    return path.stat().st_size >= REWRITE_FROM and bool(free > FREE_PER_USED * used)


def copy(cursor: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Write the live rows into a file beside. Nobody may write meanwhile; readers may go on."""
    discard_copy(path)
    (name,) = cursor.execute("SELECT current_database()").fetchall()[0]
    fresh = str(copy_of(path)).replace("'", "''")
    source = '"' + str(name).replace('"', '""') + '"'
    cursor.execute(f"ATTACH '{fresh}' AS jalon_copy")
    try:
        cursor.execute(f"COPY FROM DATABASE {source} TO jalon_copy")
    finally:
        cursor.execute("DETACH jalon_copy")


def copy_of(path: Path) -> Path:
    """Where a copy of the file is written before it takes the file's place."""
    return _copy_files(path)[0]


def swap(path: Path) -> None:
    """Put the copy in the place of the file, which must be closed. A crash leaves the one or the other, both whole."""
    copy_of(path).replace(path)


def discard_copy(path: Path) -> None:
    """Take away a copy that was not used, or that a crash left behind."""
    for leftover in _copy_files(path):
        leftover.unlink(missing_ok=True)


def explained(error: duckdb.Error, path: Path) -> WarehouseError | None:
    """What DuckDB's complaint means to the person who runs Jalon; None when it is none of theirs."""
    said = str(error)
    for words, kind in _MEANINGS:
        if any(word in said for word in words):
            return kind(path=str(path), reason=said.splitlines()[0])
    return None


_MEANINGS: tuple[tuple[tuple[str, ...], type[WarehouseError]], ...] = (
    (("Could not set lock on file", "Conflicting lock", "already open in"), Locked),
    (("No space left", "File too large", "Disk quota exceeded"), NoRoom),
    (("Permission denied", "No such file or directory", "Read-only file system", "Is a directory"), NoPermission),
    (
        (
            "not a valid DuckDB database file",
            "version number",
            "Corrupt",
            "corrupt",
            "newer version of DuckDB",
            "Serialization Error",
            "checksum",
        ),
        Unreadable,
    ),
)
