"""Puts away, once an hour, what has ended by itself: windows of attempts, sessions that nobody came back to."""

from __future__ import annotations

from datetime import datetime, timedelta

from jalon.accounts.safety.actions import forget_old_attempts
from jalon.accounts.sessions.actions import forget_ended

EVERY = timedelta(hours=1)
_last: datetime | None = None


def tidy(now: datetime) -> bool:
    """The beat part "sessions"."""
    global _last
    if _last is None or now - _last >= EVERY:
        _last = now
        forget_old_attempts(now)
        forget_ended()
    return False
