"""Read where somebody is signed in."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.contrib.sessions.models import Session
from django.utils.translation import gettext

from jalon.accounts.models import UserSession
from jalon.accounts.safety import agents


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A session in words. `handle` names it in an address, without giving the key away that would open it."""

    handle: str
    device: str
    hand_held: bool
    ip: str
    started_at: datetime
    seen_at: datetime
    here: bool


def sessions(user_id: int, *, here: str, now: datetime) -> list[SessionLine]:
    """Everywhere this person is signed in now, this device first, then the last seen."""
    living = Session.objects.filter(expire_date__gt=now).values("session_key")
    rows = UserSession.objects.filter(user_id=user_id, key__in=living).order_by("-seen_at")
    return sorted((_line(row, here) for row in rows), key=lambda line: not line.here)


def key_of(user_id: int, handle: str) -> str | None:
    keys = UserSession.objects.filter(user_id=user_id).values_list("key", flat=True)
    return next((key for key in keys if handle_of(key) == handle), None)


def handle_of(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:24]


def _line(row: UserSession, here: str) -> SessionLine:
    hand_held = agents.is_hand_held(row.agent)
    return SessionLine(handle_of(row.key), words(row.agent), hand_held, row.ip, row.started_at, row.seen_at, row.key == here)


def words(agent: str) -> str:
    """ "Firefox on Windows"; what is not known is not said."""
    browser, system = agents.browser(agent), agents.system(agent)
    if browser and system:
        return gettext("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or gettext("An unknown device")
