"""Writing who came into lists and who left. Only the part of the beat calls this, under its lock.

Movements are written under a fence: a row that names the last of them, which the writer must know. So their numbers are in
the order of their commits, and somebody who has lost the lock without noticing writes nothing any more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from django.db import transaction
from django.db.models import F

from jalon.jobs.actions import save_position
from jalon.jobs.models import Position as StoredPosition
from jalon.lists.columns import LIST_MEMBERS, LIST_MOVEMENTS, MARK
from jalon.lists.membership import queries
from jalon.lists.membership.plan import Move
from jalon.lists.membership.queries import AROUND, HEARD, MOVED, READ
from jalon.lists.membership.rows import joined, pairs, told
from jalon.lists.models import List, Movement, Request
from jalon.records.columns import Position
from jalon.warehouse import current
from jalon.warehouse.engine import Batch, Change, Engine, Put, Take

SLICE: Final = 5_000  # records of one movement
State = List.State


class Superseded(Exception):
    """Somebody else holds the lock by now."""


@transaction.atomic
def start_from(position: Position) -> None:
    """The first time: the log is followed from here."""
    save_position(READ, position.epoch, position.xid, position.id)
    save_position(MOVED, 0, 0, queries.newest())
    save_position(HEARD, 0, 0, queries.newest())
    save_position(AROUND, 0, 0, queries.around())


@dataclass(slots=True)
class Writer:
    """Who writes movements now. `last` is the number of the last one, as far as they know."""

    now: datetime
    last: int

    def write(self, moves: Sequence[Move], afterwards: Callable[[], None] | None = None) -> None:
        """Movements, and what has to be noted in the same transaction. Those of lists that somebody has changed meanwhile do not count."""
        if not moves and afterwards is None:
            return
        with transaction.atomic():
            self._pass_the_fence()
            self._move(moves)
            if afterwards is not None:
                afterwards()
        if moves:
            lay_down(self.last)

    def _pass_the_fence(self) -> None:
        if not StoredPosition.objects.filter(name=MOVED, id=self.last).update(at=self.now):
            raise Superseded

    def _move(self, moves: Sequence[Move]) -> None:
        rows = {row.pk: row for row in List.objects.select_for_update().filter(pk__in={move.list_id for move in moves}).order_by("pk")}
        written: list[Movement] = []
        for move in moves:
            if move.version in (None, rows[move.list_id].version):
                written += self._movements(move, rows[move.list_id])
        if not written:
            return
        Movement.objects.bulk_create(written, batch_size=100)
        moved = {row.list_id for row in written}
        List.objects.bulk_update([rows[id] for id in sorted(moved)], ["size", "moved_at"])
        self.last = written[-1].pk
        StoredPosition.objects.filter(name=MOVED).update(id=self.last)

    def _movements(self, move: Move, row: List) -> Iterable[Movement]:
        row.moved_at = row.moved_at if move.silent else self.now
        for start in range(0, len(move.ids), SLICE):
            ids = list(move.ids[start : start + SLICE])
            row.size += 0 if move.silent else len(ids) if move.entered else -len(ids)
            same: dict[str, Any] = {
                "entered": move.entered,
                "silent": move.silent,
                "why": move.why,
                "detail": move.detail[:200],
                "actor_id": move.actor_id,
            }
            yield Movement(list_id=move.list_id, at=self.now, ids=ids, size=row.size, **same)


def read_up_to(position: Position) -> None:
    """The log is followed up to here; following it again after a crash would change nothing."""
    save_position(READ, position.epoch, position.xid, position.id)


def heard_up_to(number: int) -> None:
    """Lists of lists have followed the movements up to here."""
    save_position(HEARD, 0, 0, number)


def done(request: Request) -> None:
    Request.objects.filter(pk=request.pk).delete()


# Lists


def look_at_all(list_ids: Iterable[int]) -> None:
    """Every record is looked at again, with the same criteria: a day has begun."""
    List.objects.filter(pk__in=list(list_ids), state=State.DONE).update(state=State.WAITING, after_id=0)


def begin_anew(list_ids: Iterable[int]) -> None:
    """Every record is looked at again, as if the criteria were others."""
    List.objects.filter(pk__in=list(list_ids)).update(version=F("version") + 1, state=State.WAITING, after_id=0, next_at=None, trouble=[])


@transaction.atomic
def days_are_others(list_ids: Iterable[int]) -> None:
    """The account has another zone or another first day of the week."""
    begin_anew(list_ids)
    save_position(AROUND, 0, 0, queries.around())


def note_trouble(trouble: Mapping[int, Sequence[str]]) -> None:
    """These lists keep their last members until their criteria can be asked again."""
    for list_id, sentences in trouble.items():
        rows = List.objects.filter(pk=list_id)
        rows.update(trouble=list(sentences), next_at=None)
        rows.filter(kind=List.Kind.DYNAMIC).update(state=State.DONE)


def go_on(versions: Mapping[int, int], last: int | None, now: datetime) -> None:
    """The records up to `last` are looked at, for lists that are still of these versions; None: all are."""
    alike: dict[int, list[int]] = {}  # a statement for each list would cost as much as looking at the records
    for list_id, version in versions.items():
        alike.setdefault(version, []).append(list_id)
    for version, list_ids in alike.items():
        rows = List.objects.filter(pk__in=list_ids, version=version)
        rows.filter(state=State.WAITING).update(checked_at=now)
        if last is None:
            rows.update(state=State.DONE, after_id=0, seen_version=version)
        else:
            rows.update(state=State.RUNNING, after_id=last)


def note_moments(moments: Mapping[int, datetime | None], checked: Mapping[int, datetime] | None = None) -> None:
    """When the clock matters next for each list; `checked` are those of which all records that it changed were looked at."""
    by_moment: dict[tuple[datetime | None, datetime | None], list[int]] = {}  # most lists wait for the same midnight
    for list_id, next_at in moments.items():
        by_moment.setdefault((next_at, checked.get(list_id) if checked else None), []).append(list_id)
    for (next_at, checked_at), list_ids in by_moment.items():
        rows = List.objects.filter(pk__in=list_ids, state=State.DONE)
        if checked_at is None:
            rows.exclude(next_at=next_at).update(next_at=next_at)
        else:
            rows.update(next_at=next_at, checked_at=checked_at)


# The columns


def lay_down(until: int) -> None:
    """Brings the columns up to a movement. The mark is stored with them, so that a crash repeats a batch or does not begin it."""
    there = queries.laid_down()
    while there < until and (rows := queries.movements_after(there)):
        there = rows[-1].pk
        current.engine().apply(Batch(tuple(_changes(rows)), {MARK: str(there)}))


def _changes(rows: Sequence[Movement]) -> Iterable[Change]:
    yield Put(LIST_MOVEMENTS, told(rows))
    for entered, run in groupby((row for row in rows if not row.silent), key=lambda row: row.entered):
        some = list(run)
        yield Put(LIST_MEMBERS, joined(some), new=True) if entered else Take(LIST_MEMBERS, pairs(some))


def fill(engine: Engine) -> Mapping[str, str]:
    """Lays all movements into columns that are made anew, and says how far they reach."""
    number = queries.newest()
    after = 0
    while after < number and (rows := [row for row in queries.movements_after(after) if row.pk <= number]):
        engine.apply(Batch((Put(LIST_MOVEMENTS, told(rows)),)))
        after = rows[-1].pk
    for list_id in List.objects.order_by("pk").values_list("pk", flat=True):
        for members in queries.members_of(list_id, queries.SLICE):
            engine.apply(Batch((Put(LIST_MEMBERS, members, new=True),)))
    return {MARK: str(number)}


# What comes with a past


@transaction.atomic
def begin_with(list_id: int, arrivals: Mapping[datetime, Sequence[int]], *, why: str, actor_id: int | None = None) -> None:
    """The first members of a new list with the moments at which they came: of what was a list elsewhere, or of a demo.

    The beat must not be at work on lists meanwhile (its lock is the caller's to hold); the columns follow at its next turn.
    """
    row, written = List.objects.select_for_update().get(pk=list_id), list[Movement]()
    for at in sorted(arrivals):
        for start in range(0, len(arrivals[at]), SLICE):
            ids = list(arrivals[at][start : start + SLICE])
            row.size, row.moved_at = row.size + len(ids), at
            written.append(Movement(list=row, at=at, entered=True, why=why, actor_id=actor_id, ids=ids, size=row.size))
    Movement.objects.bulk_create(written, batch_size=100)
    if written:
        row.save(update_fields=["size", "moved_at"])
        save_position(MOVED, 0, 0, written[-1].pk)
