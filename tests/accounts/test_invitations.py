"""A link lets one person in, once, for a week."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from jalon.accounts import actions, queries
from jalon.accounts.access import SYSTEM, Scope
from jalon.accounts.actions import Grant
from jalon.accounts.invitations import actions as invitations
from jalon.accounts.models import Invitation, User
from jalon.accounts.rights import actions as rights
from tests.people import PASSWORD, People, granted, signed_in

TEAM_VIEW = {"*.view": Scope.TEAM, "*.edit": Scope.OWN, "*.delete": Scope.NONE}


def form(emails: str = "dora@moreau.example") -> dict[str, str]:
    """What the page sends: a set of its own, and the team Support as the main one."""
    grant = granted("Support", (), TEAM_VIEW, team="Support") if not Invitation.objects.exists() else Grant.of("reader")
    return {"emails": emails, "rights": str(grant.permission_set), "main_team": str(grant.main_team or "")}


def links_of(page: str) -> list[str]:
    """The paths in the fields that show the links."""
    return re.findall(r"/invitation/[^\"]+/", page)


def invite(people: People) -> str:
    return links_of(signed_in(people.alice).post("/settings/users/invite/", form()).content.decode())[0]


def test_the_link_leads_to_a_user_with_the_rights_that_were_chosen(people: People) -> None:
    client = Client()
    link = invite(people)
    assert "dora@moreau.example" in client.get(link).content.decode()
    assert client.post(link, {"name": "Dora", "password": PASSWORD}).headers["Location"] == "/"
    dora = next(line for line in queries.user_lines() if line.email == "dora@moreau.example")
    access = queries.access_of(dora.id)
    assert (dora.name, dora.rights, dora.teams) == ("Dora", "Support", ("Support",))
    assert access.permissions == {"records.view", "records.edit"}
    assert access.scope("contact", "view") is Scope.TEAM
    assert client.get("/settings/profile/").status_code == 200


def test_several_people_are_invited_in_one_go_and_a_wrong_address_holds_up_nobody(people: People) -> None:
    text = "Dora Fox <dora@moreau.example>, eve@moreau.example;\nbob@moreau.example\nnonsense\nEVE@moreau.example"
    page = signed_in(people.alice).post("/settings/users/invite/", form(text)).content.decode()
    assert len(links_of(page)) == 2
    assert "bob@moreau.example is a user already." in page
    assert "“nonsense” is not an e-mail address." in page
    assert {row.email for row in Invitation.objects.all()} == {"dora@moreau.example", "eve@moreau.example"}


def test_it_works_once(people: People) -> None:
    link = invite(people)
    Client().post(link, {"name": "Dora", "password": PASSWORD})
    answer = Client().post(link, {"name": "Eve", "password": PASSWORD})
    assert answer.status_code == 410
    assert "was used already or is too old" in answer.content.decode()
    assert not User.objects.filter(name="Eve").exists()


def test_it_ends_after_a_week_and_can_be_sent_again(people: People) -> None:
    past = timezone.now() - timedelta(days=7)
    token = invitations.invite("dora@moreau.example", grant=Grant.of("reader"), actor=SYSTEM, now=past)
    assert Client().get(f"/invitation/{token}/").status_code == 410
    with pytest.raises(actions.Refused):
        invitations.accept(token, name="Dora", password=PASSWORD)
    assert [line.ended for line in queries.open_invitations(timezone.now())] == [True]
    again = signed_in(people.alice).post(f"/settings/users/invitations/{Invitation.objects.get().pk}/again/")
    assert Client().get(links_of(again.content.decode())[0]).status_code == 200


def test_a_second_invitation_ends_the_first(people: People) -> None:
    first, second = invite(people), invite(people)
    assert [Client().get(link).status_code for link in (first, second)] == [410, 200]


def test_a_withdrawn_one_opens_nothing(people: People) -> None:
    link = invite(people)
    signed_in(people.alice).post(f"/settings/users/invitations/{Invitation.objects.get().pk}/withdraw/")
    assert Client().get(link).status_code == 410


def test_only_a_hash_of_the_link_is_kept(people: People) -> None:
    token = invitations.invite("dora@moreau.example", grant=Grant.of("reader"), actor=SYSTEM)
    assert token not in str(Invitation.objects.values())


def test_a_weak_password_is_refused_and_leaves_the_link_alive(people: People) -> None:
    link = invite(people)
    answer = Client().post(link, {"name": "Dora", "password": "1234567890"})
    assert (answer.status_code, "This password is entirely numeric." in answer.content.decode()) == (422, True)
    assert Client().get(link).status_code == 200


def test_a_team_that_was_deleted_meanwhile_is_left_out(people: People) -> None:
    link = invite(people)
    rights.delete_team(rights.team_named("Support").pk, actor=SYSTEM)
    assert Client().post(link, {"name": "Dora", "password": PASSWORD}).status_code == 302
    assert [line.teams for line in queries.user_lines() if line.name == "Dora"] == [()]


def test_a_password_link_gives_a_user_a_new_password_and_keeps_the_rights(people: People) -> None:
    bob = signed_in(people.bob)
    page = signed_in(people.alice).post(f"/settings/users/{people.bob.pk}/password/").content.decode()
    Client().post(links_of(page)[0], {"name": "Bob", "password": "another wall 77"})
    assert User.objects.get(pk=people.bob.pk).check_password("another wall 77")
    assert queries.access_of(people.bob.pk).permissions == people.access(people.bob).permissions
    assert bob.get("/settings/profile/").status_code == 302  # the session of the old password has ended
