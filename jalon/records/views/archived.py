"""What was archived: who and when, bringing it back, deleting it for ever."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from jalon.accounts.access import Access, needs
from jalon.records import actions, queries
from jalon.records.columns import Catalog, Origin, Source
from jalon.records.display import Display
from jalon.records.erasing import archived as archive
from jalon.records.views.finding import catalog_in_sight
from jalon.records.views.settling import settle
from jalon.web.numbers import whole
from jalon.web.pages import render


@needs("records.delete")
@require_GET
def first(request: HttpRequest) -> HttpResponse:
    """The page of the object type that the address names."""
    catalogs = queries.catalogs()
    catalog = catalogs.get(request.GET.get("object", "")) or next(iter(catalogs.values()))
    return HttpResponseRedirect(reverse("records:archived", args=[catalog.plural]))


@needs("records.delete")
@require_GET
def index(request: HttpRequest, plural: str) -> HttpResponse:
    access, catalog = catalog_in_sight(request, plural, "delete")
    search, display = request.GET.get("q", "").strip()[:200], Display()
    start = request.GET.get("from", "")
    offset = whole(start, 7) or 0
    page = archive.page(access, catalog.object_type, search=search, offset=offset)
    context: dict[str, Any] = _frame(catalog, display) | {
        "lines": [(row, display.person(row.actor_id) if row.actor_id else "") for row in page.rows],
        "total": page.total,
        "shown": len(page.rows),
        "search": search,
        "next_url": _address(search, offset + archive.PAGE) if offset + archive.PAGE < page.total else "",
        "previous_url": _address(search, offset - archive.PAGE) if offset else "",
        "may_erase": access.may("erase"),
        "may_many": access.may("bulk_delete"),
    }
    return render(request, "records/archived.html", context)


def _address(search: str, offset: int) -> str:
    return f"?{urlencode({'q': search, 'from': max(0, offset)})}"


def _frame(catalog: Catalog, display: Display) -> dict[str, Any]:
    return {
        "catalog": catalog,
        "plural": catalog.plural_label(display.language),
        "index_url": reverse("records:index", args=[catalog.plural]),
    }


@needs("records.delete")
@require_POST
def restore(request: HttpRequest, plural: str) -> HttpResponse:
    """Brings the ticked records back; more than one needs the right to delete many."""
    access, catalog = catalog_in_sight(request, plural, "delete")
    ids = _ticked(request, access, catalog)
    outcome = actions.restore(catalog.object_type, ids, actor=access.actor, origin=Origin(Source.USER))
    for refusal in outcome.refused:
        messages.error(request, " ".join(refusal.sentences))
    settle(request, outcome.position)
    number = len(outcome.updated)
    if number:
        messages.success(request, ngettext("%(number)d record is back.", "%(number)d records are back.", number) % {"number": number})
    return HttpResponseRedirect(reverse("records:archived", args=[plural]))


def _ticked(request: HttpRequest, access: Access, catalog: Catalog) -> list[int]:
    asked = [id for text in request.POST.getlist("id") if (id := whole(text)) is not None]
    if len(asked) > 1:
        access.require("bulk_delete")
    ids = archive.reachable(access, catalog.object_type, asked)
    if not ids:
        raise Http404
    return ids
