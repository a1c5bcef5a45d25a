"""The editor in the drawer of a page, and where its criteria go: into the page's address, or into a field of its form."""

from __future__ import annotations

import json
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from jalon.accounts.access import needs
from jalon.criteria import narrowing, tree
from jalon.criteria.forms import boxes, drafts
from jalon.criteria.problems import CriteriaError
from jalon.criteria.tree import EMPTY, Criteria
from jalon.criteria.views.finding import by_plural
from jalon.criteria.views.verdict import verdict
from jalon.records.columns import Catalog
from jalon.web.pages import inside, page_under


@needs("records.view")
@require_GET
def editor(request: HttpRequest, plural: str) -> HttpResponse:
    """The drawer. The other parameters of the address are those of the page that opened it, which it goes back to."""
    catalog = by_plural(plural)
    criteria = _stored(request.GET.get("criteria", "") or request.GET.get(request.GET.get("name", ""), ""))
    page = request.GET.copy()
    for name in ("panel", "criteria", request.GET.get("name", "")):
        page.pop(name, None)
    context = {
        "editor": boxes.editor(criteria, catalog, drafts.of_stored(criteria, catalog).beside()),
        "apply_url": f"{reverse('criteria:apply', args=[plural])}?{page.urlencode()}",
        "for_field": "field" in page,
        "back": _back(catalog, request),
    }
    return render(request, "criteria/_drawer.html", context)


@needs("records.view")
@require_POST
def apply(request: HttpRequest, plural: str) -> HttpResponse:
    """Hands the criteria to the page that opened the editor: in its address, or to a field of its form."""
    catalog = by_plural(plural)
    draft = drafts.read(request.POST, catalog)
    if draft.problems():
        return verdict(request, draft, status=422)
    text = tree.to_text(draft.criteria)
    if field := request.GET.get("field", ""):
        told = {"criteria-chosen": {"field": field, "criteria": text, "chips": narrowing.in_words(text, catalog)}}
        return HttpResponse(status=204, headers={"HX-Trigger": json.dumps(told)})
    kept = {name: request.GET[name] for name in ("view", "q", "sort", "columns", "layout", "pipeline") if name in request.GET}
    narrows = bool(text) or "view" in kept  # no criteria, said aloud, take away those of the view
    query = urlencode({**kept, **({"criteria": text} if narrows else {})})
    page = _page(request, plural)
    mark = "&" if "?" in page else "?"
    return HttpResponse(status=204, headers={"HX-Redirect": f"{page}{mark}{query}" if query else page})


def _page(request: HttpRequest, plural: str) -> str:
    """The page that the criteria go to: the index page, or another page of our own with such a table, named by `at` with what it keeps."""
    return inside(request, request.GET.get("at", ""), reverse("records:index", args=[plural]))


def _stored(text: str) -> Criteria:
    """Criteria of an address; broken ones open an empty editor, since the page beside it says what is wrong."""
    try:
        return tree.from_text(text)
    except CriteriaError:
        return EMPTY


def _back(catalog: Catalog, request: HttpRequest) -> str:
    """Where closing the drawer leads: the page under it, as it stands."""
    return page_under(request, reverse("records:index", args=[catalog.plural]))
