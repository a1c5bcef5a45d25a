"""A link lets one person in, once, for a week."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from jalon.accounts import actions, queries
from jalon.accounts.access import SYSTEM, Scope
from jalon.accounts.actions import Grant
from jalon.accounts.models import Invitation, User
from tests.people import PASSWORD, People, signed_in

FORM = {
    "email": "dora@moreau.example",
    "role": "service",
    "team": "Support",
    "permissions": ["records.view", "records.edit"],
    "*.view": "team",
    "*.edit": "own",
    "*.delete": "none",
}


def link_of(page: str) -> str:
    """The path in the field that shows the link."""
    return "/invitation/" + page.split("/invitation/")[1].split('"')[0]


def invite(people: People) -> str:
    return link_of(signed_in(people.alice).post("/settings/users/invite/", FORM).content.decode())


def test_the_link_leads_to_a_user_with_the_rights_that_were_chosen(people: People) -> None:
    client = Client()
    link = invite(people)
    assert "dora@moreau.example" in client.get(link).content.decode()
    assert client.post(link, {"name": "Dora", "password": PASSWORD}).headers["Location"] == "/"
    dora = User.objects.select_related("team").get(email="dora@moreau.example")
    access = queries.access_of(dora.pk)
    assert (dora.name, dora.role, str(dora.team)) == ("Dora", "service", "Support")
    assert access.permissions == {"records.view", "records.edit"}
    assert access.scope("contact", "view") is Scope.TEAM
    assert not access.sees_unassigned
    assert client.get("/settings/profile/").status_code == 200


def test_it_works_once(people: People) -> None:
    link = invite(people)
    Client().post(link, {"name": "Dora", "password": PASSWORD})
    answer = Client().post(link, {"name": "Eve", "password": PASSWORD})
    assert answer.status_code == 410
    assert "was used already or is too old" in answer.content.decode()
    assert not User.objects.filter(name="Eve").exists()


def test_it_ends_after_a_week(people: People) -> None:
    token = actions.invite("dora@moreau.example", grant=Grant.of("reader"), actor=SYSTEM, now=timezone.now() - timedelta(days=7))
    assert Client().get(f"/invitation/{token}/").status_code == 410
    with pytest.raises(actions.Refused):
        actions.accept(token, name="Dora", password=PASSWORD)


def test_a_second_invitation_ends_the_first(people: People) -> None:
    first, second = invite(people), invite(people)
    assert [Client().get(link).status_code for link in (first, second)] == [410, 200]


def test_a_withdrawn_one_opens_nothing(people: People) -> None:
    link = invite(people)
    signed_in(people.alice).post(f"/settings/users/invitations/{Invitation.objects.get().pk}/withdraw/")
    assert Client().get(link).status_code == 410


def test_only_a_hash_of_the_link_is_kept(people: People) -> None:
    token = actions.invite("dora@moreau.example", grant=Grant.of("reader"), actor=SYSTEM)
    assert token not in str(Invitation.objects.values())


def test_a_weak_password_is_refused_and_leaves_the_link_alive(people: People) -> None:
    link = invite(people)
    answer = Client().post(link, {"name": "Dora", "password": "1234567890"})
    assert (answer.status_code, "This password is entirely numeric." in answer.content.decode()) == (422, True)
    assert Client().get(link).status_code == 200


def test_somebody_who_is_a_user_already_is_not_invited(people: People) -> None:
    answer = signed_in(people.alice).post("/settings/users/invite/", {**FORM, "email": "BOB@moreau.example"})
    assert "bob@moreau.example is a user already." in answer.content.decode()


def test_a_password_link_gives_a_user_a_new_password_and_keeps_the_rights(people: People) -> None:
    bob = signed_in(people.bob)
    page = signed_in(people.alice).post(f"/settings/users/{people.bob.pk}/password/").content.decode()
    Client().post(link_of(page), {"name": "Bob", "password": "another wall 77"})
    assert User.objects.get(pk=people.bob.pk).check_password("another wall 77")
    assert queries.access_of(people.bob.pk).permissions == people.access(people.bob).permissions
    assert bob.get("/settings/profile/").status_code == 302  # the session of the old password has ended
