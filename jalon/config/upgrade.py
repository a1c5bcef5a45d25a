"""Brings the tables to this version and puts in what every deployment starts with. Safe to run again, and by many at once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from jalon.accounts.queries import account
from jalon.config.backups import actions as backups
from jalon.config.backups import queries as backups_queries
from jalon.config.home import StartProblem
from jalon.jobs.locks import Session
from jalon.lifecycle import actions as lifecycle
from jalon.records.definitions import actions as definitions
from jalon.records.pipelines import actions as pipelines
from jalon.warehouse.words import N_
from jalon.web.messages import compile_stale

LOCK = 0x4D << 48
KEPT = 3  # backups from before upgrades


@dataclass(frozen=True, slots=True)
class Done:
    """What an upgrade did: the steps it took, and the backup it made before them where there was anything to lose."""

    steps: tuple[str, ...] = ()
    backup: Path | None = None


_done = Done()


def done() -> Done:
    """What this process did on its way up."""
    return _done


def pending() -> tuple[str, ...]:
    """The steps that the tables are behind this version."""
    executor = MigrationExecutor(connection)
    return tuple(f"{step.app_label}.{step.name}" for step, _ in executor.migration_plan(executor.loader.graph.leaf_nodes()))


def upgrade(*, backing_up: bool = True) -> None:
    """Backs up where there is something to lose, does what is pending, and adds what a newer version seeds."""
    global _done
    compile_stale()
    with Session() as session:
        session.lock(LOCK)  # another process may be doing it right now; then nothing is pending any more
        if steps := pending():
            backup = _backed_up() if backing_up and backups_queries.is_inhabited() else None
            call_command("migrate", interactive=False, verbosity=0)
            _done = Done(steps, backup)
        definitions.seed(account().stage_preset)
        pipelines.seed()
        lifecycle.seed()


def _backed_up() -> Path:
    try:
        return backups.back_up(kind=backups.BEFORE_UPGRADE, keep=KEPT, report=lambda done, total: None).path
    except (backups.BackupFailed, OSError) as error:
        raise StartProblem(N_("The upgrade has not begun, since the backup before it failed: %(why)s"), why=error) from error
