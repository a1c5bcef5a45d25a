"""API tokens: at most the rights of their owner, shown once, and a sentence for each that opens nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from jalon.accounts import actions as accounts
from jalon.accounts.access import SYSTEM, Access, Actor, Denied, Refused, Scope
from jalon.accounts.models import ApiToken, AuditLine, User
from jalon.accounts.notices.queries import notices
from jalon.accounts.rights.actions import set_of
from jalon.accounts.tokens import actions
from jalon.accounts.tokens.queries import narrowed
from tests.people import PASSWORD, People, signed_in

ALL = {"view": Scope.ALL, "edit": Scope.ALL, "delete": Scope.ALL}


def make(people: People, user: User, *permissions: str, days: int = 1, **scopes: Scope) -> str:
    expires_at = timezone.now() + timedelta(days=days)
    return actions.create(access(user), "Website", permissions=permissions, scopes={**ALL, **scopes}, expires_at=expires_at)


def access(user: User) -> Access:
    from jalon.accounts.queries import access_of

    return access_of(user.pk)


def ask(token: str, path: str = "/api/whoami", **more: Any) -> Any:
    return Client(**more).get(path, headers={"Authorization": f"Bearer {token}"})


def sentence(token: str) -> tuple[int, str]:
    answer = ask(token)
    return answer.status_code, answer.json()["error"].partition(". ")[0]


@pytest.fixture
def may_make_tokens(people: People) -> None:
    sales = set_of("sales")
    sales.permissions = [*sales.permissions, "api_tokens"]
    sales.save()


def test_a_program_learns_who_it_is(people: People) -> None:
    answer = ask(make(people, people.alice, "records.view", view=Scope.TEAM))
    found = answer.json()
    assert (answer.status_code, found["user"], found["token"]) == (200, people.alice.pk, "Website")
    assert (found["permissions"], found["scopes"]["*.view"]) == (["records.view"], "team")


def test_only_the_hash_is_kept_and_the_token_shown_once(people: People) -> None:
    client = Client()
    client.post("/sign-in/", {"login": "alice@moreau.example", "password": PASSWORD})
    form = {"name": "Website", "lives": "30", "permissions": ["export"], "view": "all", "edit": "none", "delete": "none"}
    page = client.post("/settings/tokens/new/", form).content.decode()
    token = page.split('id="token" value="')[1].split('"')[0]
    row = ApiToken.objects.get()
    assert token.startswith(row.prefix)
    assert token not in (row.token_hash, row.prefix)
    assert row.permissions == ["export", "records.view"]
    listed = client.get("/settings/tokens/").content.decode()
    assert row.prefix in listed
    assert token not in listed
    assert ask(token).status_code == 200


def test_what_opens_nothing_gets_401_and_a_sentence(people: People) -> None:
    expired, revoked, orphan = make(people, people.alice, days=-1), make(people, people.alice), make(people, people.alice)
    actions.revoke(ApiToken.objects.order_by("pk")[1].pk, actor=SYSTEM, now=timezone.now())
    assert sentence("jln_unknown") == (401, "This token is not known")
    assert sentence(expired) == (401, "This token has expired")
    assert sentence(revoked) == (401, "This token was revoked")
    User.objects.filter(pk=people.alice.pk).update(is_active=False)
    assert sentence(orphan) == (401, "The owner of this token may not use tokens any more.")
    assert ask("jln_unknown").headers["WWW-Authenticate"] == "Bearer"


def test_pages_are_not_for_programs_and_programs_addresses_take_no_session(people: People) -> None:
    token = make(people, people.alice, "account_settings")
    for path in ("/settings/account/", "/contacts/", "/"):
        assert (ask(token, path).status_code, "a page for people" in ask(token, path).json()["error"]) == (403, True)
    assert signed_in(people.alice).get("/api/whoami").status_code == 401


def test_a_token_never_outgrows_its_owner(people: People, may_make_tokens: None) -> None:
    token = make(people, people.bob, "records.view", "records.edit", edit=Scope.ALL)
    assert ask(token).json()["scopes"]["*.edit"] == str(access(people.bob).scopes["*.edit"]) != "all"
    reader = set_of("reader")
    reader.permissions = [*reader.permissions, "api_tokens"]
    reader.save()
    User.objects.filter(pk=people.bob.pk).update(permission_set=reader)
    found = ask(token).json()
    assert found["scopes"]["*.edit"] == "none"
    with pytest.raises(Refused, match="rights that you have yourself"):
        make(people, people.bob, "erase")
    User.objects.filter(pk=people.bob.pk).update(permission_set=None)
    assert sentence(token)[0] == 401


def test_without_the_permission_nobody_makes_one(people: People) -> None:
    with pytest.raises(Denied):
        make(people, people.rita, "records.view")
    assert signed_in(people.rita).get("/settings/tokens/").status_code == 403


SCOPES = st.sampled_from(list(Scope))
NAMES = st.sampled_from(["records.view", "records.edit", "records.delete", "export", "erase"])
KEYS = st.sampled_from([f"{kind}.{verb}" for kind in ("*", "contact", "deal") for verb in ("view", "edit", "delete")])


@settings(max_examples=300, deadline=None)
@given(
    permissions=st.frozensets(NAMES),
    scopes=st.dictionaries(KEYS, SCOPES),
    super_admin=st.booleans(),
    wanted=st.lists(NAMES),
    most=st.dictionaries(st.sampled_from(["view", "edit", "delete"]), SCOPES),
)
def test_whatever_is_asked_a_token_reaches_no_more_than_its_owner(
    permissions: frozenset[str], scopes: dict[str, Scope], super_admin: bool, wanted: list[str], most: dict[str, Scope]
) -> None:
    owner = Access(Actor(7, "Owner"), super_admin, permissions, scopes, frozenset({7, 8}))
    token = narrowed(owner, wanted, {verb: str(scope) for verb, scope in most.items()}, "Website")
    assert not token.super_admin
    assert all(owner.may(name) and name in wanted for name in token.permissions)
    for kind in ("contact", "deal", "ticket"):
        for verb in ("view", "edit", "delete"):
            mine, theirs = owner.owners(kind, verb), token.owners(kind, verb)
            assert mine is None or (theirs is not None and theirs <= mine)
            assert token.scope(kind, verb).width <= most.get(verb, Scope.ALL).width
            assert owner.scope(kind, verb).unassigned or not token.scope(kind, verb).unassigned


def test_the_last_use_is_noted_with_its_address(people: People) -> None:
    token = make(people, people.alice)
    ask(token, REMOTE_ADDR="203.0.113.9")
    row = ApiToken.objects.get()
    assert row.last_ip == "203.0.113.9"
    assert row.last_used_at is not None
    assert "203.0.113.9" in signed_in(people.alice).get("/settings/tokens/").content.decode()


def test_administrators_see_and_revoke_everybodys_and_the_owner_hears_of_it(people: People, may_make_tokens: None) -> None:
    token = make(people, people.bob)
    row = ApiToken.objects.get()
    beas = signed_in(people.bea)
    assert "Website" not in beas.get("/settings/tokens/?of=all").content.decode()
    assert beas.post(f"/settings/tokens/{row.pk}/revoke/").status_code == 404
    alice = signed_in(people.alice)
    assert "Bob" in alice.get("/settings/tokens/?of=all").content.decode()
    alice.post(f"/settings/tokens/{row.pk}/revoke/")
    assert ask(token).status_code == 401
    assert notices(people.bob.pk)[0].sentence == "Alice revoked your API token “Website”."
    assert list(AuditLine.objects.filter(kind__startswith="token.").values_list("kind", flat=True)) == ["token.created", "token.revoked"]


def test_guessing_tokens_ends_with_429_while_good_ones_still_work(people: People) -> None:
    token = make(people, people.alice)
    for _ in range(30):
        assert ask("jln_guess").status_code == 401
    answer = ask("jln_guess")
    assert (answer.status_code, 0 < int(answer.headers["Retry-After"]) <= 300) == (429, True)
    assert ask(token).status_code == 200


def test_a_deactivated_owner_comes_back_with_their_tokens(people: People, may_make_tokens: None) -> None:
    token = make(people, people.bob)
    accounts.set_active(people.bob.pk, False, actor=SYSTEM)
    assert ask(token).status_code == 401
    accounts.set_active(people.bob.pk, True, actor=SYSTEM)
    assert ask(token).status_code == 200
