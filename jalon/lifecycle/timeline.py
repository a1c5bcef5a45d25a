"""The kind of the timeline that the lifecycle brings: a contact's way from stage to stage, and the journeys that it makes of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import get_language, gettext

from jalon.accounts.access import Access
from jalon.lifecycle import queries
from jalon.lifecycle.columns import ACTIVE, CONTACT, OUTCOMES, PROPERTY, Outcome
from jalon.lifecycle.movements import queries as movements
from jalon.lifecycle.movements.queries import Told
from jalon.records import queries as records
from jalon.records.display import Display, source_words
from jalon.records.pages import TimelineKind, TimelineLine
from jalon.warehouse.words import N_
from jalon.web import formats

NAME: Final = "lifecycle"
TOLD: Final = frozenset({(CONTACT, PROPERTY)})  # nobody else needs to tell these changes


@dataclass(frozen=True, slots=True)
class Moved:
    """One change of the stage: how it came about, from where to where, and what is to be said of it."""

    how: str
    came_from: str
    to: str
    notes: tuple[str, ...]


def kind() -> TimelineKind:
    """The row that config's wiring lists."""
    return TimelineKind(NAME, N_("Lifecycle"), "route", _read, 71)


def _read(access: Access, object_type: str, id: int, before: datetime | None, limit: int) -> list[TimelineLine]:
    if object_type != CONTACT or records.record(access, object_type, id) is None:
        return []
    told = movements.story(id)
    wanted = [place for place, one in enumerate(told) if before is None or one.at < before][-limit:]
    teller = _Teller(told, {one.name: one.label(get_language() or "en") for one in queries.stages()}, *_ends(id), Display())
    return [teller.line(place) for place in reversed(wanted)]


def _ends(id: int) -> tuple[Mapping[datetime, int], Mapping[datetime, tuple[Outcome, int | None]]]:
    """When the journeys of a contact began, and when and how they ended after how many milliseconds."""
    found = queries.journeys_of(id)
    ended = {one.ended_at: (one.outcome, one.length_ms) for one in found if one.ended_at}
    return {one.entered_at: one.number for one in found}, ended


@dataclass(frozen=True, slots=True)
class _Teller:
    told: list[Told]
    labels: Mapping[str, str]
    begun: Mapping[datetime, int]
    ended: Mapping[datetime, tuple[Outcome, int | None]]
    display: Display

    def line(self, place: int) -> TimelineLine:
        one = self.told[place]
        moved = Moved(source_words(one.source, one.detail), self._stage(one.old), self._stage(one.new), tuple(self._notes(place)))
        return TimelineLine(one.at, f"{NAME}-{place:06}", NAME, "route", "lifecycle/_event.html", moved, self.display.person(one.actor_id))

    def _stage(self, name: str | None) -> str:
        return self.labels.get(name, name) if name else gettext("no stage")

    def _notes(self, place: int) -> Iterator[str]:
        one = self.told[place]
        if place and one.old:
            spent = (one.at - self.told[place - 1].at).total_seconds() * 1000
            yield gettext("after %(time)s") % {"time": formats.duration(round(spent))}
        if one.source not in ACTIVE:
            yield gettext("not a movement: reports do not count it")
            return
        if number := self.begun.get(one.at):
            yield gettext("journey %(number)s begins") % {"number": formats.number(number)}
        if ended := self.ended.get(one.at):
            outcome, length = ended
            words = {"outcome": gettext(OUTCOMES[outcome]), "time": formats.duration(length)}
            yield (gettext("journey ended: %(outcome)s, in %(time)s") if length else gettext("journey ended: %(outcome)s")) % words
