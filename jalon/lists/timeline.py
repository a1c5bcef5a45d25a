"""The kind of the timeline that lists bring: which ones a record joined or left, and why."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext

from jalon.accounts.access import Access
from jalon.lists import queries, wording
from jalon.lists.queries import MovementView
from jalon.records.display import Display
from jalon.records.pages import TimelineKind, TimelineLine
from jalon.records.timeline.kinds import Told
from jalon.warehouse.words import N_

NAME: Final = "list"


def kind() -> TimelineKind:
    """The row that config's wiring lists."""
    return TimelineKind(NAME, N_("Lists"), "list-details", _read, 85)


def _read(access: Access, object_type: str, id: int, before: datetime | None, limit: int) -> list[TimelineLine]:
    """Nothing for who may not see lists; a list that was deleted since keeps its name, without a page."""
    if not access.may("lists.view"):
        return []
    moves = queries.movements_of(id, before, limit)
    names = {view.id: view.name for view in queries.found(access, object_type)} if moves else {}
    display = Display()
    return [_line(place, move, names, display) for place, move in enumerate(moves)]


def _line(place: int, move: MovementView, names: dict[int, str], display: Display) -> TimelineLine:
    words = gettext("joined the list") if move.entered else gettext("left the list")
    known = move.list_id in names
    named = (names[move.list_id], reverse("lists:list", args=[move.list_id])) if known else (gettext("a list that was deleted"), "")
    told = Told(words, wording.reason(move.why, move.detail), (named,))
    icon = "login-2" if move.entered else "logout"
    return TimelineLine(move.at, f"{NAME}-{place:06}", NAME, icon, "lists/_event.html", told, display.person(move.actor_id))
