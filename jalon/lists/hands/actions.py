"""The verb behind every "add to a list": few records at once, many as a background job."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction

from jalon.accounts.access import Access
from jalon.accounts.actions import notify
from jalon.jobs import actions as jobs
from jalon.lists import actions, queries
from jalon.lists.queries import ListView
from jalon.records import selection
from jalon.records.columns import Origin, Source
from jalon.records.selection import Selection
from jalon.warehouse.words import N_

KIND: Final = "list_hands"
AT_ONCE: Final = 20_000  # more records than these take longer than a page may
SLICE: Final = 20_000
BY_HAND: Final = Origin(Source.USER)
PUT_IN: Final = N_("The list “%(list)s”: %(count)s records were put in.")
TAKEN_OUT: Final = N_("The list “%(list)s”: %(count)s records were taken out.")


@dataclass(frozen=True, slots=True)
class Asked:
    """How many records were asked for; or that it goes on in the background."""

    count: int
    in_background: bool = False


def ask(access: Access, view: ListView, chosen: Selection, *, add: bool) -> Asked:
    """Puts the chosen records that this person may see into a static list, or takes them out. Raises ListError."""
    count = selection.count(access, chosen)
    if count <= AT_ONCE or view.is_active:  # which refuses hands at once, with its sentence
        return Asked(_ask(view.id, selection.resolve(access, chosen), access, add=add))
    arguments = {"list_id": view.id, "add": add, "plural": chosen.catalog.plural, **chosen.parameters()}
    jobs.start(KIND, view.name, arguments=arguments, user_id=access.actor.user_id)
    return Asked(count, in_background=True)


def go_through(view: ListView, ids: Sequence[int], access: Access, heard: Callable[[int, int], bool], *, add: bool) -> int:
    """Slice by slice, each in a transaction of its own. Begun again after a crash it asks for the same once more: nothing changes.

    Returns how many were asked for: fewer where somebody has stopped it.
    """
    done = 0
    for start in range(0, len(ids), SLICE):
        with transaction.atomic():
            _ask(view.id, ids[start : start + SLICE], access, add=add)
            done = min(start + SLICE, len(ids))
            if not heard(done, len(ids)):
                break
    return done


def tell(view: ListView, user_id: int, count: int, *, add: bool) -> None:
    """Says to whoever asked for it that it is over."""
    notify([user_id], "bulk", PUT_IN if add else TAKEN_OUT, queries.page_of(view.id), count=count, list=view.name)


def _ask(list_id: int, ids: Sequence[int], access: Access, *, add: bool) -> int:
    verb: Callable[..., Any] = actions.add if add else actions.remove
    return int(verb(list_id, ids, actor=access.actor, origin=BY_HAND))
