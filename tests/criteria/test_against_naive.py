"""The compiled criteria and the naive reading of the specification agree about everybody, for every operator."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jalon.criteria.answers import operators_answered
from jalon.criteria.operators import OPERATORS, PERIODS, Operands, Operator
from jalon.criteria.tree import Criteria, Filter, Group, all_of
from jalon.records.columns import PropertySpec
from jalon.warehouse.engine import Engine
from jalon.warehouse.schema import Kind
from tests.criteria.naive import Change, Person, Reader
from tests.criteria.world import CONTACTS, answers, fill, instant
from tests.engines import ENGINES, open_engine

LONG = bool(os.environ.get("JALON_PROVE"))  # `make prove`
WORLDS = 300 if LONG else 4
ZONES = ("Europe/Paris", "America/St_Johns", "Pacific/Auckland")


@pytest.fixture(scope="module", params=ZONES)
def zone(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest, zone: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    if request.param == "clickhouse" and zone != ZONES[0] and not LONG:
        pytest.skip("the long form asks ClickHouse in every zone")
    with open_engine(request.param, tmp_path_factory.mktemp("columns"), zone) as opened:
        yield opened


# Instants at which something could go wrong: around midnight, a change of the clock, a leap day, a new year.
NOWS = st.sampled_from(
    [
        datetime(2024, 3, 31, 0, 59, 59, 999000, tzinfo=UTC),
        datetime(2024, 10, 27, 1, 0, tzinfo=UTC),
        datetime(2024, 2, 29, 11, 0, tzinfo=UTC),
        datetime(2024, 12, 31, 22, 59, 59, 999000, tzinfo=UTC),
        datetime(2025, 1, 1, 3, 30, tzinfo=UTC),
        datetime(2024, 5, 15, 13, 0, 0, 1000, tzinfo=UTC),
    ]
)
STEPS = st.sampled_from([-400, -92, -31, -8, -7, -3, -2, -1, 0, 0, 1, 2, 3, 7, 8, 31, 92, 400])
SMALL = st.sampled_from([timedelta(0), timedelta(milliseconds=1), timedelta(milliseconds=-1), timedelta(hours=9), timedelta(hours=-14)])
# No letter whose lower case depends on the language or on its neighbors (İ, Σ): see docs/criteria.md.
TEXTS = st.text(alphabet="aAbBéÉ1 -_.%\\'\"(;\n", min_size=1, max_size=4)
NUMBERS = st.sampled_from(["0", "-1", "1", "1.5", "2", "1000000.000001", "-0.5"])


def instants(now: datetime) -> st.SearchStrategy[str]:
    return st.builds(lambda days, small: instant(now + timedelta(days=days) + small), STEPS, SMALL)


def days(now: datetime) -> st.SearchStrategy[str]:
    return STEPS.map(lambda shift: (now.date() + timedelta(days=shift)).isoformat())


def values(spec: PropertySpec, now: datetime) -> st.SearchStrategy[str]:
    """Canonical values of a property."""
    options = [option.value for option in spec.options]
    return {
        Kind.STRING: TEXTS,
        Kind.NUMBER: NUMBERS,
        Kind.BOOL: st.sampled_from(["true", "false"]),
        Kind.ENUMERATION: st.sampled_from(options or [""]),
        Kind.MULTI: st.lists(st.sampled_from(options or [""]), min_size=1, unique=True).map(";".join),
        Kind.USER: st.sampled_from(["1", "2", "33"]),
        Kind.DATE: days(now),
        Kind.DATETIME: instants(now),
    }[spec.kind]


def people(now: datetime) -> st.SearchStrategy[list[Person]]:
    own = {spec.name: values(spec, now) for spec in CONTACTS.properties.values() if spec.name != "createdate"}
    change = st.sampled_from(sorted(own)).flatmap(
        lambda name: st.builds(
            Change,
            st.just(name),
            st.none() | own[name],
            st.none() | own[name],
            instants(now).map(datetime.fromisoformat),
        )
    )
    person = st.builds(
        lambda known, past, created: ({**known, "createdate": created}, tuple(past)),
        st.fixed_dictionaries({}, optional=own),
        st.lists(change, max_size=4),
        instants(now),
    )
    return st.lists(person, min_size=1, max_size=25).map(
        lambda drawn: [Person(place, known, past) for place, (known, past) in enumerate(drawn, 1)]
    )


def operand(spec: PropertySpec, now: datetime) -> st.SearchStrategy[str]:
    """What a person could type for a property: days for instants, another number of zeros."""
    if spec.kind is Kind.DATETIME:
        return days(now)
    if spec.kind is Kind.NUMBER:
        return NUMBERS | st.sampled_from(["1.50", "-0", "02"])
    if spec.kind is Kind.MULTI:
        return st.sampled_from([option.value for option in spec.options])
    return values(spec, now)


def operands(spec: PropertySpec, fitting: Operator, now: datetime) -> st.SearchStrategy[tuple[str, ...]]:
    one = operand(spec, now)
    others = [other.name for other in CONTACTS.properties.values() if other.kind in fitting.other_kinds]
    match fitting.operands:
        case Operands.NONE:
            return st.just(())
        case Operands.TWO if spec.kind is Kind.NUMBER:
            return st.tuples(one, one).map(lambda pair: (min(pair, key=float), max(pair, key=float)))
        case Operands.TWO:
            return st.tuples(one, one).map(lambda pair: (min(pair), max(pair)))
        case Operands.MANY:
            return st.lists(one, min_size=1, max_size=3).map(tuple)
        case Operands.DAYS:
            return st.tuples(st.sampled_from(["0", "1", "2", "3", "7", "31", "400"]))
        case Operands.PERIOD:
            return st.tuples(st.sampled_from(sorted(PERIODS)))
        case Operands.PROPERTY:
            return st.tuples(st.sampled_from(others))
    return st.tuples(one)


EVERY = [(spec, fitting) for spec in CONTACTS.properties.values() for fitting in OPERATORS[spec.kind]]


def filters(now: datetime) -> st.SearchStrategy[Filter]:
    return st.sampled_from(EVERY).flatmap(lambda pair: one_filter(*pair, now))


def one_filter(spec: PropertySpec, fitting: Operator, now: datetime) -> st.SearchStrategy[Filter]:
    return st.builds(Filter, st.just(spec.name), st.just(fitting.name), operands(spec, fitting, now), st.booleans())


def every_operator_once(now: datetime) -> st.SearchStrategy[list[Criteria]]:
    """One filter of every operator of every property: no world goes by without each of them."""
    return st.tuples(*(one_filter(spec, fitting, now) for spec, fitting in EVERY)).map(lambda asked: [all_of(one) for one in asked])


def trees(now: datetime) -> st.SearchStrategy[list[Criteria]]:
    group = st.lists(filters(now), min_size=1, max_size=3).map(lambda asked: Group(tuple(asked)))
    return st.lists(st.lists(group, min_size=1, max_size=3).map(lambda groups: Criteria(tuple(groups))), max_size=5)


@settings(max_examples=WORLDS, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
@given(data=st.data(), now=NOWS, first_weekday=st.sampled_from([0, 6]), fiscal_month=st.sampled_from([1, 4, 10]))
def test_everybody_is_answered_as_the_specification_says(
    engine: Engine, data: st.DataObject, now: datetime, first_weekday: int, fiscal_month: int
) -> None:
    population = data.draw(people(now))
    asked = data.draw(every_operator_once(now)) + data.draw(trees(now))
    fill(engine, population)
    told = answers(engine, asked, now, first_weekday=first_weekday, fiscal_month=fiscal_month)
    reader = Reader(CONTACTS, now, ZoneInfo(engine.zone), first_weekday, fiscal_month)
    assert set(told) == {person.id for person in population}
    for person in population:
        for place, criteria in enumerate(asked):
            assert told[person.id][place] == reader.matches(criteria, person), (criteria, person)


def test_every_operator_of_the_table_is_compiled() -> None:
    for kind, fitting in OPERATORS.items():
        assert operators_answered(kind) == {one.name for one in fitting}
