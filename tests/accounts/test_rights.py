"""What a person may see and do, and who may change it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.accounts import actions, permissions, queries
from jalon.accounts.access import EVERYTHING, SYSTEM, Access, Actor, Denied, Scope
from jalon.accounts.actions import Grant
from jalon.accounts.models import PermissionSet, User
from jalon.accounts.rights import actions as rights
from jalon.accounts.rights import queries as rights_queries
from jalon.accounts.rights.actions import SetValues
from tests.people import PASSWORD, People, granted, signed_in

ALL = {"*.view": Scope.ALL, "*.edit": Scope.ALL, "*.delete": Scope.ALL}


def give(user: User, name: str, permissions_: tuple[str, ...], scopes: dict[str, Scope]) -> None:
    """A permission set of its own, without touching the teams."""
    User.objects.filter(pk=user.pk).update(permission_set=granted(name, permissions_, scopes).permission_set)


def switches(names: frozenset[str]) -> list[str]:
    """What the page of a set has boxes for: the rest follows from the scopes."""
    return sorted(name for name in names if not name.startswith("records."))


def page_of(user: User, **changes: object) -> dict[str, object]:
    """What the page of a user sends back."""
    memberships = queries.memberships(user.pk)
    main = next((team for team, is_main in memberships if is_main), "")
    chosen = "everything" if user.super_admin else user.permission_set_id
    return {"name": user.name, "rights": chosen, "main_team": main, "teams": [team for team, _main in memberships], **changes}


def test_a_super_admin_may_do_everything_and_sees_every_record(people: People) -> None:
    access = people.access(people.alice)
    assert all(access.may(permission.name) for permission in permissions.PERMISSIONS)
    assert access.may("a permission of tomorrow")
    assert access.owners("contact", "delete") is None


def test_the_command_line_may_do_everything() -> None:
    assert EVERYTHING.owners("deal", "edit") is None


def test_a_team_member_edits_the_records_of_the_team_and_deletes_only_their_own(people: People) -> None:
    access = people.access(people.bob)
    assert access.owners("contact") is None
    assert access.owners("contact", "edit") == frozenset({people.bob.pk, people.bea.pk})
    assert access.owners("contact", "delete") == frozenset({people.bob.pk})
    assert [access.scope("contact", verb).unassigned for verb in permissions.VERBS] == [True, True, False]


def test_somebody_in_two_teams_shares_with_both(people: People) -> None:
    support = rights.create_team("Support", actor=SYSTEM)
    rights.change_team(support.pk, name="Support", user_ids=[people.bob.pk, people.rita.pk], actor=SYSTEM)
    assert people.access(people.bob).owners("contact", "edit") == frozenset({people.bob.pk, people.bea.pk, people.rita.pk})
    assert people.access(people.bea).owners("contact", "edit") == frozenset({people.bob.pk, people.bea.pk})


def test_own_only_means_own_only(people: People) -> None:
    access = people.access(people.charlie)
    assert access.owners("contact") == frozenset({people.charlie.pk})
    assert access.owners("ticket", "delete") == frozenset()
    assert not access.scope("contact").unassigned


def test_nobody_edits_what_they_do_not_see(people: People) -> None:
    give(people.rita, "Odd", (), {"*.view": Scope.OWN, "*.edit": Scope.ALL, "*.delete": Scope.TEAM_AND_UNASSIGNED})
    access = people.access(people.rita)
    assert [access.scope("contact", verb) for verb in permissions.VERBS] == [Scope.OWN, Scope.OWN, Scope.OWN]


def test_an_object_type_may_have_a_scope_of_its_own(people: People) -> None:
    give(people.bob, "Deals apart", (), {**ALL, "deal.view": Scope.OWN})
    access = people.access(people.bob)
    assert access.owners("contact") is None
    assert access.owners("deal") == frozenset({people.bob.pk})
    assert access.owners("deal", "edit") == frozenset({people.bob.pk})


@given(st.sampled_from(Scope), st.sampled_from(Scope))
def test_what_two_scopes_reach_together_is_what_each_of_them_reaches(one: Scope, other: Scope) -> None:
    def reached(scope: Scope) -> set[str]:
        owners = Access(Actor(1, ""), permissions=frozenset({"records.view"}), scopes={"*.view": scope}, team_user_ids=frozenset({1, 2}))
        mine = owners.owners("contact")
        return ({"nobody's"} if scope.unassigned else set()) | {str(id) for id in (1, 2, 3) if mine is None or id in mine}

    assert reached(one.within(other)) == reached(one) & reached(other)


def test_a_missing_permission_is_refused_with_a_sentence(people: People) -> None:
    with pytest.raises(Denied, match="An administrator can give it to you"):
        people.access(people.rita).require("import")


def test_an_unknown_or_deactivated_user_may_do_nothing(people: People) -> None:
    actions.set_active(people.bob.pk, False, actor=SYSTEM)
    assert not queries.access_of(people.bob.pk).may("records.view")
    assert queries.access_of(999_999).owners("contact") == frozenset()


def test_a_user_without_a_set_may_do_nothing(people: People) -> None:
    User.objects.filter(pk=people.rita.pk).update(permission_set=None)
    assert signed_in(people.rita).get("/contacts/").status_code == 403


def test_changed_rights_hold_at_the_next_request(people: People) -> None:
    bob, alice = signed_in(people.bob), signed_in(people.alice)
    assert bob.get("/settings/account/").status_code == 403
    sales = rights_queries.one(people.bob.permission_set_id or 0)
    assert sales is not None
    form = {"name": sales.label, "permissions": [*switches(sales.permissions), "account_settings"], **sales.scopes}
    assert alice.post(f"/settings/permissions/{sales.id}/", form).status_code == 302
    assert bob.get("/settings/account/").status_code == 200
    reader = Grant.of("reader").permission_set
    assert alice.post(f"/settings/users/{people.bob.pk}/", page_of(people.bob, rights=reader)).status_code == 302
    assert bob.get("/settings/account/").status_code == 403


def test_who_manages_users_gives_only_what_they_have(people: People) -> None:
    give(people.rita, "Desk", ("users",), {"*.view": Scope.OWN, "*.edit": Scope.NONE, "*.delete": Scope.NONE})
    rita, reader = signed_in(people.rita), Grant.of("reader").permission_set
    own = User.objects.get(pk=people.rita.pk).permission_set_id
    charlie = f"/settings/users/{people.charlie.pk}/"
    refused = {
        "a wider set": rita.post(charlie, page_of(people.charlie, rights=reader)),
        "her own set": rita.post(f"/settings/permissions/{own}/", {"name": "Desk", "permissions": ["users", "import"], "*.view": "own"}),
        "a wider scope": rita.post(
            f"/settings/permissions/{own}/",
            {"name": "Desk", "permissions": ["users"], "*.view": "all", "*.edit": "none", "*.delete": "none"},
        ),
        "a new set": rita.post(
            "/settings/permissions/new/", {"name": "New", "permissions": ["export"], "*.view": "none", "*.edit": "none"}
        ),
        "the door": rita.post(f"/settings/users/{people.bob.pk}/leaving/", {"heir": "keep"}),
    }
    said = {name: answer.content.decode() for name, answer in refused.items()}
    assert [
        name
        for name in ("a wider set", "a wider scope", "the door")
        if "You can only give rights that you have yourself." not in said[name]
    ] == []
    assert {answer.status_code for answer in refused.values()} == {422}
    promote = rita.post(charlie, page_of(people.charlie, rights="everything"))
    password = rita.post(f"/settings/users/{people.alice.pk}/password/", follow=True)
    assert "Only a super admin can do this for a super admin." in promote.content.decode()
    assert "Only a super admin can do this for a super admin." in password.content.decode()
    assert not people.access(people.rita).may("import")
    assert people.access(people.rita).scope("contact") is Scope.OWN


def test_who_is_no_super_admin_does_not_choose_whose_records_they_share(people: People) -> None:
    give(people.rita, "Desk", ("users",), {"*.view": Scope.TEAM, "*.edit": Scope.NONE, "*.delete": Scope.NONE})
    team = rights.team_named("Sales").pk
    answer = signed_in(people.rita).post(
        f"/settings/teams/{team}/", {"name": "Sales", "members": [people.bob.pk, people.bea.pk, people.rita.pk]}
    )
    assert "You cannot change your own teams." in answer.content.decode()
    mine = signed_in(people.rita).post(f"/settings/users/{people.rita.pk}/", page_of(User.objects.get(pk=people.rita.pk), main_team=team))
    assert "You cannot change your own teams." in mine.content.decode()
    assert people.access(people.rita).owners("contact") == frozenset({people.rita.pk})


def test_somebody_stays_super_admin(people: People) -> None:
    alice = signed_in(people.alice)
    answer = alice.post(f"/settings/users/{people.alice.pk}/", page_of(people.alice, rights=Grant.of("reader").permission_set))
    assert "Somebody must stay super admin." in answer.content.decode()
    with pytest.raises(actions.Refused, match="Somebody must stay super admin"):
        actions.set_active(people.alice.pk, False, actor=SYSTEM)


def test_a_set_that_people_have_is_deleted_only_with_another_for_them(people: People) -> None:
    alice, sales = signed_in(people.alice), people.bob.permission_set_id or 0
    refused = alice.post(f"/settings/permissions/{sales}/delete/", follow=True)
    assert "2 people have it. Choose another set for them." in refused.content.decode()
    assert alice.post(f"/settings/permissions/{sales}/delete/", {"instead": Grant.of("reader").permission_set}).status_code == 302
    assert not PermissionSet.objects.filter(pk=sales).exists()
    assert not people.access(people.bob).may("import")


def test_a_preset_follows_the_readers_language_until_it_is_renamed(people: People) -> None:
    from django.utils.translation import override

    view = rights_queries.one(people.rita.permission_set_id or 0)
    assert view is not None
    with override("fr"):
        assert rights_queries.one(view.id).label == "Lecteur"  # type: ignore[union-attr]
    rights.change_set(view.id, SetValues("Onlookers", "", tuple(view.permissions), view.scopes), actor=SYSTEM)
    with override("fr"):
        assert rights_queries.one(view.id).label == "Onlookers"  # type: ignore[union-attr]


def test_two_sets_never_have_one_name(people: People) -> None:
    rights.create_set(SetValues("Partners", "", (), ALL), actor=SYSTEM)
    for name in ("partners", "Reader", " "):
        with pytest.raises(actions.Refused):
            rights.create_set(SetValues(name, "", (), ALL), actor=SYSTEM)


def test_the_matrix_is_told_in_words_while_it_is_filled_in(people: People) -> None:
    form = {"permissions": ["export"], "*.view": "all", "*.edit": "team+unassigned", "*.delete": "none", "deal.view": "own"}
    said = signed_in(people.alice).post("/settings/permissions/words/", form).content.decode()
    for sentence in (
        "Sees only their own records: deals.",
        "Edits the records of their teams and those that nobody owns: contacts, companies",
        "Edits only their own records: deals.",
        "Deletes no records.",
    ):
        assert sentence in said


@pytest.mark.parametrize("preset", permissions.PRESETS, ids=lambda preset: preset.name)
def test_every_preset_names_permissions_that_exist(preset: permissions.Preset) -> None:
    assert set(preset.permissions) <= {permission.name for permission in permissions.PERMISSIONS}
    assert set(preset.scopes) == {f"*.{verb}" for verb in permissions.VERBS}


def test_an_address_belongs_to_one_user_in_any_case(people: People) -> None:
    with pytest.raises(actions.Refused, match="is a user already"):
        actions.create_user("ALICE@moreau.example", name="", password=PASSWORD, grant=Grant.of("reader"), actor=SYSTEM)
