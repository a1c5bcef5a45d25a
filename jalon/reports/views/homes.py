"""The home of all reports: what there is, in which folders, and where a new one begins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jalon.accounts.access import Access, access_of_request, needs
from jalon.folders import queries as folders
from jalon.folders import shelf
from jalon.folders.queries import FolderView
from jalon.folders.shelf import Shelf
from jalon.reports import listing, queries
from jalon.reports.kinds import every, starting
from jalon.reports.listing import Asked, Titled
from jalon.reports.queries import ReportView, title_of
from jalon.reports.sharing import actions
from jalon.reports.views.opened import Context, rights, to_edit, to_see
from jalon.warehouse.words import N_
from jalon.web.pages import leave_for, render, wants_part
from jalon.web.toasts import say

ROWS = 100
SHELF = Shelf("reports", "reports:home", "reports:folder_new", "reports:folder", "reports:folder_delete", actions.move_all)


@needs("reports.view")
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The reports that this person may see; what is asked of them lives in the address."""
    access, known = access_of_request(request), SHELF.folders()
    reports, asked, text = queries.reports(access), listing.read(request.GET), request.GET.get("folder", "")
    folder = folders.chosen(known, text)
    inside = [report for report in reports if listing.lies_in(report, text, folder, known)]
    found = listing.wanted(listing.titled(inside), asked)
    context = {
        "any": bool(reports),
        "asked": asked,
        "kinds": [(kind.name, gettext(kind.label)) for kind in every.KINDS],
        "owners": listing.owners(reports, access),
        "headings": list(_headings(request, asked)),
        **_shelf(reports, known, folder, text, asked),
        **_page(request, access, found, known),
        **rights(request),
    }
    return render(request, "reports/home.html", context, part="rows")


def _shelf(reports: Sequence[ReportView], known: Sequence[FolderView], folder: FolderView | None, text: str, asked: Asked) -> Context:
    return {
        "heading": folder.name if folder else gettext("Favorites") if asked.favorite else gettext("Reports home"),
        "trail": folders.trail(folder.id, known) if folder else [],
        "folder": folder,
        "folder_text": text if folder or text == listing.LOOSE else "",
        "is_loose": text == listing.LOOSE,
        "folders": folders.lines(known, (report.folder_id for report in reports)),
        "count_all": len(reports),
        "count_loose": sum(report.folder_id is None for report in reports),
        "count_favorites": sum(report.is_favorite for report in reports),
    }


def _page(request: HttpRequest, access: Access, found: Sequence[Titled], known: Sequence[FolderView]) -> dict[str, Any]:
    text = request.GET.get("page", "")
    number = max(1, int(text[:6])) if text.isdecimal() else 1
    return {
        "lines": list(listing.lines(found[(number - 1) * ROWS : number * ROWS], access, known)),
        "total": len(found),
        "previous_url": _at(request, page=str(number - 1)) if number > 1 else "",
        "next_url": _at(request, page=str(number + 1)) if number * ROWS < len(found) else "",
    }


@dataclass(frozen=True, slots=True)
class Heading:
    """A column that the table can be put in order by; `url` does it, and once more the other way round."""

    name: str
    label: str
    url: str
    direction: str


HEADINGS = {"name": N_("Name"), "owner": N_("Owner"), "compiled": N_("Compiled"), "edited": N_("Last edited")}
LATEST_FIRST = ("compiled", "edited")


def _headings(request: HttpRequest, asked: Asked) -> Iterator[Heading]:
    for name, label in HEADINGS.items():
        first, other = (f"-{name}", name) if name in LATEST_FIRST else (name, f"-{name}")
        direction = {name: "ascending", f"-{name}": "descending"}.get(asked.sort, "")
        yield Heading(name, gettext(label), _at(request, sort=other if asked.sort == first else first), direction)


def _at(request: HttpRequest, **changes: str) -> str:
    kept = {name: value for name, value in request.GET.items() if name != "page"} | changes
    query = urlencode({name: value for name, value in kept.items() if value})
    return reverse("reports:home") + (f"?{query}" if query else "")


@needs("reports.view")
@require_POST
def star(request: HttpRequest, report_id: int) -> HttpResponse:
    """Keeps the report among this person's favorites, or does not any more."""
    to_see(request, report_id)
    wanted = bool(request.POST.get("wanted"))
    user_id = access_of_request(request).actor.user_id
    assert user_id is not None  # needs() let nobody else in
    actions.star(report_id, user_id, wanted=wanted)
    if wants_part(request):
        return render(request, "reports/_star.html", {"report_id": report_id, "is_favorite": wanted})
    return redirect(reverse("reports:report", args=[report_id]))


@needs("reports.view")
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, report_id: int) -> HttpResponse:
    """To another folder."""
    found, known = to_edit(request, report_id), SHELF.folders()
    if request.method == "POST":
        folder = folders.chosen(known, request.POST.get("folder", ""))
        actions.move(report_id, folder.id if folder else None)
        say(request, gettext("“%(title)s” is in its folder.") % {"title": title_of(found)})
        return leave_for(request, f"{reverse('reports:home')}?folder={folder.id if folder else listing.LOOSE}")
    context = {
        "name": title_of(found),
        "choices": folders.choices(known),
        "chosen": str(found.folder_id or ""),
        "move_url": reverse("reports:move", args=[report_id]),
        "back_url": reverse("reports:report", args=[report_id]),
    }
    return render(request, "folders/_move.html", context)


# Where a report begins


@needs("reports.create")
@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """Which kind of report?"""
    return render(request, "reports/start.html", {"kinds": every.KINDS})


@needs("reports.create")
@require_GET
def begin_contacts(request: HttpRequest) -> HttpResponse:
    """Where to begin a contacts report."""
    return render(request, "reports/begin.html", {"points": starting.offered(queries.contacts_catalog())})


# Folders


@needs("reports.create")
@require_http_methods(["GET", "POST"])
def folder_new(request: HttpRequest) -> HttpResponse:
    return shelf.new(request, SHELF)


@needs("reports.create")
@require_http_methods(["GET", "POST"])
def folder(request: HttpRequest, folder_id: int) -> HttpResponse:
    return shelf.edit(request, SHELF, folder_id)


@needs("reports.create")
@require_POST
def folder_delete(request: HttpRequest, folder_id: int) -> HttpResponse:
    return shelf.delete(request, SHELF, folder_id)
