"""Engines of one's own, and what is refused about them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from jalon.config.postgres import QUICK_AND_UNSAFE, Postgres
from tests.config.houses import House


@pytest.fixture
def database_url(short_folder: Path) -> Iterator[str]:
    """A PostgreSQL that Jalon did not start."""
    with Postgres(short_folder / "server", short_folder / "server", QUICK_AND_UNSAFE) as server:
        yield f"postgresql://postgres@/jalon?host={server.socket_folder}"


def test_tables_of_a_database_of_ones_own_are_upgraded_on_request_only(short_folder: Path, database_url: str) -> None:
    house = House(short_folder / "home")
    refused = house.jalon("warehouse", "status", DATABASE_URL=database_url)
    assert refused.code == 2
    assert refused.err == "The tables are those of another version of Jalon: run `jalon upgrade`.\n"
    assert house.jalon("upgrade", DATABASE_URL=database_url).code == 0
    answer = house.jalon("warehouse", "status", "--json", DATABASE_URL=database_url)
    assert json.loads(answer.out)["tables"]["contacts"] == 0
    assert not (house.home / "pg").exists()


def test_a_second_home_with_a_file_of_columns_on_one_database_is_refused(short_folder: Path, database_url: str) -> None:
    with House(short_folder / "one").serving(DATABASE_URL=database_url):
        refused = House(short_folder / "two").jalon("serve", "--port", "0", DATABASE_URL=database_url)
    assert refused.code == 2
    assert "ClickHouse" in refused.err
    assert refused.err.count("\n") == 1


def test_the_last_user_stops_the_embedded_server(short_folder: Path) -> None:
    first, second = (Postgres(short_folder / "pg", short_folder / "pg", QUICK_AND_UNSAFE) for _ in range(2))
    first.open()
    second.open()
    first.close()
    assert (short_folder / "pg" / "postmaster.pid").exists()
    second.close()
    assert not (short_folder / "pg" / "postmaster.pid").exists()


def test_what_a_crash_left_of_a_first_start_is_made_anew(short_folder: Path) -> None:
    (short_folder / "pg.new").mkdir()
    (short_folder / "pg.new" / "PG_VERSION").write_text("18\n")
    with Postgres(short_folder / "pg", short_folder / "pg", QUICK_AND_UNSAFE):
        assert (short_folder / "pg" / "postmaster.pid").exists()
    assert not (short_folder / "pg.new").exists()


def test_a_home_with_a_long_path_finds_a_short_one_for_its_sockets(short_folder: Path) -> None:
    house = House(short_folder / ("deep" * 20) / "home")
    with house.serving() as server:
        assert server.get("/health").json()["status"] == "ok"
        assert house.jalon("warehouse", "status").code == 0
