"""Home: the last 14 days in figures, what runs, what came in, and the next step."""

from __future__ import annotations

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
from jalon.web.pages import render

NEWEST = 6


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
        "contacts_url": reverse("records:index", args=["contacts"]),
    }
    return render(request, "dashboards/home.html", context)


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
