"""Keeps scores up to date: the part of the beat after the columns, calculated properties and lists.

What a slice of the log touches is computed from the columns, which have passed that slice, and written like any other
change; so a score that another one reads reaches it by the log as well, one round later. A score that is new or changed
is computed for all records in windows by id. Each position is stored after its writes: a crash repeats a slice, which then
changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import datetime
from typing import Final

from django.utils import timezone

from jalon.accounts.queries import account
from jalon.criteria.following import queries as following
from jalon.criteria.following.plan import Watched
from jalon.jobs.beat import BeatPart
from jalon.jobs.locks import Session
from jalon.records import progress
from jalon.records import runner as columns
from jalon.records.calculated import runner as calculated
from jalon.records.columns import Position
from jalon.scores import actions, queries
from jalon.scores.plan import Book
from jalon.warehouse import current

SLICE: Final = 5_000  # lines of the log in one turn
MOST_FLIPPED: Final = 5_000  # where the clock reaches more records at once, a pass takes them window by window


def turn(now: datetime) -> bool:
    """One window of a pass, one slice of the log, and what the clock changes; True if more waits."""
    columns.shape()  # a score may be a moment old, and its column with it
    there = progress.stored()
    if there is None or current.engine().zone != account().zone:  # the columns hold nothing yet, or have other days
        return False
    book = queries.the_book()
    read = queries.position(queries.READ) or there  # the first time, passes compute whatever lies before
    actions.begin(book, now)
    passed = _pass(book, there, now)
    followed = _follow(book, read, there, now)
    heard = [_hear(book, kind, now) for kind in following.sources()]
    _look_at_the_clock(book, now)
    return passed or followed or any(heard)


def _pass(book: Book, there: Position, now: datetime) -> bool:
    """One window, once the columns have what was written meanwhile: it writes only what differs from them."""
    step = queries.next_pass(book)
    if step is None:
        return False
    written = queries.position(queries.WRITTEN)
    if written and written > there:
        return False  # the columns' own news wake the beat
    actions.go_on(step, now)
    return True


def _follow(book: Book, read: Position, there: Position, now: datetime) -> bool:
    found = following.follow(read, there, _watched(book), SLICE)
    _recompute(book, found.touched, now)
    _correct(book, read, found.position, now)
    if found.position != queries.position(queries.READ):
        actions.read_up_to(found.position)
    return found.more


def _correct(book: Book, after: Position, until: Position, now: datetime) -> None:
    """An undo, a merge or a restored backup may have brought other points along."""
    foreign = queries.written_by_others(after, until, {one.name for one in book.scorings})
    for object_type, ids in foreign.items():
        if scorings := book.of(object_type):
            actions.recompute(scorings, sorted(ids), now)


def _hear(book: Book, kind: str, now: datetime) -> bool:
    """What happened in the log of a filter kind: who joined or left the lists that rules name."""
    stored = queries.position(queries.facts_of(kind))
    after = stored.id if stored else 0
    news = following.news(kind, after, _watched(book), SLICE)
    _recompute(book, news.touched, now)
    if news.number > after:
        actions.facts_read_up_to(kind, news.number)
    return news.more


def _look_at_the_clock(book: Book, now: datetime) -> None:
    """Whom the clock alone gives other points: those whose instant has come, or everybody as a new day begins."""
    for scoring, since in queries.due(book, now):
        flipped = queries.flipped(scoring, since, now, MOST_FLIPPED)
        if flipped is None:
            actions.begin_again([scoring], now)
        else:
            actions.recompute([scoring], flipped, now)
        actions.clock_seen(scoring, now, queries.next_moment(scoring, now))


def _watched(book: Book) -> Sequence[Watched]:
    return [Watched(one.key, one.depends) for one in book.scorings]


def _recompute(book: Book, touched: Mapping[Hashable, set[int]], now: datetime) -> None:
    """Scores of a type together: one question for all that are touched."""
    for object_type in dict.fromkeys(one.object_type for one in book.scorings):
        scorings = [one for one in book.of(object_type) if one.key in touched]
        if ids := set[int]().union(*(touched[one.key] for one in scorings)):
            actions.recompute(scorings, sorted(ids), now)
            actions.clock_moved([one for one in scorings if one.depends.instants])


SCORES: Final = BeatPart("scores", turn)


def catch_up(report: Callable[[int, int], None] = columns.silently, *, clock: Callable[[], datetime] = timezone.now) -> bool:
    """Everything into the columns, every formula and every score computed: for commands, which have no beat beside them.

    True where a score was written, which lists may ask about. `clock` says which moment it is to the rules that look at it.
    """
    before = queries.position(queries.WRITTEN)
    calculated.catch_up(report)
    with Session() as session:
        session.lock(SCORES.lock)
        while _one_turn(clock()) or _behind():
            pass
    return queries.position(queries.WRITTEN) != before


def _one_turn(now: datetime) -> bool:
    """And what follows from what it wrote, so that the next one may read it."""
    more = turn(now)
    calculated.catch_up()
    return more


def _behind() -> bool:
    """Whether scores have not seen all of the log, or have not gone through all records."""
    read, there = queries.position(queries.READ), progress.stored()
    return (read is not None and there is not None and read < there) or queries.next_pass(queries.the_book()) is not None
