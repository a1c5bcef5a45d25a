"""Keeping the dates of stages, and how far the log was read for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db import transaction

from jalon.accounts.access import SYSTEM
from jalon.jobs.actions import save_position
from jalon.jobs.models import Position as StoredPosition
from jalon.lifecycle.columns import CONTACT
from jalon.lifecycle.dates import queries
from jalon.lifecycle.dates.queries import BEHIND, READ
from jalon.records.bulk import actions as bulk
from jalon.records.columns import Origin, Position, Source

ORIGIN: Final = Origin(Source.CALCULATED)
SLICE: Final = 5_000


def keep(ids: Sequence[int], stages: Sequence[str]) -> None:
    """Stamps what the log knows. First entries only become earlier, other dates later; a time is that of the whole log: twice is once."""
    for start in range(0, len(ids), SLICE):
        if rows := list(queries.outdated(ids[start : start + SLICE], stages)):
            bulk.set_each(CONTACT, rows, actor=SYSTEM, origin=ORIGIN)


@transaction.atomic
def start_from(position: Position) -> None:
    """The first time: the log is followed from here, and the contacts that were there before are looked at one after the other."""
    save_position(READ, position.epoch, position.xid, position.id)
    save_position(BEHIND, 0, 0, 0)


def passed(record_id: int) -> None:
    """The contacts up to this one were looked at."""
    save_position(BEHIND, 0, 0, record_id)


@transaction.atomic
def read_up_to(position: Position, all_passed: bool) -> None:
    """The log is followed up to here."""
    save_position(READ, position.epoch, position.xid, position.id)
    if all_passed:
        StoredPosition.objects.filter(name=BEHIND).delete()
