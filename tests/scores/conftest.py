"""A house whose columns, formulas and scores follow on demand, on each engine where a test asks for both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from jalon.records import queries
from jalon.scores import runner
from jalon.warehouse import current
from jalon.warehouse.duckdb_engine import DuckDBEngine
from tests.engines import ENGINES, open_engine


@pytest.fixture
def columns(house: None, tmp_path: Path) -> Iterator[None]:
    queries.forget_catalogs()
    current.install(DuckDBEngine(tmp_path / "columns.duckdb", "Europe/Paris"))
    yield
    current.close()
    queries.forget_catalogs()


@pytest.fixture
def settled(columns: None) -> Callable[[], object]:
    """Lets the columns, formulas and scores catch up."""
    return runner.catch_up


@pytest.fixture(params=ENGINES)
def on_each_engine(house: None, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Callable[[], object]]:
    queries.forget_catalogs()
    with open_engine(request.param, tmp_path) as engine:
        current.install(engine)
        yield runner.catch_up
        current.close()
    queries.forget_catalogs()
