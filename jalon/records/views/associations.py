"""What a record is linked with: its panels page by page, finding a record to link, linking, the label, the primary one, unlinking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from jalon.accounts.access import Access, Scope, needs
from jalon.accounts.actions import Refused
from jalon.records import actions, address, queries
from jalon.records.columns import Origin, Position, Source
from jalon.records.links import queries as links
from jalon.records.links.queries import AssociationPanel, LinkType
from jalon.records.queries import RecordView
from jalon.records.views.finding import label_of_record, reaches, record_in_reach, record_in_sight
from jalon.records.views.settling import settle
from jalon.web.numbers import whole
from jalon.web.pages import leave_for, render, wants_part

FOUND = 8
BY_HAND = Origin(Source.USER)
ADDRESSES = ("panel", "search", "add", "remove", "primary", "relabel")


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that could be linked."""

    id: int
    name: str
    detail: str
    linked: bool


@dataclass(frozen=True, slots=True)
class Linked:
    """A record at the other end, as the panel shows it."""

    id: int
    name: str
    detail: str
    url: str
    is_primary: bool


@needs("records.view")
@require_GET
def panel(request: HttpRequest, plural: str, id: int, type_name: str, side: str) -> HttpResponse:
    """One page of a panel; `?page=` says which."""
    access, found = record_in_sight(request, plural, id)
    page = request.GET.get("page", "1")
    return drawn(request, access, found, _link_type(access, found, type_name, side), whole(page, 6) or 1)


@needs("records.edit")
@require_GET
def search(request: HttpRequest, plural: str, id: int, type_name: str, side: str) -> HttpResponse:
    """The drawer that finds records to link with; `?q=` narrows them."""
    access, found = record_in_reach(request, plural, id)
    link = _link_type(access, found, type_name, side)
    wanted = request.GET.get("q", "").strip()[:200]
    context = addresses(found, link) | {
        "record": found,
        "name": label_of_record(found),
        "search": wanted,
        "hits": _hits(access, found, link, wanted),
        "labels": _labels(link),
        "one": link.there.label(get_language() or "en").lower(),
        "may_create": access.scope(link.there.object_type, "edit") is not Scope.NONE,
    }
    return render(request, "records/_link.html" if "q" not in request.GET else "records/_link_hits.html", context)


@needs("records.edit")
@require_POST
def add(request: HttpRequest, plural: str, id: int, type_name: str, side: str) -> HttpResponse:
    """Links a record; `label` may name another type between the same objects."""
    access, found = record_in_reach(request, plural, id)
    link = _chosen_label(_link_type(access, found, type_name, side), request.POST.get("label", ""))
    other = _other(request, access, link)
    try:
        position = actions.associate(link.name, [link.pair(id, other)], actor=access.actor, origin=BY_HAND)
    except Refused as refused:
        return _refused(request, access, found, link, refused)
    return _answer(request, access, found, link, position)


@needs("records.edit")
@require_POST
def remove(request: HttpRequest, plural: str, id: int, type_name: str, side: str) -> HttpResponse:
    access, found = record_in_reach(request, plural, id)
    link = _link_type(access, found, type_name, side)
    position = actions.dissociate(link.name, [link.pair(id, _other(request, access, link))], actor=access.actor, origin=BY_HAND)
    return _answer(request, access, found, link, position)


@needs("records.edit")
@require_POST
def primary(request: HttpRequest, plural: str, id: int, type_name: str, side: str) -> HttpResponse:
    """Makes a linked record the primary one, or with an empty `other` none."""
    access, found = record_in_reach(request, plural, id)
    link = _link_type(access, found, type_name, side)
    if link.inverse:
        raise Http404  # the mark belongs to the records of the type's from-side
    if request.POST.get("other"):
        position = actions.set_primary(link.name, (id, _other(request, access, link)), actor=access.actor, origin=BY_HAND)
    else:
        position = actions.clear_primary(link.name, id, actor=access.actor, origin=BY_HAND)
    return _answer(request, access, found, link, position)


@needs("records.edit")
@require_POST
def relabel(request: HttpRequest, plural: str, id: int, type_name: str, side: str) -> HttpResponse:
    """Reads a link by another type between the same two objects."""
    access, found = record_in_reach(request, plural, id)
    link = _link_type(access, found, type_name, side)
    wanted = _chosen_label(link, request.POST.get("label", ""))
    try:
        pair = link.pair(id, _other(request, access, link))
        position = actions.relabel(link.name, wanted.name, pair, actor=access.actor, origin=BY_HAND)
    except Refused as refused:
        return _refused(request, access, found, link, refused)
    settle(request, position)
    return _whole(request, found)


def addresses(found: RecordView, link: LinkType) -> dict[str, Any]:
    """What every part of a panel says about itself."""
    arguments = [found.catalog.plural, found.id, link.name, link.side]
    return {
        "link": link,
        "panel_id": f"links-{link.name}-{link.side}",
        "panel_label": link.label(get_language() or "en"),
        **{
            f"{name}_url": reverse(f"records:link_{name}", args=arguments)
            for name in ("panel", "search", "add", "remove", "primary", "relabel")
        },
        "create_url": f"{reverse('records:create', args=[link.there.plural])}?{_linking(found, link)}",
    }


def shown(access: Access, found: RecordView, panel: AssociationPanel) -> dict[str, Any]:
    """A panel ready to be drawn."""
    link = panel.type
    usual = [name for name in address.usual(link.there) if name not in ("createdate", "hubspot_owner_id")][:1]
    lines = [
        Linked(
            other.id,
            label_of_record(other),
            _short(link, usual, other.values),
            reverse("records:record", args=[link.there.plural, other.id]),
            is_primary,
        )
        for other, is_primary in panel.rows
    ]
    return addresses(found, link) | {
        "linked": lines,
        "total": panel.total,
        "page": panel.page,
        "pages": panel.pages,
        "labels": [one for one in _labels(link) if one[0] != link.name],
        "is_full": link.limit is not None and panel.total >= link.limit,
    }


def _short(link: LinkType, names: list[str], values: dict[str, str]) -> str:
    """A word about the record, where it is a text or an option."""
    for name in names:
        spec, value = link.there.properties[name], values.get(name, "")
        option = spec.option(value)
        return option.label(get_language() or "en") if option else value if spec.kind.value == "string" else ""
    return ""


def _linking(found: RecordView, link: LinkType) -> str:
    return f"link={link.name}&side={link.side}&of={found.catalog.plural}&with={found.id}"


def _labels(link: LinkType) -> list[tuple[str, str]]:
    """The labels that a link between these two objects may have, where there is a choice."""
    found = [(one.name, one.label(get_language() or "en")) for one in links.labels_between(link)]
    return found if len(found) > 1 else []


def _chosen_label(link: LinkType, name: str) -> LinkType:
    return next((one for one in links.labels_between(link) if one.name == name), link)


def _link_type(access: Access, found: RecordView, type_name: str, side: str) -> LinkType:
    link = links.link_type(found.catalog.object_type, type_name, side)
    if link is None or access.scope(link.there.object_type) is Scope.NONE:
        raise Http404
    return link


def _other(request: HttpRequest, access: Access, link: LinkType) -> int:
    """The record at the other end; one that the person does not see cannot be linked by guessing its number."""
    id = whole(request.POST.get("other", ""))
    other = queries.record(access, link.there.object_type, id) if id is not None else None
    if other is None:
        raise Http404
    return other.id


def _hits(access: Access, found: RecordView, link: LinkType, wanted: str) -> list[Hit]:
    catalog = link.there
    usual = address.usual(catalog)[:1]
    names = address.known(catalog, (*address.name_columns(catalog), *usual))
    page = queries.page(access, catalog.object_type, columns=names, search=wanted, limit=FOUND + 1)
    linked = links.among(link, found.id, [row["id"] for row in page.rows])
    label = catalog.label(get_language() or "en")
    own = {found.id} if catalog.object_type == found.catalog.object_type else set()
    return [
        Hit(
            row["id"],
            address.name_of(catalog, row) or f"{label} {row['id']}",
            _short(link, list(usual), {name: str(value) for name, value in row.items() if value is not None}),
            row["id"] in linked,
        )
        for row in page.rows
        if row["id"] not in own
    ][:FOUND]


def _answer(request: HttpRequest, access: Access, found: RecordView, link: LinkType, position: Position | None) -> HttpResponse:
    settle(request, position)
    if not wants_part(request):
        return HttpResponseRedirect(reverse("records:record", args=[found.catalog.plural, found.id]))
    response = drawn(request, access, found, link)
    response.headers["HX-Trigger-After-Settle"] = "record-changed"
    return response


def _refused(request: HttpRequest, access: Access, found: RecordView, link: LinkType, refused: Refused) -> HttpResponse:
    """The panel as it is, and above it the sentence that says why."""
    return drawn(request, access, found, link, problems=refused.sentences)


def _whole(request: HttpRequest, found: RecordView) -> HttpResponse:
    """The whole page: a link went from one panel to another."""
    url = reverse("records:record", args=[found.catalog.plural, found.id])
    return leave_for(request, url)


def drawn(
    request: HttpRequest, access: Access, found: RecordView, link: LinkType, page: int = 1, problems: tuple[str, ...] = ()
) -> HttpResponse:
    """The panel as the page shows it."""
    context = {
        "panel": shown(access, found, links.panel(access, link, found.id, page)),
        "record": found,
        "catalog": found.catalog,
        "may_edit": reaches(access, found, "edit"),
        "problems": problems,
    }
    return render(request, "records/_links.html", context)
