"""What happens to definitions: formulas checked while they are typed, a history in sentences, uses, archive and back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from jalon.accounts.access import SYSTEM
from jalon.accounts.actions import Refused
from jalon.criteria.tree import Filter, all_of, to_text
from jalon.records import pages, queries
from jalon.records.calculated import runner
from jalon.records.columns import FieldType, Option, PropertySpec, Type
from jalon.records.definitions import actions
from jalon.records.definitions import queries as definitions
from jalon.records.display import Display
from jalon.reports import actions as reports
from jalon.reports.kinds.definition import Definition
from tests.people import People, signed_in
from tests.records.steps import contact, told, values, write

NEW = "/settings/properties/deals/new/"
CHECK = "/settings/properties/deals/formula/check/"
BASE = {"label_en": "Commission", "label_fr": "Commission", "kind": "calculated", "group": "deal"}


@pytest.fixture
def alice(people: People, columns: None) -> Client:
    return signed_in(people.alice)


def number(name: str, object_type: str = "contact", **more: object) -> None:
    spec = PropertySpec(name, Type.NUMBER, FieldType.NUMBER, name.title(), name.title())
    actions.define_property(object_type, spec, actor=SYSTEM)


def calculation(name: str, formula: str, object_type: str = "contact") -> None:
    spec = PropertySpec(name, Type.STRING, FieldType.CALCULATION, name.title(), name.title(), formula=formula)
    actions.define_property(object_type, spec, actor=SYSTEM)


def test_a_calculated_property_is_made_in_the_settings_and_its_type_follows_from_its_formula(alice: Client) -> None:
    deal = write({"dealname": "Tents", "dealstage": "closedwon", "amount": 50}, match="id", object_type="deal").created[0]
    answer = alice.post(NEW, BASE | {"formula": "if(hs_is_closed_won, amount * 0.2, null)"})
    assert answer.status_code == 302
    made = queries.catalog("deal").properties["commission"]
    assert (made.type, made.field_type, made.read_only_value) == (Type.NUMBER, FieldType.CALCULATION, True)
    runner.catch_up()
    assert values(deal, "deal")["commission"] == "10"
    assert "if(hs_is_closed_won" in alice.get("/settings/properties/deals/commission/").text


@pytest.mark.parametrize(
    ("formula", "sentence"),
    [("", "Write the formula"), ("amount +", "ends too early"), ("amout + city", "There is no property “amout”")],
)
def test_a_formula_that_cannot_be_used_is_told_and_kept_in_the_form(alice: Client, formula: str, sentence: str) -> None:
    answer = alice.post(NEW, BASE | {"formula": formula, "description": "Kept on a mistake"})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Kept on a mistake" in answer.text


def test_the_check_gives_examples_and_every_problem(alice: Client) -> None:
    write({"dealname": "Tents", "amount": 50}, match="id", object_type="deal")
    runner.catch_up()
    good = alice.post(CHECK, {"formula": "amount * 2", "hint": "currency"}).text
    assert "The formula gives a number." in good
    assert "Tents" in good
    assert "€100.00" in good
    bad = alice.post(CHECK, {"formula": "amout + dealname"}).text
    assert "Did you mean “amount”" in bad
    assert "“dealname” is a text" in bad
    assert alice.post(CHECK, {"formula": " "}).text == ""


def test_a_formula_changes_but_its_type_does_not(people: People, columns: None) -> None:
    calculation("twice", "hubspotscore * 2")
    with pytest.raises(Refused, match="another type"):
        actions.change_property("contact", "twice", actor=SYSTEM, formula="concat(city, country)")
    with pytest.raises(Refused, match="read what it gives"):
        actions.change_property("contact", "twice", actor=SYSTEM, formula="twice + 1")
    assert actions.change_property("contact", "twice", actor=SYSTEM, formula="hubspotscore * 3").formula == "hubspotscore * 3"


def test_the_history_says_who_changed_what(people: People, columns: None) -> None:
    who = people.access(people.alice).actor
    options = (Option("s", "Small", "Petit"), Option("l", "Large", "Grand"))
    spec = PropertySpec("size", Type.ENUMERATION, FieldType.SELECT, "Size", "Taille", "contact", options=options)
    actions.define_property("contact", spec, actor=who)
    actions.change_property("contact", "size", actor=who, label_en="Tent size", hidden=True)
    actions.change_property("contact", "size", actor=who, options=(Option("l", "Big", "Grand"), Option("x", "Huge", "Immense")))
    actions.change_property("contact", "size", actor=who, label_en="Tent size")
    actions.archive_property("contact", "size", actor=who)
    actions.restore_property("contact", "size", actor=who)
    lines = definitions.changes("contact", "size")
    assert {line.actor_id for line in lines} == {people.alice.pk}
    assert [line.sentences for line in reversed(lines)] == [
        ("The property was created.",),
        ("It was hidden on record pages.", "The label in English “Size” became “Tent size”."),
        ("The option “Huge” was added.", "The option “Small” was removed.", "The option “Large” became “Big”."),
        ("The property was archived.",),
        ("The property was restored.",),
    ]


def test_the_page_shows_history_and_uses(alice: Client, people: People, sync: Callable[[], None]) -> None:
    number("visits")
    calculation("twice", "visits * 2")
    reports.create(Definition(number="visits"), actor=people.access(people.alice).actor, title="Visits by month")
    sync()
    assert {use.kind for use in pages.used_in("contact", "visits")} == {"Report", "Calculated property"}
    page = alice.get("/settings/properties/contacts/visits/").text
    assert "Visits by month" in page
    assert "Contacts: Twice" in page
    assert "The property was created." in page
    assert "Visits by month" in alice.get("/settings/properties/contacts/visits/archiving/").text


def test_what_a_formula_reads_is_not_archived(alice: Client) -> None:
    number("visits")
    calculation("twice", "visits * 2")
    answer = alice.post("/settings/properties/contacts/visits/archive/", follow=True)
    assert "These calculated properties read it: Twice." in answer.text
    assert "visits" in queries.catalog("contact").properties


def test_an_archived_property_comes_back_with_its_values(alice: Client, sync: Callable[[], None]) -> None:
    number("visits")
    ada = contact(email="ada@example.com", visits=7)
    sync()
    alice.post("/settings/properties/contacts/visits/archive/")
    assert "visits" not in queries.catalog("contact").properties
    assert "Visits" in alice.get("/settings/properties/contacts/").text
    with pytest.raises(Refused, match="you can restore it"):
        number("visits")
    alice.post("/settings/properties/contacts/visits/restore/")
    assert values(ada)["visits"] == "7"
    sync()
    assert queries.holders_of("contact", "visits") == 1


def test_an_archived_property_whose_formula_no_longer_works_stays_archived(people: People, columns: None) -> None:
    number("visits")
    calculation("twice", "visits * 2")
    actions.archive_property("contact", "twice", actor=SYSTEM)
    actions.archive_property("contact", "visits", actor=SYSTEM)
    with pytest.raises(Refused, match="no property “visits”"):
        actions.restore_property("contact", "twice", actor=SYSTEM)


@pytest.mark.parametrize(
    ("type", "hint", "value", "shown"),
    [
        (Type.NUMBER, "", "1234.5", "1,234.5"),
        (Type.NUMBER, "unformatted", "1234.5", "1234.5"),
        (Type.NUMBER, "currency", "1234.5", "€1,234.50"),
        (Type.NUMBER, "record_currency", "1234.5", "$1,234.50"),
        (Type.NUMBER, "probability", "0.25", "25.0%"),
        (Type.NUMBER, "duration", "7200000", "2\N{NO-BREAK SPACE}h"),
    ],
)
def test_numbers_are_shown_as_their_hint_says(people: People, type: Type, hint: str, value: str, shown: str) -> None:
    spec = PropertySpec("n", type, FieldType.NUMBER, "N", "N", hint=hint)
    assert Display().show(spec, value, {"deal_currency_code": "USD"}).text == shown


def test_dates_are_shown_as_far_as_their_hint_says(people: People) -> None:
    def shown(hint: str, days: int) -> str:
        day = timezone.localdate() + timedelta(days=days)
        return Display().show(PropertySpec("d", Type.DATE, FieldType.DATE, "D", "D", hint=hint), day).text

    assert shown("time_since", -3) == "3 days ago"
    assert shown("time_until", 2) == "in 2 days"
    assert shown("time_until", 0) == "today"
    assert shown("absolute_with_relative", -3).endswith("(3 days ago)")
    assert Display().show(PropertySpec("d", Type.DATE, FieldType.DATE, "D", "D"), date(2026, 3, 1)).text == "Mar 1, 2026"


def test_an_option_that_was_removed_can_still_be_asked_for(people: People, columns: None, sync: Callable[[], None]) -> None:
    """A report shows the records that still hold it, and its number opens them."""
    spec = queries.catalog("contact").properties["industry"]
    kept, gone = spec.options[0], spec.options[1]
    contact(email="ada@example.com", industry=gone.value)
    actions.change_property("contact", "industry", actor=SYSTEM, options=(kept,))
    sync()
    client = signed_in(people.alice)
    asked = client.get("/contacts/", {"criteria": to_text(all_of(Filter("industry", "any_of", (gone.value,))))})
    assert asked.context["total"] == 1
    assert gone.value in asked.text
    assert told(write({"email": "bob@example.com", "industry": gone.value}))[0].endswith(f"is not one of the options ({kept.value}).")
    actions.change_property("contact", "industry", actor=SYSTEM, options=(kept, gone))
    assert gone.value not in queries.catalog("contact").properties["industry"].removed
