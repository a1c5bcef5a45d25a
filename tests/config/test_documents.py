"""What is documented is there, and what is there is documented."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from jalon.config import commands, wiring
from jalon.config.environment import __file__ as environment_file

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("command", [*(row.name for row in commands.OWN), *(row.name for row in wiring.commands())])
def test_every_command_has_its_heading(command: str) -> None:
    assert f"## jalon {command}\n" in (ROOT / "docs" / "command-line.md").read_text()


@pytest.mark.parametrize("variable", sorted(set(re.findall(r'variables\.get\("(\w+)"', Path(environment_file).read_text()))))
def test_every_setting_has_its_line(variable: str) -> None:
    assert f"`{variable}`" in (ROOT / "docs" / "install.md").read_text()


def test_links_between_documents_lead_somewhere() -> None:
    tracked = subprocess.run(["git", "ls-files", "*.md"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    broken = [
        f"{name}: {target}"
        for name in tracked
        for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", (ROOT / name).read_text())
        if not (ROOT / name).parent.joinpath(target).exists()
    ]
    assert broken == []


def test_decisions_are_numbered_once() -> None:
    numbers = [path.name[:4] for path in (ROOT / "docs" / "decisions").glob("*.md")]
    assert len(numbers) == len(set(numbers))
