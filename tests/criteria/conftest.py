"""What tests of criteria need: engines, and the French catalog compiled."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils.translation import override

from jalon.warehouse.engine import Engine
from jalon.web.messages import compile_stale
from tests.engines import ENGINES, open_engine


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with open_engine(request.param, tmp_path_factory.mktemp("columns")) as opened:
        yield opened


@pytest.fixture(scope="session")
def catalog_compiled() -> None:
    compile_stale()


@pytest.fixture
def french(catalog_compiled: None) -> Iterator[None]:
    with override("fr"):
        yield
