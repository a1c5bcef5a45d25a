"""Brings the tables to this version and puts in what every deployment starts with. Safe to run again."""

from __future__ import annotations

from django.core.management import call_command


def upgrade() -> None:
    call_command("migrate", interactive=False, verbosity=0)
