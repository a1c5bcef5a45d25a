"""Brings the tables to this version and puts in what every deployment starts with. Safe to run again, and by many at once."""

from __future__ import annotations

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext

from jalon.accounts.queries import account
from jalon.jobs.console import output
from jalon.jobs.locks import Session
from jalon.records.definitions import actions as definitions
from jalon.records.pipelines import actions as pipelines
from jalon.web.messages import compile_stale

LOCK = 0x4D << 48


def pending() -> int:
    """How many steps the tables are behind this version."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def upgrade() -> None:
    """Does what is pending, and adds what a newer version seeds."""
    compile_stale()
    with Session() as session:
        session.lock(LOCK)  # another process may be doing it right now; then nothing is pending any more
        if pending():
            call_command("migrate", interactive=False, verbosity=0)
        definitions.seed(account().stage_preset)
        pipelines.seed()


def command() -> None:
    """Bring the tables of the database to this version; safe to run again."""
    output().line(gettext("The tables are those of this version."))
    output().json({"upgraded": True})
