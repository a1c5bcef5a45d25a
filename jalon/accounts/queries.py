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

from django.utils.translation import gettext

from jalon.accounts.access import NOBODY, Access, Actor
from jalon.accounts.models import Account, Invitation, Membership, Preference, Rights, User
from jalon.accounts.permissions import SUPER_ADMIN
from jalon.accounts.rights import queries as rights
from jalon.warehouse.folding import fold


@dataclass(frozen=True, slots=True)
class AccountView:
    """The settings of this deployment; `configured` is False before the first-run page was answered."""

    name: str = "Jalon"
    zone: str = "Europe/Paris"
    language: str = "en"
    currency: str = "EUR"
    first_weekday: int = 0
    fiscal_month: int = 1
    stage_preset: str = "sales"
    configured: bool = False
    second_factor_from: datetime | None = None  # from then on everybody must use one
    report_mail_zone: str = "America/New_York"

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

    @property
    def in_pickers(self) -> str:
        """The name where people are chosen from."""
        return self.name if self.active else gettext("%(name)s (deactivated)") % {"name": self.name}


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
        fiscal_month=row.fiscal_month,
        stage_preset=row.stage_preset,
        configured=True,
        second_factor_from=row.second_factor_from,
        report_mail_zone=row.report_mail_zone,
    )


def access_of(user_id: int) -> Access:
    """What this user may see and do now. Somebody unknown or deactivated may do nothing."""
    user = User.objects.filter(id=user_id, is_active=True).first()
    return access_from(user) if user else NOBODY


def access_from(user: User) -> Access:
    """The rights of a user row that was read already."""
    granted = user.permission_set
    scopes = rights.scopes_of(granted) if granted else {}
    shares = not user.super_admin and any(scope.width == 2 for scope in scopes.values())
    return Access(
        actor=Actor(user.pk, user.name or user.email),
        super_admin=user.super_admin,
        permissions=frozenset(granted.permissions if granted else ()),
        scopes=scopes,
        team_user_ids=rights.colleagues(user.pk) if shares else frozenset({user.pk}),
    )


def rights_label(row: Rights) -> str:
    """What somebody's rights are called: super admin, or their permission set."""
    if row.super_admin:
        return gettext(SUPER_ADMIN)
    return rights.label(row.permission_set) if row.permission_set else ""


@dataclass(frozen=True, slots=True)
class UserLine:
    """A user on the settings page; the main team comes first."""

    id: int
    name: str
    email: str
    rights: str
    super_admin: bool
    set_id: int | None
    teams: tuple[str, ...]
    active: bool
    last_login: datetime | None


@dataclass(frozen=True, slots=True)
class InvitationLine:
    """An invitation that nobody has used yet; `ended` once its day has passed."""

    id: int
    email: str
    rights: str
    team: str
    invited_by: str
    expires_at: datetime
    ended: bool


def user_lines(search: str = "") -> list[UserLine]:
    """Everybody for the settings page, active users first."""
    teams: dict[int, list[str]] = {}
    for membership in Membership.objects.select_related("team").order_by("-is_main", "team__name"):
        teams.setdefault(membership.user_id, []).append(membership.team.name)
    lines = [
        UserLine(
            row.pk,
            row.name or row.email,
            row.email,
            rights_label(row),
            row.super_admin,
            row.permission_set_id,
            tuple(teams.get(row.pk, ())),
            row.is_active,
            row.last_login,
        )
        for row in User.objects.order_by("-is_active", "name", "email")
    ]
    wanted = fold(search)
    return [line for line in lines if wanted in fold(" ".join((line.name, line.email, line.rights, *line.teams)))]


def memberships(user_id: int) -> list[tuple[int, bool]]:
    """The teams of a person, with the mark of the main one."""
    return list(Membership.objects.filter(user_id=user_id).order_by("team__name").values_list("team_id", "is_main"))


def user_by_email(email: str) -> User | None:
    return User.objects.filter(email__iexact=email.strip()).first()


def open_invitations(now: datetime) -> list[InvitationLine]:
    """Those that nobody has used, the newest first; the ended ones too, since they can be sent again."""
    rows = Invitation.objects.select_related("invited_by", "permission_set", "team").filter(accepted_at=None, user=None)
    return [
        InvitationLine(
            row.pk,
            row.email,
            rights_label(row),
            row.team.name if row.team else "",
            str(row.invited_by or ""),
            row.expires_at,
            row.expires_at <= now,
        )
        for row in rows.order_by("-created_at")
    ]


def invitation(token: str, now: datetime) -> Invitation | None:
    """The open invitation behind a link; None for one that is used up, too old or unknown."""
    rows = Invitation.objects.select_related("user")
    return rows.filter(token_hash=hash_of(token), accepted_at=None, expires_at__gt=now).first()


def hash_of(token: str) -> str:
    """What is kept of a link's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def users() -> list[UserView]:
    """Everybody, deactivated users too, by name."""
    rows = User.objects.order_by("name", "email").values_list("id", "name", "email", "is_active")
    return [UserView(id, name or email, email, active) for id, name, email, active in rows]


def preference(user_id: int | None, name: str) -> Any:
    """What a page remembers for this person under a name, None when it never did."""
    if user_id is None:
        return None
    return Preference.objects.filter(user_id=user_id, name=name).values_list("value", flat=True).first()
