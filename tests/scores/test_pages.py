"""The pages of scores: rules that come, go and are saved, how the points fall, and where a record's points come from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from jalon.accounts.access import SYSTEM
from jalon.criteria.tree import Filter, all_of, to_text
from jalon.records import queries as records
from jalon.records.columns import FieldType, PropertySpec, Type
from jalon.records.definitions import actions as definitions
from jalon.scores import queries
from jalon.scores.histogram import bars, spread
from jalon.scores.rules import read_points
from tests.people import People, signed_in
from tests.records.steps import contact, values
from tests.scores.test_scores import CUSTOMER, PARIS, lead_score

PAGE = "/settings/properties/contacts/hubspotscore/rules/"
NEW = "/settings/properties/contacts/score/new/"
PREVIEW = "/settings/properties/contacts/score/preview/"
PARISIANS = to_text(PARIS)


@pytest.fixture
def alice(people: People, columns: None) -> Client:
    return signed_in(people.alice)


def form(*rules: tuple[str, str], **more: str) -> dict[str, Any]:
    """What the page sends: points and criteria of each rule in their order."""
    keys = [str(place) for place, _ in enumerate(rules)]
    return {"rule": keys, "points": [points for points, _ in rules], "criteria": [criteria for _, criteria in rules]} | more


def points() -> list[int]:
    found = queries.one("contact", "hubspotscore")
    assert found is not None
    return [rule.points for rule in found.rules]


def test_a_plain_number_becomes_a_score(alice: Client) -> None:
    page = alice.get("/settings/properties/contacts/hubspotscore/")
    assert f"{NEW}?property=hubspotscore" in page.content.decode()
    answer = alice.post(f"{NEW}?property=hubspotscore", form(("+10", PARISIANS), ("\u22125", to_text(CUSTOMER))))
    assert (answer.status_code, answer.headers["Location"]) == (302, PAGE)
    assert (points(), records.catalog("contact").properties["hubspotscore"].field_type) == ([10, -5], FieldType.SCORE)
    index = alice.get("/settings/properties/contacts/").content.decode()
    assert PAGE in index and ">Score<" in index


def test_a_score_of_a_new_property_is_created_and_archived(alice: Client) -> None:
    alice.post(NEW, form(("3", PARISIANS), label_en="Fit", label_fr="Adéquation", group="sales", name=""))
    made = records.catalog("contact").properties["fit"]
    assert (made.type, made.label_fr, made.group) == (Type.NUMBER, "Adéquation", "sales")
    page = alice.get("/settings/properties/contacts/fit/rules/")
    assert "/settings/properties/contacts/fit/archiving/" in page.content.decode()
    alice.post("/settings/properties/contacts/fit/archive/")
    assert alice.get("/settings/properties/contacts/fit/rules/").status_code == 404


def test_what_is_wrong_stands_beside_its_rule_and_nothing_is_lost(alice: Client) -> None:
    lead_score()
    unfit = to_text(all_of(Filter("shoe_size", "is_known")))
    answer = alice.post(PAGE, form(("ten", PARISIANS), ("0", PARISIANS), ("5", ""), ("5", unfit)))
    assert answer.status_code == 422
    beside = [box.problems for box in answer.context["rules"]]
    assert ["whole number" in beside[0][0], "0 points" in beside[1][0], "no filter" in beside[2][0], "shoe_size" in beside[3][0]] == [
        True
    ] * 4
    assert [box.points for box in answer.context["rules"]] == ["ten", "0", "5", "5"]
    assert points() == [10, 25, -5]


def test_rules_are_saved_in_their_order_and_their_change_is_remembered(alice: Client) -> None:
    lead_score()
    assert alice.post(PAGE, form(("2", to_text(CUSTOMER)), ("1", PARISIANS))).status_code == 302
    assert points() == [2, 1]
    past = alice.get("/settings/properties/contacts/hubspotscore/").content.decode()
    assert "The rules of the score were changed." in past
    assert "Its values follow from the rules of a score now." in past


def test_the_preview_tells_how_the_points_fall_with_records_as_examples(alice: Client, settled: Callable[[], None]) -> None:
    ada, bob = contact(firstname="Ada", city="Paris", lifecyclestage="customer"), contact(firstname="Bob", city="Paris")
    contact(firstname="Cy")
    settled()
    answer = alice.post(PREVIEW, form(("10", PARISIANS), ("5", to_text(CUSTOMER))))
    assert [(line.bar.first, line.bar.records, line.url) for line in answer.context["bars"]] == [(15, 1, ""), (10, 1, ""), (0, 1, "")]
    samples = answer.context["samples"]
    assert [(sample.name, sample.score, [one.points for one in sample.given]) for sample in samples] == [
        ("Ada", "15", ["+10", "+5"]),
        ("Bob", "10", ["+10"]),
        ("Cy", "0", []),
    ]
    assert [sample.url for sample in samples][:2] == [f"/contacts/{ada}/", f"/contacts/{bob}/"]


def test_the_bars_of_a_computed_score_open_the_very_records(alice: Client, settled: Callable[[], None]) -> None:
    ada = contact(firstname="Ada", city="Paris")
    contact(firstname="Cy", email="cy@example.com")
    lead_score()
    settled()
    box = alice.get(PAGE).context["rules"]
    answer = alice.post(f"{PREVIEW}?score=hubspotscore", form(*((rule.points, rule.text) for rule in box)))
    (opened,) = [line for line in answer.context["bars"] if line.bar.first == 5]
    page = alice.get(opened.url).content.decode()
    assert f"/contacts/{ada}/" in page and "cy@example.com" not in page


def test_a_record_tells_which_rules_gave_its_points(alice: Client, settled: Callable[[], None]) -> None:
    lead_score()
    ada = contact(email="ada@example.com", city="Paris")
    settled()
    assert f"/scores/contacts/{ada}/hubspotscore/" in alice.get(f"/contacts/{ada}/").content.decode()
    drawer = alice.get(f"/scores/contacts/{ada}/hubspotscore/")
    assert [one.points for one in drawer.context["given"]] == ["+10"]
    assert [one.points for one in drawer.context["others"]] == ["+25", "\u22125"]
    assert (drawer.context["value"], drawer.context["follows"]) == ("10", False)


def test_a_record_out_of_sight_tells_nothing(people: People, settled: Callable[[], None]) -> None:
    lead_score()
    ada = contact(email="ada@example.com", hubspot_owner_id=str(people.bob.pk))
    settled()
    assert signed_in(people.bob).get(f"/scores/contacts/{ada}/hubspotscore/").status_code == 200
    assert signed_in(people.charlie).get(f"/scores/contacts/{ada}/hubspotscore/").status_code == 404


def test_a_score_in_trouble_says_so_on_its_page_and_goes_back_to_a_plain_number(alice: Client, settled: Callable[[], None]) -> None:
    definitions.define_property("contact", PropertySpec("color", Type.STRING, FieldType.TEXT, "Color", "Couleur"), actor=SYSTEM)
    alice.post(f"{NEW}?property=hubspotscore", form(("4", to_text(all_of(Filter("color", "is_known"))))))
    ada = contact(email="ada@example.com", color="red")
    settled()
    uses = alice.get("/settings/properties/contacts/color/").context["uses"]
    assert [(use.kind, use.name, use.url) for use in uses] == [("Score", "Contacts: Lead score", PAGE)]
    definitions.archive_property("contact", "color", actor=SYSTEM)
    page = alice.get(PAGE).content.decode()
    assert "cannot be computed at present" in page and "color" in page
    assert alice.post(f"{PAGE}stop/").status_code == 302
    assert (alice.get(PAGE).status_code, values(ada)["hubspotscore"]) == (404, "4")


def test_points_are_read_as_people_type_them() -> None:
    assert [read_points(text) for text in (" 10", "+10", "-5", "\u22125", "1\u202f000", "", "ten", "1.5")] == [
        10,
        10,
        -5,
        -5,
        1000,
        None,
        None,
        None,
    ]


def test_few_scores_have_a_bar_each_and_many_stand_in_round_ranges() -> None:
    assert [(bar.first, bar.last, bar.share) for bar in bars([(5, 1), (-5, 300)])] == [(5, 5, 1), (-5, -5, 100)]
    found = bars([(score, 1) for score in range(-30, 71)])
    assert [(bar.first, bar.last) for bar in found][:2] == [(70, 79), (60, 69)]
    assert (sum(bar.records for bar in found), len(found), bars([])) == (101, 11, [])


def test_examples_come_from_all_over_the_distribution() -> None:
    assert spread([(score, 1) for score in range(101)], 5) == [100, 75, 50, 25, 0]
    assert spread([(0, 1_000), (3, 1), (9, 1), (12, 1)], 3) == [12, 9, 0]
    assert spread([(4, 2)], 5) == [4]
    assert spread([], 5) == []
