"""Home: the last 14 days in figures, what runs, what came in, and the next step."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_POST

from jalon.accounts.access import Access, Denied, Scope, access_of_request, needs
from jalon.dashboards import actions
from jalon.dashboards import queries as pins
from jalon.dashboards.cards import cards
from jalon.dashboards.cards.card import Asking
from jalon.dashboards.next_steps import open_steps
from jalon.jobs.queries import running
from jalon.records import address, queries
from jalon.records.activities import queries as activities
from jalon.records.activities.queries import Wanted
from jalon.reports import queries as reports
from jalon.reports.by_kind import table
from jalon.reports.queries import ReportView
from jalon.web.pages import inside, render
from jalon.web.toasts import say

NEWEST = 6
TASKS = 6


@needs("")
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    access = access_of_request(request)
    asking = Asking(access, timezone.localdate(), timezone.now())
    context = {
        "cards": cards(asking) if access.may("records.view") else [],
        "steps": open_steps(access),
        "jobs": running(access.actor.user_id),
        "pinned": _pinned(access),
        "newest": _newest(access),
        "tasks": _tasks(access),
        "tasks_url": reverse("records:my_tasks"),
        "contacts_url": reverse("records:index", args=["contacts"]),
    }
    return render(request, "dashboards/home.html", context)


def _pinned(access: Access) -> list[ReportView]:
    """The reports that stand here and that this person still sees; their figures are asked for once the page is there."""
    seen = {report.id: report for report in reports.reports(access)} if (ids := pins.pinned(access)) else {}
    return [seen[id] for id in ids if id in seen]


@needs("reports.view")
@require_GET
def pinned(request: HttpRequest, report_id: int) -> HttpResponse:
    """A pinned report as Home shows it: the chart of its last compile, counting what this person may see."""
    access = access_of_request(request)
    found = reports.report(report_id, access)
    if found is None:
        raise Http404
    kind = table.of(found)
    context: dict[str, Any] = {"report": found, "title": reports.title_of(found), "kind": kind}
    try:
        if found.snapshot:
            context |= kind.home.context(found, access, {})
    except Denied as denied:  # it asks about linked records that this person may not see
        context["denied"] = str(denied)
    return render(request, "dashboards/_pinned.html", context)


@needs("reports.view")
@require_POST
def pin(request: HttpRequest, report_id: int) -> HttpResponse:
    """Puts a report on this person's Home, or takes it away."""
    access = access_of_request(request)
    found = reports.report(report_id, access)
    if found is None or access.actor.user_id is None:
        raise Http404
    wanted = bool(request.POST.get("wanted"))
    actions.pin(report_id, access.actor.user_id, wanted=wanted)
    told = gettext("“%(title)s” stands on your Home.") if wanted else gettext("“%(title)s” stands on your Home no longer.")
    say(request, told % {"title": reports.title_of(found)})
    return HttpResponseRedirect(inside(request, request.POST.get("next", ""), reverse("reports:report", args=[report_id])))


def _tasks(access: Access) -> list[tuple[str, str, datetime, bool]]:
    """The person's own tasks until the end of the day, the oldest first: title, address, due date, whether it is overdue."""
    if access.scope("task") is Scope.NONE or access.actor.user_id is None:
        return []
    now = timezone.now()
    midnight = (timezone.localtime() + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    where = activities.task_where(Wanted(access.actor.user_id), "due", now, midnight)
    columns = ("hs_task_subject", activities.WHEN)
    page = queries.page(access, "task", columns=columns, where=where, sort=activities.WHEN, limit=TASKS)
    label = queries.catalog("task").label(get_language() or "en")
    return [
        (
            row["hs_task_subject"] or f"{label} {row['id']}",
            reverse("records:record", args=["tasks", row["id"]]),
            row[activities.WHEN],
            row[activities.WHEN] < now,
        )
        for row in page.rows
    ]


def _newest(access: Access) -> list[tuple[str, str, object]]:
    """The contacts that came in last: name, address, instant."""
    catalog = queries.catalogs()["contact"]
    if access.scope(catalog.object_type) is Scope.NONE:
        return []
    page = queries.page(access, catalog.object_type, columns=(*catalog.primary, "email", "createdate"), limit=NEWEST)
    label = catalog.label(get_language() or "en")
    return [
        (
            address.name_of(catalog, row) or f"{label} {row['id']}",
            reverse("records:record", args=[catalog.plural, row["id"]]),
            row["createdate"],
        )
        for row in page.rows
    ]
