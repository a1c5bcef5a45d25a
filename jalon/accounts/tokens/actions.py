"""Tokens are made, used and revoked."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext

from jalon.accounts import queries as accounts
from jalon.accounts.access import Access, Actor, Scope
from jalon.accounts.actions import Refused
from jalon.accounts.audit.actions import audit
from jalon.accounts.models import ApiToken
from jalon.accounts.notices.actions import notify
from jalon.accounts.tokens import queries
from jalon.warehouse.words import N_

PAGE = "/settings/tokens/"
MARK = "jln_"  # so that secret scanners and people know one when they see it
SHOWN = len(MARK) + 6
USED_AGAIN = timedelta(minutes=1)  # "last use" need not be more exact


@transaction.atomic
def create(access: Access, name: str, *, permissions: Iterable[str], scopes: Mapping[str, Scope], expires_at: datetime | None) -> str:
    """Makes a token with at most its owner's rights, and returns it: it is shown once and kept nowhere."""
    access.require("api_tokens")
    if access.actor.user_id is None:
        raise Refused(gettext("A token belongs to a person."))
    wanted = sorted(set(permissions))
    if not name.strip():
        raise Refused(gettext("Give the token a name that says what uses it."))
    if any(not access.may(permission) for permission in wanted):
        raise Refused(gettext("You can only give rights that you have yourself."))
    token = f"{MARK}{secrets.token_urlsafe(32)}"
    ApiToken.objects.create(
        user_id=access.actor.user_id,
        name=name.strip()[:80],
        prefix=token[:SHOWN],
        token_hash=accounts.hash_of(token),
        permissions=wanted,
        scopes={verb: str(scope) for verb, scope in scopes.items()},
        expires_at=expires_at,
    )
    audit(access.actor, "token.created", N_("%(who)s made the API token “%(name)s”."), link=PAGE, name=name.strip()[:80])
    return token


@transaction.atomic
def revoke(token_id: int, *, actor: Actor, now: datetime) -> None:
    """The token opens nothing from this moment on. Its owner hears of it when somebody else did it."""
    token = ApiToken.objects.select_for_update().filter(pk=token_id, revoked_at=None).first()
    if token is None:
        return
    token.revoked_at = now
    token.save(update_fields=["revoked_at"])
    audit(actor, "token.revoked", N_("%(who)s revoked the API token “%(name)s”."), link=PAGE, name=token.name)
    if token.user_id != actor.user_id:
        notify([token.user_id], "safety", N_("%(who)s revoked your API token “%(name)s”."), PAGE, who=actor.name, name=token.name)


def use(token: queries.Bearer, *, ip: str, now: datetime) -> None:
    """Notes the use of a token, at most once a minute and address."""
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now - USED_AGAIN) | ~Q(last_ip=ip)
    ApiToken.objects.filter(stale, pk=token.id).update(last_used_at=now, last_ip=ip)
