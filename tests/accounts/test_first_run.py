"""The first-run page: shown until it was answered, and answered once."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from jalon.accounts import actions, presets, queries
from jalon.accounts.models import User
from tests.people import ACCOUNT, PASSWORD

ANSWERS = {
    "name": "Atelier Moreau",
    "language": "fr",
    "zone": "America/Montreal",
    "currency": "CAD",
    "first_weekday": "6",
    "stage_preset": "marketing",
    "owner_name": "Claire Moreau",
    "email": "Claire@Moreau.example",
    "password": PASSWORD,
}


def test_every_address_leads_there_first(house: None) -> None:
    for path in ("/sign-in/", "/settings/users/", "/nothing/"):
        answer = Client().get(path)
        assert (answer.status_code, answer.headers.get("Location")) == (302, "/setup/")


def test_it_speaks_the_browsers_language(house: None) -> None:
    page = Client().get("/setup/", headers={"Accept-Language": "fr-FR,fr;q=0.9"}).content.decode()
    assert "Configurer Jalon" in page
    assert '<html lang="fr"' in page


def test_its_answers_become_the_account_and_the_first_super_admin(house: None) -> None:
    client = Client()
    assert client.post("/setup/", ANSWERS).headers["Location"] == "/"
    account = queries.account()
    assert (account.name, account.zone, account.language, account.currency) == ("Atelier Moreau", "America/Montreal", "fr", "CAD")
    assert (account.first_weekday, account.stage_preset, account.configured) == (6, "marketing", True)
    claire = User.objects.get()
    assert (claire.email, claire.super_admin) == ("claire@moreau.example", True)
    assert client.get("/settings/users/").status_code == 200


def test_the_chosen_stages_are_handed_to_the_capabilities_above(house: None, monkeypatch: pytest.MonkeyPatch) -> None:
    laid_out: list[tuple[str, str]] = []
    monkeypatch.setattr(presets, "_parts", [lambda preset, actor: laid_out.append((preset, actor.name))])
    Client().post("/setup/", ANSWERS)
    assert laid_out == [("marketing", "Claire Moreau")]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"email": "claire"}, "Enter a valid email address."),
        ({"zone": "Mars/Olympus"}, "Select a valid choice"),
        ({"password": "short"}, "This password is too short. It must contain at least 12 characters."),
        ({"password": "claire@moreau"}, "The password is too similar to the e"),
        ({"name": "", "owner_name": ""}, "This field is required."),
    ],
)
def test_wrong_answers_get_sentences_and_lose_nothing(house: None, wrong: dict[str, Any], sentence: str) -> None:
    answer = Client().post("/setup/", {**ANSWERS, **wrong})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert 'value="CAD" selected' in page
    assert not User.objects.exists()


def test_it_works_once(people: Any) -> None:
    assert Client().get("/setup/").headers["Location"] == "/"
    assert Client().post("/setup/", ANSWERS).headers["Location"] == "/"
    with pytest.raises(actions.Refused, match="set up already"):
        actions.set_up(ACCOUNT, stage_preset="sales", owner=actions.Owner("Eve", "eve@moreau.example", PASSWORD))
