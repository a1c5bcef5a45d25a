"""Settings, Properties: what there is, what can be created and changed, and what a mistake says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from jalon.records import queries
from jalon.records.columns import FieldType, PropertySpec, Type
from tests.people import People, signed_in
from tests.records.steps import contact

LIST = "/settings/properties/contacts/"
NEW = f"{LIST}new/"
BASE = {"label_en": "Trial start", "label_fr": "Début de l'essai", "kind": "date", "group": "contact"}


@pytest.fixture
def alice(people: People, columns: None) -> Client:
    return signed_in(people.alice)


def spec(name: str) -> PropertySpec:
    return queries.catalog("contact").properties[name]


def created(client: Client, **changes: Any) -> Any:
    answer = client.post(NEW, BASE | changes)
    assert answer.status_code == 302, answer.context["form"].errors
    return answer


def test_properties_stand_by_group_and_are_found_by_label_or_name(alice: Client) -> None:
    page = alice.get(LIST)
    assert [label for label, _lines in page.context["groups"]][:2] == ["About this contact", "Address"]
    found = alice.get(LIST, {"q": "jobtitle"}, headers={"HX-Request": "true"})
    assert [line.label for _group, lines in found.context["groups"] for line in lines] == ["Job title"]


def test_a_property_is_created_with_labels_in_both_languages_and_a_name_made_of_one(alice: Client) -> None:
    created(alice)
    made = spec("trial_start")
    assert (made.type, made.field_type, made.label_en, made.label_fr) == (Type.DATE, FieldType.DATE, "Trial start", "Début de l'essai")


def test_a_label_in_one_language_serves_both(alice: Client) -> None:
    created(alice, label_en="", label_fr="Été à l'étranger")
    assert spec("ete_a_l_etranger").label_en == "Été à l'étranger"


def test_options_keep_their_order_and_get_their_values_from_their_labels(alice: Client) -> None:
    options = {"option-value": ["", "", ""], "option-en": ["Small", "Large", "Small"], "option-fr": ["Petit", "Grand", ""]}
    created(alice, label_en="Size", kind="select", **options)
    assert [(option.value, option.label_fr) for option in spec("size").options] == [
        ("small", "Petit"),
        ("large", "Grand"),
        ("small_2", "Small"),
    ]


def test_a_new_property_can_be_filled_in_at_once(alice: Client) -> None:
    created(alice)
    id = contact(email="ada@example.com")
    alice.post(f"/contacts/{id}/properties/trial_start/", {"property-trial_start": "2026-03-01"})
    assert "Mar 1, 2026" in alice.get(f"/contacts/{id}/").text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"label_en": "", "label_fr": ""}, "label in at least one language"),
        ({"kind": "select"}, "at least one option"),
        ({"name": "Trial Start!"}, "cannot be an internal name"),
        ({"name": "email"}, "exists already"),
    ],
)
def test_a_mistake_is_told_and_nothing_is_lost(alice: Client, changes: dict[str, str], sentence: str) -> None:
    before = set(queries.catalog("contact").properties)
    answer = alice.post(NEW, BASE | {"description": "Kept on a mistake"} | changes)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Kept on a mistake" in answer.text
    assert set(queries.catalog("contact").properties) == before


def test_labels_options_and_hiding_change_but_not_the_type(alice: Client) -> None:
    page = alice.get(f"{LIST}industry/")
    assert "kind" not in page.context["form"].fields
    first, *_ = spec("industry").options
    posted = {"label_en": "Sector", "label_fr": "Secteur", "group": "contact", "hidden": "on"}
    options = {"option-value": [first.value, ""], "option-en": [first.label_en, "Space"], "option-fr": [first.label_fr, "Espace"]}
    alice.post(f"{LIST}industry/", posted | options)
    changed = spec("industry")
    assert (changed.label_en, changed.hidden, [option.value for option in changed.options]) == ("Sector", True, [first.value, "space"])


def test_saving_without_a_change_changes_nothing(alice: Client) -> None:
    before = spec("website")
    alice.post(f"{LIST}website/", {"label_en": before.label_en, "label_fr": before.label_fr, "group": before.group, "hint": before.hint})
    assert spec("website") == before


def test_options_that_follow_the_pipelines_are_shown_and_not_edited(alice: Client) -> None:
    stage = queries.catalog("deal").properties["dealstage"]
    url = "/settings/properties/deals/dealstage/"
    page = alice.get(url).text
    assert "These options follow the pipelines" in page
    assert 'name="option-en"' not in page
    answer = alice.post(url, {"label_en": "Where it stands", "label_fr": stage.label_fr, "group": "deal", "hint": stage.hint})
    assert answer.status_code == 302
    changed = queries.catalog("deal").properties["dealstage"]
    assert (changed.label_en, changed.options) == ("Where it stands", stage.options)


def test_archiving_warns_in_numbers_and_takes_the_property_away(alice: Client, sync: Callable[[], None]) -> None:
    created(alice)
    sync()
    assert "0 records have a value" in alice.get(f"{LIST}trial_start/archiving/").text
    alice.post(f"{LIST}trial_start/archive/")
    assert "trial_start" not in queries.catalog("contact").properties


def test_what_jalon_needs_is_not_archived(alice: Client) -> None:
    answer = alice.post(f"{LIST}email/archive/", follow=True)
    assert "hide it instead" in answer.text
    assert "email" in queries.catalog("contact").properties


def test_only_those_with_the_right_define_properties(people: People, columns: None) -> None:
    client = signed_in(people.rita)
    assert {client.get(address).status_code for address in (LIST, NEW, f"{LIST}email/")} == {403}
    assert client.post(NEW, BASE).status_code == 403
