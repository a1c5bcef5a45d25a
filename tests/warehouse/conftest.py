"""Engines to test: every promise is held on each of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jalon.warehouse.engine import Engine
from tests.engines import ENGINES, open_engine


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    with open_engine(request.param, tmp_path) as opened:
        yield opened
