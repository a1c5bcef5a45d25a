"""Read the account, its users and their rights."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from jalon.accounts.access import NOBODY, Access, Actor, Scope
from jalon.accounts.models import Account, Invitation, Preference, Team, User


@dataclass(frozen=True, slots=True)
class AccountView:
    """The settings of this deployment; `configured` is False before the first-run page was answered."""

    name: str = "Jalon"
    zone: str = "Europe/Paris"
    language: str = "en"
    currency: str = "EUR"
    first_weekday: int = 0
    stage_preset: str = "sales"
    configured: bool = False

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)


@dataclass(frozen=True, slots=True)
class UserView:
    """A user as owner pickers and labels show them; deactivated users keep their name."""

    id: int
    name: str
    email: str
    active: bool


_of_this_request: ContextVar[AccountView | None] = ContextVar("account", default=None)


def account() -> AccountView:
    """The account's settings, read once per request."""
    return _of_this_request.get() or _read_account()


@contextmanager
def account_for_request() -> Iterator[AccountView]:
    """Keeps the account for the time of one request, so that its many readers cost one query."""
    view = _read_account()
    token = _of_this_request.set(view)
    try:
        yield view
    finally:
        _of_this_request.reset(token)


def forget_account() -> None:
    """After a change: the rest of this request reads the new settings."""
    _of_this_request.set(None)


def _read_account() -> AccountView:
    row = Account.objects.order_by("id").first()
    if row is None:
        return AccountView()
    return AccountView(
        name=row.name,
        zone=row.zone,
        language=row.language,
        currency=row.currency,
        first_weekday=row.first_weekday,
        stage_preset=row.stage_preset,
        configured=True,
    )


def access_of(user_id: int) -> Access:
    """What this user may see and do now. Somebody unknown or deactivated may do nothing."""
    user = User.objects.filter(id=user_id, is_active=True).first()
    return access_from(user) if user else NOBODY


def access_from(user: User) -> Access:
    """The rights of a user row that was read already."""
    return Access(
        actor=Actor(user.pk, user.name or user.email),
        super_admin=user.super_admin,
        permissions=frozenset(user.permissions),
        scopes={key: Scope(value) for key, value in user.scopes.items()},
        team_user_ids=_team(user),
        sees_unassigned=user.super_admin or user.sees_unassigned,
    )


def _team(user: User) -> frozenset[int]:
    """The members of the user's team, asked for only where a scope needs them."""
    if user.super_admin or user.team_id is None or Scope.TEAM not in user.scopes.values():
        return frozenset({user.pk})
    return frozenset(User.objects.filter(team_id=user.team_id).values_list("id", flat=True)) | {user.pk}


@dataclass(frozen=True, slots=True)
class UserLine:
    """A user on the settings page."""

    id: int
    name: str
    email: str
    role: str
    team: str
    active: bool
    last_login: datetime | None


@dataclass(frozen=True, slots=True)
class InvitationLine:
    """An invitation that nobody has used yet."""

    id: int
    email: str
    role: str
    invited_by: str
    expires_at: datetime


def user_lines() -> list[UserLine]:
    """Everybody for the settings page, active users first."""
    rows = User.objects.select_related("team").order_by("-is_active", "name", "email")
    return [
        UserLine(row.pk, row.name or row.email, row.email, row.role, row.team.name if row.team else "", row.is_active, row.last_login)
        for row in rows
    ]


def user_by_email(email: str) -> User | None:
    return User.objects.filter(email__iexact=email.strip()).first()


def open_invitations(now: datetime) -> list[InvitationLine]:
    rows = Invitation.objects.select_related("invited_by").filter(accepted_at=None, expires_at__gt=now, user=None)
    return [InvitationLine(row.pk, row.email, row.role, str(row.invited_by or ""), row.expires_at) for row in rows.order_by("-created_at")]


def invitation(token: str, now: datetime) -> Invitation | None:
    """The open invitation behind a link; None for one that is used up, too old or unknown."""
    rows = Invitation.objects.select_related("user")
    return rows.filter(token_hash=hash_of(token), accepted_at=None, expires_at__gt=now).first()


def hash_of(token: str) -> str:
    """What is kept of a link's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def teams() -> list[str]:
    return list(Team.objects.order_by("name").values_list("name", flat=True))


def users() -> list[UserView]:
    """Everybody, deactivated users too, by name."""
    rows = User.objects.order_by("name", "email").values_list("id", "name", "email", "is_active")
    return [UserView(id, name or email, email, active) for id, name, email, active in rows]


def preference(user_id: int | None, name: str) -> Any:
    """What a page remembers for this person under a name, None when it never did."""
    if user_id is None:
        return None
    return Preference.objects.filter(user_id=user_id, name=name).values_list("value", flat=True).first()
