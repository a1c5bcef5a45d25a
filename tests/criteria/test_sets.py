"""Many criteria answered together say of every record what each says alone, on both engines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlglot import exp

from jalon.criteria.compile import predicate
from jalon.criteria.sets import apart, plan
from jalon.criteria.sets.apart import Formula
from jalon.criteria.sets.elsewhere import FEW, RECORD
from jalon.criteria.sets.plan import Members, Narrow, Ready
from jalon.criteria.sets.queries import answered
from jalon.criteria.tree import EMPTY, Branch, Criteria, Filter, How, all_of
from jalon.warehouse.engine import Batch, Engine, Put
from jalon.warehouse.schema import Column, Kind, Table
from tests.criteria.drawn import NOWS, every_operator_once, people, trees
from tests.criteria.naive import Change, Person
from tests.criteria.test_against_naive import LONG
from tests.criteria.world import CONTACTS, answers, fill

NOW = datetime(2024, 5, 15, 13, 0, tzinfo=UTC)
REMEMBERED = Table("remembered", (Column("number", Kind.ID), Column("record_id", Kind.ID)), key=())
MEMBERS = Members(REMEMBERED.name, "number", "record_id")


@settings(max_examples=100 if LONG else 2, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
@given(data=st.data(), now=NOWS)
def test_together_they_say_what_each_says_alone(engine: Engine, data: st.DataObject, now: datetime) -> None:
    population = data.draw(people(now))
    asked = data.draw(every_operator_once(now)) + data.draw(trees(now))
    few = data.draw(st.sets(st.sampled_from([person.id for person in population]), min_size=1))
    fill(engine, population)
    alone = answers(engine, asked, now)
    expected = {id: {place for place, met in enumerate(told) if met} for id, told in alone.items()}
    assert _met_by_few(engine, asked, now, sorted(few)) == {id: expected[id] for id in few}
    first, last = min(few), max(few)
    within = {id: numbers for id, numbers in expected.items() if first <= id <= last}
    assert _met(engine, _ready(engine, asked, now), plan.window(first, last), now) == within


def test_the_past_is_read_once_for_all_of_them(engine: Engine) -> None:
    many = [all_of(Filter("industry", "has_ever_any", (value,))) for value in ("retail", "tech", "re")]
    asked = engine.sql(plan.answers(_ready(engine, many, NOW), "contacts", plan.window(1, 9)))
    assert asked.count('FROM "property_history"') == 1


def test_an_instant_later_they_need_not_be_made_again(engine: Engine) -> None:
    later = NOW + timedelta(hours=2)
    fill(engine, [Person(1, {"last_activity": "2024-05-15T14:00:00.000Z"}), Person(2, {"last_activity": "2024-05-15T12:00:00.000Z"})])
    asked = [all_of(Filter("last_activity", "less_than_days_ago", ("1",))), all_of(Filter("last_activity", "updated_in_last_days", ("1",)))]
    ready, formulas = _ready(engine, asked, NOW), _taken_apart(engine, asked, NOW)
    for moment, expected in ((NOW, {1: set(), 2: {0}}), (later, {1: {0}, 2: {0}})):
        assert _met(engine, ready, plan.window(1, 2), moment) == expected
        assert _by_record([1, 2], answered(engine, formulas, "contacts", [1, 2], moment)) == expected


def test_records_without_ids_to_look_for_meet_nothing(engine: Engine) -> None:
    fill(engine, [Person(1, {})])
    assert _met_by_few(engine, [EMPTY], NOW, [2]) == {2: set()}


def test_conditions_that_differ_in_their_operands_are_said_once(engine: Engine) -> None:
    asked = [all_of(Filter("company", "contains", (f"a{n}",)), Filter("score", "between", (str(n), "99"))) for n in range(40)]
    question = apart.question(_taken_apart(engine, asked, NOW).values(), "contacts", NOW)
    assert engine.sql(question.tree).count("WHEN") == 3  # these two, and that a record is there
    assert len(question.conditions) == 81


def test_what_is_unknown_meets_neither_a_condition_nor_its_opposite(engine: Engine) -> None:
    fill(engine, [Person(1, {"industry": "retail"}), Person(2, {"industry": "tech"}), Person(3, {})])
    asked = [all_of(Filter("industry", operator, ("retail",))) for operator in ("any_of", "none_of")]
    asked += [all_of(Branch(How.NOT_ANY, (one.groups[0].filters[0],))) for one in asked]
    alone = answers(engine, asked, NOW)
    assert _met_by_few(engine, asked, NOW, [1, 2, 3]) == {
        id: {place for place, met in enumerate(told) if met} for id, told in alone.items()
    }


ASKED = {
    7: all_of(Filter("industry", "any_of", ("retail",))),
    8: all_of(Filter("industry", "has_ever_any", ("tech",))),
    9: EMPTY,
}
POPULATION = [
    Person(1, {"industry": "retail"}),
    Person(2, {"industry": "retail"}, (Change("industry", "tech", "retail", NOW),)),
    Person(3, {}),
]


@pytest.mark.parametrize(
    ("remembered", "window", "expected"),
    [
        ([], (1, 3), {(7, True): {1, 2}, (8, True): {2}, (9, True): {1, 2, 3}}),
        ([(7, 1), (7, 2), (8, 2), (9, 1), (9, 2), (9, 3)], (1, 3), {}),
        ([(7, 1), (7, 3), (8, 2), (9, 1), (9, 2), (9, 3)], (1, 3), {(7, True): {2}, (7, False): {3}}),
        ([(7, 3)], (2, 2), {(7, True): {2}, (8, True): {2}, (9, True): {2}}),  # nobody outside of the window is looked at
        ([(7, 1), (7, 2), (8, 2), (9, 1), (9, 2), (9, 3), (8, 12)], (1, 20), {(8, False): {12}}),  # a record that is no more
        ([(5, 1), (7, 1), (7, 2), (8, 2), (9, 1), (9, 2), (9, 3)], (1, 3), {}),  # other criteria that nobody asks about
    ],
)
def test_what_is_remembered_is_compared_with_what_is(
    engine: Engine, remembered: list[tuple[int, int]], window: tuple[int, int], expected: dict[tuple[int, bool], set[int]]
) -> None:
    fill(engine, POPULATION)
    _remember(engine, remembered)
    ready = {number: one.at(NOW) for number, one in zip(ASKED, _ready(engine, list(ASKED.values()), NOW).values(), strict=True)}
    rows = engine.rows(plan.differences(ready, "contacts", plan.window(*window), MEMBERS))
    assert {(number, bool(entered)): set(ids) for number, entered, ids in rows} == expected


def _compiled(engine: Engine, asked: Sequence[Criteria], now: datetime, only: exp.Select | None = None) -> list[exp.Expression]:
    zone = ZoneInfo(engine.zone)
    return [predicate(one, CONTACTS, now=now, zone=zone, of=RECORD, only=only) for one in asked]


def _ready(engine: Engine, asked: Sequence[Criteria], now: datetime) -> dict[int, Ready]:
    return {place: plan.ready(tree, engine.sql, now) for place, tree in enumerate(_compiled(engine, asked, now))}


def _taken_apart(engine: Engine, asked: Sequence[Criteria], now: datetime) -> dict[int, Formula]:
    compiled = _compiled(engine, asked, now, FEW)
    return {place: apart.taken_apart(tree, "contacts", engine.sql, now) for place, tree in enumerate(compiled)}


def _met(engine: Engine, ready: Mapping[int, Ready], narrow: Narrow, now: datetime) -> dict[int, set[int]]:
    moved = {number: one.at(now) for number, one in ready.items()}
    return {id: set(numbers) for id, numbers in engine.rows(plan.answers(moved, "contacts", narrow))}


def _met_by_few(engine: Engine, asked: Sequence[Criteria], now: datetime, ids: Sequence[int]) -> dict[int, set[int]]:
    return _by_record(ids, answered(engine, _taken_apart(engine, asked, now), "contacts", ids, now))


def _by_record(ids: Sequence[int], met: Mapping[int, frozenset[int]]) -> dict[int, set[int]]:
    return {id: {place for place, those in met.items() if id in those} for id in ids}


def _remember(engine: Engine, pairs: Sequence[tuple[int, int]]) -> None:
    engine.drop([REMEMBERED.name])
    engine.ensure([REMEMBERED])
    numbers, records = ([str(pair[place]) for pair in pairs] for place in (0, 1))
    rows = pa.table({"number": pa.array(numbers, pa.string()), "record_id": pa.array(records, pa.string())})
    engine.apply(Batch((Put(REMEMBERED, rows),)))


def test_nothing_is_checked_twice(engine: Engine) -> None:
    asked = all_of(Filter("company", "contains", ("a",)), Filter("last_activity", "before", ("2024-05-15",)), Filter("owner", "is_known"))
    (ready,) = _ready(engine, [asked], NOW).values()
    assert ready.text.count("IS NULL") == 1


def test_what_stands_under_a_negation_keeps_its_checks(engine: Engine) -> None:
    fill(engine, [Person(1, {}), Person(2, {"company": "Alpha"}), Person(3, {"company": "Beta"})])
    nobody_of_alpha = all_of(Branch(How.NOT_ALL, (Filter("company", "equal", ("Alpha",)), Filter("company", "is_known"))))
    assert _met(engine, _ready(engine, [nobody_of_alpha], NOW), plan.window(1, 3), NOW) == {1: {0}, 2: set(), 3: {0}}
