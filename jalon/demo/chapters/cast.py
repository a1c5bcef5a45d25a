"""The account and the people of the demo."""

from __future__ import annotations

from dataclasses import replace

from jalon.accounts import actions, queries
from jalon.accounts.access import SYSTEM, Scope
from jalon.accounts.actions import AccountSettings, Grant, Owner
from jalon.demo import company
from jalon.demo.company import CAST, Member

STAGES = "sales"


def enter() -> dict[str, int]:
    """Sets up the account and its users where they are missing. Gives each one's id by key."""
    if not queries.account().configured:
        _set_up(CAST[0])
    there = {user.email: user.id for user in queries.users()}
    for member in CAST:
        if member.email not in there:
            user = actions.create_user(member.email, name=member.name, password=company.PASSWORD, grant=_grant(member), actor=SYSTEM)
            there[member.email] = user.pk
    return {member.key: there[member.email] for member in CAST}


def is_elsewhere() -> bool:
    """Whether this home belongs to somebody else: an account without the people of the demo."""
    emails = {user.email for user in queries.users()}
    return queries.account().configured and CAST[0].email not in emails


def _set_up(first: Member) -> None:
    settings = AccountSettings(company.NAME, company.ZONE.key, company.LANGUAGE, company.CURRENCY, 0)
    actions.set_up(settings, stage_preset=STAGES, owner=Owner(first.name, first.email, company.PASSWORD))
    first_id = next(user.id for user in queries.users() if user.email == first.email)
    actions.change_user(first_id, name=first.name, grant=_grant(first), actor=SYSTEM)


def _grant(member: Member) -> Grant:
    grant = Grant.of(member.role, member.team)
    if not member.reach:
        return grant
    reach = Scope(member.reach)
    return replace(grant, scopes={"*.view": reach, "*.edit": reach, "*.delete": Scope.NONE}, sees_unassigned=False)
