"""The journeys behind a number of the lifecycle report, with the contacts that made them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_GET

from jalon.accounts.access import Access, access_of_request, needs
from jalon.accounts.audit.actions import exported
from jalon.criteria import narrowing
from jalon.criteria import queries as criteria_queries
from jalon.criteria.problems import CriteriaError
from jalon.criteria.tree import Criteria, from_text
from jalon.exports.responses import response
from jalon.exports.sheet import XLSX_ROWS, Format, choose_format
from jalon.lifecycle import queries as lifecycle
from jalon.lifecycle.columns import OUTCOMES, Outcome
from jalon.records import queries as records
from jalon.reports import queries as reports
from jalon.reports import wording
from jalon.reports.kinds import journeys
from jalon.reports.kinds.journeys import Cell
from jalon.reports.lifecycle import addresses, behind, queries, telling
from jalon.reports.lifecycle.asked import OBJECT_TYPE
from jalon.reports.lifecycle.queries import Found, Journey, Question
from jalon.web import formats
from jalon.web.pages import render

ROWS = 50
LABELS = {
    journeys.CONTACT: gettext_lazy("Contact"),
    "entered_at": pgettext_lazy("period", "Entered"),
    "entry_stage": gettext_lazy("First stage"),
    "furthest": gettext_lazy("Came as far as"),
    "outcome": gettext_lazy("Outcome"),
    "ended_at": gettext_lazy("Ended on"),
    "length_ms": gettext_lazy("Time"),
    "moves": gettext_lazy("Movements"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A journey as the page writes it."""

    contact: str
    url: str
    entered_at: datetime
    entry: str
    furthest: str
    outcome: str
    kind: Outcome
    ended_at: datetime | None
    length_ms: int | None
    moves: int
    number: int


@needs("reports.view")
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """As many journeys as the number said that led here, the last entered first or by any column."""
    cell, criteria, question = _asked(request)
    access, catalog = access_of_request(request), records.catalog(OBJECT_TYPE)
    number, order = _page(request), journeys.order(request.GET.get("sort", ""))
    found = queries.behind(question, cell, limit=ROWS, offset=(number - 1) * ROWS, order=order)
    context = {
        "found": found,
        "lines": list(_lines(found, question, access)),
        "told": [*telling.cell(cell, question), *_times(found)],
        "headings": list(_headings(request, order)),
        "order": order,
        "kept": [(name, value) for name in ("of", "criteria") for value in request.GET.getlist(name)],
        "chips": narrowing.in_words(request.GET.get("criteria", ""), catalog),
        "contacts_url": addresses.contacts(cell, criteria, catalog),
        **_report(question, access),
        "may_export": access.may("export"),
        "fits_excel": found.total <= XLSX_ROWS,
        "shown": len(found.journeys),
        "total": found.total,
        "previous_url": _at(request, number - 1) if number > 1 else "",
        "next_url": _at(request, number + 1) if number * ROWS < found.total else "",
    }
    return render(request, "reports/lifecycle/journeys.html", context)


def _report(question: Question, access: Access) -> dict[str, str]:
    """Where the number stands."""
    found = reports.report(question.report, access) if question.report else None
    if found is None:
        return {"report_url": reverse("reports:lifecycle"), "report_title": gettext("Lifecycle report")}
    return {"report_url": reverse("reports:report", args=[found.id]), "report_title": reports.title_of(found)}


@needs("export")
@require_GET
def download(request: HttpRequest, form: str) -> HttpResponseBase:
    """All of them as a file; more than Excel takes come as CSV."""
    if form not in set(Format):
        raise Http404
    cell, _, question = _asked(request)
    access = access_of_request(request)
    sheet = behind.sheet(question, cell, journeys.order(request.GET.get("sort", "")))
    exported(gettext("Journeys"), sheet.total, link=f"{reverse('reports:journeys')}?{request.GET.urlencode()}", actor=access.actor)
    return response(sheet, choose_format(sheet.total, form), gettext("Journeys"))


def _asked(request: HttpRequest) -> tuple[Cell, Criteria, Question]:
    cell, criteria = journeys.read(request.GET.getlist("of")), _criteria(request.GET.get("criteria", ""))
    if cell is None or criteria is None or not lifecycle.is_set_up():
        raise Http404
    question = queries.asked_by(access_of_request(request), cell, criteria)
    if question is None:
        raise Http404
    return cell, criteria, question


def _criteria(text: str) -> Criteria | None:
    """None for criteria that no number of the report leads to."""
    try:
        criteria = from_text(text)
    except CriteriaError:
        return None
    return None if criteria_queries.problems(criteria, OBJECT_TYPE) else criteria


def _times(found: Found) -> Iterator[str]:
    """Where some went to and fro, there are fewer journeys than the way was gone."""
    if found.times is not None and found.times != found.total:
        yield ngettext("%(number)s time in all", "%(number)s times in all", found.times) % {"number": formats.number(found.times)}


@dataclass(frozen=True, slots=True)
class Heading:
    """A column: `direction` is "ascending", "descending" or empty, `url` sorts by it; up and down are its two orders for a menu."""

    name: str
    label: str
    url: str
    direction: str
    is_number: bool
    up: str
    down: str


def _headings(request: HttpRequest, order: str) -> Iterator[Heading]:
    for name in journeys.SORTED:
        direction = "" if order.removeprefix("-") != name else "descending" if order.startswith("-") else "ascending"
        said = request.GET.copy()
        said["sort"] = f"-{name}" if direction == "ascending" else name
        said.pop("page", None)
        yield Heading(name, str(LABELS[name]), f"?{said.urlencode()}", direction, name in ("length_ms", "moves"), name, f"-{name}")


def _page(request: HttpRequest) -> int:
    text = request.GET.get("page", "")
    return max(1, int(text[:6])) if text.isdecimal() else 1


def _at(request: HttpRequest, number: int) -> str:
    said = request.GET.copy()
    said["page"] = str(number)
    return f"?{said.urlencode()}"


def _lines(found: Found, question: Question, access: Access) -> Iterator[Line]:
    language = wording.language()
    stages = {one.name: f"{one.emoji} {one.label(language)}".strip() for one in question.stages}
    places = ("", *question.path.places)
    ids = list(dict.fromkeys(one.record_id for one in found.journeys))
    named = {one.id: one.name for one in records.several(access, OBJECT_TYPE, ids)}
    plural = records.catalog(OBJECT_TYPE).plural
    for one in found.journeys:
        outcome = Outcome(one.outcome)
        furthest = places[one.furthest] if one.furthest < len(places) else ""
        yield Line(
            contact=named.get(one.record_id, ""),
            url=reverse("records:record", args=[plural, one.record_id]),
            entered_at=one.entered_at,
            entry=stages.get(one.entry_stage, one.entry_stage),
            furthest=stages.get(furthest, ""),
            outcome=_outcome(one, outcome, stages),
            kind=outcome,
            ended_at=one.ended_at,
            length_ms=one.length_ms,
            moves=one.moves,
            number=one.number,
        )


def _outcome(one: Journey, outcome: Outcome, stages: dict[str, Any]) -> str:
    """Where it ended; of one that goes on, where the contact is."""
    if outcome in (Outcome.WON, Outcome.LOST):
        return str(stages.get(one.end_stage or "", ""))
    if outcome is Outcome.OPEN and one.last_stage:
        return gettext("Still in %(stage)s") % {"stage": stages.get(one.last_stage, one.last_stage)}
    return gettext(OUTCOMES[outcome])
