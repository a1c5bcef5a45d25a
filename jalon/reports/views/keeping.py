"""Keeping what the live lifecycle report asks: as a new report, or as the options of one that is there."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from jalon.accounts.access import access_of_request, needs
from jalon.folders import queries as folders
from jalon.records import queries as records
from jalon.reports import actions, wording
from jalon.reports.kinds.lifecycle import Definition
from jalon.reports.lifecycle import addresses, asked
from jalon.reports.lifecycle.asked import OBJECT_TYPE
from jalon.reports.queries import Sharing
from jalon.reports.sharing import actions as sharing
from jalon.reports.views.opened import to_edit
from jalon.warehouse.words import N_
from jalon.web.pages import leave_for, render
from jalon.web.toasts import say

SHARINGS = (
    (Sharing.EVERYBODY, "world", N_("Everybody"), N_("Whoever may see reports. Each person counts the contacts they may see.")),
    (Sharing.PRIVATE, "lock", N_("Only me"), N_("Nobody else, besides super admins. You can share it later.")),
)
SHELF = "reports"


@needs("reports.create")
@require_http_methods(["GET", "POST"])
def save(request: HttpRequest) -> HttpResponse:
    """The drawer that asks for a title, a folder and who sees it; then the report, which is compiled."""
    definition, known = _asked(request), folders.folders(SHELF)
    if request.method == "GET":
        context = {
            "usual_title": wording.title(definition, records.catalog(OBJECT_TYPE)),
            "choices": folders.choices(known),
            "sharings": SHARINGS,
            "back_url": addresses.asking(definition),
        }
        return render(request, "reports/lifecycle/_save.html", context)
    actor = access_of_request(request).actor
    made = actions.create(definition, actor=actor, title=" ".join(request.POST.get("title", "").split()))
    folder = folders.chosen(known, request.POST.get("folder", ""))
    sharing.move(made, folder.id if folder else None)
    if request.POST.get("sharing") == Sharing.PRIVATE:
        sharing.share(made, Sharing.PRIVATE, edits=False, chosen=(), actor=actor)
    say(request, gettext("The report is saved. It stays as it is now until it is compiled anew."))
    return leave_for(request, reverse("reports:report", args=[made]))


@needs("reports.view")
@require_POST
def change(request: HttpRequest, report_id: int) -> HttpResponse:
    """The options of a saved report become those of the address."""
    to_edit(request, report_id)
    actions.change(report_id, _asked(request), actor=access_of_request(request).actor)
    messages.success(request, gettext("The report is saved."))
    return redirect("reports:report", report_id)


def _asked(request: HttpRequest) -> Definition:
    return asked.read(request.GET, records.catalog(OBJECT_TYPE)).definition
