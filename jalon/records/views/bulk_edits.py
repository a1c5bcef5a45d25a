"""The history of bulk edits, one of them with its progress, and taking it back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_POST

from jalon.accounts.access import needs
from jalon.accounts.actions import Refused
from jalon.records.bulk_edits import actions, queries
from jalon.records.bulk_edits.words import line
from jalon.records.columns import Catalog
from jalon.records.views.bulk import back
from jalon.records.views.finding import catalog_in_sight
from jalon.records.views.settling import settle
from jalon.web.numbers import whole
from jalon.web.pages import leave_for, render


@needs("records.view")
@require_GET
def history(request: HttpRequest, plural: str) -> HttpResponse:
    """The bulk edits of this object type, the newest first."""
    access, catalog = catalog_in_sight(request, plural)
    found = queries.bulk_edits(access, catalog.object_type, whole(request.GET.get("before", "")))
    context = _page(catalog) | {
        "lines": [line(one) for one in found],
        "older": found[-1].id if len(found) == queries.PAGE else "",
    }
    return render(request, "records/bulk_edits.html", context)


@needs("records.view")
@require_GET
def show(request: HttpRequest, plural: str, id: int) -> HttpResponse:
    """One bulk edit: how far it is, what it did, what could not be taken back. While it works, the page asks again by itself."""
    access, catalog = catalog_in_sight(request, plural)
    found = queries.bulk_edit(access, id)
    if found is None or found.object_type != catalog.object_type:
        raise Http404
    kept = [(told["record_id"], _label(catalog, told["property"]), told["why"]) for told in found.kept_lines]
    return render(request, "records/bulk_edit.html", _page(catalog) | line(found) | {"kept_lines": kept}, part="bulk_state")


@needs("records.view")
@require_POST
def undo(request: HttpRequest, plural: str, id: int) -> HttpResponse:
    """Takes a bulk edit back."""
    access, catalog = catalog_in_sight(request, plural)
    if queries.bulk_edit(access, id) is None:
        raise Http404
    here = reverse("records:bulk_edit", args=[plural, id])
    try:
        begun = actions.begin_undo(access, id)
    except Refused as refused:
        messages.error(request, str(refused))
        return leave_for(request, here)
    if not begun.finished:
        messages.info(request, gettext("The change is being taken back. The top of the page shows how far it is."))
        return leave_for(request, here)
    settle(request, begun.position)
    messages.success(request, gettext("The change is taken back."))
    return leave_for(request, back(request, catalog) if request.headers.get("HX-Request") else here)


def _label(catalog: Catalog, name: str) -> str:
    spec = catalog.properties.get(name)
    return spec.label(get_language() or "en") if spec else name


def _page(catalog: Catalog) -> dict[str, Any]:
    language = get_language() or "en"
    return {
        "catalog": catalog,
        "plural": catalog.plural_label(language),
        "index_url": reverse("records:index", args=[catalog.plural]),
    }
