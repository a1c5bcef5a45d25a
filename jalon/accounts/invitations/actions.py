"""Making, renewing, withdrawing and using up links."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from jalon.accounts import queries
from jalon.accounts.access import Actor, Refused
from jalon.accounts.actions import Grant, check_password, free_address
from jalon.accounts.audit.actions import audit
from jalon.accounts.models import Invitation, User
from jalon.accounts.rights import actions as rights
from jalon.accounts.sessions import actions as sessions
from jalon.warehouse.words import N_

LINK_LIVES = timedelta(days=7)
MOST = 100  # addresses in one go


@dataclass(frozen=True, slots=True)
class Invited:
    """What became of one address: the token of its link, or why there is none."""

    email: str
    token: str = ""
    problem: str = ""


def addresses(text: str) -> list[str]:
    """The addresses of a text, each once: one per line, or apart by commas, semicolons or spaces; names in front are left out."""
    found = re.split(r"[\s,;]+", re.sub(r"[^,;\n]*<([^<>]*)>", r"\1", text))
    return list(dict.fromkeys(address.lower() for address in found if address))


def invite_all(emails: list[str], *, grant: Grant, actor: Actor) -> list[Invited]:
    """A link for each address; one that cannot be invited says why and holds up no other."""
    if len(emails) > MOST:
        raise Refused(gettext("Invite at most %(count)d people in one go.") % {"count": MOST})
    told = []
    for email in emails:
        try:
            told.append(Invited(email, invite(email, grant=grant, actor=actor)))
        except Refused as refused:
            told.append(Invited(email, problem=str(refused)))
    return told


@transaction.atomic
def invite(email: str, *, grant: Grant, actor: Actor, now: datetime | None = None) -> str:
    """Makes a link for somebody new and returns its token, which is kept nowhere. An older link for the address ends."""
    address = free_address(email)
    Invitation.objects.filter(email=address, accepted_at=None).delete()
    invitation = Invitation(email=address, super_admin=grant.super_admin, permission_set_id=grant.permission_set, team_id=grant.main_team)
    audit(actor, "user.invited", N_("%(who)s invited %(email)s."), link=reverse("settings:users"), email=address)
    return _keep(invitation, actor, now)


@transaction.atomic
def renew(invitation_id: int, *, actor: Actor, now: datetime | None = None) -> tuple[str, str]:
    """A new link in place of one that was lost or has ended: the address and the token. The old link opens nothing any more."""
    invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation_id, accepted_at=None, user=None)
    audit(actor, "user.invited", N_("%(who)s invited %(email)s again."), link=reverse("settings:users"), email=invitation.email)
    return invitation.email, _keep(invitation, actor, now)


@transaction.atomic
def withdraw(invitation_id: int, *, actor: Actor) -> None:
    for invitation in Invitation.objects.filter(pk=invitation_id, accepted_at=None):
        invitation.delete()
        sentence = N_("%(who)s withdrew the invitation of %(email)s.")
        audit(actor, "user.invitation_withdrawn", sentence, link=reverse("settings:users"), email=invitation.email)


@transaction.atomic
def renew_password_link(user_id: int, *, actor: Actor, now: datetime | None = None) -> str:
    """Makes a link with which a user sets a new password; returns its token."""
    user = User.objects.get(pk=user_id)
    Invitation.objects.filter(user=user, accepted_at=None).delete()
    link = reverse("settings:user", args=[user_id])
    audit(actor, "user.password_link", N_("%(who)s made a password link for %(person)s."), link=link, person=str(user))
    return _keep(Invitation(email=user.email, user=user), actor, now)


@transaction.atomic
def accept(token: str, *, name: str, password: str, now: datetime | None = None) -> User:
    """Uses a link up: makes its user, or gives the user a new password. A link works once, and not after its day."""
    now = now or timezone.now()
    usable = Invitation.objects.filter(accepted_at=None, expires_at__gt=now).select_for_update()
    invitation = usable.filter(token_hash=queries.hash_of(token)).first()
    if invitation is None:
        raise Refused(gettext("This link was used already or is too old. Ask for a new one."))
    user = invitation.user or User(email=invitation.email)
    user.name = name.strip() or user.name or user.email
    check_password(password, user)
    user.set_password(password)
    if invitation.user is None:
        user.super_admin, user.permission_set_id = invitation.super_admin, invitation.permission_set_id
    user.save()
    sessions.end_all(user.pk)
    _welcome(invitation, user)
    invitation.accepted_at = now
    invitation.save(update_fields=["accepted_at"])
    return user


def _welcome(invitation: Invitation, user: User) -> None:
    actor, link = Actor(user.pk, str(user)), reverse("settings:user", args=[user.pk])
    if invitation.user is not None:
        audit(actor, "user.password", N_("%(who)s chose a new password with a link."), link=link)
        return
    if invitation.team_id:
        rights.put_into_teams(user, [invitation.team_id], main=invitation.team_id, actor=actor)
    audit(actor, "user.joined", N_("%(who)s joined with the address %(email)s."), link=link, email=user.email)


def _keep(invitation: Invitation, actor: Actor, now: datetime | None) -> str:
    token = secrets.token_urlsafe(24)
    invitation.token_hash = queries.hash_of(token)
    invitation.invited_by_id = actor.user_id
    invitation.expires_at = (now or timezone.now()) + LINK_LIVES
    invitation.save()
    return token
