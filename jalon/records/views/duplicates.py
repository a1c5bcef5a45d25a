"""The pairs that may be one: why, side by side, merged or told apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from jalon.accounts.access import Access, needs
from jalon.accounts.actions import Refused
from jalon.records import address, queries
from jalon.records.columns import Catalog
from jalon.records.display import Display, Shown
from jalon.records.duplicates import actions, reasons
from jalon.records.duplicates import queries as duplicates
from jalon.records.duplicates.queries import Pair
from jalon.records.views.finding import catalog_in_sight
from jalon.web.numbers import whole
from jalon.web.pages import render

SHOWN = ("email", "phone", "mobilephone", "company", "domain", "city", "jobtitle")


@dataclass(frozen=True, slots=True)
class Side:
    """One record of a pair."""

    name: str
    url: str
    values: tuple[tuple[str, Shown, bool], ...]  # label, value, whether the other has the same


@dataclass(frozen=True, slots=True)
class Line:
    """One pair."""

    sides: tuple[Side, Side]
    reasons: tuple[str, ...]
    score: int
    first_id: int
    second_id: int
    merge_url: str


@needs("merge")
@require_GET
def first(request: HttpRequest) -> HttpResponse:
    """The page of the object type that the address names, or of the first one that knows duplicates."""
    catalogs = queries.catalogs()
    wanted = request.GET.get("object", "")
    catalog = catalogs.get(wanted if wanted in reasons.REASONS else next(iter(reasons.REASONS)))
    if catalog is None:
        raise Http404
    return HttpResponseRedirect(reverse("records:duplicates", args=[catalog.plural]))


@needs("merge")
@require_GET
def index(request: HttpRequest, plural: str) -> HttpResponse:
    access, catalog = catalog_in_sight(request, plural, "edit")
    if not reasons.for_type(catalog.object_type):
        raise Http404
    reason = request.GET.get("reason", "")
    offset = whole(request.GET.get("from", ""), 6) or 0
    page, display = duplicates.pairs(access, catalog.object_type, reason=reason, offset=offset), Display()
    context: dict[str, Any] = {
        "catalog": catalog,
        "plural": catalog.plural_label(display.language),
        "index_url": reverse("records:index", args=[plural]),
        "lines": [_line(access, catalog, pair, display) for pair in page.pairs],
        "total": page.total,
        "everything": sum(page.by_reason.values()),
        "reasons": [(one.name, gettext(one.label), page.by_reason[one.name]) for one in _known(catalog, page)],
        "reason": reason,
        "previous_url": _address(plural, reason, offset - duplicates.PAGE) if offset else "",
        "next_url": _address(plural, reason, offset + duplicates.PAGE) if offset + duplicates.PAGE < page.total else "",
        "running": duplicates.running(catalog.object_type),
        "last": duplicates.last_run(catalog.object_type),
        "shown": len(page.pairs),
        "others": [
            (other.plural_label(display.language), reverse("records:duplicates", args=[other.plural]))
            for other in queries.catalogs().values()
            if reasons.for_type(other.object_type) and other.object_type != catalog.object_type
        ],
    }
    return render(request, "records/duplicates.html", context)


def _known(catalog: Catalog, page: duplicates.PairPage) -> Iterator[reasons.Reason]:
    return (reason for reason in reasons.for_type(catalog.object_type) if reason.name in page.by_reason)


def _address(plural: str, reason: str, offset: int) -> str:
    asked = {name: value for name, value in (("reason", reason), ("from", max(0, offset))) if value}
    return f"{reverse('records:duplicates', args=[plural])}?{urlencode(asked)}"


def _line(access: Access, catalog: Catalog, pair: Pair, display: Display) -> Line:
    ids = f"{pair.first_id},{pair.second_id}"
    return Line(
        (
            _side(catalog, pair.first_id, pair.first, pair.second, display),
            _side(catalog, pair.second_id, pair.second, pair.first, display),
        ),
        tuple(gettext(reasons.label(name)) for name in pair.reasons),
        pair.score,
        pair.first_id,
        pair.second_id,
        f"{reverse('records:merge', args=[catalog.plural])}?{urlencode({'ids': ids})}",
    )


def _side(catalog: Catalog, id: int, values: Any, other: Any, display: Display) -> Side:
    specs = [catalog.properties[name] for name in SHOWN if name in catalog.properties]
    name = address.name_of(catalog, values) or f"{catalog.label(display.language)} {id}"
    shown = tuple(
        (spec.label(display.language), display.show(spec, values.get(spec.name)), values.get(spec.name) == other.get(spec.name))
        for spec in specs
        if values.get(spec.name) or other.get(spec.name)
    )
    return Side(name, reverse("records:record", args=[catalog.plural, id]), shown)


@needs("merge")
@require_POST
def look(request: HttpRequest, plural: str) -> HttpResponse:
    """Starts the finder."""
    access, catalog = catalog_in_sight(request, plural, "edit")
    try:
        actions.look_for(catalog.object_type, user_id=access.actor.user_id)
        messages.success(request, gettext("Duplicates are being looked for. You may leave this page."))
    except Refused as refused:
        messages.error(request, " ".join(refused.sentences))
    return HttpResponseRedirect(reverse("records:duplicates", args=[plural]))


@needs("merge")
@require_POST
def deny(request: HttpRequest, plural: str) -> HttpResponse:
    """These two are not one."""
    access, catalog = catalog_in_sight(request, plural, "edit")
    ids = [id for side in ("first", "second") if (id := whole(request.POST.get(side, "")))]
    if len(queries.reachable(access, catalog.object_type, ids, "view")) != 2:
        raise Http404
    actions.deny(*ids, actor=access.actor)
    messages.success(request, gettext("Noted: these two are not the same. They will not be proposed again."))
    back = request.POST.get("reason", "")
    return HttpResponseRedirect(_address(plural, back, 0))
