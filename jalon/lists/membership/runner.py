"""Follows the change log with lists: the part of the beat after calculated properties.

What a slice of the log touches is asked of the columns, which have passed that slice; who came or went is written down as
movements, and these are laid into the columns before the lists that ask about lists have their turn. A crash repeats a
slice, which then changes nothing. Lists whose criteria are new look at all records, window by window.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, Final

import structlog
from django.db import DatabaseError
from django.utils import timezone

from jalon.accounts.queries import account, account_for_request
from jalon.criteria.following.plan import Followed, What
from jalon.criteria.following.queries import follow, news
from jalon.jobs.beat import BeatPart
from jalon.jobs.locks import Session
from jalon.lists import actions as lists
from jalon.lists.columns import LIST_MEMBERS, LIST_MOVEMENTS, Why
from jalon.lists.membership import actions, queries
from jalon.lists.membership.actions import Writer
from jalon.lists.membership.plan import Active, Book, Move, Standing, gathered, moves, requested, settle
from jalon.lists.models import List
from jalon.lists.queries import KIND
from jalon.records import progress
from jalon.records import runner as columns
from jalon.records.calculated import runner as calculated
from jalon.records.columns import Position
from jalon.records.log.queries import families
from jalon.records.runner import Feed
from jalon.warehouse import current
from jalon.warehouse.engine import WarehouseError

SLICE: Final = 5_000  # lines of the log in one turn, records in one question
HEARD: Final = 50_000  # records that came into lists or left them, in one turn
REQUESTS: Final = 20
WORK: Final = 25_000_000  # pairs of a list and a record that are looked at in one window of a rebuild: half a second
FILLING: Final = 5  # times the work, where a list has no members yet: most of it is writing them down
WINDOWS: Final = (10_000, 250_000)  # records in a window, at least and at most

Touched = dict[int, set[int]]

log = structlog.get_logger("lists")


def turn(now: datetime) -> bool:
    """One slice of the log, one of requests and one window; True if more waits."""
    with account_for_request():
        there = progress.stored()
        if there is None or current.engine().zone != account().zone:  # the columns hold nothing yet, or have other days
            return False
        stored = queries.positions()
        if queries.READ not in stored:
            actions.start_from(there)
            return True
        return Turn(now, there, stored).run()


@dataclass
class Turn:
    """What one turn knows: the moment, how far the columns are, how far the log was read."""

    now: datetime
    there: Position
    stored: Mapping[str, Position]
    writer: Writer = field(init=False)
    book: Book = field(init=False)

    def __post_init__(self) -> None:
        self.now = self.now.replace(microsecond=self.now.microsecond // 1000 * 1000)  # as exact as the columns are
        self.writer = Writer(self.now, self.stored[queries.MOVED].id)

    def run(self) -> bool:
        actions.lay_down(self.writer.last)  # what a crash has left between a movement and the columns
        lists.convert_due(self.now)
        self.book = queries.the_book()
        if self._definitions():
            self.book = queries.the_book()
        try:
            return self._follow()
        except (DatabaseError, WarehouseError, actions.Superseded):
            raise
        except Exception as error:
            failing = queries.set_apart(self.book.active.values(), self.now)
            if not failing:
                raise
            log.error("lists set apart", lists=failing, exc_info=error)
            return True

    def _follow(self) -> bool:
        followed = follow(self.stored[queries.READ], self.there, self.book.watched(), SLICE)
        self._settle(_moved(followed), {event.object_type for event in followed.events}, _separated(followed))
        touched = {int(str(key)): ids for key, ids in followed.touched.items()}
        deaf = self._levels(touched, self._clock())
        actions.read_up_to(followed.position) if followed.position != self.stored[queries.READ] else None
        more = followed.more or deaf
        return self._requests(followed.position) | self._rebuild() | more

    # What the criteria need

    def _definitions(self) -> bool:
        """Lists get into trouble, or out of it; days are others. True where a list begins anew."""
        known = queries.in_trouble()
        fresh = {id: told for id, told in self.book.trouble.items() if known.get(id) != told}
        actions.note_trouble(fresh)
        healed = known.keys() & self.book.active.keys()
        if healed:
            actions.begin_anew(healed)
        others = self.stored[queries.AROUND].id != queries.around()
        if others:
            actions.days_are_others(id for id, each in self.book.active.items() if each.is_dynamic)
        return bool(healed) or others

    # The log

    def _settle(self, ids: set[int], object_types: Iterable[str], separated: frozenset[int] = frozenset()) -> None:
        """Records that went or came back leave their lists, or come back to them, with all that they are made of."""
        if not ids:
            return
        roots = families(sorted(ids))
        everyone = sorted(ids | roots.keys())
        members, wanted = queries.pairs_of(everyone), queries.wanted(everyone)
        if members or wanted:
            standing = Standing(queries.live(everyone, object_types), roots)
            self.writer.write(gathered(settle(members, wanted, standing, queries.static_lists(), separated)))

    def _levels(self, touched: Touched, clocked: Touched) -> bool:
        """Every list that is touched, those that others ask about first. True where movements are left to be heard."""
        heard, more = self.stored[queries.HEARD].id, False
        reached = sys.maxsize
        for level in self.book.levels:
            asking = self.book.watched(id for id in level if self.book.active[id].lists)
            if asking:
                told = news(KIND, heard, asking, HEARD)
                reached, more = min(told.number, reached), more or told.more
                for key, ids in told.touched.items():
                    touched.setdefault(int(str(key)), set()).update(ids)
            self._evaluate([self.book.active[id] for id in level if id in touched or id in clocked], touched, clocked)
        number = reached if more else self.writer.last
        if number != heard:
            actions.heard_up_to(number)
        return more

    def _evaluate(self, some: Sequence[Active], touched: Touched, clocked: Touched) -> None:
        """Asks the criteria of lists of one level about the records that are touched."""
        changes: list[Move] = []
        for object_type in sorted({each.object_type for each in some}):
            own = [each for each in some if each.object_type == object_type]
            ids = sorted(set().union(*(touched.get(each.id, set()) | clocked.get(each.id, set()) for each in own)))
            for start in range(0, len(ids), SLICE):
                changes += self._asked(own, ids[start : start + SLICE], touched, clocked)
        self.writer.write(changes)
        looked_at = queries.next_moments([each for each in some if each.depends.on_clock], self.now)
        actions.note_moments(looked_at, dict.fromkeys(clocked, self.now))

    def _asked(self, some: Sequence[Active], ids: Sequence[int], touched: Touched, clocked: Touched) -> Iterable[Move]:
        among = set(ids)
        asked = [(each, touched.get(each.id, set()) & among, clocked.get(each.id, set()) & among) for each in some]
        asked = [(each, by_change, by_clock) for each, by_change, by_clock in asked if by_change or by_clock]
        actives = [each for each, _, _ in asked]
        holds = queries.holding(actives, ids, self.now)
        members = queries.members_among([each.id for each in actives], ids)
        for each, by_change, by_clock in asked:
            own, there = holds.get(each.id, set()), members.get(each.id, set())
            yield from moves(each, by_change, own, there, Why.CRITERIA)
            yield from moves(each, by_clock - by_change, own, there, Why.CLOCK)

    # The clock

    def _clock(self) -> Touched:
        """By list, the records of which the clock alone may have changed the answer. Where a day has begun, all are looked at."""
        found: Touched = {}
        everybody: list[int] = []
        due = {id: since for id, since in queries.due(self.now).items() if id in self.book.active}
        for list_id, since in due.items():
            ids = queries.flipping(self.book.active[list_id], since, self.now, SLICE)
            if ids is None:
                everybody.append(list_id)
            else:
                found[list_id] = ids
        actions.look_at_all(everybody)
        return found

    # What people ask for

    def _requests(self, read: Position) -> bool:
        """Adds and removes by hand, in the order in which they were asked for. True where some were done: lists of lists come next."""
        waiting = queries.requests(read, REQUESTS)
        for request in waiting:
            asked = queries.left_behind(request.list_id) if request.settles else queries.asked(request)
            same: dict[str, Any] = {"why": request.source, "detail": request.detail, "actor_id": request.actor_id}
            moved, noted = (tuple(sorted(some)) for some in requested(request.add, asked))
            changes = [Move(request.list_id, request.add, moved, **same)] if moved else []
            changes += [Move(request.list_id, request.add, noted, **same, silent=True)] if noted else []
            self.writer.write(changes, partial(actions.done, request))
            self._settle(queries.of_several(asked.ids), [request.list.object_type])
        return bool(waiting)

    # All records

    def _rebuild(self) -> bool:
        """One window of the lists that look at all records; those that others ask about come first. True while there are some."""
        waiting = {each.list_id: each for each in queries.unfinished() if each.list_id in self.book.active}
        ready = [each for id, each in waiting.items() if not self.book.active[id].lists & waiting.keys()]
        if not ready:
            return False
        first = ready[0]
        same = (self.book.active[first.list_id].object_type, first.after_id)
        together = [each for each in ready if (self.book.active[each.list_id].object_type, each.after_id) == same]
        actives = [self.book.active[each.list_id] for each in together]
        weight = sum(1 if each.seen_version else FILLING for each in together)
        last = queries.next_window(same[0], first.after_id, min(max(WORK // weight, WINDOWS[0]), WINDOWS[1]))
        seen = {each.list_id: each.seen_version for each in together}
        changes: list[Move] = []
        for list_id, difference in queries.differing(actives, first.after_id, last, self.now).items():
            version = self.book.active[list_id].version
            why = Why.CLOCK if seen[list_id] == version else Why.EDITED if seen[list_id] else Why.CRITERIA
            for entered, ids in ((True, difference.entered), (False, difference.left)):
                changes += [Move(list_id, entered, tuple(ids), why, version=version)] if ids else []
        versions = {each.id: each.version for each in actives}
        self.writer.write(changes, lambda: actions.go_on(versions, last, self.now))
        if last is None:
            self._done(actives)
        return True

    def _done(self, actives: Sequence[Active]) -> None:
        """The clock is followed from where the first window looked at it."""
        followed = [each for each in actives if each.is_dynamic and each.depends.on_clock]
        since = dict(List.objects.filter(pk__in=[each.id for each in followed]).values_list("id", "checked_at"))
        begun: dict[datetime, list[Active]] = {}
        for each in followed:
            begun.setdefault(since[each.id] or self.now, []).append(each)
        for moment, some in begun.items():
            actions.note_moments(queries.next_moments(some, moment))


def _moved(followed: Followed) -> set[int]:
    """The records that went or came back, and those that they were merged into."""
    ids = {event.id for event in followed.events} | {event.into for event in followed.events}
    return ids - {0}


def _separated(followed: Followed) -> frozenset[int]:
    return frozenset(event.id for event in followed.events if event.what is What.SEPARATED)


LISTS: Final = BeatPart("lists", turn)
FEED: Final = Feed("lists", (LIST_MEMBERS, LIST_MOVEMENTS), LISTS.lock, actions.fill)


def catch_up(report: Callable[[int, int], None] = columns.silently) -> None:
    """Everything into the columns, every formula computed and every list followed: for commands, which have no beat beside them."""
    calculated.catch_up(report)
    while _one_turn(timezone.now()):
        columns.catch_up()


def _one_turn(now: datetime) -> bool:
    with Session() as session:
        session.lock(LISTS.lock)
        return turn(now)
