"""Changes to the account, its users and their rights."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext

from jalon.accounts import permissions, presets, queries
from jalon.accounts.access import SYSTEM, Access, Actor, Scope
from jalon.accounts.audit.actions import audit as audit
from jalon.accounts.models import Account, Invitation, Rights, Team, User
from jalon.accounts.notices.actions import notify as notify  # the verb that every capability calls lives beside its own rows

LINK_LIVES = timedelta(days=7)


class Refused(ValueError):
    """A change that cannot be made; `sentences` tell the person who asked why, and what would be right."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


@dataclass(frozen=True, slots=True)
class Grant:
    """The rights to give somebody."""

    role: str
    permissions: tuple[str, ...] = ()
    scopes: Mapping[str, Scope] = field(default_factory=dict)
    sees_unassigned: bool = True
    team: str = ""

    @classmethod
    def of(cls, role: str, team: str = "") -> Grant:
        """A role's rights as they come."""
        row = permissions.role(role)
        return cls(row.name, row.permissions, row.scopes, team=team)


@dataclass(frozen=True, slots=True)
class AccountSettings:
    """What the account settings page asks."""

    name: str
    zone: str
    language: str
    currency: str
    first_weekday: int


@dataclass(frozen=True, slots=True)
class Owner:
    """The first user, made by the first-run page."""

    name: str
    email: str
    password: str


def require_grant(access: Access, *, roles: Iterable[str], given: Iterable[str] = ()) -> None:
    """Nobody gives a right that they lack; else the right to manage users would be the right to everything."""
    if access.super_admin:
        return
    if "super_admin" in roles:
        raise Refused(gettext("Only a super admin can do this for a super admin."))
    if not set(given) <= access.permissions:
        raise Refused(gettext("You can only give rights that you have yourself."))


@transaction.atomic
def set_up(settings: AccountSettings, *, stage_preset: str, owner: Owner) -> User:
    """Answers the first-run page: the account, its first stages, its first user. Refused once that was done."""
    _one_at_a_time()
    if Account.objects.exists():
        raise Refused(gettext("This Jalon was set up already. Sign in instead."))
    user = create_user(owner.email, name=owner.name, password=owner.password, grant=Grant.of("super_admin"), actor=SYSTEM)
    Account.objects.create(pk=1, stage_preset=stage_preset, **_columns(settings))
    queries.forget_account()
    presets.set_up(stage_preset, Actor(user.pk, user.name))
    return user


@transaction.atomic
def change_account(settings: AccountSettings, *, actor: Actor) -> None:
    Account.objects.filter(pk=1).update(**_columns(settings))
    queries.forget_account()


def _columns(settings: AccountSettings) -> dict[str, str | int]:
    return {
        "name": settings.name,
        "zone": settings.zone,
        "language": settings.language,
        "currency": settings.currency,
        "first_weekday": settings.first_weekday,
    }


@transaction.atomic
def create_user(email: str, *, name: str, password: str, grant: Grant, actor: Actor, language: str = "") -> User:
    """A user who can sign in at once. Refused with a sentence for a bad or taken address or a weak password."""
    user = User(email=_address(email), name=name.strip() or email, language=language)
    _check_password(password, user)
    user.set_password(password)
    _apply(user, grant)
    user.save()
    return user


@transaction.atomic
def change_user(user_id: int, *, name: str, grant: Grant, actor: Actor) -> User:
    """New name and rights, in force at once. The last super admin stays one."""
    _one_at_a_time()
    user = User.objects.get(pk=user_id)
    user.name = name.strip() or user.email
    _apply(user, grant)
    _keep_a_super_admin(user)
    user.save()
    return user


@transaction.atomic
def set_active(user_id: int, active: bool, *, actor: Actor) -> User:
    """Deactivated users cannot sign in and are signed out; their records and their name stay."""
    _one_at_a_time()
    user = User.objects.get(pk=user_id)
    if not active and user.pk == actor.user_id:
        raise Refused(gettext("You cannot deactivate yourself. Another administrator can do it."))
    user.is_active = active
    _keep_a_super_admin(user)
    user.save(update_fields=["is_active"])
    return user


@transaction.atomic
def change_profile(user_id: int, *, name: str, language: str, theme: str) -> None:
    User.objects.filter(pk=user_id).update(name=name.strip(), language=language, theme=theme)


@transaction.atomic
def change_appearance(user_id: int, *, language: str = "", theme: str = "") -> None:
    """The switches in the user menu; what is empty stays."""
    changes = {key: value for key, value in (("language", language), ("theme", theme)) if value}
    if changes:
        User.objects.filter(pk=user_id).update(**changes)


@transaction.atomic
def change_password(user: User, password: str) -> None:
    """Every other session of the user ends: Django ties a session to the password's hash."""
    _check_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])


@transaction.atomic
def invite(email: str, *, grant: Grant, actor: Actor, now: datetime | None = None) -> str:
    """Makes a link for somebody new and returns its token, which is kept nowhere. An older link for the address ends."""
    address = _address(email)
    Invitation.objects.filter(email=address, accepted_at=None).delete()
    invitation = Invitation(email=address)
    _apply(invitation, grant)
    return _keep(invitation, actor, now)


@transaction.atomic
def renew_password_link(user_id: int, *, actor: Actor, now: datetime | None = None) -> str:
    """Makes a link with which a user sets a new password; returns its token."""
    user = User.objects.get(pk=user_id)
    Invitation.objects.filter(user=user, accepted_at=None).delete()
    return _keep(Invitation(email=user.email, user=user), actor, now)


@transaction.atomic
def withdraw_invitation(invitation_id: int, *, actor: Actor) -> None:
    Invitation.objects.filter(pk=invitation_id, accepted_at=None).delete()


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
    if invitation.user is None:
        _copy_rights(invitation, user)
    _check_password(password, user)
    user.set_password(password)
    user.save()
    invitation.accepted_at = now
    invitation.save(update_fields=["accepted_at"])
    return user


def _keep(invitation: Invitation, actor: Actor, now: datetime | None) -> str:
    token = secrets.token_urlsafe(24)
    invitation.token_hash = queries.hash_of(token)
    invitation.invited_by_id = actor.user_id
    invitation.expires_at = (now or timezone.now()) + LINK_LIVES
    invitation.save()
    return token


def _apply(row: Rights, grant: Grant) -> None:
    role = permissions.role(grant.role)
    row.role = role.name
    row.super_admin = role.super_admin
    row.permissions = sorted(grant.permissions)
    row.scopes = {key: str(scope) for key, scope in grant.scopes.items()}
    row.sees_unassigned = grant.sees_unassigned
    row.team = Team.objects.get_or_create(name=grant.team.strip())[0] if grant.team.strip() else None


def _copy_rights(source: Rights, target: Rights) -> None:
    for column in ("role", "super_admin", "permissions", "scopes", "sees_unassigned", "team_id"):
        setattr(target, column, getattr(source, column))


def _address(email: str) -> str:
    """The address in lower case, checked; refused when somebody has it."""
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise Refused(gettext("“%(email)s” is not an e-mail address.") % {"email": email}) from error
    if User.objects.filter(email__iexact=address).exists():
        raise Refused(gettext("%(email)s is a user already.") % {"email": address})
    return address


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error


def _keep_a_super_admin(user: User) -> None:
    stays = user.super_admin and user.is_active
    if not stays and not User.objects.filter(super_admin=True, is_active=True).exclude(pk=user.pk).exists():
        raise Refused(gettext("Somebody must stay super admin. Make another user super admin first."))


def _one_at_a_time() -> None:
    """Two administrators may not remove each other at the same moment, nor two browsers answer the first-run page."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('jalon.accounts'))")
