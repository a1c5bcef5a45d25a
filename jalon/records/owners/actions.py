"""Handing over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from jalon.accounts.access import Actor
from jalon.records import queries
from jalon.records.bulk.actions import set_all
from jalon.records.columns import Origin, Source
from jalon.records.owners.queries import next_owned

SLICE: Final = 5_000


def hand_over(user_id: int, heir_id: int | None, actor: Actor, mark: str) -> Iterator[int]:
    """Gives every record of a user to another, or to nobody; yields how many after each slice. Safe to begin again.

    The history of each record names `actor`; `mark` tells this hand-over from others, so that it can be taken back.
    """
    values = {queries.OWNER: None if heir_id is None else str(heir_id)}
    origin = Origin(Source.BULK_EDIT, f"hand-over {mark}")
    for object_type in queries.catalogs():
        last = 0
        while ids := next_owned(object_type, user_id, after=last, limit=SLICE):
            set_all(object_type, ids, values, actor=actor, origin=origin)
            last = ids[-1]
            yield len(ids)
