"""The cast of the tests: Alice may do everything, Bob sells with his team, Charlie sees only his own, Rita only reads."""

from __future__ import annotations

from dataclasses import dataclass

from django.test import Client

from jalon.accounts import actions, queries
from jalon.accounts.access import SYSTEM, Access, Scope
from jalon.accounts.actions import AccountSettings, Grant, Owner
from jalon.accounts.models import User

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
    own_only = Grant("sales", ("records.view", "records.edit", "reports.view"), OWN_ONLY, sees_unassigned=False)
    return People(
        alice=alice,
        bob=_person("Bob", Grant.of("sales", team="Sales")),
        bea=_person("Bea", Grant.of("sales", team="Sales")),
        charlie=_person("Charlie", own_only),
        rita=_person("Rita", Grant.of("reader")),
    )


def _person(name: str, grant: Grant) -> User:
    return actions.create_user(f"{name.lower()}@moreau.example", name=name, password=PASSWORD, grant=grant, actor=SYSTEM)


def signed_in(user: User) -> Client:
    """A browser in which this user is signed in."""
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client
