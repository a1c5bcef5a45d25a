"""The journal of movements: each of them with who made it and how, narrowed, as a file; and the days that were unusual."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from jalon.accounts.access import Access, access_of_request, needs
from jalon.accounts.actions import audit
from jalon.accounts.queries import account
from jalon.exports.responses import response
from jalon.exports.sheet import Format
from jalon.figures.periods import Preset
from jalon.lifecycle import queries as lifecycle
from jalon.lifecycle.columns import ACTIVE
from jalon.lifecycle.journeys import spikes
from jalon.lifecycle.journeys.spikes import Day
from jalon.lifecycle.movements import journal, sheets
from jalon.lifecycle.movements.journal import NONE, Wanted
from jalon.records import queries as records
from jalon.records.display import SOURCES, Display, source_words
from jalon.reports.lifecycle import asked, beyond, plots, queries, toolbar
from jalon.reports.lifecycle.asked import OBJECT_TYPE, Asked
from jalon.reports.lifecycle.queries import Question
from jalon.reports.views.opened import Context
from jalon.warehouse import current
from jalon.warehouse.words import N_
from jalon.web.pages import render

ROWS = 50
CONTROLS = ("from_stage", "to_stage", "how", "who")
NOBODY = 0  # as somebody: a form or a program
LONGEST = 400  # days of the chart
PERIOD = Preset.LAST_90_DAYS
EXPORTED = N_("%(who)s exported the journal of movements.")
Stages = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Line:
    """A movement as the page writes it."""

    at: datetime
    contact: str
    url: str
    came_from: str
    to: str
    how: str
    who: str


@dataclass(frozen=True, slots=True)
class Unusual:
    """A day with many or few movements; `usual` is what there are on days like it."""

    day: date
    count: int
    usual: float
    is_more: bool
    url: str


@needs("reports.view")
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """The movements of the chosen days and contacts, the latest first."""
    if not _is_there():
        return render(request, "reports/lifecycle/off.html", {"may_turn_on": access_of_request(request).may("property_settings")})
    said, question, wanted = _asked(request)
    rows, number = current.engine().rows, _page_number(request)
    total = int(rows(journal.count(wanted, question.among))[0][0])
    found = rows(journal.listed(wanted, question.among).limit(ROWS).offset((number - 1) * ROWS)) if total else []
    stages = {name: f"{one.emoji} {one.label}".strip() for name, one in beyond.names(question).items()}
    context: Context = {
        "lines": list(_lines(access_of_request(request), found, stages)),
        "total": total,
        "shown": len(found),
        "stages": list(stages.items()),
        "sources_of": [(source.value, gettext(SOURCES[source])) for source in ACTIVE],
        "people": _people(),
        "wanted": wanted,
        "none": NONE,
        "may_export": access_of_request(request).may("export"),
        "previous_url": _at(request, number - 1) if number > 1 else "",
        "next_url": _at(request, number + 1) if number * ROWS < total else "",
        "body": "reports/lifecycle/_journal.html",
        "period_label": gettext("When"),
        "extra": "reports/lifecycle/_journal_asked.html",
    }
    frame = toolbar.context(request, said, "reports:lifecycle_journal", controls=CONTROLS)
    whole = frame | context | _unusual(request, question, wanted)
    return toolbar.answered(request, "reports/lifecycle/beyond.html", whole, part="beyond")


def _is_there() -> bool:
    return lifecycle.is_set_up() and lifecycle.is_shown()


def _asked(request: HttpRequest) -> tuple[Asked, Question, Wanted]:
    given: Mapping[str, str] = request.GET if request.GET.get("period") else {**request.GET.dict(), "period": PERIOD}
    said = asked.read(given, records.catalog(OBJECT_TYPE))
    question = queries.ask(access_of_request(request), said.definition)
    known = {NONE, *(one.name for one in question.stages)}
    came_from, to = (given.get(name) if given.get(name) in known else None for name in ("from_stage", "to_stage"))
    source = given.get("how") if given.get("how") in set(ACTIVE) else None
    typed = given.get("who", "")
    who = int(typed[:18]) if typed.isdecimal() else None
    return said, question, Wanted(question.days, came_from, to, source, who)


def _people() -> list[tuple[int, str]]:
    """Who may have moved somebody, by name; last those without a name."""
    named = sorted(Display().names.items(), key=lambda person: person[1].casefold())
    return [*named, (NOBODY, gettext("Nobody: a form or a program"))]


def _page_number(request: HttpRequest) -> int:
    text = request.GET.get("page", "")
    return max(1, int(text[:6])) if text.isdecimal() else 1


def _at(request: HttpRequest, number: int) -> str:
    said = request.GET.copy()
    said["page"] = str(number)
    return f"?{said.urlencode()}"


def _lines(access: Access, found: list[tuple[object, ...]], stages: Stages) -> Iterator[Line]:
    ids = list(dict.fromkeys(int(str(row[1])) for row in found))
    named = {one.id: one.name for one in records.several(access, OBJECT_TYPE, ids)}
    display, plural, nothing = Display(), records.catalog(OBJECT_TYPE).plural, gettext("no stage")
    for _, contact, came_from, to, at, source, detail, actor in found:
        id = int(str(contact))
        assert isinstance(at, datetime)
        yield Line(
            at,
            named.get(id, str(id)),
            reverse("records:record", args=[plural, id]),
            stages.get(str(came_from), nothing),
            stages.get(str(to), nothing),
            source_words(str(source), str(detail or "")),
            display.person(int(str(actor)) if actor is not None else None),
        )


# Unusual days


def _unusual(request: HttpRequest, question: Question, wanted: Wanted) -> Context:
    """The chart by day and the days that stand out. Today is not over, so it is not measured."""
    counts = {day: int(count) for day, count in current.engine().rows(journal.by_day(wanted, question.among))}
    today = timezone.now().astimezone(account().tz).date()
    first, last = wanted.range.first or min(counts, default=today), min(wanted.range.last or today, today - timedelta(days=1))
    first = max(first, last - timedelta(days=LONGEST - 1))
    if last < first:
        return {"days": None, "unusual": []}
    told = spikes.days(counts, first, last)
    hrefs = {day.day: _on(request, day.day) for day in told if day.count}
    drawn = plots.by_day(told, hrefs)
    return {
        "days": plots.drawn(drawn),
        "legend": plots.legend(drawn),
        "unusual": [_told(request, day) for day in told if day.is_unusual][::-1],
    }


def _told(request: HttpRequest, day: Day) -> Unusual:
    return Unusual(day.day, day.count, day.usual, day.score > 0, _on(request, day.day))


def _on(request: HttpRequest, day: date) -> str:
    said = {name: value for name, value in request.GET.items() if name not in ("period", "first", "last", "page")}
    days = {"period": Preset.CUSTOM.value, "first": day.isoformat(), "last": day.isoformat()}
    return f"{reverse('reports:lifecycle_journal')}?{urlencode(said | days)}"


# As a file


@needs("export")
@require_GET
def download(request: HttpRequest, form: str) -> HttpResponseBase:
    """All movements that are shown, page after page."""
    if form not in set(Format) or not _is_there():
        raise Http404
    _, question, wanted = _asked(request)
    access = access_of_request(request)
    audit(access.actor, "export.movements", EXPORTED, link=reverse("reports:lifecycle_journal"))
    return response(sheets.sheet(wanted, question.among), Format(form), gettext("Movements"))
