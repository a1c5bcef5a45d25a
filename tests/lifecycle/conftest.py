"""A lifecycle that follows a change log whose commits are real."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jalon.records import queries
from jalon.warehouse import current
from jalon.warehouse.engine import Engine
from tests.engines import ENGINES, open_engine


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An engine alone, without a house: for journeys of movements that a test lays into it."""
    with open_engine(request.param, tmp_path_factory.mktemp("columns")) as opened:
        yield opened


@pytest.fixture
def columns(house: None, tmp_path: Path) -> Iterator[None]:
    """Columns of their own, on the engine that comes with Jalon."""
    queries.forget_catalogs()
    with open_engine("duckdb", tmp_path) as engine:
        current.install(engine)
        yield
        current.close()
    queries.forget_catalogs()


@pytest.fixture(params=ENGINES)
def every_engine(request: pytest.FixtureRequest, house: None, tmp_path: Path) -> Iterator[None]:
    """The same on each engine."""
    queries.forget_catalogs()
    with open_engine(request.param, tmp_path) as engine:
        current.install(engine)
        yield
        current.close()
    queries.forget_catalogs()
