"""Home: the last 14 days in figures, what runs, what came in, and the next step."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from jalon.accounts.access import Access, Scope, access_of_request, needs
from jalon.dashboards.cards import cards
from jalon.dashboards.cards.card import Asking
from jalon.dashboards.next_steps import open_steps
from jalon.jobs.queries import running
from jalon.records import address, queries
from jalon.records.activities import queries as activities
from jalon.records.activities.queries import Wanted
from jalon.web.pages import render

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
        "newest": _newest(access),
        "tasks": _tasks(access),
        "tasks_url": reverse("records:my_tasks"),
        "contacts_url": reverse("records:index", args=["contacts"]),
    }
    return render(request, "dashboards/home.html", context)


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
