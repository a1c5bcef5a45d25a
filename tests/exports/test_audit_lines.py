"""Whatever way records leave the house as a file, the audit log says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from jalon.accounts.models import AuditLine
from jalon.config.terminal import Terminal
from jalon.criteria import commands
from jalon.jobs.console import CommandFailed, writing_to
from jalon.records import runner
from tests.people import People, signed_in
from tests.records.steps import contact


def test_an_export_of_the_command_line_and_one_of_a_page_each_write_a_line(people: People, tmp_path: Path) -> None:
    contact(email="ann@example.com")
    runner.catch_up()
    with writing_to(Terminal(wants_json=True)):
        commands.export("contact", tmp_path / "out.csv")
    signed_in(people.alice).get("/contacts/export/")
    lines = AuditLine.objects.filter(kind="export.records").order_by("id")
    assert [(line.actor_name, line.params["what"], line.params["rows"], line.link) for line in lines] == [
        ("Jalon", "contacts", 1, "/contacts/"),
        ("Alice", "contacts", 1, "/contacts/"),
    ]


def test_an_export_that_could_not_be_written_writes_none(people: People, tmp_path: Path) -> None:
    runner.catch_up()
    with writing_to(Terminal(wants_json=True)), pytest.raises(CommandFailed, match="cannot be written"):
        commands.export("contact", tmp_path / "no such folder" / "out.csv")
    assert not AuditLine.objects.filter(kind="export.records").exists()
