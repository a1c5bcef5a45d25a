"""The compiled score and a naive reading of its rules agree about everybody, on each engine; so do what differs and how it falls."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlglot import exp

from jalon.criteria.compile import predicate
from jalon.criteria.tree import Criteria
from jalon.scores import compile as columns
from jalon.scores.rules import MOST_POINTS, Rule, Rules, from_json, to_json
from jalon.warehouse import query
from jalon.warehouse.engine import Engine
from tests.criteria.drawn import NOWS, people, trees
from tests.criteria.naive import Person, Reader
from tests.criteria.test_against_naive import LONG
from tests.criteria.world import CONTACTS, fill
from tests.engines import ENGINES, open_engine

ZONE = "Europe/Paris"
POINTS = st.integers(-MOST_POINTS, MOST_POINTS).filter(bool)


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with open_engine(request.param, tmp_path_factory.mktemp("columns"), ZONE) as opened:
        yield opened


def compiled(rules: Rules, now: datetime) -> exp.Expression:
    def asked(criteria: Criteria) -> exp.Expression:
        return predicate(criteria, CONTACTS, now=now, zone=ZoneInfo(ZONE))

    return columns.score(rules, asked)


def naive(rules: Rules, person: Person, now: datetime) -> int:
    reader = Reader(CONTACTS, now, ZoneInfo(ZONE))
    return sum(rule.points for rule in rules if reader.matches(rule.criteria, person))


@settings(max_examples=100 if LONG else 12, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
@given(data=st.data(), now=NOWS)
def test_a_score_is_what_a_naive_reading_adds_up(engine: Engine, data: st.DataObject, now: datetime) -> None:
    population = data.draw(people(now))
    asked = data.draw(trees(now))
    rules = tuple(Rule(criteria, data.draw(POINTS)) for criteria in asked)
    assert from_json(to_json(rules)) == rules
    fill(engine, population)
    expected = {person.id: naive(rules, person, now) for person in population}
    tree, everybody = compiled(rules, now), query.truth(True)
    told = engine.rows(columns.scored(CONTACTS, {"score": tree}, everybody))
    assert {id: int(score) for id, score in told} == expected
    fallen = {int(score): count for score, count, _, _ in engine.rows(columns.distribution(CONTACTS, tree, everybody))}
    assert fallen == Counter(expected.values())
    number = next(spec.name for spec in CONTACTS.properties.values() if spec.kind == "number")
    others = {id: int(score) for id, score in engine.rows(columns.differing(CONTACTS, {number: tree}, everybody, 1_000))}
    present = {person.id: person.values.get(number) for person in population}
    assert others == {id: score for id, score in expected.items() if present[id] is None or Decimal(present[id] or 0) != score}
