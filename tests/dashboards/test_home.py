"""Home: figures of 14 days against the 14 before, which open their records; the next step as long as it is open."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from jalon.accounts.access import SYSTEM
from jalon.records import actions
from jalon.records.actions import Row
from jalon.records.calculated import runner
from jalon.records.columns import Origin, Source
from tests.people import People, signed_in

IMPORT = Origin(Source.IMPORT)
DAYS_AGO = (0, 1, 13, 14, 27, 28)  # three of these in the last 14 days, two in the 14 before


def moment(days: int) -> str:
    return (timezone.now() - timedelta(days=days)).isoformat()


def fill(people: People) -> None:
    contacts = [
        Row({"email": f"{days}@example.com", "createdate": moment(days), "hubspot_owner_id": people.charlie.pk if days == 1 else None})
        for days in DAYS_AGO
    ]
    customer = Row({"email": "1@example.com", "hs_lifecyclestage_customer_date": moment(1)})
    actions.write("contact", [*contacts, customer], actor=SYSTEM, origin=IMPORT, match="email")
    won = [Row({"dealname": str(days), "dealstage": "closedwon", "amount": 100, "closedate": moment(days)}) for days in (1, 2, 20)]
    lost = Row({"dealname": "lost", "dealstage": "closedlost", "amount": 999, "closedate": moment(1)})
    actions.write("deal", [*won, lost], actor=SYSTEM, origin=IMPORT)
    follow()


def follow() -> None:
    """Lets the columns catch up."""
    runner.catch_up()


def cards(client: Client) -> dict[str, Any]:
    return {card.label: card for card in client.get("/").context["cards"]}


@pytest.fixture
def year(people: People) -> People:
    fill(people)
    return people


def test_new_contacts_are_those_of_14_days_against_the_14_before(year: People) -> None:
    card = cards(signed_in(year.alice))["New contacts"]
    assert (card.value, card.change, card.direction, card.good) == ("3", "+50.0%", "up", True)
    heights = [point.split()[1] for point in card.line.removeprefix("M").split(" L")]
    assert heights == ["2.0", *["30.0"] * 11, "2.0", "2.0"]  # 13 days ago, yesterday, today


def test_won_deals_add_up_and_conversion_is_in_points(year: People) -> None:
    found = cards(signed_in(year.alice))
    assert (found["Won deals"].value, found["Won deals"].change) == ("€200.00", "+100.0%")
    assert (found["New customers"].value, found["New customers"].change) == ("1", "")
    assert (found["Conversion"].value, found["Conversion"].change) == ("33.3%", "33.3 pts")


def test_every_count_opens_exactly_its_records(year: People) -> None:
    client = signed_in(year.alice)
    for label in ("New contacts", "New customers"):
        card = cards(client)[label]
        assert str(client.get(card.url).context["total"]) == card.value, label
    assert client.get(cards(client)["Won deals"].url).context["total"] == 2


def test_somebody_with_only_their_own_records_counts_these(year: People) -> None:
    card = cards(signed_in(year.charlie))["New contacts"]
    assert card.value == "1"
    assert signed_in(year.charlie).get(card.url).context["total"] == 1


def test_where_there_is_nothing_to_count_there_is_no_card(people: People) -> None:
    follow()
    assert set(cards(signed_in(people.alice))) == {"New contacts"}


def test_the_next_step_is_there_until_it_is_taken_and_for_those_who_may(people: People) -> None:
    follow()
    assert "Import your contacts" in signed_in(people.alice).get("/").text
    assert "Import your contacts" not in signed_in(people.rita).get("/").text
    fill(people)
    page = signed_in(people.alice).get("/").text
    assert "Import your contacts" not in page
    assert "Newest contacts" in page


def test_the_address_of_a_card_is_an_index_page(year: People) -> None:
    assert urlsplit(cards(signed_in(year.alice))["Won deals"].url).path == "/deals/"
