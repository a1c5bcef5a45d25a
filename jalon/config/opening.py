"""Opens the house for one process, in order: the home and its lock, PostgreSQL, Django and the tables, the columns."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING

from jalon.config.environment import Environment, database, mail, read
from jalon.config.home import StartProblem, check_whole, held
from jalon.config.memory import be_frugal
from jalon.config.postgres import Postgres
from jalon.warehouse.words import N_

if TYPE_CHECKING:
    from jalon.warehouse.engine import Engine

OLDEST_POSTGRESQL = 15
RARELY = (50_000, 20, 50)  # of the garbage collector: slices of 5,000 rows make many small objects at once, and hardly a cycle
ONE_COLUMNS_FILE = 0x4C << 48  # the advisory lock of the process that keeps this database's columns in a file


@contextmanager
def house(*, upgrading: bool = False, rebuilding: bool = False) -> Iterator[Environment]:
    """Everything that a command or the server needs, for as long as it runs; closed in the opposite order.

    `upgrading` brings the tables of a DATABASE_URL to this version (the embedded ones always are); `rebuilding` puts
    aside a file of columns that cannot be opened.
    """
    environment = read()
    with held(environment), engines(environment, upgrading=upgrading, rebuilding=rebuilding):
        if not rebuilding:
            _catch_up()
        yield environment


@contextmanager
def unchanged() -> Iterator[Environment]:
    """Only PostgreSQL, with its tables as they are: enough to back them up, whatever is wrong with the rest."""
    environment = read()
    with held(environment):
        check_whole(environment)
        with postgresql(environment):
            yield environment


def _catch_up() -> None:
    """No beat has followed the log since the last process ended: a command reads what the command before it wrote."""
    from jalon.demo import settling

    settling.catch_up()


@contextmanager
def engines(environment: Environment, *, upgrading: bool = True, rebuilding: bool = False) -> Iterator[None]:
    """PostgreSQL and the columns, in a home that is held already."""
    check_whole(environment)
    be_frugal()
    gc.set_threshold(*RARELY)
    with tables(environment, upgrading=upgrading), columns(environment, rebuilding=rebuilding):
        yield


@contextmanager
def tables(environment: Environment, *, upgrading: bool) -> Iterator[None]:
    """The tables are those of this version."""
    _check_mail(environment)
    with postgresql(environment):
        from jalon.config import upgrade

        if upgrading or environment.embedded_database:
            upgrade.upgrade()
        elif upgrade.pending():
            raise StartProblem(N_("The tables are those of another version of Jalon: run `jalon upgrade`."))
        yield


@contextmanager
def postgresql(environment: Environment) -> Iterator[None]:
    """PostgreSQL runs and Django is set up; the tables are as they are, or there are none yet."""
    with _postgres(environment):
        import django

        django.setup()
        from django.db import connection, connections

        try:
            yield
        finally:
            connection.close()
            connections["default"].close_pool()  # type: ignore[attr-defined]  # of the PostgreSQL backend


def _check_mail(environment: Environment) -> None:
    try:
        if environment.mail_url:
            mail(environment)
    except ValueError as error:
        raise StartProblem(str(error)) from error


def _postgres(environment: Environment) -> AbstractContextManager[object]:
    if environment.embedded_database:
        return Postgres(environment.database_folder, environment.database_socket_folder)
    _check_database(environment)
    return nullcontext()


def _check_database(environment: Environment) -> None:
    import psycopg

    where = database(environment)
    try:
        with psycopg.connect(environment.database_url, connect_timeout=5) as connection:
            version = connection.info.server_version // 10_000
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[-1]
        raise StartProblem(
            N_("PostgreSQL at %(host)s cannot be reached (%(reason)s): check DATABASE_URL."),
            host=where["HOST"] or "localhost",
            reason=reason,
        ) from error
    if version < OLDEST_POSTGRESQL:
        raise StartProblem(
            N_("PostgreSQL %(version)s is too old: Jalon needs %(oldest)s or newer."), version=version, oldest=OLDEST_POSTGRESQL
        )


@contextmanager
def columns(environment: Environment, *, rebuilding: bool) -> Iterator[None]:
    """The engine of the columns is installed."""
    from jalon.records import runner
    from jalon.warehouse import current

    with _only_columns_file(environment):
        current.install(_engine(environment, rebuilding=rebuilding))
        try:
            runner.shape()
            yield
        finally:
            current.close()


@contextmanager
def _only_columns_file(environment: Environment) -> Iterator[None]:
    """Two machines on one DATABASE_URL, each with a file of its own, would each miss what the other has synced."""
    if environment.embedded_database or not environment.embedded_warehouse:
        yield
        return
    from jalon.jobs.locks import Session

    with Session() as session:
        if not session.try_lock(ONE_COLUMNS_FILE):
            raise StartProblem(
                N_(
                    "Another Jalon works on this DATABASE_URL with its columns in a file of its own: "
                    "several processes need the columns in ClickHouse (set WAREHOUSE_URL)."
                )
            )
        yield


def _engine(environment: Environment, *, rebuilding: bool) -> Engine:
    from jalon.accounts.queries import account
    from jalon.warehouse.engine import Unreadable, WarehouseError

    try:
        return _opened(environment, account().zone)
    except WarehouseError as error:
        if not (rebuilding and isinstance(error, Unreadable)):
            raise StartProblem(error.message, **error.params) from error
    for part in environment.warehouse_file.parent.iterdir():
        part.unlink()  # nothing is lost: they are made again from PostgreSQL
    return _opened(environment, account().zone)


def _opened(environment: Environment, zone: str) -> Engine:
    if environment.embedded_warehouse:
        from jalon.warehouse.duckdb_engine import DuckDBEngine

        return DuckDBEngine(environment.warehouse_file, zone)
    from jalon.warehouse.clickhouse_engine import ClickHouseEngine

    return ClickHouseEngine(environment.warehouse_url, zone)
