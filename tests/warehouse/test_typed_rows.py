"""Rows that come as values are stored as their canonical texts are, to the last digit and the last hour."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jalon.warehouse.engine import Batch, Engine, Put, Remove, Take, WrongValue
from jalon.warehouse.schema import Column, Kind, Table
from tests.warehouse.test_apply import everything

EVENTS = Table(
    "events",
    (
        Column("id", Kind.ID),
        Column("name", Kind.STRING),
        Column("kind", Kind.ENUMERATION),
        Column("worth", Kind.NUMBER),
        Column("paid", Kind.BOOL),
        Column("day", Kind.DATE),
        Column("at", Kind.DATETIME),
        Column("owner", Kind.USER),
        Column("visits", Kind.INTEGER),
    ),
)
STORED = (*(column.name for column in EVENTS.columns[1:]), "at__day", "at__hour")
WORDS = pa.dictionary(pa.int32(), pa.string())
TYPES = {
    "id": pa.int64(),
    "name": pa.string(),
    "kind": WORDS,
    "worth": pa.decimal128(20, 6),
    "paid": pa.bool_(),
    "day": pa.date32(),
    "at": pa.timestamp("ms", tz="America/New_York"),
    "owner": pa.int32(),
    "visits": pa.int64(),
}
INSTANTS = st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # hypothesis wants them naive
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "name": st.sampled_from(["Ada", "O'Neil", "Élodie", ";a;b;"]),
    "kind": st.sampled_from(["won", "lost"]),
    "worth": st.decimals(-999_999_999_999, 999_999_999_999, places=6),
    "paid": st.booleans(),
    "day": st.dates(date(1971, 1, 1), date(2100, 1, 1)),
    "at": INSTANTS.map(lambda at: at.replace(microsecond=at.microsecond // 1000 * 1000)),
    "owner": st.integers(1, 2**31 - 1),
    "visits": st.integers(-(2**62), 2**62),
}
SOME = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


def canonical(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def typed(rows: list[dict[str, Any]]) -> pa.Table:
    return pa.table({name: pa.array([row.get(name) for row in rows], type) for name, type in TYPES.items()})


def texts(rows: list[dict[str, Any]]) -> pa.Table:
    told = [{name: canonical(value) for name, value in row.items()} for row in rows]
    return pa.table({name: pa.array([row.get(name) for row in told], pa.string()) for name in TYPES})


@SOME
@given(rows=st.lists(st.fixed_dictionaries({}, optional=VALUES), min_size=1, max_size=20))
def test_values_and_their_texts_are_stored_alike(engine: Engine, rows: list[dict[str, Any]]) -> None:
    engine.ensure([EVENTS])
    numbered = [{**row, "id": place} for place, row in enumerate(rows)]
    found = []
    for told in (texts(numbered), typed(numbered)):
        engine.apply(Batch((Remove(EVENTS, range(20)), Put(EVENTS, told))))
        found.append(everything(engine, EVENTS, *STORED))
    assert found[0] == found[1]


def test_values_replace_the_row_of_their_key(engine: Engine) -> None:
    engine.ensure([EVENTS])
    engine.apply(Batch((Put(EVENTS, texts([{"id": 1, "name": "text"}, {"id": 2, "name": "stays"}])),)))
    engine.apply(Batch((Put(EVENTS, typed([{"id": 1, "name": "value"}])),)))
    assert everything(engine, EVENTS, "id", "name") == [(1, "value"), (2, "stays")]


@pytest.mark.parametrize("type", [pa.int64(), pa.string()])
def test_keys_are_taken_away_as_values_or_as_texts(engine: Engine, type: Any) -> None:
    pairs = Table("pairs", (Column("one", Kind.ID), Column("other", Kind.ID)), key=("one", "other"))
    engine.ensure([pairs])
    rows = [(1, 1), (1, 2), (2, 1)]
    engine.apply(Batch((Put(pairs, pa.table({name: [row[place] for row in rows] for place, name in enumerate(("one", "other"))})),)))
    keys = pa.table({"one": pa.array([1, 2]).cast(type), "other": pa.array([2, 2]).cast(type)})
    engine.apply(Batch((Take(pairs, keys),)))
    assert sorted(everything(engine, pairs, "one", "other", order="one")) == [(1, 1), (2, 1)]


def test_a_value_that_its_column_cannot_hold_is_refused(engine: Engine) -> None:
    engine.ensure([EVENTS])
    exact = pa.table({"id": [1], "worth": pa.array([Decimal("0.0000001")])})
    with pytest.raises(WrongValue, match="events"):
        engine.apply(Batch((Put(EVENTS, exact),)))
    assert everything(engine, EVENTS, "id") == []


def test_the_day_of_a_value_is_that_of_the_account(engine: Engine) -> None:
    engine.ensure([EVENTS])
    at = datetime(2024, 12, 31, 18, 30, tzinfo=ZoneInfo("America/New_York"))
    engine.apply(Batch((Put(EVENTS, typed([{"id": 1, "at": at}])),)))
    assert everything(engine, EVENTS, "at", "at__day", "at__hour") == [(at, date(2025, 1, 1), 0)]
