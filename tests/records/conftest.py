"""Columns of their own for each test, following a change log whose commits are real."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from jalon.records import queries, runner
from jalon.warehouse import current
from jalon.warehouse.duckdb_engine import DuckDBEngine


@pytest.fixture
def columns(house: None, tmp_path: Path) -> Iterator[None]:
    queries.forget_catalogs()
    current.install(DuckDBEngine(tmp_path / "columns.duckdb", "Europe/Paris"))
    runner.shape()
    yield
    current.close()
    queries.forget_catalogs()


@pytest.fixture
def sync(columns: None) -> Callable[[], None]:
    """Lets the columns catch up."""

    def catch_up() -> None:
        while runner.sync(datetime.now(UTC)):
            pass

    return catch_up
