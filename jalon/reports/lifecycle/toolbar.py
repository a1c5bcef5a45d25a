"""What stands above every page of the lifecycle report: days, contacts, filters in words, and the ways to the other pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext

from jalon.accounts.access import Access, access_of_request
from jalon.accounts.queries import users
from jalon.criteria import narrowing
from jalon.criteria.tree import to_text
from jalon.figures.periods import LABELS, Preset
from jalon.lifecycle import queries as lifecycle
from jalon.lists import queries as lists
from jalon.records import queries as records
from jalon.records.columns import Catalog
from jalon.reports import wording
from jalon.reports.kinds.lifecycle import PRESETS
from jalon.reports.lifecycle import asked
from jalon.reports.lifecycle.asked import NOBODY, OBJECT_TYPE, SOURCE, Asked
from jalon.warehouse.words import N_
from jalon.web.pages import render, wants_part

DAYS = ("first", "last")  # of a period of one's own
SHARED = ("period", *DAYS, "owner", "source", "list", "report")  # each page has these
KEPT = (*SHARED, "by", "unit", "metric", "from_stage", "to_stage", "how", "who")  # and keeps what the others have
PAGES = (
    ("reports:lifecycle", N_("Overview")),
    ("reports:lifecycle_flow", N_("Flow")),
    ("reports:lifecycle_trend", N_("Trend")),
    ("reports:lifecycle_time", N_("Time to convert")),
    ("reports:lifecycle_stuck", N_("Stuck contacts")),
    ("reports:lifecycle_journal", N_("Journal")),
)

Context = dict[str, Any]


def context(request: HttpRequest, said: Asked, name: str, *, breakdown: bool = False, controls: Sequence[str] = ()) -> Context:
    """For the page of that name. `controls` are its own ones; what the other pages have is carried along, so that no tab forgets it."""
    access, catalog = access_of_request(request), records.catalog(OBJECT_TYPE)
    found = {
        "asked": said,
        "page_url": reverse(name),
        "tabs": [(reverse(page), gettext(label), page == name) for page, label in PAGES],
        "cooling_off": lifecycle.cooling_off(timezone.now()),
        "has_begun": lifecycle.has_journeys,  # asked only by a page that has nothing to show
        "carried": list(_carried(request, {*SHARED, *controls, *(("by",) if breakdown else ())})),
    }
    return found | _choices(access, catalog, said, breakdown=breakdown) | _filters(request, catalog, said, name)


def _choices(access: Access, catalog: Catalog, said: Asked, *, breakdown: bool) -> Context:
    """What the menus of the toolbar offer."""
    language = wording.language()
    source = catalog.properties.get(SOURCE)
    offered = [(spec.name, spec.label(language)) for spec in catalog.properties.values() if breakdown and asked.offered(spec)]
    return {
        "periods": [(preset.value, capfirst(gettext(LABELS[preset]))) for preset in PRESETS],
        "is_custom": said.period.preset is Preset.CUSTOM,
        "owners": [(NOBODY, gettext("No owner")), *((str(user.id), user.in_pickers or user.email) for user in users())],
        "sources": [(option.value, option.label(language)) for option in source.options] if source else [],
        "lists": [(str(one.id), one.name) for one in lists.found(access, OBJECT_TYPE)],
        "breakdowns": sorted(offered, key=lambda one: one[1].casefold()),
    }


def _carried(request: HttpRequest, own: set[str]) -> Iterator[tuple[str, str]]:
    """What the address says for other pages."""
    for key in KEPT:
        if key not in own and request.GET.get(key):
            yield key, request.GET[key]


def _filters(request: HttpRequest, catalog: Catalog, said: Asked, name: str) -> Context:
    """The typed criteria in words, and where they are edited: the editor goes back to this address, whatever else it says."""
    days = () if said.period.preset is Preset.CUSTOM else DAYS
    rest = {key: request.GET[key] for key in KEPT if request.GET.get(key) and key not in days}
    text = to_text(said.criteria)
    typed = {"criteria": text} if text else {}
    editing = urlencode({"at": _address(name, rest), **typed})
    return {
        "here": _address(name, {**rest, **typed}),
        "criteria": text,
        "chips": narrowing.chips(said.criteria, catalog),
        "editor": f"{reverse('criteria:editor', args=[catalog.plural])}?{editing}",
        "is_filtered": bool(text or said.owner or said.source or said.list),
    }


def _address(name: str, said: Mapping[str, str]) -> str:
    """The page with what is said, and nothing that is empty."""
    return reverse(name) + (f"?{urlencode(said)}" if said else "")


def answered(request: HttpRequest, template: str, context: Context, part: str) -> HttpResponse:
    """The page; to htmx its part, with the address as it is to be kept."""
    answer = render(request, template, context, part=part)
    if wants_part(request):
        answer.headers["HX-Push-Url"] = context["here"]
    return answer
