"""Brings the tables to this version and puts in what every deployment starts with. Safe to run again."""

from __future__ import annotations

from django.core.management import call_command

from jalon.accounts import queries as accounts
from jalon.records import actions as records
from jalon.web.messages import compile_stale


def upgrade() -> None:
    compile_stale()
    call_command("migrate", interactive=False, verbosity=0)
    records.seed(accounts.account().stage_preset)
