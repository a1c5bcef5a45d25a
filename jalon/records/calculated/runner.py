"""Follows the change log with calculated properties: the part of the beat after the columns.

What a slice of the log touches is computed from the columns, which have passed that slice, and written like any other
change; so a value that another formula reads reaches that formula by the log as well, one round later. A formula that
is new or changed is computed for all records in windows by id. Each is stored after its writes: a crash repeats a
slice, which then changes nothing. One line of the log may touch a hundred thousand owners of a rollup: they are computed
part by part, turn by turn, and only the last part moves the position.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils import timezone

from jalon.jobs.beat import BeatPart
from jalon.jobs.locks import Session
from jalon.records import progress
from jalon.records import runner as columns
from jalon.records.calculated import actions, queries
from jalon.records.calculated.plan import Book, Touched, touched
from jalon.records.columns import Position

SLICE: Final = 5_000  # lines of the log, and records to compute, in one turn


def turn(now: datetime) -> bool:
    """One slice of the log, or one window of a pass; True if more waits."""
    columns.shape()  # a formula may be a moment old, and its column with it
    there = progress.stored()
    if there is None:  # the columns hold nothing yet
        return False
    book = queries.the_book()
    read = queries.position(queries.READ)
    if read is None:
        actions.start_from(read := there)
    actions.begin(book)
    more = _follow(book, read, there)
    return _pass(book, there) or more


@dataclass(slots=True)
class Slice:
    """A slice of the log whose records are being computed. Only in memory: after a crash it is read and computed again."""

    after: Position
    until: Position
    more: bool  # the log goes on behind it
    waiting: list[tuple[str, set[str], list[int]]]  # object type, formulas, records

    def take(self, limit: int) -> Iterator[tuple[str, set[str], list[int]]]:
        """The next records, at most so many."""
        while self.waiting and limit > 0:
            object_type, names, ids = self.waiting[0]
            yield object_type, names, ids[:limit]
            del self.waiting[0]
            if rest := ids[limit:]:
                self.waiting.insert(0, (object_type, names, rest))
            limit -= min(limit, len(ids))


_slice: Slice | None = None


def _follow(book: Book, read: Position, there: Position) -> bool:
    """The next part of a slice; True if the slice or the log goes on."""
    global _slice
    now = _slice if _slice is not None and _slice.after == read else _read(book, read, there)
    _slice = None  # whatever fails below, the slice is read again
    if now is None:
        return False
    for object_type, names, ids in now.take(SLICE):
        actions.recompute(object_type, book.of(object_type, names), ids)
    if now.waiting:
        _slice = now
        return True
    actions.read_up_to(now.until)
    return now.more


def _read(book: Book, read: Position, there: Position) -> Slice | None:
    """The next slice of the log and everything that it touches."""
    reading = queries.read(read, there, book.interesting(), SLICE)
    if reading.position is None:
        return None
    found = touched(book, reading.changes, reading.links)
    _owners(found)
    waiting = [(object_type, found.names[object_type], sorted(ids)) for object_type, ids in found.ids.items() if ids]
    return Slice(read, reading.position, reading.more, waiting)


def _owners(found: Touched) -> None:
    """Whoever rolls up a changed record has to be computed too."""
    for (object_type, name), ids in found.ends.items():
        found.add(object_type, [name], queries.neighbors(ids, object_type))


def _pass(book: Book, there: Position) -> bool:
    """One window, once the columns have what was written meanwhile: it writes only what differs from them.

    Windows of one pass do not wait for each other's writes, since they hold different records; the first window of a
    pass waits for the passes before it, whose values it may read.
    """
    step = queries.next_pass(book)
    if step is None:
        return False
    written, passed = queries.position(queries.WRITTEN), queries.position(queries.PASSED)
    if (written and written > there) or (step.after == 0 and passed and passed > there):
        return False  # the columns' own news wake the beat
    actions.go_on(step)
    return True


CALCULATED: Final = BeatPart("calculated", turn)


def catch_up(report: Callable[[int, int], None] = columns.silently) -> None:
    """Everything into the columns and every formula computed: for commands, which have no beat beside them."""
    columns.catch_up(report)
    with Session() as session:
        session.lock(CALCULATED.lock)
        while _as_far_as_the_columns_are() or _behind():
            pass


def _as_far_as_the_columns_are() -> bool:
    """All that can be computed from them; then they catch up with what that wrote. True where something was done."""
    turns = 0
    while turn(timezone.now()):
        turns += 1
    columns.catch_up()
    return turns > 0


def _behind() -> bool:
    """Whether the log has lines that formulas have not seen, those of the last turn among them."""
    read, there = queries.position(queries.READ), progress.stored()
    return read is not None and there is not None and read < there
