"""The beat part that deletes the files of old imports."""

from __future__ import annotations

from datetime import datetime, timedelta

from jalon.imports.keeping import actions

OFTEN = timedelta(hours=1)
_next: list[datetime] = []


def turn(now: datetime) -> bool:
    """Once an hour; whether more waits."""
    if _next and now < _next[0]:
        return False
    more = actions.delete_old(now)
    _next[:] = [now if more else now + OFTEN]
    return more
