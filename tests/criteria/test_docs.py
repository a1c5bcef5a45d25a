"""The page about criteria names every operator and every period."""

from __future__ import annotations

from pathlib import Path

from jalon.criteria.operators import OPERATORS, PERIODS

PAGE = (Path(__file__).parents[2] / "docs" / "criteria.md").read_text(encoding="utf-8")


def test_every_operator_and_period_is_documented() -> None:
    names = {one.name for fitting in OPERATORS.values() for one in fitting} | set(PERIODS)
    assert sorted(name for name in names if f"`{name}`" not in PAGE) == []
