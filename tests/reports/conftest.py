"""A table of contacts with a property of every kind, on every engine; and the naive reading of the same rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import strategies as st

from jalon.records.columns import Catalog, FieldType, Option, PropertySpec, Type
from jalon.reports.columns import SNAPSHOTS
from jalon.warehouse.engine import Batch, Engine, Put, Remove
from tests.engines import ENGINES, open_engine

MOST_CONTACTS = 40
ZONE = ZoneInfo("Europe/Paris")
SOURCES = ("ads", "search", "mail", "offline")
CITIES = ("Lyon", "lyon", "Paris", "=1+1", "Saint-Étienne", "a;b", "%", "O'Hara")


def spec(name: str, type: Type, field_type: FieldType = FieldType.TEXT, values: Sequence[str] = ()) -> PropertySpec:
    options = tuple(Option(value, value.title(), f"{value.title()} (fr)", order=place) for place, value in enumerate(values))
    return PropertySpec(name, type, field_type, name.title(), f"{name.title()} (fr)", group="all", options=options)


SPECS = (
    spec("createdate", Type.DATETIME, FieldType.DATE),
    spec("birthday", Type.DATE, FieldType.DATE),
    spec("source", Type.ENUMERATION, FieldType.SELECT, SOURCES),
    spec("interests", Type.ENUMERATION, FieldType.CHECKBOX, ("news", "events", "offers")),
    spec("city", Type.STRING),
    spec("score", Type.NUMBER, FieldType.NUMBER),
    spec("revenue", Type.NUMBER, FieldType.NUMBER),
    spec("optout", Type.BOOL, FieldType.BOOL),
    spec("hubspot_owner_id", Type.USER),
)
CATALOG = Catalog(
    "contact",
    "contacts",
    "Contact",
    "Contact",
    "Contacts",
    "Contacts",
    ("city",),
    properties=MappingProxyType({each.name: each for each in SPECS}),
)


# Instants around the end of the year and the change of the clocks in Paris, where a bucket is easily one hour off.
def hours(start: datetime, number: int) -> st.SearchStrategy[datetime]:
    """Instants of these hours, to the millisecond."""
    return st.integers(0, number * 3_600_000).map(lambda moved: start + timedelta(milliseconds=moved))


INSTANTS = st.one_of(
    hours(datetime(2024, 3, 30, 20, tzinfo=UTC), 8),
    hours(datetime(2024, 10, 26, 20, tzinfo=UTC), 8),
    hours(datetime(2024, 12, 31, 20, tzinfo=UTC), 8),
    hours(datetime(2023, 12, 1, tzinfo=UTC), 24 * 450),
)
NUMBERS = st.one_of(
    st.sampled_from([Decimal(0), Decimal("0.1"), Decimal("0.2"), Decimal("-3"), Decimal("999999999999.999999")]),
    st.decimals(-1_000_000, 1_000_000, places=6),
)
CONTACTS = st.fixed_dictionaries(
    {},
    optional={
        "createdate": INSTANTS,
        "birthday": st.dates(date(2023, 12, 25), date(2025, 1, 10)),
        "source": st.sampled_from(SOURCES),
        "interests": st.sets(st.sampled_from(("news", "events", "offers")), min_size=1),
        "city": st.sampled_from(CITIES),
        "score": st.sampled_from([Decimal(0), Decimal(7), Decimal("7.5"), Decimal("-1")]),
        "revenue": NUMBERS,
        "optout": st.booleans(),
        "hubspot_owner_id": st.integers(1, 3),
    },
)


def canonical(spec: PropertySpec, value: Any) -> str:
    """The text that the write verb would keep."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
    if isinstance(value, Decimal):
        return format(value.normalize(), "f") if value else "0"
    if isinstance(value, set):
        return ";".join(option.value for option in spec.options if option.value in value)
    return str(value)


def load(engine: Engine, contacts: Sequence[dict[str, Any]]) -> None:
    """These contacts and no others."""
    table = CATALOG.table()
    columns: dict[str, list[str | None]] = {"id": [str(number) for number, _ in enumerate(contacts, 1)]}
    for each in SPECS:
        columns[each.name] = [canonical(each, row[each.name]) if each.name in row else None for row in contacts]
    rows = pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})
    engine.apply(Batch((Remove(table, range(1, MOST_CONTACTS + 1)), Put(table, rows))))


def local_day(value: datetime | date) -> date:
    """The account-local day."""
    return value.astimezone(ZONE).date() if isinstance(value, datetime) else value


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with open_engine(request.param, tmp_path_factory.mktemp("columns")) as opened:
        opened.ensure([CATALOG.table(), SNAPSHOTS])
        yield opened
