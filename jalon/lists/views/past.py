"""What a list has seen: its size over time, and who came and went."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET

from jalon.accounts.access import needs
from jalon.accounts.queries import account
from jalon.lists import flow, wording
from jalon.lists import growth as curve
from jalon.lists.columns import REASONS
from jalon.lists.flow import Asked, Moves
from jalon.lists.queries import ListView
from jalon.lists.views.finding import frame, list_in_sight, names_of_people
from jalon.web import formats
from jalon.web.pages import render


@needs("lists.view")
@require_GET
def growth(request: HttpRequest, list_id: int) -> HttpResponse:
    """The size of the list, day by day or week by week; each number opens its records."""
    access, view = list_in_sight(request, list_id)
    text = request.GET.get("days", "")
    days = next((period for period in curve.PERIODS if str(period) == text), 90)
    moved, today = flow.days(access, view), timezone.localdate()
    since = max(today - timedelta(days=days - 1), _beginning(view, moved, today))
    rows = curve.rows(view.id, moved, since, today, account().first_weekday)
    context = frame(access, view, "growth")
    context |= curve.drawn(view.name, rows) | {
        "cards": list(_cards(view, context["size"], rows, since, today)),
        "rows": rows[::-1],
        "bucket_label": gettext("Day") if days < curve.WEEKLY_FROM else gettext("Week"),
        "days": days,
        "periods": [(period, _period(period)) for period in curve.PERIODS],
    }
    return render(request, "lists/growth.html", context)


def _beginning(view: ListView, moved: Sequence[flow.Day], today: date) -> date:
    """A young list has no long line of nothing before it; a week of it shows that it began at nothing."""
    first = moved[0].day if moved else timezone.localtime(view.created_at).date()
    return min(first - timedelta(days=1), today - timedelta(days=6))


def _period(days: int) -> str:
    return ngettext("%(days)s day", "%(days)s days", days) % {"days": days} if days < 365 else gettext("1 year")


def _cards(view: ListView, size: int, rows: Sequence[curve.Row], since: date, until: date) -> Iterator[dict[str, str]]:
    joined, left = sum(row.joined for row in rows), sum(row.left for row in rows)
    yield {"label": gettext("Members now"), "value": formats.number(size), "url": reverse("lists:list", args=[view.id])}
    for label, number, way in ((gettext("Joined"), joined, "in"), (gettext("Left"), left, "out")):
        yield {"label": label, "value": formats.number(number), "url": curve.moved_url(view.id, way, since, until)}


@dataclass(frozen=True, slots=True)
class Line:
    """A record that came or went."""

    name: str
    url: str
    entered: bool
    why: str
    by: str
    at: datetime


@needs("lists.view")
@require_GET
def history(request: HttpRequest, list_id: int) -> HttpResponse:
    """Who came and who left, and why, the last one first."""
    access, view = list_in_sight(request, list_id)
    asked = _asked(request)
    found = flow.moves(access, view, asked, request.GET.get("after", ""))
    path = reverse("lists:history", args=[view.id])
    kept = _kept(asked)
    context = frame(access, view, "history") | {
        "lines": list(_lines(view, found)),
        "total": found.total,
        "shown": len(found.rows),
        "next_url": _url(path, {**kept, "after": found.next}) if found.next else "",
        "previous_url": _url(path, kept) if "after" in request.GET else "",
        "ways": [(_url(path, {**kept, "way": way}), label, way == asked.way) for way, label in _ways()],
        "reasons": [(_url(path, {**kept, "why": why}), wording.reason(why), why == asked.why) for why in flow.whys(access, view)],
        "any_reason_url": _url(path, {**kept, "why": ""}),
        "why_words": wording.reason(asked.why) if asked.why else "",
        "span": _span(asked),
        "all_days_url": _url(path, {**kept, "since": "", "until": ""}),
        "is_narrowed": any(kept.values()),
    }
    return render(request, "lists/history.html", context)


def _asked(request: HttpRequest) -> Asked:
    way, why = request.GET.get("way", ""), request.GET.get("why", "")
    since, until = (_day(request.GET.get(name, "")) for name in ("since", "until"))
    return Asked(way if way in ("in", "out") else "", why if why in REASONS else "", since, until)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _ways() -> tuple[tuple[str, str], ...]:
    return (("", gettext("All")), ("in", gettext("Joined")), ("out", gettext("Left")))


def _kept(asked: Asked) -> dict[str, str]:
    since, until = (day.isoformat() if day else "" for day in (asked.since, asked.until))
    return {"way": asked.way, "why": asked.why, "since": since, "until": until}


def _url(path: str, parameters: dict[str, str]) -> str:
    query = urlencode({name: value for name, value in parameters.items() if value})
    return f"{path}?{query}" if query else path


def _span(asked: Asked) -> str:
    if asked.since and asked.until:
        if asked.since == asked.until:
            return formats.day(asked.since)
        return f"{formats.day(asked.since)} – {formats.day(asked.until)}"
    return ""


def _lines(view: ListView, found: Moves) -> Iterator[Line]:
    people = names_of_people()
    gone = gettext("A record that is not there any more")
    stem = reverse("records:index", args=[view.catalog.plural]) if view.catalog else ""
    for move in found.rows:
        url = f"{stem}{move.record_id}/" if move.name else ""
        yield Line(move.name or gone, url, move.entered, wording.reason(move.why, move.detail), people.get(move.actor_id, ""), move.at)
