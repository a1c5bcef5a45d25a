"""Settings, Audit log."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from jalon.accounts import audit, queries
from jalon.accounts.access import access_of_request, needs
from jalon.accounts.audit import queries as log
from jalon.accounts.audit.actions import audit as write_down
from jalon.accounts.audit.queries import Line, Wanted
from jalon.exports.responses import csv_response
from jalon.exports.sheet import Heading, Sheet
from jalon.warehouse.schema import Kind
from jalon.warehouse.words import N_
from jalon.web.pages import render

LONGEST = 19  # digits of an id


@needs("audit")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    wanted = _wanted(request)
    page = log.page(wanted, before=_id(request, "before"), after=_id(request, "after"))
    context = {
        "wanted": wanted,
        "days": _by_day(page.lines),
        "total": page.total,
        "shown": len(page.lines),
        "next_url": _url(wanted, before=page.older),
        "previous_url": _url(wanted, after=page.newer),
        "people": [(0, "Jalon"), *((one.id, one.in_pickers) for one in queries.users())],
        "subjects": [(row.name, gettext(row.label)) for row in audit.subjects()],
        "may_export": access_of_request(request).may("export"),
        "export_url": f"{reverse('settings:audit_export')}?{urlencode(_parameters(wanted))}",
    }
    return render(request, "accounts/audit.html", context, part="audit_lines")


@needs("audit")
@require_GET
def export(request: HttpRequest) -> HttpResponseBase:
    """The same lines as a file; that somebody took it is a line too."""
    access, wanted = access_of_request(request), _wanted(request)
    access.require("export")
    write_down(access.actor, "audit.exported", N_("%(who)s exported the audit log."), link=reverse("settings:audit"))
    top, total = log.newest(wanted)
    return csv_response(Sheet(gettext("Audit log"), _headings(), _rows(wanted, top), total), "audit.csv", bom=True)


def _headings() -> tuple[Heading, ...]:
    return (
        Heading("at", gettext("When"), Kind.DATETIME),
        Heading("who", gettext("Who")),
        Heading("subject", gettext("About")),
        Heading("sentence", gettext("What")),
        Heading("link", gettext("Address")),
    )


def _rows(wanted: Wanted, top: int) -> Iterable[list[tuple[object, ...]]]:
    for lines in log.batches(wanted, top):
        yield [(line.at, line.who, gettext(line.subject.label), line.sentence, line.link) for line in lines]


def _by_day(lines: Iterable[Line]) -> list[tuple[date, list[Line]]]:
    return [(day, list(found)) for day, found in groupby(lines, key=lambda line: timezone.localtime(line.at).date())]


def _wanted(request: HttpRequest) -> Wanted:
    """The filters of the address; what cannot be read is no filter."""
    subject = request.GET.get("subject", "")
    known = {row.name for row in audit.subjects()}
    return Wanted(_id(request, "person"), subject if subject in known else "", _day(request, "from"), _day(request, "to"))


def _id(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < LONGEST else None


def _day(request: HttpRequest, name: str) -> date | None:
    try:
        day = date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return None
    return day if 1900 < day.year < 9000 else None


def _parameters(wanted: Wanted) -> dict[str, object]:
    said = {"person": wanted.person, "subject": wanted.subject or None, "from": wanted.first, "to": wanted.last}
    return {name: value for name, value in said.items() if value is not None}


def _url(wanted: Wanted, **place: int | None) -> str:
    """The page that goes on from an id; empty where there is none."""
    return f"?{urlencode({**_parameters(wanted), **place})}" if any(place.values()) else ""
