"""How the house is: the findings of every row in wiring's table of health checks, for the page, a monitor and the command."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone
from django.utils.translation import gettext, ngettext

import jalon
from jalon.config.backups import queries as backups
from jalon.config.home import LEAST_FREE
from jalon.jobs.health import Finding, HealthCheck, Level
from jalon.jobs.trouble import DATABASE_AWAY, sentence
from jalon.mail import queries as mail_queries
from jalon.warehouse import current
from jalon.web.formats import day, number

GIGABYTE, MEGABYTE = 1_000_000_000, 1_000_000
LITTLE_FREE = 0.1  # of the disk
BACKUP_OLD = timedelta(days=8)
MARKS = {Level.GOOD: "  ", Level.WARNING: "? ", Level.BAD: "! "}
ORDER = (Level.GOOD, Level.WARNING, Level.BAD)

log = structlog.get_logger("health")
_checks: list[HealthCheck] = []


def install(checks: Sequence[HealthCheck]) -> None:
    _checks[:] = checks


@dataclass(frozen=True, slots=True)
class Section:
    """What one check found."""

    name: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """The whole of it, as bad as its worst finding."""

    sections: tuple[Section, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(finding for section in self.sections for finding in section.findings)

    @property
    def level(self) -> Level:
        return max((finding.level for finding in self.findings), key=ORDER.index, default=Level.GOOD)

    def of(self, level: Level) -> list[Finding]:
        return [finding for finding in self.findings if finding.level is level]

    def as_json(self) -> dict[str, Any]:
        return {
            "level": self.level.value,
            "findings": [
                {"check": section.name, "level": one.level.value, "sentence": one.sentence, "advice": one.advice}
                for section in self.sections
                for one in section.findings
            ],
            "sizes": sizes(),
            "versions": versions(),
        }


def report(*, quick: bool = False) -> Report:
    """Asks every check; for a monitor only the quick ones."""
    checks = [check for check in _checks if check.quick or not quick]
    return Report(tuple(Section(check.name, _found(check)) for check in checks))


def _found(check: HealthCheck) -> tuple[Finding, ...]:
    """A check that fails is a finding itself, and the others are still asked."""
    try:
        return tuple(check.check())
    except DatabaseError as error:
        connection.close()
        log.error("health check failed", check=check.name, error=str(error))
        return (Finding(Level.BAD, gettext(DATABASE_AWAY)),)
    except Exception as error:
        log.error("health check failed", check=check.name, exc_info=error)
        return (Finding(Level.BAD, gettext(sentence(error))),)


# The house's own checks


def database() -> Iterator[Finding]:
    """Whether PostgreSQL answers."""
    version = {"version": backups.server_version()}
    yield Finding(Level.GOOD, gettext("PostgreSQL %(version)s answers.") % version)


def mail() -> Iterator[Finding]:
    """Whether mails go out."""
    failed = mail_queries.troubles()
    if not failed:
        yield Finding(Level.GOOD, gettext("No mail failed."))
        return
    sentence = ngettext("%(count)s mail failed or may not have arrived.", "%(count)s mails failed or may not have arrived.", failed)
    yield Finding(Level.WARNING, sentence % {"count": failed}, gettext("Settings, Outbox says why, and sends it again."))


def disk() -> Iterator[Finding]:
    """Whether there is room on the disk of the home."""
    usage = shutil.disk_usage(settings.ENVIRONMENT.home)
    told = {"free": number(round(usage.free / GIGABYTE, 1)), "percent": round(100 * usage.free / usage.total)}
    advice = gettext("Free some space, or move the home to a larger disk: a full one stops every write.")
    if usage.free < LEAST_FREE:
        yield Finding(Level.BAD, gettext("The disk is nearly full: %(free)s MB are free.") % {"free": usage.free // 2**20}, advice)
    elif usage.free < LITTLE_FREE * usage.total and usage.free < 5 * GIGABYTE:
        yield Finding(Level.WARNING, gettext("The disk gets full: %(free)s GB (%(percent)s%%) are free.") % told, advice)
    else:
        yield Finding(Level.GOOD, gettext("%(free)s GB (%(percent)s%%) of the disk are free.") % told)


def last_backup() -> Iterator[Finding]:
    """Whether there is a backup, and of when."""
    nightly = settings.ENVIRONMENT.nightly_backups
    newest = next(iter(backups.backups()), None)
    advice = gettext("Run “jalon backup”, or set JALON_NIGHTLY_BACKUPS to the number of nightly backups to keep.")
    if newest is None:
        yield Finding(Level.WARNING, gettext("There is no backup in the home."), advice)
        return
    told = {"day": day(newest.made_at), "size": number(round(newest.bytes / MEGABYTE, 1)), "kept": nightly}
    if timezone.now() - newest.made_at > (BACKUP_OLD if not nightly else timedelta(days=2)):
        yield Finding(Level.WARNING, gettext("The last backup is of %(day)s.") % told, advice)
    else:
        yield Finding(Level.GOOD, gettext("The last backup is of %(day)s (%(size)s MB).") % told)
    if nightly:
        yield Finding(Level.GOOD, gettext("One is made every night; the last %(kept)s are kept.") % told)


def versions() -> dict[str, str]:
    """What runs here."""
    import duckdb

    embedded = settings.ENVIRONMENT.embedded_warehouse
    found = {"Jalon": jalon.__version__, "PostgreSQL": _postgresql(), "Python": platform.python_version()}
    return found | ({"DuckDB": duckdb.__version__} if embedded else {"ClickHouse": "-"})


def _postgresql() -> str:
    try:
        return backups.server_release()
    except DatabaseError:
        connection.close()
        return "-"


def sizes() -> dict[str, int]:
    """Bytes of what grows."""
    home: Path = settings.ENVIRONMENT.home
    try:
        tables = backups.tables_bytes()
    except DatabaseError:
        connection.close()
        tables = 0
    return {
        "tables": tables,
        "columns": current.engine().size(),
        "files": _bytes_of(home / "files"),
        "backups": _bytes_of(home / "backups"),
    }


def _bytes_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
