"""Engines of the columns for tests: what is promised is promised on each of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jalon.warehouse.duckdb_engine import DuckDBEngine
from jalon.warehouse.engine import Engine

ENGINES = ("duckdb",)


@contextmanager
def open_engine(kind: str, folder: Path, zone: str = "Europe/Paris") -> Iterator[Engine]:
    """A new, empty engine in a folder."""
    engine = DuckDBEngine(folder / "columns.duckdb", zone)
    try:
        yield engine
    finally:
        engine.close()
