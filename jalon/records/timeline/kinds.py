"""The kinds of the timeline that records themselves bring. Lists, mails and forms bring theirs, in the same table."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from jalon.accounts.access import Access
from jalon.records import address, queries
from jalon.records.activities import queries as activities
from jalon.records.display import Display, Shown, source_words
from jalon.records.pages import FamilyReader, TimelineKind, TimelineLine
from jalon.records.queries import HistoryLine, RecordView
from jalon.records.timeline import queries as timeline
from jalon.records.values import parse_instant
from jalon.warehouse.words import N_

STAGES: Final = frozenset({"lifecyclestage", "dealstage", "hs_pipeline_stage"})
UNTOLD: Final = frozenset({activities.PINNED, "hs_object_source", "hs_object_source_detail_1", "hs_object_source_user_id"})
LIFE_WORDS: Final = {
    "c": (N_("created this record"), "plus"),
    "a": (N_("archived this record"), "archive"),
    "r": (N_("brought this record back"), "arrow-back-up"),
    "m": (N_("merged this record with another one"), "arrow-merge"),
    "s": (N_("took a merge of this record back"), "arrows-split"),
}


@dataclass(frozen=True, slots=True)
class Move:
    """One value that changed."""

    label: str
    old: Shown
    new: Shown


@dataclass(frozen=True, slots=True)
class Told:
    """Words beside an actor's name, and records that they are about."""

    words: str
    source: str = ""
    others: tuple[tuple[str, str], ...] = ()  # name, address
    moves: tuple[Move, ...] = ()


def kinds(elsewhere: Collection[tuple[str, str]] = ()) -> tuple[TimelineKind, ...]:
    """The rows that config's wiring lists. `elsewhere` are properties, with their object type, of which another kind tells."""
    changes = partial(_changes, frozenset(elsewhere))
    return (
        _row("note", N_("Notes"), "note", _activities, 10),
        _row("task", N_("Tasks"), "checkbox", _activities, 20),
        _row("call", N_("Calls"), "phone", _activities, 30),
        _row("meeting", N_("Meetings"), "calendar-event", _activities, 40),
        _row("stage", N_("Stages"), "flag", changes, 70),
        _row("change", N_("Changes"), "pencil", changes, 80),
        TimelineKind("link", N_("Links"), "link", _links, 90),
        TimelineKind("life", N_("Record"), "history", _life, 95),
    )


def _row(name: str, label: str, icon: str, family: FamilyReader, order: int) -> TimelineKind:
    return TimelineKind(name, label, icon, partial(family, (name,)), order, family)


def _activities(
    names: Collection[str], access: Access, object_type: str, id: int, before: datetime | None, limit: int
) -> list[TimelineLine]:
    found = activities.told(access, names, object_type, id, before, limit)
    return [_activity(one) for one in found]


def _activity(one: RecordView) -> TimelineLine:
    activity = one.catalog.object_type
    stamps = (activities.DONE_AT, activities.WHEN) if activity == "task" else (activities.WHEN,)
    return TimelineLine(
        at=parse_instant(next(one.values[name] for name in stamps if one.values.get(name))),
        key=f"{activity}-{one.id:020}",
        kind=activity,
        icon=one.catalog.icon,
        template="records/_activity.html",
        content=one,
    )


def _changes(
    elsewhere: Collection[tuple[str, str]],
    names: Collection[str],
    access: Access,
    object_type: str,
    id: int,
    before: datetime | None,
    limit: int,
) -> list[TimelineLine]:
    """The changes of one instant and one hand are one line."""
    record = queries.record(access, object_type, id)
    if record is None:
        return []
    untold = UNTOLD | {name for of, name in elsewhere if of == object_type}
    lines = [line for line in queries.changes_of(id) if (before is None or line.at < before) and line.property not in untold]
    told: list[TimelineLine] = []
    for kind in names:
        wanted = [line for line in lines if (line.property in STAGES) == (kind == "stage")]
        told += _grouped(record, wanted, kind, limit)
    return told


def _grouped(record: RecordView, lines: Sequence[HistoryLine], kind: str, limit: int) -> Iterator[TimelineLine]:
    display, last, shown = Display(), None, 0
    for place, (hand, together) in enumerate(groupby(lines, key=lambda line: (line.at, line.source, line.source_detail, line.actor_id))):
        at, source, detail, actor = hand
        if shown >= limit and at != last:
            return
        moves = tuple(_move(record, line, display) for line in together)
        words = Told(source_words(source, detail), source, moves=moves)
        icon = "flag" if kind == "stage" else ""
        yield TimelineLine(at, f"{kind}-{-place:06}", kind, icon, "records/_event_changes.html", words, display.person(actor))
        last, shown = at, shown + 1


def _move(record: RecordView, line: HistoryLine, display: Display) -> Move:
    spec = record.catalog.properties.get(line.property)
    if spec is None:
        return Move(line.property, Shown(line.old or ""), Shown(line.new or ""))
    return Move(spec.label(display.language), display.show(spec, line.old, record.values), display.show(spec, line.new, record.values))


def _links(access: Access, object_type: str, id: int, before: datetime | None, limit: int) -> list[TimelineLine]:
    display = Display()
    return [
        TimelineLine(
            event.at,
            f"link-{place:06}",
            "link",
            "link" if event.made else "unlink",
            "records/_event_told.html",
            Told(_link_words(event, display), source_words(event.source, event.source_detail), _named(event)),
            display.person(event.actor_id),
        )
        for place, event in enumerate(timeline.link_events(access, id, before, limit))
    ]


def _link_words(event: timeline.LinkEvent, display: Display) -> str:
    if event.made:
        words = ngettext("linked a record: %(label)s", "linked %(count)d records: %(label)s", event.count)
    else:
        words = ngettext("took a link away: %(label)s", "took %(count)d links away: %(label)s", event.count)
    return words % {"count": event.count, "label": event.type.label_of_one(display.language)}


def _named(event: timeline.LinkEvent) -> tuple[tuple[str, str], ...]:
    there = event.type.there
    return tuple(
        (address.name_of(there, values) or f"{there.label_en} {id}", reverse("records:record", args=[there.plural, id]))
        for id, values in event.others
    )


def _life(access: Access, object_type: str, id: int, before: datetime | None, limit: int) -> list[TimelineLine]:
    display = Display()
    lines = []
    for place, event in enumerate(timeline.life_events(id, before, limit)):
        message, icon = LIFE_WORDS[event.kind]
        plural = queries.catalog(object_type).plural
        other = ((f"{event.other_id}", reverse("records:record", args=[plural, event.other_id])),) if event.other_id else ()
        told = Told(gettext(message), source_words(event.source, event.source_detail), other)
        lines.append(
            TimelineLine(event.at, f"life-{place:06}", "life", icon, "records/_event_told.html", told, display.person(event.actor_id))
        )
    return lines
