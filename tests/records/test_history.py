"""A company's past enters the log at its own instants, in any order, once (spec 11.1)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from jalon.accounts.access import EVERYTHING, SYSTEM
from jalon.records import actions, queries
from jalon.records.actions import PastValue
from jalon.records.columns import Source
from tests.records.steps import contact, told, values, write

pytestmark = pytest.mark.usefixtures("columns")
FIRST = datetime(2020, 1, 1, tzinfo=UTC)


def past(id: int, city: str, days: int, source: Source = Source.API) -> PastValue:
    return PastValue(id, "city", city, FIRST + timedelta(days=days), source, "old crm")


def cities(id: int) -> list[tuple[str | None, str | None]]:
    return [(line.old, line.new) for line in reversed(queries.history(EVERYTHING, "contact", id, "city"))]


def test_rows_in_any_order_give_one_past_and_one_present() -> None:
    rows = [("Lyon", 0), ("Paris", 10), ("", 20), ("Brest", 30)]
    for number, order in enumerate(permutations(rows)):
        id = contact(email=f"{number}@example.com")
        actions.write_history("contact", [past(id, city, day) for city, day in order], actor=SYSTEM)
        assert cities(id) == [(None, "Lyon"), ("Lyon", "Paris"), ("Paris", None), (None, "Brest")]
        assert values(id)["city"] == "Brest"


def test_the_present_value_stays_where_the_past_is_older() -> None:
    id = contact(email="a@example.com", city="Nice")
    outcome = actions.write_history("contact", [past(id, "Lyon", 0)], actor=SYSTEM)
    assert outcome.updated == (id,)
    assert values(id)["city"] == "Nice"
    assert cities(id) == [(None, "Lyon"), ("Lyon", "Nice")]


def test_the_same_file_twice_changes_nothing() -> None:
    id = contact(email="a@example.com")
    rows = [past(id, "Lyon", 0), past(id, "Paris", 1), past(id, "Lyon", 0)]
    first = actions.write_history("contact", rows, actor=SYSTEM)
    again = actions.write_history("contact", rows, actor=SYSTEM)
    assert (first.unchanged, again.unchanged, again.updated) == (1, 3, ())
    assert len(cities(id)) == 2


def test_each_row_keeps_its_own_source() -> None:
    id = contact(email="a@example.com")
    actions.write_history("contact", [past(id, "Lyon", 0, Source.FORM), past(id, "Paris", 1, Source.BULK_EDIT)], actor=SYSTEM)
    assert [line.source for line in queries.history(EVERYTHING, "contact", id, "city")] == ["bulk_edit", "form"]


def test_records_are_found_by_any_unique_property() -> None:
    id = contact(email="a@example.com")
    row = PastValue("A@Example.com", "city", "Lyon", FIRST)
    assert actions.write_history("contact", [row], actor=SYSTEM, match="email").ids == (id,)


def test_rows_that_do_not_fit_are_told_and_the_others_go_in() -> None:
    id = contact(email="a@example.com")
    rows = [
        past(id, "Lyon", 0),
        past(10**9, "Lyon", 0),
        PastValue(id, "shoe_size", "42", FIRST),
        PastValue(id, "hubspotscore", "many", FIRST),
        PastValue(id, "city", "Lyon", datetime.now(UTC) + timedelta(days=1)),
        PastValue(id, "email", "b@example.com", FIRST + timedelta(days=36_500)),
    ]
    outcome = actions.write_history("contact", rows, actor=SYSTEM)
    assert [refusal.index for refusal in outcome.refused] == [1, 2, 3, 4, 5]
    assert told(outcome)[:3] == [
        "No record has id = “1000000000”.",
        "There is no property “shoe_size”; create it first or leave the column out.",
        "Lead score: “many” is not a number; write it like 1234.56.",
    ]
    assert values(id)["city"] == "Lyon"


def test_a_later_change_by_hand_follows_the_past(sync: Callable[[], None]) -> None:
    id = contact(email="a@example.com")
    actions.write_history("contact", [past(id, "Lyon", 0)], actor=SYSTEM)
    sync()
    write({"email": "a@example.com", "city": "Paris"})
    sync()
    assert cities(id) == [(None, "Lyon"), ("Lyon", "Paris")]
