"""The timeline of a record: what is to be done, what is pinned, and what happened, by day, filtered by kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from jalon.accounts.access import Access
from jalon.records import pages, queries
from jalon.records.activities import queries as activities
from jalon.records.pages import TimelineLine
from jalon.records.queries import RecordView
from jalon.records.views.activities import Card, cards
from jalon.web import formats
from jalon.web.numbers import whole

LINES = 30


@dataclass(frozen=True, slots=True)
class Entry:
    """A line with, for an activity, its card."""

    line: TimelineLine
    card: Card | None


@dataclass(frozen=True, slots=True)
class Day:
    """What happened on one day."""

    label: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Filter:
    """A kind of the timeline; its address switches it on or off."""

    label: str
    icon: str
    url: str
    is_on: bool


def shown(request: HttpRequest, access: Access, found: RecordView) -> dict[str, Any]:
    """The timeline as `?show=` (kinds) and `?before=` (an instant) of the record's address ask for it."""
    object_type, chosen = found.catalog.object_type, _chosen(request)
    before = _instant(request.GET.get("before", ""))
    lines, more = pages.timeline_page(access, object_type, found.id, kinds=chosen, before=before, limit=LINES)
    is_first = before is None
    tasks = activities.open_tasks(access, object_type, found.id) if is_first and (not chosen or "task" in chosen) else []
    pinned = _pinned(access, found) if is_first else None
    own = [line.content for line in lines if isinstance(line.content, RecordView)]
    drawn = cards(access, found, [*own, *tasks, *([pinned] if pinned else [])])
    url = reverse("records:record", args=[found.catalog.plural, found.id])
    return {
        "days": list(_days([Entry(line, _card(line, drawn)) for line in lines])),
        "open_tasks": [drawn[task.id] for task in tasks],
        "pinned": drawn[pinned.id] if pinned else None,
        "filters": list(_filters(url, chosen)),
        "everything_url": url,
        "is_filtered": bool(chosen),
        "here": _url(url, chosen),
        "more_url": _url(url, chosen, before=more.isoformat()) if more else "",
        "is_first": is_first,
    }


def _card(line: TimelineLine, drawn: dict[int, Card]) -> Card | None:
    return drawn[line.content.id] if isinstance(line.content, RecordView) else None


def _chosen(request: HttpRequest) -> list[str]:
    asked = request.GET.get("show", "").split(",")
    return [kind.name for kind in pages.timeline_kinds() if kind.name in asked]


def _instant(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None


def _pinned(access: Access, found: RecordView) -> RecordView | None:
    pinned = whole(found.values.get(activities.PINNED, ""))
    if pinned is None:
        return None
    for activity in activities.NAMES:
        own = queries.record(access, activity, pinned)
        if own is not None and not own.archived:
            return own
    return None


def _filters(url: str, chosen: Sequence[str]) -> Iterator[Filter]:
    for kind in pages.timeline_kinds():
        is_on = kind.name in chosen
        rest = [name for name in chosen if name != kind.name] if is_on else [*chosen, kind.name]
        yield Filter(gettext(kind.label), kind.icon, _url(url, rest), is_on)


def _url(url: str, chosen: Sequence[str], **more: str) -> str:
    parameters = {**({"show": ",".join(chosen)} if chosen else {}), **more}
    return f"{url}?{urlencode(parameters, safe=',')}" if parameters else url


def _days(entries: Sequence[Entry]) -> Iterator[Day]:
    today = timezone.localdate()
    for label, together in groupby(entries, key=lambda entry: _day(timezone.localtime(entry.line.at).date(), today)):
        yield Day(label, tuple(together))


def _day(day: date, today: date) -> str:
    if day > today:
        return gettext("Upcoming")
    return {0: gettext("Today"), 1: gettext("Yesterday")}.get((today - day).days) or formats.day(day)
