"""The account and the people of the demo."""

from __future__ import annotations

from dataclasses import replace

from jalon.accounts import actions, permissions, queries
from jalon.accounts.access import SYSTEM, Scope
from jalon.accounts.actions import AccountSettings, Grant, Owner
from jalon.accounts.rights import actions as rights
from jalon.accounts.rights import queries as rights_queries
from jalon.accounts.rights.actions import SetValues
from jalon.demo import company
from jalon.demo.company import CAST, Member

STAGES = "sales"
NARROWED = {
    ("sales", "own"): "Commerce, ses propres fiches",
    ("sales", "team"): "Commerce, les fiches de l’équipe",
    ("service", "team"): "Service client, les fiches de l’équipe",
}


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
    """The member's rights; those whose reach is narrower share a permission set that says so."""
    grant = Grant.of(member.role, member.team)
    return replace(grant, permission_set=_narrowed(member)) if member.reach else grant


def _narrowed(member: Member) -> int:
    """The set of the role, with the records of the team or only one's own."""
    name = NARROWED[member.role, member.reach]
    found = next((row for row in rights_queries.sets() if row.label == name), None)
    if found is not None:
        return found.id
    preset, reach = permissions.preset(member.role), Scope(member.reach)
    scopes = {"*.view": reach, "*.edit": reach, "*.delete": Scope.NONE}
    return rights.create_set(SetValues(name, "", preset.permissions, scopes), actor=SYSTEM).pk
