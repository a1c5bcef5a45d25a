"""The beat's part that reminds people of their tasks."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from jalon.jobs.beat import BeatPart
from jalon.records.activities import actions, queries

EVERY: Final = timedelta(seconds=10)
LATEST: Final = timedelta(days=1)  # after a longer sleep nobody wants to hear of it any more
SLICE: Final = 200

_looked_at: datetime | None = None


def remind(now: datetime) -> bool:
    """Looks for reminders that have come, at most every ten seconds; True if more wait."""
    global _looked_at
    if _looked_at is not None and now - _looked_at < EVERY:
        return False
    due = queries.due_reminders(now, now - LATEST, SLICE)
    for id in due:
        actions.remind(id, now)
    if len(due) < SLICE:
        _looked_at = now
    return len(due) == SLICE


def forget() -> None:
    """Looks at the next turn, however soon that is."""
    global _looked_at
    _looked_at = None


REMINDERS: Final = BeatPart("reminders", remind)
