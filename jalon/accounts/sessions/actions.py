"""Sessions are noted when they begin and while they are used, and ended by their owner."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from importlib import import_module

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction

from jalon.accounts.access import Actor
from jalon.accounts.audit.actions import audit
from jalon.accounts.models import User, UserSession
from jalon.accounts.notices.actions import notify
from jalon.accounts.safety import agents
from jalon.warehouse.words import N_

PAGE = "/settings/profile/safety/"
FRESH = timedelta(minutes=1)  # "last seen" need not be more exact, and most requests write nothing
MOST_REMEMBERED = 10_000
_seen: dict[str, datetime] = {}
_lock = threading.Lock()


def seen(user_id: int, key: str, *, ip: str, agent: str, now: datetime) -> None:
    """Notes that a session is in use, at most once a minute."""
    with _lock:
        last = _seen.get(key)
        if last is not None and timedelta(0) <= now - last < FRESH:
            return
        if len(_seen) >= MOST_REMEMBERED:
            _seen.clear()
        _seen[key] = now
    changes = {"user_id": user_id, "ip": ip, "seen_at": now}
    UserSession.objects.update_or_create(key=key, defaults=changes, create_defaults={**changes, "agent": agent[:400], "started_at": now})


@transaction.atomic
def begin(user: User, key: str, *, ip: str, agent: str, now: datetime) -> None:
    """Somebody signed in. They hear of it when no session of theirs was on such a device."""
    former = list(UserSession.objects.filter(user=user).values_list("agent", flat=True))
    UserSession.objects.create(key=key, user=user, ip=ip, agent=agent[:400], started_at=now, seen_at=now)
    device = {"browser": agents.browser(agent) or "?", "system": agents.system(agent) or "?", "ip": ip}
    actor = Actor(user.pk, user.name or user.email)
    audit(actor, "sign_in.done", N_("%(who)s signed in with %(browser)s on %(system)s (%(ip)s)."), **device)
    kinds = {(agents.browser(one), agents.system(one)) for one in former}
    if former and (agents.browser(agent), agents.system(agent)) not in kinds:
        sentence = N_("You signed in with %(browser)s on %(system)s (%(ip)s) for the first time. If it was not you, change your password.")
        notify([user.pk], "safety", sentence, PAGE, **device)


@transaction.atomic
def end(user_id: int, key: str) -> bool:
    """Signs one session out. False where it is not this person's."""
    found = UserSession.objects.filter(user_id=user_id, key=key)
    if not found.delete()[0]:
        return False
    Session.objects.filter(session_key=key).delete()
    return True


@transaction.atomic
def end_all(user_id: int, *, but: str = "") -> int:
    """Signs a person out everywhere, or everywhere else; says in how many places."""
    rows = UserSession.objects.filter(user_id=user_id).exclude(key=but)
    keys = list(rows.values_list("key", flat=True))
    rows.delete()
    Session.objects.filter(session_key__in=keys).delete()
    return len(keys)


def forget_ended() -> None:
    """Sessions that nobody came back to: Django's rows and ours."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    store.clear_expired()
    UserSession.objects.exclude(key__in=Session.objects.values("session_key")).delete()
