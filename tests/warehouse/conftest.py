"""Engines to test: every promise is held on each of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jalon.warehouse.duckdb_engine import DuckDBEngine
from jalon.warehouse.engine import Engine

ZONE = "Europe/Paris"


@pytest.fixture(params=["duckdb"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    opened = DuckDBEngine(tmp_path / "columns.duckdb", ZONE)
    yield opened
    opened.close()
