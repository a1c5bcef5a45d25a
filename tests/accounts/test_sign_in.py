"""Signing in with an e-mail address and a password, and out again."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from jalon.accounts import actions
from jalon.accounts.access import SYSTEM
from tests.people import PASSWORD, People


def sign_in(client: Client, email: str, password: str = PASSWORD) -> str:
    """Where the sign-in page leads; empty when it stays."""
    answer = client.post("/sign-in/", {"login": email, "password": password, "remember": "on"})
    return answer.headers.get("Location", "")


def test_the_address_may_be_typed_in_any_case(people: People) -> None:
    client = Client()
    assert sign_in(client, " Bob@Moreau.example ") == "/"
    assert client.get("/settings/profile/").status_code == 200


def test_it_leads_back_to_the_page_that_was_asked_for(people: People) -> None:
    client = Client()
    wanted = client.get("/settings/users/invite/?role=sales").headers["Location"]
    answer = client.post(wanted, {"login": "alice@moreau.example", "password": PASSWORD})
    assert answer.headers["Location"] == "/settings/users/invite/?role=sales"


def test_a_wrong_password_and_an_unknown_address_get_the_same_sentence(people: People) -> None:
    answers = [Client().post("/sign-in/", {"login": f"{who}@moreau.example", "password": "wrong"}) for who in ("bob", "nobody")]
    assert all("The email address and/or password you specified are not correct." in answer.content.decode() for answer in answers)


def test_a_deactivated_user_is_told_so(people: People) -> None:
    actions.set_active(people.bob.pk, False, actor=SYSTEM)
    client = Client()
    assert sign_in(client, "bob@moreau.example") == "/sign-in/"
    assert "This account is deactivated." in client.get("/sign-in/").content.decode()


def test_five_wrong_passwords_close_the_door_for_a_while(people: People) -> None:
    client = Client()
    for _ in range(5):
        sign_in(client, "bob@moreau.example", "wrong")
    answer = client.post("/sign-in/", {"login": "bob@moreau.example", "password": PASSWORD})
    assert "That was tried too often. Wait 5 minutes" in answer.content.decode()


def test_signing_out_needs_a_button_and_ends_the_session(people: People) -> None:
    client = Client()
    sign_in(client, "bob@moreau.example")
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").headers["Location"] == "/sign-in/"
    assert client.get("/settings/profile/").status_code == 302


def test_nobody_can_sign_up(people: People) -> None:
    assert "signup" not in Client().get("/sign-in/").content.decode()
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")
