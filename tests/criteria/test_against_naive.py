"""The compiled criteria and the naive reading of the specification agree about everybody, for every operator and every node."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlglot import exp

from jalon.criteria.answers import operators_answered
from jalon.criteria.operators import OPERATORS
from jalon.warehouse import query
from jalon.warehouse.engine import Engine
from tests.criteria.drawn import NOWS, every_node_once, every_operator_once, nested_trees, people, trees, worlds
from tests.criteria.naive import Reader
from tests.criteria.world import CONTACTS, IMPORT, VISIT, answers, fill, filter_kinds
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


@pytest.fixture(scope="module", autouse=True)
def kinds() -> Iterator[None]:
    with filter_kinds(VISIT, IMPORT):
        yield


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


@settings(max_examples=WORLDS // 2, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
@given(data=st.data(), now=NOWS)
def test_brackets_facts_and_linked_records_are_answered_as_the_specification_says(
    engine: Engine, data: st.DataObject, now: datetime
) -> None:
    world = data.draw(worlds(now))
    asked = data.draw(every_node_once(now)) + data.draw(nested_trees(now))
    few = data.draw(st.sets(st.sampled_from([person.id for person in world.people]), min_size=1))
    fill(engine, world.people, world.companies)
    reader = Reader(CONTACTS, now, ZoneInfo(engine.zone), others=world.others())
    right = {person.id: [reader.matches(criteria, person) for criteria in asked] for person in world.people}
    told = answers(engine, asked, now)
    for person in world.people:
        for place, criteria in enumerate(asked):
            assert told[person.id][place] == right[person.id][place], (criteria, person)
    narrowed = answers(engine, asked[-5:], now, only=data.draw(st.sampled_from([tuple(sorted(few)), _question(few)])))
    assert {id: list(narrowed[id]) for id in few} == {id: right[id][-5:] for id in few}


def _question(few: set[int]) -> exp.Select:
    return query.select(query.column("id")).from_(query.table("contacts")).where(query.among_ids(query.column("id"), sorted(few)))


def test_every_operator_of_the_table_is_compiled() -> None:
    for kind, fitting in OPERATORS.items():
        assert operators_answered(kind) == {one.name for one in fitting}
