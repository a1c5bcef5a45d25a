"""The filter “in stage X for more than N days”: what it takes, how a live list follows it, how it reads."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils.translation import override

from jalon.accounts.access import EVERYTHING
from jalon.criteria import queries as criteria
from jalon.criteria.dependence import of
from jalon.criteria.tree import Associated, Criteria, Fact, When, all_of
from jalon.criteria.words import chips
from jalon.lifecycle import runner
from jalon.lifecycle.filters import longer_than
from jalon.records import queries
from jalon.records import runner as columns
from jalon.records.columns import Source
from jalon.warehouse import current, query
from tests.lifecycle.steps import move, past
from tests.lists import steps as lists
from tests.records.steps import contact

NOW = datetime.now(UTC)


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def who(asked: Criteria) -> set[int]:
    where = criteria.where(asked, "contact", EVERYTHING)
    assert where is not None
    rows = current.engine().rows(query.select(query.column("id")).from_(query.table("contacts")).where(where))
    return {id for (id,) in rows}


def one(name: str, stage: str, days: float) -> int:
    id = contact(email=f"{name}@example.com")
    past((id, stage, ago(days), Source.USER))
    return id


@pytest.mark.usefixtures("every_engine")
def test_it_takes_who_stands_there_and_entered_long_enough_ago() -> None:
    old, fresh, moved = one("old", "hot_lead", 40), one("fresh", "hot_lead", 3), one("moved", "hot_lead", 40)
    move(moved, "payment")
    brought = contact(email="brought@example.com")
    past((brought, "hot_lead", ago(90), Source.IMPORT))
    runner.catch_up()
    columns.catch_up()
    assert who(longer_than("hot_lead", 30)) == {old, brought}
    assert who(longer_than("hot_lead", 2)) == {old, fresh, brought}
    assert who(longer_than("payment", 0)) == set()
    assert who(all_of(Fact("stage", "stands", ("hot_lead", "payment")))) == {old, fresh, moved, brought}


@pytest.mark.usefixtures("columns")
def test_who_comes_back_is_not_taken_for_one_who_never_left() -> None:
    ada = one("ada", "hot_lead", 100)
    past((ada, "payment", ago(50), Source.USER))
    runner.catch_up()
    list_id = lists.active("Stuck", *longer_than("hot_lead", 30).groups[0].filters)
    lists.follow()
    move(ada, "hot_lead")
    lists.follow()  # before the date of the new entry is written down
    runner.catch_up()
    lists.follow()
    assert (lists.members(list_id), lists.story(list_id)) == (set(), [])


@pytest.mark.usefixtures("columns")
def test_a_live_list_follows_moves_and_the_calendar() -> None:
    ada = one("ada", "hot_lead", 3)
    runner.catch_up()
    list_id = lists.active("Stuck", *longer_than("hot_lead", 30).groups[0].filters)
    lists.follow(NOW)
    assert lists.members(list_id) == set()
    lists.follow(NOW + timedelta(days=29))
    assert lists.members(list_id) == {ada}
    move(ada, "customer")
    lists.follow(NOW + timedelta(days=29))
    assert lists.members(list_id) == set()


@pytest.mark.usefixtures("house")
def test_it_says_what_it_reads_of_the_record_and_of_linked_ones() -> None:
    catalog = queries.catalog("contact")
    dates = {"hs_v2_date_entered_hot_lead", "hs_v2_date_exited_hot_lead"}
    own = of(longer_than("hot_lead", 30), catalog)
    assert own.own == {"lifecyclestage"} | dates
    assert own.days
    assert not own.facts
    plain = of(all_of(Fact("stage", "stands", ("hot_lead",))), catalog)
    assert plain.own == {"lifecyclestage"}
    assert not plain.days
    far = of(all_of(Associated("contact", longer_than("hot_lead", 30).groups[0].filters)), queries.catalog("company"))
    assert far.associated == {"contact": {"lifecyclestage"} | dates}


@pytest.mark.usefixtures("house")
def test_it_reads_like_a_sentence() -> None:
    catalog = queries.catalog("contact")
    several = all_of(Fact("stage", "stands", ("hot_lead",), When("in_this", ("month",))))
    with override("en"):
        assert chips(longer_than("hot_lead", 30), catalog, "en") == ["In “Hot lead” for more than 30 days"]
        assert chips(several, catalog, "en") == ["Stands in any of “Hot lead”, and that is in this month"]
    with override("fr"):
        assert chips(longer_than("hot_lead", 1), catalog, "fr") == ["Dans «\u00a0Lead chaud\u00a0» depuis plus de 1 jour"]
