"""The verbs of backups: make one, keep only the newest, put one in the place of what is there.

A backup is logical: SQL by the `pg_dump` of PostgreSQL's wheel and the number of rows of each table, all of one moment,
then the files of the home. So the next major version loads it, and an embedded PostgreSQL hands over to a server.
"""

from __future__ import annotations

import os
import subprocess
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryFile
from typing import Any, Final

import psycopg
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from psycopg.conninfo import make_conninfo

import jalon
from jalon.config.backups import archive, queries
from jalon.config.backups.archive import NotABackup, Report
from jalon.config.backups.queries import Backup
from jalon.config.postgres import program
from jalon.warehouse.words import N_

BY_HAND, NIGHTLY, BEFORE_UPGRADE, BEFORE_RESTORE = "by hand", "nightly", "before an upgrade", "before a restore"
DUMP: Final = ("--no-owner", "--no-privileges", "--no-comments", "--schema=public", "--encoding=UTF8")
NOT_EVERYWHERE: Final = (b"SET transaction_timeout", b"CREATE SCHEMA public;")  # an older server; we have made the schema

DUMP_FAILED = N_("pg_dump could not read the database: %(reason)s")
LOAD_FAILED = N_("The database did not take the backup, and is as it was before: %(reason)s")
WRONG_COUNTS = N_("After the restore %(table)s holds %(found)s rows, and the backup has %(expected)s. Restore it again.")
TOO_NEW = N_("%(path)s is of a newer Jalon (%(version)s), which has tables that this one does not know: install that version first.")


class BackupFailed(Exception):
    """`message` is an English message id, `params` fill it."""

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message % params)
        self.message, self.params = message, params


def back_up(target: Path | None = None, *, kind: str = BY_HAND, keep: int = 0, report: Report) -> Backup:
    """Everything of this moment into one file. `keep` takes away older ones of the same kind, in the home's own folder only."""
    made_at = datetime.now(UTC)
    path = target or queries.folder() / f"{made_at:%Y-%m-%d_%H%M%S}-{kind.replace(' ', '-')}{archive.SUFFIX}"
    with archive.writing(path) as writer, _one_moment() as (cursor, snapshot):
        rows, size = queries.rows_of_tables(cursor), queries.tables_bytes()
        writer.add(archive.DATABASE, _told(_dumped(snapshot), size, report))
        _add_files(writer, settings.ENVIRONMENT.home)
        writer.finish(
            archive.Manifest(
                archive.FORMAT,
                jalon.__version__,
                queries.server_version(),
                made_at.isoformat(timespec="seconds"),
                queries.account_name(cursor),
                kind,
                queries.migrations(cursor),
                rows,
                writer.members,
            )
        )
    if keep and target is None:
        _rotate(kind, keep)
    return queries.backup(path)


def _rotate(kind: str, keep: int) -> None:
    for old in [one for one in queries.backups() if one.manifest.kind == kind][keep:]:
        old.path.unlink()


@contextmanager
def _one_moment() -> Iterator[tuple[Any, str]]:
    """A cursor that sees one moment, and the name under which pg_dump sees the same."""
    parameters = {name: value for name, value in connection.get_connection_params().items() if name not in {"cursor_factory", "context"}}
    with psycopg.connect(**parameters) as own:
        own.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        own.read_only = True
        with own.cursor() as cursor:
            cursor.execute("SELECT pg_export_snapshot()")
            row = cursor.fetchone()
            assert row
            yield cursor, str(row[0])


def _dumped(snapshot: str) -> Iterator[bytes]:
    with _running("pg_dump", *DUMP, f"--snapshot={snapshot}", f"--dbname={_where()}", problem=DUMP_FAILED) as process:
        assert process.stdout
        yield from archive.blocks(process.stdout)


def _told(blocks: Iterable[bytes], total: int, report: Report) -> Iterator[bytes]:
    done = 0
    for block in blocks:
        done += len(block)
        report(min(done, total), total)
        yield block


def _add_files(writer: archive.Writer, home: Path) -> None:
    """What people uploaded, and the secret that their sessions and tokens are signed with."""
    root = home / "files"
    for path in sorted(root.rglob("*")):
        try:
            with path.open("rb") as file:
                writer.add(f"{archive.FILES}{path.relative_to(root).as_posix()}", archive.blocks(file))
        except (IsADirectoryError, FileNotFoundError):
            continue  # taken away meanwhile: its row tells so too
    if (home / "secret").exists():
        writer.add(archive.SECRET, [(home / "secret").read_bytes()])


# Back into a house


def check_fits(path: Path, manifest: archive.Manifest) -> None:
    """Raises NotABackup where the backup has tables of a later version."""
    steps = MigrationLoader(None).disk_migrations
    known = {*steps, *(replaced for step in steps.values() for replaced in step.replaces)}
    if not set(manifest.migrations) <= {f"{app}.{name}" for app, name in known}:
        raise NotABackup(TOO_NEW, path=path, version=manifest.jalon)


def load(path: Path, manifest: archive.Manifest, report: Report) -> None:
    """The tables of the backup in the place of those that are there, in one transaction; then counted."""
    total = manifest.members[archive.DATABASE].bytes
    arguments = ("--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", f"--dbname={_where()}")
    with zipfile.ZipFile(path) as file, _running("psql", *arguments, problem=LOAD_FAILED, answers=False) as process:
        assert process.stdin
        with suppress(BrokenPipeError):  # psql has said why, and `_running` reads it
            # Not psql's own --single-transaction: it would commit what it has when we die in the middle.
            process.stdin.write(b"BEGIN;\nDROP SCHEMA IF EXISTS public CASCADE;\nCREATE SCHEMA public;\n")
            process.stdin.writelines(_everywhere(_told(archive.blocks_of(file, archive.DATABASE), total, report)))
            process.stdin.write(b"COMMIT;\n")
            process.stdin.flush()
    _compare(manifest)


def _everywhere(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The dump without the few lines that an older server does not understand: they stand in its head, before the first table."""
    head, source = b"", iter(blocks)
    for block in source:
        head += block
        if b"\nCREATE TABLE" in head:
            break
    settings, table, rest = head.partition(b"\nCREATE TABLE")
    yield b"".join(line for line in settings.splitlines(keepends=True) if not line.startswith(NOT_EVERYWHERE))
    yield table + rest
    yield from source


def _compare(manifest: archive.Manifest) -> None:
    with connection.cursor() as cursor:
        found = queries.rows_of_tables(cursor)
    for table, expected in manifest.rows.items():
        if found.get(table) != expected:
            raise BackupFailed(WRONG_COUNTS, table=table, found=found.get(table, 0), expected=expected)


def put_files(path: Path, home: Path) -> int:
    """The files of the backup in the place of those of the home, and its secret."""
    fresh, present, old = home / "files.new", home / "files", home / "files.old"
    for leftover in (fresh, old):
        rmtree(leftover, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    count = archive.extract(path, fresh)
    if present.exists():
        present.rename(old)
    fresh.rename(present)
    rmtree(old, ignore_errors=True)
    with zipfile.ZipFile(path) as file:
        if archive.SECRET in file.namelist():
            (home / "secret").write_bytes(file.read(archive.SECRET))
    return count


# The programs of PostgreSQL


def _where() -> str:
    """The database as libpq is told, without the password."""
    parameters = connection.get_connection_params()
    kept = ("host", "port", "user", "dbname", "sslmode", "sslrootcert", "sslcert", "sslkey")
    return make_conninfo(**{name: parameters[name] for name in kept if parameters.get(name)})


@contextmanager
def _running(name: str, *arguments: str, problem: str, answers: bool = True) -> Iterator[subprocess.Popen[bytes]]:
    """One of PostgreSQL's programs; the password goes over the environment, where no other user sees it."""
    password = connection.get_connection_params().get("password")
    environment = {**os.environ, **({"PGPASSWORD": str(password)} if password else {})}
    with TemporaryFile("w+b") as said:
        out = subprocess.PIPE if answers else subprocess.DEVNULL
        command: list[str | Path] = [program(name), *arguments]
        with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=out, stderr=said) as process:
            try:
                yield process
            except BaseException:
                process.kill()
                raise
        if process.returncode:
            said.seek(0)
            raise BackupFailed(problem, reason=" ".join(said.read().decode(errors="replace").strip().splitlines()[-2:]))
