"""Engines of the columns for tests: what is promised is promised on each of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from jalon.warehouse.clickhouse_engine import ClickHouseEngine
from jalon.warehouse.duckdb_engine import DuckDBEngine
from jalon.warehouse.engine import Engine

#: The parameters of a fixture that wants every engine.
ENGINES: list[Any] = [pytest.param("duckdb"), pytest.param("clickhouse", marks=pytest.mark.clickhouse)]


@contextmanager
def open_engine(kind: str, folder: Path, zone: str = "Europe/Paris") -> Iterator[Engine]:
    """A new, empty engine in a folder."""
    engine: Engine = DuckDBEngine(folder / "columns.duckdb", zone) if kind == "duckdb" else _empty_clickhouse(zone)
    try:
        yield engine
    finally:
        engine.close()


def _empty_clickhouse(zone: str) -> ClickHouseEngine:
    engine = ClickHouseEngine(_server(), zone)
    engine.drop([*engine.tables(), "jalon_marks"])
    engine.close()
    return ClickHouseEngine(_server(), zone)


@cache
def _server() -> str:
    """chdb starts once in a process and serves until its end."""
    import atexit

    from tests.chdb_server import serve

    serving = serve()
    url = serving.__enter__()
    atexit.register(serving.__exit__, None, None, None)
    return url
