"""Follows the change log with movements and journeys: the part of the beat after lists.

What a slice of the log says about a contact's stage is read anew from the whole log of that contact, so doing it twice, or
in another order, gives the same. Movements, journeys, visits and the mark that says how far go into the columns in one
batch. After a change of the path all contacts are read again, window by window.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils import timezone
from sqlglot import exp

from jalon.accounts.queries import account
from jalon.jobs.beat import BeatPart
from jalon.jobs.locks import Session
from jalon.lifecycle import queries
from jalon.lifecycle.columns import MOVEMENTS, TABLES
from jalon.lifecycle.dates import runner as dates
from jalon.lifecycle.journeys import rows
from jalon.lifecycle.journeys.path import Path
from jalon.lifecycle.movements import queries as movements
from jalon.records import progress
from jalon.records import runner as columns
from jalon.records.columns import Position
from jalon.records.log import queries as log
from jalon.records.runner import Feed
from jalon.warehouse import current, query
from jalon.warehouse.engine import Batch, Change, Engine, Put, Remove

SLICE: Final = 25_000  # lines of the log in one turn
WINDOW: Final = 5_000  # contacts of one turn, where all are read again
FILL: Final = 20_000  # contacts in one batch, where nothing has to be replaced: of ten movements each, as much as 128 MB have room for
MARK: Final = "lifecycle"  # how far the log was read
PATH: Final = "lifecycle path"  # for which stages the journeys were made
BEHIND: Final = "lifecycle from"  # the contacts after this one still have those of another path; none: all are done


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the log was followed, and whether journeys of other stages wait to be read anew."""

    read: Position
    is_behind: bool


def standing() -> Standing | None:
    """None before the first turn."""
    marks = current.engine().marks() if progress.begun() else {}
    read = progress.from_mark(marks.get(MARK))
    return Standing(read, bool(marks.get(BEHIND)) or marks.get(PATH) != fingerprint(queries.path())) if read else None


def turn(now: datetime) -> bool:
    """One slice of the log, and one window where the path is another one; True if more waits."""
    there, engine = progress.stored(), current.engine()
    if there is None or engine.zone != account().zone or not queries.is_set_up():  # nothing yet, or other days
        return False
    path, marks = queries.path(), engine.marks()
    read = progress.from_mark(marks.get(MARK))
    if read is None or marks.get(PATH) != fingerprint(path):
        begun = {MARK: progress.to_mark(read or there), PATH: fingerprint(path), BEHIND: "0"}
        engine.apply(Batch((), begun))
        return True
    followed = follow(engine, path, read, there)
    return _read_again(engine, path, marks.get(BEHIND, "")) or followed


def follow(engine: Engine, path: Path, read: Position, there: Position) -> bool:
    """Brings the contacts of a slice of the log up to date, and keeps how far it went; True if more waits."""
    slice = movements.read(read, there, SLICE)
    if slice.position != read:
        ids = sorted(slice.ids)
        engine.apply(Batch(tuple(_renewed(ids, path)), {MARK: progress.to_mark(slice.position)}))
    return slice.more


def _read_again(engine: Engine, path: Path, after: str) -> bool:
    """One window of all contacts. True while there are more."""
    if not after:
        return False
    ids = movements.next_contacts(int(after), WINDOW)
    engine.apply(Batch(tuple(_renewed(ids, path)), {BEHIND: str(ids[-1]) if ids else ""}))
    return bool(ids)


def _renewed(ids: Sequence[int], path: Path) -> Iterator[Change]:
    """Whatever the columns hold of these contacts is replaced, slice by slice: a question names them one by one."""
    for start in range(0, len(ids), WINDOW):
        part = ids[start : start + WINDOW]
        yield from (Remove(table, part) for table in TABLES)
        yield from _laid(part, path, query.among_ids(query.column("record_id"), part))


def _laid(ids: Sequence[int], path: Path, among: exp.Expression) -> Iterator[Change]:
    """Movements of contacts of which the columns hold nothing, and what these make; `among` says the same of the rows stored."""
    told = movements.movements(ids, path)
    if told.num_rows:
        yield Put(MOVEMENTS, told, new=True)
        yield rows.derived(path, among)


def fingerprint(path: Path) -> str:
    """Another one for every path that makes other journeys."""
    return hashlib.sha256(repr(path).encode()).hexdigest()[:16]


def fill(engine: Engine) -> Mapping[str, str]:
    """Reads the whole log into columns that are made anew, and says how far.

    While the columns make journeys of some contacts, PostgreSQL is asked about the next ones: each takes a processor of its own.
    """
    if not queries.is_set_up():
        return {}
    path, last = queries.path(), log.last_settled()
    with ThreadPoolExecutor(1) as pool:
        laying: Future[None] | None = None
        for changes in _everything(path):
            if laying is not None:
                laying.result()
            laying = pool.submit(engine.apply, Batch(changes))
        if laying is not None:
            laying.result()
    return {MARK: progress.to_mark(last), PATH: fingerprint(path), BEHIND: ""}


def _everything(path: Path) -> Iterator[tuple[Change, ...]]:
    """All contacts by their ids, so many at a time: the rows of a window are those between its first and its last."""
    after = 0
    while ids := movements.next_contacts(after, FILL):
        after = ids[-1]
        within = query.between(query.column("record_id"), query.whole(ids[0]), query.whole(after))
        yield tuple(_laid(ids, path, within))


def read_all_again() -> None:
    """Every contact's movements are read from the log again, window by window, beside what is followed meanwhile."""
    catch_up()
    with Session() as session:
        session.lock(LIFECYCLE.lock)
        current.engine().apply(Batch((), {BEHIND: "0"}))
    catch_up()


LIFECYCLE: Final = BeatPart("lifecycle", turn)
FEED: Final = Feed("lifecycle", TABLES, LIFECYCLE.lock, fill)


def catch_up(report: Callable[[int, int], None] = columns.silently) -> None:
    """Every movement followed and every date kept: for commands, which have no beat beside them."""
    columns.catch_up(report)
    dates.catch_up()
    with Session() as session:
        session.lock(LIFECYCLE.lock)
        while turn(timezone.now()):
            pass
