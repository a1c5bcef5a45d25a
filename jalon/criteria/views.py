"""The criteria editor: its drawer, one filter of it, the live count, and where its criteria go."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext, ngettext
from django.views.decorators.http import require_GET, require_POST

from jalon.accounts.access import access_of_request, needs
from jalon.criteria import forms, narrowing, tree
from jalon.criteria import queries as asked
from jalon.criteria.findings import findings
from jalon.criteria.forms import GroupBox
from jalon.criteria.problems import CriteriaError
from jalon.criteria.tree import EMPTY, Criteria, Node
from jalon.records import queries
from jalon.records.columns import Catalog

Problems = Mapping[str, Sequence[str]]


@needs("records.view")
@require_GET
def editor(request: HttpRequest, plural: str) -> HttpResponse:
    """The drawer. The other parameters of the address are those of the page that opened it, which it goes back to."""
    catalog = _catalog(plural)
    criteria = _stored(request.GET.get("criteria", "") or request.GET.get(request.GET.get("name", ""), ""))
    wrong = _problems(criteria, catalog)
    page = request.GET.copy()
    page.pop("panel", None)
    context = _addresses(catalog, page.urlencode()) | {
        "catalog": catalog,
        "groups": forms.boxes(criteria, catalog, wrong),
        "blank_group": GroupBox("new"),
        "properties": _properties(catalog),
        "back": _back(catalog, request),
    }
    return render(request, "criteria/_editor.html", context)


@needs("records.view")
@require_POST
def filter_box(request: HttpRequest, plural: str) -> HttpResponse:
    """One filter: of a property that was just picked, or with another operator."""
    catalog = _catalog(plural)
    key = request.POST.get("key", "")
    if not forms.is_key(key):
        raise Http404
    one = forms.filter_of(request.POST, key, catalog)
    context = _addresses(catalog, "") | {"filter": forms.box(one, key, catalog, focus=request.POST.get("focus", ""))}
    return render(request, "criteria/_filter.html", context)


@needs("records.view")
@require_POST
def check(request: HttpRequest, plural: str) -> HttpResponse:
    """How many records match what stands in the editor now, and what is wrong beside each filter that is filled in."""
    catalog = _catalog(plural)
    criteria = forms.parse(request.POST, catalog)
    wrong = _problems(criteria, catalog)
    waiting = {place for place in wrong if forms.is_unfinished(_at(criteria, place), catalog)}
    return _verdict(request, catalog, criteria, wrong, waiting=waiting)


@needs("records.view")
@require_POST
def apply(request: HttpRequest, plural: str) -> HttpResponse:
    """Hands the criteria to the page that opened the editor: in its address, or to a field of its form."""
    catalog = _catalog(plural)
    criteria = forms.parse(request.POST, catalog)
    wrong = _problems(criteria, catalog)
    if wrong:
        return _verdict(request, catalog, criteria, wrong, status=422)
    text = tree.to_text(criteria)
    if field := request.GET.get("field", ""):
        groups = [[narrowing.in_words(one, catalog) for one in group.filters] for group in criteria.groups]
        told = {"criteria-chosen": {"field": field, "criteria": text, "groups": groups}}
        return HttpResponse(status=204, headers={"HX-Trigger": json.dumps(told)})
    kept = {name: request.GET[name] for name in ("view", "q", "sort", "columns", "layout", "pipeline") if name in request.GET}
    narrows = bool(text) or "view" in kept  # no criteria, said aloud, take away those of the view
    query = urlencode({**kept, **({"criteria": text} if narrows else {})})
    path = _page(request, plural)
    return HttpResponse(status=204, headers={"HX-Redirect": f"{path}?{query}" if query else path})


def _page(request: HttpRequest, plural: str) -> str:
    """The page that the criteria go to: the index page, or another page of our own with such a table, named by `at`."""
    at = request.GET.get("at", "")
    is_ours = at.startswith("/") and url_has_allowed_host_and_scheme(at, None)
    return at if is_ours else reverse("records:index", args=[plural])


def _catalog(plural: str) -> Catalog:
    for catalog in queries.catalogs().values():
        if catalog.plural == plural:
            return catalog
    raise Http404


def _stored(text: str) -> Criteria:
    """Criteria of an address; broken ones open an empty editor, since the page beside it says what is wrong."""
    try:
        return tree.from_text(text)
    except CriteriaError:
        return EMPTY


def _problems(criteria: Criteria, catalog: Catalog) -> dict[str, list[str]]:
    """The sentences of each filter, by its place "group.filter"."""
    language = get_language() or "en"
    found: dict[str, list[str]] = {}
    for problem in findings(criteria, catalog, asked.known()):
        if problem.place:
            group, place = problem.place[:2]
            found.setdefault(f"{group - 1}.{place - 1}", []).append(replace(problem, place=None).sentence(gettext, language))
    return found


def _at(criteria: Criteria, place: str) -> Node:
    group, _dot, one = place.partition(".")
    return criteria.groups[int(group)].filters[int(one)]


def _verdict(
    request: HttpRequest, catalog: Catalog, criteria: Criteria, wrong: Problems, *, waiting: Collection[str] = (), status: int = 200
) -> HttpResponse:
    """The count, or how many filters need a look; and the sentences of every filter, beside it."""
    keys = forms.keys(request.POST)
    places = _places(criteria, keys)
    filters = [
        forms.FilterBox(key, "", "", problems=() if place in waiting else tuple(wrong.get(place, ()))) for key, place in places.items()
    ]
    general = [] if wrong else asked.problems(criteria, catalog.object_type)
    known = not wrong and not general
    count = queries.count(access_of_request(request), catalog.object_type, asked.where(criteria, catalog.object_type)) if known else 0
    label = (catalog.label if count == 1 else catalog.plural_label)(get_language() or "en").lower()
    context = _addresses(catalog, "") | {
        "filters": filters,
        "wrong": len(wrong) - len(waiting),
        "problems": general,
        "count_known": known,
        "count": count,
        "count_words": _matching(label, count, narrowed=bool(criteria.groups)),
    }
    return render(request, "criteria/_verdict.html", context, status=status)


def _matching(label: str, count: int, *, narrowed: bool) -> str:
    if not narrowed:
        return gettext("%(label)s in all") % {"label": label}
    return ngettext("%(label)s matches", "%(label)s match", count) % {"label": label}


def _places(criteria: Criteria, keys: Sequence[str]) -> dict[str, str]:
    """The keys of the page with the places that their filters have in the criteria."""
    places = [f"{at}.{place}" for at, group in enumerate(criteria.groups) for place in range(len(group.filters))]
    groups = dict.fromkeys(key.partition(".")[0] for key in keys)
    ordered = [key for group in groups for key in keys if key.partition(".")[0] == group]
    return dict(zip(ordered, places, strict=True))


def _properties(catalog: Catalog) -> list[tuple[str, list[tuple[str, str]]]]:
    """The properties by group, as the picker lists them."""
    language = get_language() or "en"
    groups = queries.groups(catalog.object_type)
    return [
        (group.label(language), [(spec.name, spec.label(language)) for spec in group.properties if not spec.hidden])
        for group in groups
        if any(not spec.hidden for spec in group.properties)
    ]


def _addresses(catalog: Catalog, query: str) -> dict[str, Any]:
    mark = f"?{query}" if query else ""
    arguments = [catalog.plural]
    return {
        "filter_url": reverse("criteria:filter", args=arguments),
        "check_url": reverse("criteria:check", args=arguments),
        "apply_url": reverse("criteria:apply", args=arguments) + mark,
    }


def _back(catalog: Catalog, request: HttpRequest) -> str:
    """Where closing the drawer leads: the page under it, as it stands."""
    current = request.headers.get("HX-Current-URL", "")
    if url_has_allowed_host_and_scheme(current, {request.get_host()}):
        return current
    return reverse("records:index", args=[catalog.plural])
