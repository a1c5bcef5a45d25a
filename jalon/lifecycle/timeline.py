"""The kind of the timeline that the lifecycle brings: a contact's way from stage to stage, and the journeys that it makes of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
from jalon.records.merging import queries as merging
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
    names = {one.loser_id: merging.name_before(one, records.catalog(CONTACT)) for one in merging.absorbed(id)}
    told = movements.story([id, *names])
    tellers = {contact: _teller(contact, told, names.get(contact, "")) for contact in {one.contact for one in told}}
    lines = [line for teller in tellers.values() for line in teller.lines() if before is None or line.at < before]
    lines.sort(key=lambda line: (line.at, line.key), reverse=True)
    return [line for line in lines if line.at >= lines[:limit][-1].at]


@dataclass(frozen=True, slots=True)
class _Teller:
    """Tells the changes of one contact; `former` is what it was called if it was merged into the one whose page this is."""

    told: Sequence[Told]
    labels: Mapping[str, str]
    present: frozenset[str]
    begun: Mapping[datetime, int]
    ended: Mapping[datetime, tuple[Outcome, int | None]]
    former: str
    display: Display

    def lines(self) -> Iterator[TimelineLine]:
        for place, one in enumerate(self.told):
            moved = Moved(source_words(one.source, one.detail), self._stage(one.old), self._stage(one.new), tuple(self._notes(place)))
            key = f"{NAME}-{one.contact:020}-{place:06}"
            yield TimelineLine(one.at, key, NAME, "route", "lifecycle/_event.html", moved, self.display.person(one.actor_id))

    def _stage(self, name: str | None) -> str:
        return self.labels.get(name, name) if name else gettext("no stage")

    def _notes(self, place: int) -> Iterator[str]:
        one = self.told[place]
        if self.former:
            yield gettext("of “%(name)s”, merged into this contact: reports do not count it") % {"name": self.former}
        if place and one.old:
            spent = (one.at - self.told[place - 1].at).total_seconds() * 1000
            yield gettext("after %(time)s") % {"time": formats.duration(round(spent))}
        if self.former:
            return
        if one.source not in ACTIVE:
            yield gettext("not a movement: reports do not count it")
        elif not {name for name in (one.old, one.new) if name} <= self.present:
            yield gettext("a stage that was deleted: reports do not count it")
        else:
            yield from self._journey(one)

    def _journey(self, one: Told) -> Iterator[str]:
        """Which journey it begins or ends."""
        if number := self.begun.get(one.at):
            yield gettext("journey %(number)s begins") % {"number": formats.number(number)}
        if ended := self.ended.get(one.at):
            outcome, length = ended
            words = {"outcome": gettext(OUTCOMES[outcome]), "time": formats.duration(length)}
            yield (gettext("journey ended: %(outcome)s, in %(time)s") if length else gettext("journey ended: %(outcome)s")) % words


def _teller(contact: int, told: Sequence[Told], former: str) -> _Teller:
    found = [] if former else queries.journeys_of(contact)
    return _Teller(
        told=[one for one in told if one.contact == contact],
        labels=queries.labels(get_language() or "en"),
        present=frozenset(one.name for one in queries.stages()),
        begun={one.entered_at: one.number for one in found},
        ended={one.ended_at: (one.outcome, one.length_ms) for one in found if one.ended_at},
        former=former,
        display=Display(),
    )
