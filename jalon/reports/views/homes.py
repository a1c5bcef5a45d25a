"""The home of all reports, and where a new one begins."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from jalon.accounts.access import needs
from jalon.reports import queries
from jalon.reports.kinds import starting
from jalon.reports.queries import title_of
from jalon.reports.views.opened import rights
from jalon.web.pages import render


@needs("reports.view")
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """All reports, found by a part of their title."""
    wanted = request.GET.get("q", "").strip()
    found = [(report, title_of(report)) for report in queries.reports()]
    shown = [(report, title) for report, title in found if wanted.casefold() in title.casefold()]
    return render(request, "reports/home.html", {"reports": shown, "any": bool(found), "q": wanted, **rights(request)}, part="rows")


@needs("reports.create")
@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """Where to begin a contacts report."""
    return render(request, "reports/start.html", {"points": starting.offered(queries.contacts_catalog())})
