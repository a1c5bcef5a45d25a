"""The cast of the tests: Alice may do everything, Bob sells with his team, Charlie sees only his own, Rita only reads."""

from __future__ import annotations

from dataclasses import dataclass

from django.test import Client

from jalon.accounts import actions, queries
from jalon.accounts.access import SYSTEM, Access, Scope
from jalon.accounts.actions import AccountSettings, Grant, Owner
from jalon.accounts.models import User
from jalon.accounts.rights import actions as rights
from jalon.accounts.rights.actions import SetValues

PASSWORD = "a garden wall 42"
ACCOUNT = AccountSettings(name="Atelier Moreau", zone="Europe/Paris", language="en", currency="EUR", first_weekday=0)
OWN_ONLY = {"*.view": Scope.OWN, "*.edit": Scope.OWN, "*.delete": Scope.NONE}


@dataclass(frozen=True, slots=True)
class People:
    """Who there is in a house that was set up."""

    alice: User
    bob: User
    bea: User
    charlie: User
    rita: User

    def access(self, user: User) -> Access:
        return queries.access_of(user.pk)


def move_in() -> People:
    """Answers the first-run page as Alice and makes the others."""
    alice = actions.set_up(ACCOUNT, stage_preset="sales", owner=Owner("Alice", "alice@moreau.example", PASSWORD))
    own_only = granted("Own only", ("reports.view",), OWN_ONLY)
    return People(
        alice=alice,
        bob=_person("Bob", Grant.of("sales", team="Sales")),
        bea=_person("Bea", Grant.of("sales", team="Sales")),
        charlie=_person("Charlie", own_only),
        rita=_person("Rita", Grant.of("reader")),
    )


def granted(name: str, permissions: tuple[str, ...], scopes: dict[str, Scope], team: str = "") -> Grant:
    """A permission set of its own for somebody; what they may do with records follows from the scopes."""
    found = rights.create_set(SetValues(name, "", permissions, scopes), actor=SYSTEM)
    main = rights.team_named(team).pk if team else None
    return Grant(found.pk, teams=(main,) if main else (), main_team=main)


def _person(name: str, grant: Grant) -> User:
    return actions.create_user(f"{name.lower()}@moreau.example", name=name, password=PASSWORD, grant=grant, actor=SYSTEM)


def signed_in(user: User) -> Client:
    """A browser in which this user is signed in."""
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client
