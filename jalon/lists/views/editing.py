"""The criteria of an active list in the editor; and a record held against criteria that are being edited."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jalon.accounts.access import Access, needs
from jalon.criteria import queries as criteria
from jalon.criteria.forms import boxes, drafts
from jalon.folders.queries import trail
from jalon.lists import actions, queries, wording
from jalon.lists.actions import ListError
from jalon.lists.views.finding import catalog_in_sight, list_in_use, seen_in_part, settle
from jalon.records import address
from jalon.records import queries as records
from jalon.records.columns import Catalog
from jalon.web.pages import render

HITS = 8


@needs("lists.edit")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, list_id: int) -> HttpResponse:
    """Saved, every record is looked at again; what an older version was doing ends."""
    access, view, catalog = list_in_use(request, list_id)
    if not view.is_active:
        return redirect("lists:list", list_id)
    context: dict[str, Any] = {
        "list": view,
        "name": view.name,
        "catalog": catalog,
        "plural": catalog.plural_label(get_language() or "en"),
        "kind": wording.kind(view.kind),
        "trail": trail(view.folder_id, queries.folders()),
        "seen_in_part": seen_in_part(access, catalog),
    }
    if request.method == "GET":
        return render(request, "lists/edit.html", context | {"editor": boxes.editor(view.criteria, catalog), "problems": view.trouble})
    draft = drafts.read(request.POST, catalog)
    problems: Sequence[str] = draft.problems()
    if not problems:
        try:
            actions.change(list_id, criteria=draft.criteria, actor=access.actor)
        except ListError as refused:
            problems = refused.sentences
        else:
            settle(request, list_id, quietly=True)
            return redirect("lists:list", list_id)
    editor = boxes.of_entries(draft.entries, catalog, draft.beside())
    return render(request, "lists/edit.html", context | {"editor": editor, "problems": problems}, status=422)


@needs("lists.view")
@require_GET
def candidates(request: HttpRequest, plural: str) -> HttpResponse:
    """Records by a part of their name, one of which is to be tested."""
    access, catalog = catalog_in_sight(request, plural)
    return render(request, "lists/_candidates.html", {"hits": list(hits(access, catalog, request.GET.get("find", ""))), "catalog": catalog})


@needs("lists.view")
@require_POST
def test(request: HttpRequest, plural: str, record_id: int) -> HttpResponse:
    """Whether a record would be in the list, and what each filter says of it; the marks go beside the filters."""
    access, catalog = catalog_in_sight(request, plural)
    record = records.record(access, catalog.object_type, record_id)
    if record is None:
        raise Http404
    draft = drafts.read(request.POST, catalog)
    problems = draft.problems()
    asks = bool(draft.criteria.groups) and not problems
    tested = criteria.verdicts(draft.criteria, catalog.object_type, record_id, access) if asks else None
    told = {place: verdict.holds for place, verdict in tested.filters.items()} if tested else {}
    context = {
        "record": record,
        "record_url": reverse("records:record", args=[catalog.plural, record_id]),
        "problems": problems,
        "asks": bool(draft.criteria.groups),
        "tested": tested,
        "met": sum(1 for holds in told.values() if holds),
        "told": sum(1 for holds in told.values() if holds is not None),
        "marks": draft.marks(tested.filters if tested else {}),
    }
    return render(request, "lists/_tested.html", context)


def hits(access: Access, catalog: Catalog, text: str) -> Iterator[tuple[int, str, str]]:
    """Records by a part of their name: number, name, e-mail or the like."""
    words = text.strip()
    if len(words) < 2:
        return
    page = records.page(access, catalog.object_type, columns=address.name_columns(catalog), search=words, limit=HITS, counted=False)
    for row in page.rows:
        name = address.name_of(catalog, row) or f"{catalog.label(get_language() or 'en')} {row['id']}"
        yield row["id"], name, str(row.get("email") or "") if row.get("email") != name else ""
