"""Currencies: dated rates, amounts in the company's own, what happens when either changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from jalon.accounts.access import Refused
from jalon.accounts.actions import change_account
from jalon.accounts.money import actions, queries
from jalon.accounts.money.rebase import rebased
from jalon.records import queries as records
from jalon.records.calculated import runner
from tests.people import ACCOUNT, People, signed_in
from tests.records.steps import values, write

PAGE = "/settings/currencies/"


def deal(**more: object) -> int:
    outcome = write({"dealname": "Tents", "amount": 100, **more}, match="id", object_type="deal")
    assert not outcome.refused, outcome.refused
    return outcome.created[0]


def home(id: int) -> str | None:
    return values(id, "deal").get("amount_in_home_currency")


@pytest.fixture
def priced(people: People, columns: None) -> People:
    """US dollars were worth 0.9 euros from New Year on and 0.8 from March on."""
    actor = people.access(people.alice).actor
    actions.set_rate("USD", date(2026, 1, 1), Decimal("0.9"), actor=actor)
    actions.set_rate("USD", date(2026, 3, 1), Decimal("0.8"), actor=actor)
    return people


def test_a_deal_is_converted_at_the_rate_of_the_day_on_which_it_closes(priced: People) -> None:
    rows = {
        deal(deal_currency_code="USD", closedate="2026-02-28T22:59:00Z"): "90",
        deal(deal_currency_code="USD", closedate="2026-02-28T23:00:00Z"): "80",  # March in Paris
        deal(deal_currency_code="USD", closedate="2020-05-05T12:00:00Z"): "90",  # before the first rate
        deal(deal_currency_code="EUR", closedate="2026-02-28T12:00:00Z"): "100",
        deal(): "100",
    }
    runner.catch_up()
    assert {id: home(id) for id in rows} == rows


def test_a_changed_rate_converts_again(priced: People) -> None:
    sold = deal(deal_currency_code="USD", closedate="2026-04-01T12:00:00Z")
    runner.catch_up()
    actions.set_rate("USD", date(2026, 3, 15), Decimal("0.5"), actor=priced.access(priced.alice).actor)
    runner.catch_up()
    assert home(sold) == "50"
    for line in queries.lines()["USD"]:
        actions.remove_rate(line.id, actor=priced.access(priced.alice).actor)
    runner.catch_up()
    assert home(sold) is None, "nobody knows what a dollar is worth any more"


def test_deals_offer_the_currencies_of_the_list_and_keep_one_that_left_it(priced: People) -> None:
    def offered() -> list[tuple[str, bool]]:
        return [(option.value, option.hidden) for option in records.catalog("deal").properties["deal_currency_code"].options]

    assert offered() == [("EUR", False), ("USD", False)]
    for line in queries.lines()["USD"]:
        actions.remove_rate(line.id, actor=priced.access(priced.alice).actor)
    assert offered() == [("EUR", False), ("USD", True)]


def test_another_company_currency_turns_the_rates_round(priced: People) -> None:
    actor = priced.access(priced.alice).actor
    sold = deal(deal_currency_code="EUR", closedate="2026-02-01T12:00:00Z")
    dollars = replace(ACCOUNT, currency="USD")
    change_account(dollars, actor=actor)
    runner.catch_up()
    assert home(sold) == "111.111111"
    assert home(deal_after()) == "100"
    with pytest.raises(Refused, match="Give a rate for GBP first"):
        change_account(replace(ACCOUNT, currency="GBP"), actor=actor)


def deal_after() -> int:
    id = deal(deal_currency_code="USD")
    runner.catch_up()
    return id


def test_rates_seen_from_another_currency_keep_their_relations() -> None:
    new_year, march = date(2026, 1, 1), date(2026, 3, 1)
    rates = {"USD": ((new_year, Decimal("0.8")),), "CHF": ((new_year, Decimal("1.2")), (march, Decimal("1.6")))}
    assert rebased(rates, "EUR", "USD") == {
        "CHF": ((new_year, Decimal("1.5")), (march, Decimal("2"))),
        "EUR": ((new_year, Decimal("1.25")),),
    }


def test_rates_are_kept_in_the_settings_and_in_the_audit_log(people: People, columns: None) -> None:
    alice = signed_in(people.alice)
    assert "Only one currency so far" in alice.get(PAGE).text
    answer = alice.post(PAGE, {"code": "CHF", "day": "2026-01-01", "rate": "1.05"})
    assert answer.status_code == 302
    assert "1.05" in alice.get(PAGE).text
    (line,) = queries.lines()["CHF"]
    alice.post(f"{PAGE}{line.id}/remove/")
    assert queries.rates() == {}


@pytest.mark.parametrize(
    ("posted", "sentence"),
    [
        ({"code": "EUR", "day": "2026-01-01", "rate": "1"}, "EUR is not one of the available choices"),
        ({"code": "CHF", "day": "2026-01-01", "rate": "0"}, "above zero"),
        ({"code": "CHF", "day": "2026-01-01", "rate": "much"}, "Enter a number"),
    ],
)
def test_a_rate_that_cannot_be_is_told(people: People, columns: None, posted: dict[str, str], sentence: str) -> None:
    answer = signed_in(people.alice).post(PAGE, posted)
    assert answer.status_code == 422
    assert sentence in answer.text


def test_an_amount_is_shown_in_the_currency_of_its_deal(priced: People) -> None:
    id = deal(deal_currency_code="USD", closedate="2026-02-01T12:00:00Z")
    runner.catch_up()
    client: Client = signed_in(priced.alice)
    for page in (f"/deals/{id}/", "/deals/"):
        assert "$100.00" in client.get(page).text
    assert "€90.00" in client.get(f"/deals/{id}/").text


def test_only_those_with_the_right_change_rates(people: People, columns: None) -> None:
    assert signed_in(people.bob).get(PAGE).status_code == 403
