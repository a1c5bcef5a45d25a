"""Deleting people for ever after a typed confirmation, what it did, and handing somebody all that is kept of them."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from jalon.accounts.access import Access, needs
from jalon.accounts.actions import Refused
from jalon.records import holdings
from jalon.records.columns import Catalog
from jalon.records.display import Display
from jalon.records.erasing import actions, archived, portraits
from jalon.records.erasing import queries as erasing
from jalon.records.views.finding import catalog_in_sight, label_of_record
from jalon.web.numbers import whole
from jalon.web.pages import render


@needs("erase")
@require_http_methods(["GET", "POST"])
def erase(request: HttpRequest, plural: str) -> HttpResponse:
    """Says what will be gone; a person types the number of records, or the one's name, to have it done."""
    access, catalog = catalog_in_sight(request, plural, "delete")
    asked = request.POST if request.method == "POST" else request.GET
    ids = _asked(access, catalog, asked.get("ids", ""))
    word = _word(access, catalog, ids)
    problems: list[str] = []
    if request.method == "POST":
        if request.POST.get("word", "").strip().casefold() == word.casefold():
            try:
                done = actions.erase(catalog.object_type, ids, actor=access.actor)
                return HttpResponseRedirect(reverse("records:erasure", args=[plural, done.id]))
            except Refused as refused:
                problems = list(refused.sentences)
        else:
            problems = [gettext("Please type “%(word)s” as it stands here.") % {"word": word}]
    context = _frame(catalog) | {
        "ids": ",".join(map(str, ids)),
        "count": len(ids),
        "word": word,
        "family": len(erasing.family(ids)) - len(ids),
        "backups": erasing.backups(),
        "holdings": [gettext(holding.label) for holding in holdings.all_holdings()],
        "problems": problems,
    }
    return render(request, "records/erase.html", context, status=422 if problems else 200)


def _asked(access: Access, catalog: Catalog, text: str) -> list[int]:
    """The records of the address that this person may delete, archived ones too; many need the right to delete many."""
    ids = [id for part in text.split(",") if (id := whole(part)) is not None]
    found = archived.deletable(access, catalog.object_type, ids)
    if not found:
        raise Http404
    if len(found) > 1:
        access.require("bulk_delete")
    return found


def _word(access: Access, catalog: Catalog, ids: list[int]) -> str:
    if len(ids) > 1:
        return str(len(ids))
    record = archived.record(access, catalog.object_type, ids[0])
    if record is None:
        raise Http404
    return label_of_record(record)


def _frame(catalog: Catalog) -> dict[str, Any]:
    display = Display()
    return {
        "catalog": catalog,
        "plural": catalog.plural_label(display.language),
        "index_url": reverse("records:index", args=[catalog.plural]),
        "archived_url": reverse("records:archived", args=[catalog.plural]),
    }


@needs("erase")
@require_GET
def erasure(request: HttpRequest, plural: str, erasure_id: int) -> HttpResponse:
    """The fact: how many things each holding forgot, and what still holds the person."""
    _, catalog = catalog_in_sight(request, plural, "delete")
    found = erasing.erasure(erasure_id)
    if found is None or found.object_type != catalog.object_type:
        raise Http404
    labels = {holding.name: gettext(holding.label) for holding in holdings.all_holdings()}
    counts = [(labels.get(name, name), number) for name, number in found.counts.items() if number]
    context = _frame(catalog) | {"erasure": found, "counts": counts, "by": Display().person(found.actor_id)}
    return render(request, "records/erasure.html", context)


@needs("erase")
@require_GET
def erasures(request: HttpRequest, plural: str) -> HttpResponse:
    """Every erasure of an object type, the latest first."""
    _, catalog = catalog_in_sight(request, plural, "delete")
    display = Display()
    lines = [(row, display.person(row.actor_id), sum(row.counts.values())) for row in erasing.erasures(catalog.object_type)]
    return render(request, "records/erasures.html", _frame(catalog) | {"lines": lines})


@needs("export")
@require_GET
def portrait(request: HttpRequest, plural: str, id: int) -> HttpResponseBase:
    """A ZIP of everything that is kept of a person, sent while it is made."""
    access, catalog = catalog_in_sight(request, plural)
    if archived.record(access, catalog.object_type, id) is None:
        raise Http404
    parts = portraits.portray(catalog.object_type, id, actor=access.actor)
    response = StreamingHttpResponse(parts, content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{catalog.object_type}-{id}.zip"'
    return response
