"""The demo's year: the same at every run, of any size, and such that its parts agree."""

from __future__ import annotations

import hashlib
import json
import tracemalloc
from collections import Counter
from dataclasses import asdict
from datetime import date
from itertools import islice

import pytest

from jalon.demo.care import Ticket
from jalon.demo.people import Person
from jalon.demo.sales import WON, Deal
from jalon.demo.year import Story, Year

END = date(2026, 3, 15)
YEAR = Year(END, 2_000)


def fingerprint(year: Year) -> str:
    digest = hashlib.sha256()
    for story in year.stories():
        digest.update(json.dumps(asdict(story), sort_keys=True).encode())
    return digest.hexdigest()


@pytest.fixture(scope="module")
def stories() -> list[Story]:
    return list(YEAR.stories())


def test_two_runs_give_the_same_bytes() -> None:
    assert fingerprint(Year(END, 300)) == fingerprint(Year(END, 300))


def test_the_bytes_do_not_depend_on_the_machine() -> None:
    """Changes only when somebody changes the demo."""
    first = next(Year(END, 300).stories()).person.values
    assert (first["firstname"], first["lastname"], first["createdate"]) == ("Giulia", "Ricci", "2025-03-16T09:32:45.376Z")


@pytest.mark.parametrize("contacts", [1, 7, 500, 1_234])
def test_the_year_has_exactly_the_contacts_asked_for(contacts: int) -> None:
    assert sum(1 for _ in Year(END, contacts).stories()) == contacts


def test_contacts_come_in_the_order_of_their_creation_and_within_the_year(stories: list[Story]) -> None:
    created = [story.person.values["createdate"] for story in stories]
    assert created == sorted(created)
    assert created[0] >= "2025-03-14T23"
    assert created[-1] < "2026-03-14T23:00:00.000Z"  # midnight of the last day in Paris
    assert "2026-03-14" in created[-1]


def test_every_address_is_used_once_and_belongs_to_the_company(stories: list[Story]) -> None:
    emails = [story.person.values["email"] for story in stories if "email" in story.person.values]
    assert len(emails) == len(set(emails))
    for story in stories:
        if story.person.shop:
            assert story.person.values["email"].endswith(f"@{story.person.shop.domain}")


def test_nobody_can_be_reached_by_mistake(stories: list[Story]) -> None:
    """Addresses end in a reserved name, telephone numbers lie in blocks kept free for fiction."""
    for story in stories:
        values = story.person.values
        assert values.get("email", ".example").endswith(".example")
        for phone in (values.get("phone"), values.get("mobilephone")):
            assert phone is None or phone[:8] in {"+3319900", "+3326191", "+3335301", "+3346571", "+3353649", "+3363998"}


def test_companies_have_a_domain_of_their_own_and_exist_before_their_people(stories: list[Story]) -> None:
    shops = list(YEAR.shops())
    assert len({shop.domain for shop in shops}) == len(shops) == YEAR.companies == 150
    for story in stories:
        if story.person.shop:
            assert story.person.shop == shops[story.person.shop.number]
            assert story.person.shop.created <= story.person.created


def test_the_past_leads_to_the_present(stories: list[Story]) -> None:
    """The newest dated value of a property is the value that the record has."""
    for story in stories:
        holders: list[Person | Deal | Ticket] = [story.person, *story.deals, *story.tickets]
        for holder in holders:
            newest: dict[str, tuple[int, str]] = {}
            for past in holder.past:
                newest[past.property] = max(newest.get(past.property, (0, "")), (past.at, past.value), key=lambda pair: pair[0])
            assert {name: value for name, (_, value) in newest.items()}.items() <= holder.values.items()


def test_the_year_leaves_to_jalon_what_jalon_calculates(stories: list[Story]) -> None:
    """Revenue and close date of a contact are rolled up from the orders won, which have an amount and a date."""
    won = [deal for story in stories for deal in story.deals if deal.values["dealstage"] == WON]
    assert len(won) > 100
    assert all({"amount", "closedate"} <= deal.values.keys() for deal in won)
    assert not any({"total_revenue", "closedate"} & story.person.values.keys() for story in stories)


def test_some_values_are_blank_so_that_reports_show_property_not_set(stories: list[Story]) -> None:
    filled = Counter(name for story in stories for name in story.person.values)
    for name in ("hs_analytics_source", "lifecyclestage", "hs_persona", "industry", "city"):
        assert 0.2 * len(stories) < filled[name] < len(stories)


def test_the_year_grows_and_rests_at_weekends_and_in_august(stories: list[Story]) -> None:
    days = Counter(story.person.values["createdate"][:10] for story in stories)
    months = Counter(day[:7] for day in days.elements())
    weekend = sum(count for day, count in days.items() if date.fromisoformat(day).weekday() >= 5)
    assert weekend / len(stories) < 0.22
    assert months["2025-08"] < months["2025-07"]
    assert months["2026-02"] > months["2025-08"]


def test_memory_does_not_grow_with_the_size_of_the_year() -> None:
    def peak(contacts: int) -> int:
        tracemalloc.start()
        for _ in islice(Year(END, 200_000).stories(), contacts):
            pass
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return size

    assert peak(3_000) < peak(500) * 1.5
