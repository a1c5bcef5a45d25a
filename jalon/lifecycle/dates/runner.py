"""Keeps the dates at which contacts entered and left their stages: a part of the beat of its own.

They are properties of the contacts, so they outlive the columns, and so does the position up to which the log was read.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.utils import timezone

from jalon.jobs.beat import BeatPart
from jalon.jobs.locks import Session
from jalon.lifecycle import queries as stages
from jalon.lifecycle.dates import actions, queries
from jalon.lifecycle.movements import queries as movements
from jalon.records.log import queries as log

SLICE: Final = 25_000  # lines of the log in one turn
WINDOW: Final = 5_000  # contacts in one turn, the first time


def turn(now: datetime) -> bool:
    """One slice of the log; the first time, one window of all contacts. True if more waits."""
    if not stages.is_set_up():
        return False
    known, read = stages.path().known, queries.position(queries.READ)
    if read is None:
        actions.start_from(log.last_settled())
        return True
    behind = queries.position(queries.BEHIND)
    if behind is not None and (ids := movements.next_contacts(behind.id, WINDOW)):
        actions.keep(ids, known)
        actions.passed(ids[-1])
        return True
    slice = movements.read(read, log.last_settled(), SLICE)
    if slice.position != read:
        actions.keep(sorted(slice.ids), known)
        actions.read_up_to(slice.position, behind is not None)
    return slice.more


DATES: Final = BeatPart("stage dates", turn)


def catch_up() -> None:
    """All of the log, for commands."""
    with Session() as session:
        session.lock(DATES.lock)
        while turn(timezone.now()):
            pass
