"""A contact lies in the bucket of its day in the account's zone: where clocks change at midnight, by half an hour, or never."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jalon.figures.periods import Choice, Preset, Unit
from jalon.reports.kinds.contacts import answer
from jalon.reports.kinds.definition import Definition
from jalon.warehouse.engine import Batch, Engine, Put, Remove
from tests.engines import ENGINES, open_engine
from tests.reports.conftest import CATALOG, MOST_CONTACTS, SPECS, canonical
from tests.reports.test_figures_are_right import ask

ZONES = ("America/New_York", "America/Santiago", "Australia/Lord_Howe", "Asia/Kathmandu")
FIRST, LAST = date(2023, 12, 25), date(2025, 1, 10)
ALWAYS = Choice(Preset.CUSTOM, FIRST - timedelta(days=400), LAST + timedelta(days=400))
CREATED = next(spec for spec in SPECS if spec.name == "createdate")
SOME = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


def turning_days(zone: ZoneInfo) -> list[date]:
    """Days on which the clocks are changed, and the ends of the year."""
    days = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days)]
    noons = [datetime(day.year, day.month, day.day, 12, tzinfo=zone).utcoffset() for day in days]
    changed = [day for day, before, after in zip(days[1:], noons, noons[1:], strict=False) if before != after]
    return [*changed, date(2023, 12, 31), date(2024, 12, 31)]


def instants(zone: ZoneInfo) -> st.SearchStrategy[datetime]:
    """From the evening before such a day until the morning after it."""
    starts = [datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC) - timedelta(hours=6) for day in turning_days(zone)]
    return st.tuples(st.sampled_from(starts), st.integers(0, 36 * 60)).map(lambda pair: pair[0] + timedelta(minutes=pair[1]))


@pytest.fixture(params=ENGINES)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=ZONES)
def engine(request: pytest.FixtureRequest, kind: str, tmp_path: Path) -> Iterator[Engine]:
    with open_engine(kind, tmp_path, request.param) as opened:
        opened.ensure([CATALOG.table()])
        yield opened


def load(engine: Engine, born: Sequence[datetime], *, typed: bool) -> None:
    """Contacts of these instants, as values or as the texts of the change log."""
    ids = list(range(1, len(born) + 1))
    values = pa.array(born, pa.timestamp("us", tz="UTC")) if typed else pa.array([canonical(CREATED, at) for at in born])
    rows = pa.table({"id": ids if typed else [str(id) for id in ids], "createdate": values})
    engine.apply(Batch((Remove(CATALOG.table(), range(1, MOST_CONTACTS + 1)), Put(CATALOG.table(), rows))))


@SOME
@given(data=st.data(), unit=st.sampled_from(Unit), first_weekday=st.integers(0, 6), typed=st.booleans())
def test_every_contact_is_in_the_bucket_of_its_own_day(
    engine: Engine, data: st.DataObject, unit: Unit, first_weekday: int, typed: bool
) -> None:
    zone = ZoneInfo(engine.zone)
    born = data.draw(st.lists(instants(zone), min_size=1, max_size=MOST_CONTACTS))
    load(engine, born, typed=typed)
    result = answer(ask(Definition(period=ALWAYS, grouping=unit), first_weekday=first_weekday), engine.rows)
    days = [at.astimezone(zone).date() for at in born]
    told: list[Any] = [figures.count for figures in result.whole.cells]
    assert told == [sum(bucket.first <= day <= bucket.last for day in days) for bucket in result.buckets]
    assert sum(told) == len(born)
