"""The rules of the house that an import graph cannot see."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.apps import apps

from checks import fk

ROOT = Path(__file__).resolve().parents[2]


def test_foreign_keys_point_down_the_staircase() -> None:
    assert fk.upward_keys(ROOT / ".importlinter") == []


def test_every_folder_of_the_house_is_a_capability_with_a_step() -> None:
    folders = {path.parent.name for path in (ROOT / "jalon").glob("*/__init__.py")}
    assert folders <= set(fk.steps(ROOT / ".importlinter"))


@pytest.mark.parametrize("folder", sorted(path.parent.name for path in (ROOT / "jalon").glob("*/apps.py")))
def test_every_capability_is_an_installed_app(folder: str) -> None:
    assert apps.get_app_config(folder).name == f"jalon.{folder}"
