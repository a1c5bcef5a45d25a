"""The clock of criteria: whose answer changes as time goes by, and when to look again, held against the naive reading."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlglot import exp

from jalon.criteria import dependence, moments
from jalon.criteria.tree import Associated, Branch, Criteria, Fact, Filter, How, When, all_of
from jalon.warehouse import query
from jalon.warehouse.engine import Engine
from tests.criteria.drawn import NOWS, World, every_node_once, every_operator_once, nested_trees, worlds
from tests.criteria.naive import Bond, Change, Person, Reader
from tests.criteria.test_against_naive import LONG
from tests.criteria.world import CONTACTS, IMPORT, KNOWN, VISIT, fill, filter_kinds, instant

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2024, 5, 16, 15, 0, tzinfo=PARIS)  # a Thursday
A_DAY = timedelta(days=1)
STEPS = st.sampled_from([timedelta(milliseconds=1), timedelta(minutes=1), timedelta(hours=9), A_DAY, timedelta(days=31)])


@pytest.fixture(scope="module", autouse=True)
def kinds() -> Iterator[None]:
    with filter_kinds(VISIT, IMPORT):
        yield


def flipped(engine: Engine, criteria: Criteria, since: datetime, until: datetime) -> set[int]:
    """The records that may have another answer."""
    (found,) = flipped_by_each(engine, [criteria], since, until)
    return found


def flipped_by_each(engine: Engine, asked: Sequence[Criteria], since: datetime, until: datetime) -> list[set[int]]:
    """The same for many criteria, a dozen in one scan."""
    told = [moments.flips(criteria, CONTACTS, KNOWN, since, until, zone=ZoneInfo(engine.zone)) for criteria in asked]
    found: list[set[int]] = []
    for some in batched(told, 12):
        columns = [query.named(condition, f"c{place}") for place, condition in enumerate(some)]
        rows = engine.rows(query.select(query.column("id"), *columns).from_(query.table("contacts")))
        found += [{row[0] for row in rows if row[1 + place]} for place in range(len(some))]
    return found


def batched(some: Sequence[exp.Expression], size: int) -> Iterator[Sequence[exp.Expression]]:
    return (some[first : first + size] for first in range(0, len(some), size))


def next_look(engine: Engine, criteria: Criteria, now: datetime, found: dict[str, datetime | None] | None = None) -> datetime | None:
    """When the clock matters next; `found` are answers that were given before."""
    ahead = moments.ahead(criteria, CONTACTS, KNOWN, now, zone=ZoneInfo(engine.zone))
    found = {} if found is None else found
    for tree in ahead.least:
        if (text := engine.sql(tree)) not in found:
            found[text] = engine.rows(tree)[0][0]
    least = (found[engine.sql(tree)] for tree in ahead.least)
    return min([*(at + moments.STEP for at in least if at), *([ahead.midnight] if ahead.midnight else [])], default=None)


def met(criteria: Criteria, world: World, now: datetime) -> set[int]:
    reader = Reader(CONTACTS, now, PARIS, others=world.others())
    return {person.id for person in world.people if reader.matches(criteria, person)}


def written_by(world: World, now: datetime) -> World:
    """The same world with a history of what has happened: no line of the log lies ahead, so filters on the past need no clock."""
    until = (
        [replace(one, history=tuple(change for change in one.history if change.at <= now)) for one in some]
        for some in (world.people, world.companies)
    )
    return World(*until)


@settings(max_examples=60 if LONG else 2, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
@given(data=st.data(), now=NOWS, step=STEPS)
def test_whose_answer_changes_with_the_clock_is_foreseen(engine: Engine, data: st.DataObject, now: datetime, step: timedelta) -> None:
    world = written_by(data.draw(worlds(now)), now)
    asked = data.draw(every_operator_once(now)) + data.draw(every_node_once(now)) + data.draw(nested_trees(now))
    fill(engine, world.people, world.companies)
    for criteria, foreseen in zip(asked, flipped_by_each(engine, asked, now, now + step), strict=True):
        assert met(criteria, world, now) ^ met(criteria, world, now + step) <= foreseen, criteria


@settings(max_examples=60 if LONG else 2, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
@given(data=st.data(), now=NOWS)
def test_before_the_next_look_nothing_changes(engine: Engine, data: st.DataObject, now: datetime) -> None:
    world = written_by(data.draw(worlds(now)), now)
    asked = data.draw(every_operator_once(now)) + data.draw(every_node_once(now)) + data.draw(nested_trees(now))
    fill(engine, world.people, world.companies)
    found: dict[str, datetime | None] = {}
    for criteria in asked:
        then = next_look(engine, criteria, now, found)
        assert (then is not None) == dependence.of(criteria, CONTACTS, KNOWN).on_clock, criteria
        last = max(now, then - 2 * moments.STEP) if then else now + 1000 * A_DAY
        assert met(criteria, world, last) == met(criteria, world, now) == met(criteria, world, now + (last - now) / 2), criteria


# --- by name -----------------------------------------------------------------------------------------------------------


def seen(*moments: datetime) -> list[Person]:
    return [Person(place, {"last_activity": instant(at)}) for place, at in enumerate(moments, 1)]


def test_a_contact_leaves_less_than_3_days_ago_when_the_day_begins_that_is_one_too_many(engine: Engine) -> None:
    recent = all_of(Filter("last_activity", "less_than_days_ago", ("3",)))
    fill(engine, seen(datetime(2024, 5, 13, 0, 0, tzinfo=PARIS)))
    midnight = datetime(2024, 5, 17, 0, 0, tzinfo=PARIS)
    assert next_look(engine, recent, NOW) == midnight
    assert flipped(engine, recent, NOW, midnight - moments.STEP) == set()
    assert flipped(engine, recent, NOW, midnight) == {1}


def test_only_those_are_looked_at_whose_instant_was_passed(engine: Engine) -> None:
    soon = all_of(Filter("last_activity", "less_than_days_from_now", ("2",)))
    fill(engine, seen(NOW - A_DAY, NOW + timedelta(minutes=5), NOW + timedelta(hours=5)))
    first = next_look(engine, soon, NOW)
    assert first == NOW + timedelta(minutes=5) + moments.STEP
    assert flipped(engine, soon, NOW, first) == {2}
    assert next_look(engine, soon, first) == NOW + timedelta(hours=5) + moments.STEP


def test_an_instant_of_a_linked_record_brings_the_records_that_are_linked_with_it(engine: Engine) -> None:
    ordered = Associated("company", (Branch(How.NOT_ANY, (Filter("last_order", "less_than_days_ago", ("9",)),)),))
    company = Person(101, {"last_order": instant(NOW + timedelta(hours=1))}, bonds=(Bond("adviser", "contact", 1),))
    fill(engine, [Person(1, bonds=(Bond("adviser", "company", 101),)), Person(2)], [company])
    assert next_look(engine, all_of(ordered), NOW) == NOW + timedelta(hours=1) + moments.STEP
    assert flipped(engine, all_of(ordered), NOW, NOW + timedelta(hours=2)) == {1}


def test_a_change_that_the_history_has_for_later_counts_when_its_time_comes(engine: Engine) -> None:
    changed = all_of(Filter("company", "updated_in_last_days", ("1",)))
    fill(engine, [Person(1, {"company": "a"}, (Change("company", None, "a", (NOW + timedelta(hours=1)).astimezone(UTC)),)), Person(2)])
    assert next_look(engine, changed, NOW) == NOW + timedelta(hours=1) + moments.STEP
    assert flipped(engine, changed, NOW, NOW + timedelta(hours=2)) == {1}


def test_the_clock_means_nothing_to_criteria_that_do_not_read_it(engine: Engine) -> None:
    still = all_of(Filter("last_activity", "before", ("2024-05-20",)), Fact("visit", "saw", ("home",), When("after", ("2024-05-01",))))
    fill(engine, seen(NOW + timedelta(hours=1)))
    assert next_look(engine, still, NOW) is None
    assert flipped(engine, still, NOW, NOW + 400 * A_DAY) == set()


def test_the_next_day_begins_an_hour_early_or_late_when_the_clocks_are_changed(engine: Engine) -> None:
    today = all_of(Filter("birthday", "in_this", ("day",)))
    fill(engine, [Person(1)])
    assert next_look(engine, today, datetime(2024, 3, 31, 0, 0, tzinfo=PARIS)) == datetime(2024, 3, 31, 22, 0, tzinfo=UTC)
    assert next_look(engine, today, datetime(2024, 10, 27, 0, 0, tzinfo=PARIS)) == datetime(2024, 10, 27, 23, 0, tzinfo=UTC)
