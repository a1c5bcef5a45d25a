"""What a person may see and do, and who may change it."""

from __future__ import annotations

import pytest

from jalon.accounts import actions, permissions, queries
from jalon.accounts.access import EVERYTHING, SYSTEM, Denied
from jalon.accounts.actions import Grant
from jalon.accounts.models import User
from tests.people import PASSWORD, People, signed_in


def rights_of(user: User, **changes: object) -> dict[str, object]:
    """What the rights page of a user sends back."""
    form = {"name": user.name, "role": user.role, "team": "", "permissions": user.permissions, **user.scopes}
    return {**form, **changes}


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


def test_own_only_means_own_only(people: People) -> None:
    access = people.access(people.charlie)
    assert access.owners("contact") == frozenset({people.charlie.pk})
    assert access.owners("ticket", "delete") == frozenset()
    assert not access.sees_unassigned


def test_a_reader_edits_nothing_whatever_the_scope_says(people: People) -> None:
    User.objects.filter(pk=people.rita.pk).update(scopes={"*.view": "all", "*.edit": "all"})
    access = people.access(people.rita)
    assert access.owners("contact") is None
    assert access.owners("contact", "edit") == frozenset()


def test_an_object_type_may_have_a_scope_of_its_own(people: People) -> None:
    User.objects.filter(pk=people.bob.pk).update(scopes={"*.view": "all", "deal.view": "own"})
    access = people.access(people.bob)
    assert access.owners("contact") is None
    assert access.owners("deal") == frozenset({people.bob.pk})


def test_a_missing_permission_is_refused_with_a_sentence(people: People) -> None:
    with pytest.raises(Denied, match="An administrator can give it to you"):
        people.access(people.rita).require("import")


def test_an_unknown_or_deactivated_user_may_do_nothing(people: People) -> None:
    actions.set_active(people.bob.pk, False, actor=SYSTEM)
    assert not queries.access_of(people.bob.pk).may("records.view")
    assert queries.access_of(999_999).owners("contact") == frozenset()


def test_changed_rights_hold_at_once(people: People) -> None:
    bob, alice = signed_in(people.bob), signed_in(people.alice)
    assert bob.get("/settings/account/").status_code == 403
    form = rights_of(people.bob, permissions=[*people.bob.permissions, "account_settings"])
    assert alice.post(f"/settings/users/{people.bob.pk}/", form).status_code == 302
    assert bob.get("/settings/account/").status_code == 200


def test_who_manages_users_gives_only_what_they_have(people: People) -> None:
    User.objects.filter(pk=people.rita.pk).update(permissions=["records.view", "users"])
    rita = signed_in(people.rita)
    upgrade = rita.post(f"/settings/users/{people.rita.pk}/", rights_of(people.rita, permissions=["records.view", "users", "import"]))
    promote = rita.post(f"/settings/users/{people.rita.pk}/", rights_of(people.rita, role="super_admin"))
    password = rita.post(f"/settings/users/{people.alice.pk}/password/", follow=True)
    assert "You can only give rights that you have yourself." in upgrade.content.decode()
    assert "Only a super admin can do this for a super admin." in promote.content.decode()
    assert "Only a super admin can do this for a super admin." in password.content.decode()
    assert not people.access(people.rita).may("import")


def test_somebody_stays_super_admin(people: People) -> None:
    alice = signed_in(people.alice)
    answer = alice.post(f"/settings/users/{people.alice.pk}/", rights_of(people.alice, role="reader"))
    assert "Somebody must stay super admin." in answer.content.decode()
    with pytest.raises(actions.Refused, match="Somebody must stay super admin"):
        actions.set_active(people.alice.pk, False, actor=SYSTEM)


def test_nobody_locks_themselves_out(people: People) -> None:
    answer = signed_in(people.alice).post(f"/settings/users/{people.alice.pk}/active/", {"active": "no"}, follow=True)
    assert "You cannot deactivate yourself." in answer.content.decode()


def test_a_deactivated_user_keeps_a_name_and_can_come_back(people: People) -> None:
    alice = signed_in(people.alice)
    alice.post(f"/settings/users/{people.bob.pk}/active/", {"active": "no"})
    assert [(user.name, user.active) for user in queries.users() if user.id == people.bob.pk] == [("Bob", False)]
    alice.post(f"/settings/users/{people.bob.pk}/active/", {"active": "yes"})
    assert queries.access_of(people.bob.pk).may("records.view")


@pytest.mark.parametrize("role", permissions.ROLES, ids=lambda role: role.name)
def test_every_role_names_permissions_and_scopes_that_exist(role: permissions.Role) -> None:
    assert set(role.permissions) <= {permission.name for permission in permissions.PERMISSIONS}
    assert set(role.scopes) == {f"*.{verb}" for verb in permissions.VERBS}


def test_an_address_belongs_to_one_user_in_any_case(people: People) -> None:
    with pytest.raises(actions.Refused, match="is a user already"):
        actions.create_user("ALICE@moreau.example", name="", password=PASSWORD, grant=Grant.of("reader"), actor=SYSTEM)
