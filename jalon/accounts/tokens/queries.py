"""Read tokens, and what one of them may do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext

from jalon.accounts import queries as accounts
from jalon.accounts.access import Access, Actor, Scope
from jalon.accounts.models import ApiToken

VERBS = ("view", "edit", "delete")


class NotAccepted(Exception):
    """A token that opens nothing; the message is a sentence for the one who sent it."""


@dataclass(frozen=True, slots=True)
class Bearer:
    """A token that was accepted, and what its bearer may do: never more than the owner may now."""

    id: int
    name: str
    access: Access
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class TokenLine:
    """A token on the settings page."""

    id: int
    name: str
    prefix: str
    owner: str
    permissions: tuple[str, ...]
    state: str  # valid, expired, revoked
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    last_ip: str


def bearer(token: str, now: datetime) -> Bearer:
    """Who comes with this token. Raises NotAccepted for one that is unknown, revoked, expired, or whose owner is deactivated."""
    row = ApiToken.objects.select_related("user").filter(token_hash=accounts.hash_of(token)).first()
    if row is None:
        raise NotAccepted(gettext("This token is not known. Make one in Settings, API tokens."))
    if row.revoked_at is not None:
        raise NotAccepted(gettext("This token was revoked. Make a new one in Settings, API tokens."))
    if row.expires_at is not None and row.expires_at <= now:
        raise NotAccepted(gettext("This token has expired. Make a new one in Settings, API tokens."))
    owner = accounts.access_from(row.user)
    if not row.user.is_active or not owner.may("api_tokens"):
        raise NotAccepted(gettext("The owner of this token may not use tokens any more."))
    return Bearer(row.pk, row.name, narrowed(owner, row.permissions, row.scopes, row.name), row.expires_at)


def narrowed(owner: Access, permissions: list[str], most: dict[str, str], name: str) -> Access:
    """The owner's rights cut to those of the token."""
    may = frozenset(permission for permission in permissions if owner.may(permission))
    keys = {*owner.scopes, *(f"*.{verb}" for verb in VERBS)}
    scopes = {key: _owners(owner, key).within(Scope(most.get(key.rpartition(".")[2], Scope.ALL))) for key in keys}
    actor = Actor(owner.actor.user_id, f"{owner.actor.name} ({name})")
    return replace(owner, actor=actor, super_admin=False, permissions=may, scopes=scopes)


def _owners(owner: Access, key: str) -> Scope:
    """What the owner's line says, whatever permission stands beside it: the token's own permissions are asked for later."""
    return Scope.ALL if owner.super_admin else owner.scopes.get(key, Scope.NONE)


def tokens(user_id: int | None, now: datetime) -> list[TokenLine]:
    """A person's tokens, or everybody's (None); valid ones first, then the newest."""
    rows = ApiToken.objects.select_related("user").order_by("-id")
    found = [_line(row, now) for row in (rows if user_id is None else rows.filter(user_id=user_id))]
    return sorted(found, key=lambda line: line.state != "valid")


def owner_of(token_id: int) -> int | None:
    return ApiToken.objects.filter(pk=token_id).values_list("user_id", flat=True).first()


def _line(row: ApiToken, now: datetime) -> TokenLine:
    expired = row.expires_at is not None and row.expires_at <= now
    return TokenLine(
        id=row.pk,
        name=row.name,
        prefix=row.prefix,
        owner=str(row.user),
        permissions=tuple(row.permissions),
        state="revoked" if row.revoked_at else "expired" if expired else "valid",
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        last_ip=row.last_ip,
    )
