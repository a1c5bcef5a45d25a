"""Undoing an import: asked in numbers, then done in the background; what stayed is a page and a file."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_http_methods

from jalon.accounts.access import Access, access_of_request, needs
from jalon.exports.responses import csv_response
from jalon.exports.sheet import Heading, Sheet
from jalon.imports import queries
from jalon.imports.actions import NotReady
from jalon.imports.lines import line
from jalon.imports.models import Import
from jalon.imports.queries import ImportView
from jalon.imports.undoing import actions
from jalon.imports.undoing.actions import KeptLine
from jalon.records import queries as records
from jalon.warehouse.schema import Kind
from jalon.web.numbers import whole
from jalon.web.pages import render

PAGE = 100


@needs("import")
@require_http_methods(["GET", "POST"])
def undo(request: HttpRequest, import_id: int) -> HttpResponse:
    """Says in numbers what would be taken back; sent, the work begins."""
    access = access_of_request(request)
    found = _found(access, import_id)
    if request.method == "POST" or not found.can_be_undone:
        with suppress(NotReady):
            actions.begin(import_id, access=access)
        return redirect("imports:show", import_id)
    return render(request, "imports/undo.html", line(found))


@needs("import")
@require_GET
def kept(request: HttpRequest, import_id: int) -> HttpResponse:
    """What undoing left as it was, and why."""
    access = access_of_request(request)
    found = _found(access, import_id)
    lines = actions.kept_lines(Import.objects.get(pk=import_id))
    number = request.GET.get("page", "1")
    start = (max(whole(number, 9) or 1, 1) - 1) * PAGE
    steps = {
        "previous_url": f"?page={start // PAGE}" if start else "",
        "next_url": f"?page={start // PAGE + 2}" if start + PAGE < len(lines) else "",
    }
    rows = shown(access, lines[start : start + PAGE])
    return render(request, "imports/kept.html", {**line(found), "rows": rows, "told": len(lines), **steps})


@needs("import")
@require_GET
def kept_file(request: HttpRequest, import_id: int) -> HttpResponseBase:
    """All that undoing left, as a file."""
    access = access_of_request(request)
    found = _found(access, import_id)
    rows = shown(access, actions.kept_lines(Import.objects.get(pk=import_id)))
    cells = [(row["object"], row["id"], row["name"], row["property"], row["why"]) for row in rows]
    headings = (
        Heading("object", gettext("Object")),
        Heading("id", gettext("Record ID"), Kind.ID),
        Heading("name", gettext("Name")),
        Heading("property", gettext("Property")),
        Heading("why", gettext("Why it stayed")),
    )
    sheet = Sheet(found.name, headings, [cells], len(cells))
    return csv_response(sheet, gettext("%(name)s not undone.csv") % {"name": found.name}, bom=True)


def shown(access: Access, lines: Sequence[KeptLine]) -> list[dict[str, Any]]:
    """The lines with the words and links that a reader sees; a record out of reach has no name."""
    language, catalogs = get_language() or "en", records.catalogs()
    names: dict[tuple[str, int], str] = {}
    for object_type in {one.object_type for one in lines} & catalogs.keys():
        ids = [one.record_id for one in lines if one.object_type == object_type]
        names |= {(object_type, id): name for id, name in queries.names_of(access, object_type, ids).items()}
    rows = []
    for one in lines:
        catalog, name = catalogs.get(one.object_type), names.get((one.object_type, one.record_id), "")
        spec = catalog.properties.get(one.property) if catalog else None
        rows.append(
            {
                "object": catalog.label(language) if catalog else one.object_type,
                "id": one.record_id,
                "name": name,
                "link": reverse("records:record", args=[catalog.plural, one.record_id]) if catalog and name else "",
                "property": spec.label(language) if spec else one.property or gettext("The record itself"),
                "why": gettext(one.why),
            }
        )
    return rows


def _found(access: Access, import_id: int) -> ImportView:
    found = queries.one(access, import_id)
    if found is None:
        raise Http404
    return found
