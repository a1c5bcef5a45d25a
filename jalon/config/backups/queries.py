"""What backups ask: which tables there are and how many rows they hold, and which backups lie in the home."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from jalon.config.backups.archive import SUFFIX, Manifest, NotABackup, read_manifest


@dataclass(frozen=True, slots=True)
class Backup:
    """A whole backup that lies somewhere."""

    path: Path
    bytes: int
    manifest: Manifest

    @property
    def made_at(self) -> datetime:
        return datetime.fromisoformat(self.manifest.made_at)

    @property
    def records(self) -> int:
        return self.manifest.rows.get("records_record", 0)


def folder() -> Path:
    home: Path = settings.ENVIRONMENT.home
    return home / "backups"


def backups() -> list[Backup]:
    """The whole ones in the home, the newest first."""
    found = [one for path in folder().glob(f"*{SUFFIX}") if (one := _backup(path))]
    return sorted(found, key=lambda one: one.made_at, reverse=True)


def backup(path: Path) -> Backup:
    """Raises NotABackup."""
    return Backup(path, path.stat().st_size if path.exists() else 0, read_manifest(path))


def _backup(path: Path) -> Backup | None:
    try:
        return backup(path)
    except NotABackup:
        return None


def rows_of_tables(cursor: Any) -> dict[str, int]:
    """How many rows every table holds, those with partitions as one."""
    cursor.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        " AND NOT relispartition ORDER BY relname"
    )
    names = [name for (name,) in cursor.fetchall()]
    found = {}
    for name in names:
        cursor.execute(f'SELECT count(*) FROM public."{name}"')
        found[name] = int(cursor.fetchone()[0])
    return found


def migrations(cursor: Any) -> tuple[str, ...]:
    cursor.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1")
    return tuple(name for (name,) in cursor.fetchall())


def account_name(cursor: Any) -> str:
    """Read past the models: the tables may be those of another version."""
    cursor.execute("SELECT to_regclass('public.accounts_account') IS NOT NULL")
    if not cursor.fetchone()[0]:
        return ""
    cursor.execute("SELECT name FROM accounts_account")
    row = cursor.fetchone()
    return str(row[0]) if row else ""


def is_inhabited() -> bool:
    """Whether there is anything that a restore would overwrite: an account, records, users."""
    with connection.cursor() as cursor:
        for table in ("accounts_account", "records_record", "accounts_user"):
            cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [f"public.{table}"])
            if cursor.fetchone()[0]:
                cursor.execute(f"SELECT EXISTS (SELECT FROM public.{table})")
                if cursor.fetchone()[0]:
                    return True
    return False


def server_version() -> int:
    """The major version of PostgreSQL, asked of the server itself."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        return int(cursor.fetchone()[0]) // 10_000


def server_release() -> str:
    """As PostgreSQL writes it: 18.4."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return str(cursor.fetchone()[0]).split()[0]


def tables_bytes() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])
