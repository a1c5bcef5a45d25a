"""The records that a record is linked with: finding one to link, linking, unlinking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from jalon.accounts.access import Access, needs
from jalon.records import actions, address, queries
from jalon.records.columns import Origin, Source
from jalon.records.queries import AssociationPanel, RecordView
from jalon.records.views.finding import label_of_record, record_in_reach
from jalon.records.views.settling import settle
from jalon.web.pages import render, wants_part

FOUND = 8
BY_HAND = Origin(Source.USER)


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that could be linked."""

    id: int
    name: str
    detail: str
    linked: bool


@needs("records.edit")
@require_GET
def search(request: HttpRequest, plural: str, id: int, type_name: str, side: str) -> HttpResponse:
    """The drawer that finds records to link with; `?q=` narrows them."""
    access, found = record_in_reach(request, plural, id)
    panel = _panel(access, found, type_name, side)
    wanted = request.GET.get("q", "").strip()[:200]
    context = links(found, panel) | {
        "record": found,
        "name": label_of_record(found),
        "search": wanted,
        "hits": _hits(access, found, panel, wanted),
    }
    return render(request, "records/_link.html" if "q" not in request.GET else "records/_link_hits.html", context)


@needs("records.edit")
@require_POST
def add(request: HttpRequest, plural: str, id: int, type_name: str, side: str) -> HttpResponse:
    access, found = record_in_reach(request, plural, id)
    panel = _panel(access, found, type_name, side)
    other = _other(request, access, panel)
    position = actions.associate(type_name, [_pair(panel, id, other)], actor=access.actor, origin=BY_HAND)
    settle(request, position)
    return _answer(request, access, found, type_name, side)


@needs("records.edit")
@require_POST
def remove(request: HttpRequest, plural: str, id: int, type_name: str, side: str) -> HttpResponse:
    access, found = record_in_reach(request, plural, id)
    panel = _panel(access, found, type_name, side)
    position = actions.dissociate(type_name, [_pair(panel, id, _other(request, access, panel))], actor=access.actor, origin=BY_HAND)
    settle(request, position)
    return _answer(request, access, found, type_name, side)


def links(found: RecordView, panel: AssociationPanel) -> dict[str, Any]:
    """A panel with its addresses."""
    language = get_language() or "en"
    side = "from" if panel.inverse else "to"
    arguments = [found.catalog.plural, found.id, panel.type_name, side]
    return {
        "panel": panel,
        "panel_id": f"links-{panel.type_name}-{side}",
        "panel_label": panel.label_fr if language.startswith("fr") else panel.label_en,
        "linked": [
            (other, label_of_record(other), reverse("records:record", args=[panel.catalog.plural, other.id]), main)
            for other, main in panel.rows
        ],
        "more": max(0, panel.total - len(panel.rows)),
        "search_url": reverse("records:link_search", args=arguments),
        "add_url": reverse("records:link_add", args=arguments),
        "remove_url": reverse("records:link_remove", args=arguments),
    }


def _panel(access: Access, found: RecordView, type_name: str, side: str) -> AssociationPanel:
    for panel in queries.associated(access, found.catalog.object_type, found.id):
        if panel.type_name == type_name and panel.inverse == (side == "from"):
            return panel
    raise Http404


def _pair(panel: AssociationPanel, id: int, other: int) -> tuple[int, int]:
    """The two ids as the association type reads them."""
    return (other, id) if panel.inverse else (id, other)


def _other(request: HttpRequest, access: Access, panel: AssociationPanel) -> int:
    """The record at the other end; one that the person does not see cannot be linked by guessing its number."""
    text = request.POST.get("other", "")
    other = queries.record(access, panel.catalog.object_type, int(text)) if text.isdigit() and len(text) < 19 else None
    if other is None:
        raise Http404
    return other.id


def _hits(access: Access, found: RecordView, panel: AssociationPanel, wanted: str) -> list[Hit]:
    catalog = panel.catalog
    usual = address.usual(catalog)[:1]
    names = address.known(catalog, (*address.name_columns(catalog), *usual))
    page = queries.page(access, catalog.object_type, columns=names, search=wanted, limit=FOUND + 1)
    linked = {other.id for other, _ in panel.rows}
    label = catalog.label(get_language() or "en")
    own = {found.id} if catalog.object_type == found.catalog.object_type else set()
    return [
        Hit(
            row["id"],
            address.name_of(catalog, row) or f"{label} {row['id']}",
            str(row.get(usual[0]) or "") if usual else "",
            row["id"] in linked,
        )
        for row in page.rows
        if row["id"] not in own
    ][:FOUND]


def _answer(request: HttpRequest, access: Access, found: RecordView, type_name: str, side: str) -> HttpResponse:
    if not wants_part(request):
        return HttpResponseRedirect(reverse("records:record", args=[found.catalog.plural, found.id]))
    panel = _panel(access, found, type_name, side)
    context = links(found, panel) | {"record": found, "catalog": found.catalog, "may_edit": True}
    return render(request, "records/_links.html", context)
