"""The kinds of the timeline that records themselves bring. Lists, mails and forms bring theirs, in the same table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
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
from jalon.records.columns import Catalog
from jalon.records.display import Display, Shown, source_words
from jalon.records.pages import TimelineKind, TimelineLine, TimelineReader
from jalon.records.queries import HistoryLine
from jalon.records.timeline import queries as timeline
from jalon.records.values import parse_instant
from jalon.warehouse.words import N_

STAGES: Final = frozenset({"lifecyclestage", "dealstage", "hs_pipeline_stage"})
UNTOLD: Final = frozenset({activities.PINNED, "hs_object_source", "hs_object_source_detail_1", "hs_object_source_user_id"})
ALL: Final = 100_000
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


def kinds() -> tuple[TimelineKind, ...]:
    """The rows that config's wiring lists."""
    return (
        TimelineKind("note", N_("Notes"), "note", partial(_activity, "note"), 10),
        TimelineKind("task", N_("Tasks"), "checkbox", partial(_activity, "task"), 20),
        TimelineKind("call", N_("Calls"), "phone", partial(_activity, "call"), 30),
        TimelineKind("meeting", N_("Meetings"), "calendar-event", partial(_activity, "meeting"), 40),
        TimelineKind("stage", N_("Stages"), "flag", _changes(lambda name: name in STAGES, "stage"), 70),
        TimelineKind("change", N_("Changes"), "pencil", _changes(lambda name: name not in STAGES and name not in UNTOLD, "change"), 80),
        TimelineKind("link", N_("Links"), "link", _links, 90),
        TimelineKind("life", N_("Record"), "history", _life, 95),
    )


def _activity(activity: str, access: Access, object_type: str, id: int, before: datetime | None, limit: int) -> list[TimelineLine]:
    found = activities.told(access, activity, object_type, id, before, limit)
    icon = queries.catalog(activity).icon
    stamps = (activities.DONE_AT, activities.WHEN) if activity == "task" else (activities.WHEN,)
    return [
        TimelineLine(
            at=parse_instant(next(one.values[name] for name in stamps if one.values.get(name))),
            key=f"{activity}-{one.id:020}",
            kind=activity,
            icon=icon,
            template="records/_activity.html",
            content=one,
        )
        for one in found
    ]


def _changes(told: Callable[[str], bool], kind: str) -> TimelineReader:
    """The changes of one instant and one hand are one line."""

    def read(access: Access, object_type: str, id: int, before: datetime | None, limit: int) -> list[TimelineLine]:
        lines = queries.history(access, object_type, id, limit=ALL)
        wanted = [line for line in lines if told(line.property) and (before is None or line.at < before)]
        return list(_grouped(queries.catalog(object_type), queries.values_of(id), wanted, kind, limit))

    return read


def _grouped(catalog: Catalog, values: Mapping[str, str], lines: Sequence[HistoryLine], kind: str, limit: int) -> Iterator[TimelineLine]:
    display, last, shown = Display(), None, 0
    for place, (hand, together) in enumerate(groupby(lines, key=lambda line: (line.at, line.source, line.source_detail, line.actor_id))):
        at, source, detail, actor = hand
        if shown >= limit and at != last:
            return
        moves = tuple(_move(catalog, values, line, display) for line in together)
        words = Told(source_words(source, detail), source, moves=moves)
        icon = "flag" if kind == "stage" else ""
        yield TimelineLine(at, f"{kind}-{-place:06}", kind, icon, "records/_event_changes.html", words, display.person(actor))
        last, shown = at, shown + 1


def _move(catalog: Catalog, values: Mapping[str, str], line: HistoryLine, display: Display) -> Move:
    spec = catalog.properties.get(line.property)
    if spec is None:
        return Move(line.property, Shown(line.old or ""), Shown(line.new or ""))
    return Move(spec.label(display.language), display.show(spec, line.old, values), display.show(spec, line.new, values))


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
    return words % {"count": event.count, "label": event.label(display.language)}


def _named(event: timeline.LinkEvent) -> tuple[tuple[str, str], ...]:
    return tuple(
        (address.name_of(event.there, values) or f"{event.there.label_en} {id}", reverse("records:record", args=[event.there.plural, id]))
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
