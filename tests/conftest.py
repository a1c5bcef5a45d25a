"""The world of the tests: a PostgreSQL of their own per test process, and a house that is the same before every test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis
from pytest_django import DjangoDbBlocker

from jalon.accounts.queries import account
from jalon.config.postgres import QUICK_AND_UNSAFE, Postgres
from jalon.records import queries
from jalon.warehouse import current
from jalon.warehouse.duckdb_engine import DuckDBEngine
from jalon.warehouse.engine import NotInstalled
from tests.browser import browser_type_launch_args, live, visit  # noqa: F401
from tests.leftovers import clear, prefix
from tests.reset import Kept, Reset
from tests.scheduling import ByHouse

if TYPE_CHECKING:
    from tests.people import People
    from tests.world import World

# No test asserts a time, and a draw that is slow because the other tests run beside it is none the worse.
hypothesis.register_profile("jalon", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis.load_profile("jalon")


def pytest_configure(config: pytest.Config) -> None:
    """Before the first test, in the process that starts the others."""
    if not hasattr(config, "workerinput"):
        clear()


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByHouse:
    return ByHouse(config, log)


@pytest.fixture(scope="session")
def home() -> Iterator[Path]:
    """JALON_HOME of this test process."""
    folder: Path = settings.ENVIRONMENT.home
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """A folder for a home. Not `tmp_path`: each pytest that starts closes the parent of those to the user of PostgreSQL."""
    with TemporaryDirectory(prefix=prefix("test"), ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def postgres(home: Path) -> Iterator[Postgres]:
    """A PostgreSQL for this test process alone: the change log's reader looks at the transactions of the whole server."""
    environment = settings.ENVIRONMENT
    with Postgres(environment.database_folder, environment.database_socket_folder, QUICK_AND_UNSAFE) as server:
        yield server


@pytest.fixture(scope="session")
def django_db_setup(postgres: Postgres, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The tables and what `jalon upgrade` seeds, in the very database that the settings name."""
    from jalon.config.upgrade import upgrade

    with django_db_blocker.unblock():
        upgrade()
        yield
        connection.close()


@pytest.fixture(scope="session")
def _reset(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Reset:
    with django_db_blocker.unblock():
        return Reset.remember()


@pytest.fixture
def house(_reset: Reset, home: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A migrated and seeded database in which commits are real, and empty columns; what the test wrote is gone after it."""
    with django_db_blocker.unblock():
        _columns(home)
        yield
        _reset.back()
        queries.forget_catalogs()


@pytest.fixture
def people(house: None) -> People:
    """The house after its first-run page, with Alice, Bob and Bea, Charlie and Rita in it."""
    from tests.people import move_in

    return move_in()


@dataclass(slots=True)
class Filled:
    """The demo's company as it was filled by the first test that asked for it; the others come back to it."""

    world: World | None = None
    kept: Kept | None = None


@pytest.fixture(scope="session")
def _filled() -> Filled:
    return Filled()


@pytest.fixture
def cabrelle(house: None, home: Path, _reset: Reset, _filled: Filled) -> World:
    """The demo's company with a small year of its contacts, in the columns too."""
    from tests.world import fill

    columns = home / "cabrelle.duckdb"
    if _filled.world is None or _filled.kept is None:
        _filled.world = fill()
        _filled.world.catch_up()
        _filled.kept = Kept.remember("cabrelle", _reset)
        engine = current.engine()
        assert isinstance(engine, DuckDBEngine)
        engine.close()
        shutil.copy(engine.path, columns)
    else:
        _filled.kept.back()
        queries.forget_catalogs()
    current.install(DuckDBEngine(Path(shutil.copy(columns, home / f"{uuid4()}.duckdb")), account().zone))
    return _filled.world


@pytest.fixture(scope="session", autouse=True)
def _close_columns() -> Iterator[None]:
    yield
    current.close()


def _columns(home: Path) -> None:
    """Empty columns: those of the test before, if it left them empty, else a new file."""
    try:
        if not current.engine().tables():
            return
    except NotInstalled:
        pass
    current.install(DuckDBEngine(home / f"{uuid4()}.duckdb", account().zone))
