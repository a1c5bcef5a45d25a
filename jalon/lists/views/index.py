"""The list of lists: /lists/, its folders, and those that were deleted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jalon.accounts.access import Access, Scope, access_of_request, needs
from jalon.folders import shelf
from jalon.folders.queries import FolderView, chosen, holds, lines, path, trail
from jalon.folders.shelf import Shelf
from jalon.lists import actions, queries, wording
from jalon.lists.queries import ListView
from jalon.lists.views.finding import names_of_people, object_choices, standing_of
from jalon.lists.wording import KindWords, Standing
from jalon.records import queries as records
from jalon.records.pages import UsedIn
from jalon.web.pages import render

ROWS = 100
LOOSE = "none"  # in addresses: the lists in no folder


@dataclass(frozen=True, slots=True)
class Line:
    """A list in the table."""

    id: int
    name: str
    icon: str
    objects: str
    kind: KindWords
    is_active: bool
    size: int
    standing: Standing
    uses: Sequence[UsedIn]
    changed_at: datetime
    by: str
    folder: str


@needs("lists.view")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    access = access_of_request(request)
    every, known = _in_sight(access, queries.found(access)), queries.folders()
    text = request.GET.get("folder", "")
    folder = chosen(known, text)
    asked = {"q": request.GET.get("q", "").strip()[:200], "kind": request.GET.get("kind", ""), "object": request.GET.get("object", "")}
    matching = {view.id for view in queries.found(access, asked["object"], kind=_kind(asked["kind"]), search=asked["q"])}
    wanted = [view for view in every if view.id in matching and _lies_in(view, text, folder, known)]
    context = _shelf(every, known, folder, text) | _asked(access, asked, every) | _page(request, access, wanted, known)
    return render(request, "lists/index.html", context, part="rows")


def _in_sight(access: Access, views: Sequence[ListView]) -> list[ListView]:
    return [view for view in views if access.scope(view.object_type) is not Scope.NONE]


def _kind(text: str) -> str:
    return text if text in {kind.name for kind in wording.kinds()} else ""


def _lies_in(view: ListView, text: str, folder: FolderView | None, known: Sequence[FolderView]) -> bool:
    """A folder holds what lies in the folders inside it."""
    if text == LOOSE:
        return view.folder_id is None
    return folder is None or holds(folder, view.folder_id, known)


def _shelf(every: Sequence[ListView], known: Sequence[FolderView], folder: FolderView | None, text: str) -> dict[str, Any]:
    steps = trail(folder.id, known) if folder else []
    return {
        "heading": folder.name if folder else gettext("Lists"),
        "trail": steps,
        "folder": folder,
        "folder_text": text if folder or text == LOOSE else "",
        "is_loose": text == LOOSE,
        "folders": lines(known, (view.folder_id for view in every)),
        "count_all": len(every),
        "count_loose": sum(view.folder_id is None for view in every),
        "any": bool(every),
        "new_url": reverse("lists:new") + (f"?folder={folder.id}" if folder else ""),
    }


def _asked(access: Access, asked: Mapping[str, str], every: Sequence[ListView]) -> dict[str, Any]:
    used = {view.object_type for view in every}
    return {
        "search": asked["q"],
        "kind": asked["kind"],
        "object_type": asked["object"],
        "is_narrowed": any(asked.values()),
        "kinds": [(kind.name, kind.label) for kind in wording.kinds()],
        "objects": [choice for choice in object_choices(access, list(records.catalogs().values())) if choice[0] in used],
        "may_edit": access.may("lists.edit"),
        "may_delete": access.may("lists.delete"),
    }


def _page(request: HttpRequest, access: Access, wanted: Sequence[ListView], known: Sequence[FolderView]) -> dict[str, Any]:
    text = request.GET.get("page", "")
    number = max(1, int(text[:6])) if text.isdecimal() else 1
    shown = wanted[(number - 1) * ROWS : number * ROWS]
    lines = list(_lines(access, shown, known))
    return {
        "lines": lines,
        "total": len(wanted),
        "at_work": any(line.standing.at_work for line in lines),
        "here": _at(request, number),
        "previous_url": _at(request, number - 1) if number > 1 else "",
        "next_url": _at(request, number + 1) if number * ROWS < len(wanted) else "",
    }


def _at(request: HttpRequest, page: int) -> str:
    kept = {name: value for name, value in request.GET.items() if value and name != "page"}
    query = urlencode(kept | ({"page": str(page)} if page > 1 else {}))
    return reverse("lists:index") + (f"?{query}" if query else "")


def _lines(access: Access, views: Sequence[ListView], known: Sequence[FolderView]) -> Iterator[Line]:
    people, now = names_of_people(), timezone.now()
    for view in views:
        yield Line(
            view.id,
            view.name,
            view.catalog.icon if view.catalog else "cube-off",
            wording.objects(view),
            wording.kind(view.kind),
            view.is_active,
            queries.size(access, view),
            standing_of(view, now),
            queries.uses(view.id),
            view.updated_at,
            people.get(view.updated_by_id, ""),
            path(view.folder_id, known),
        )


@needs("lists.view")
@require_GET
def deleted(request: HttpRequest) -> HttpResponse:
    """Those that were deleted, each with its way back."""
    access = access_of_request(request)
    views = sorted(
        _in_sight(access, queries.found(access, deleted=True)), key=lambda view: view.deleted_at or view.updated_at, reverse=True
    )
    lines = [(line, view.deleted_at) for line, view in zip(_lines(access, views, queries.folders()), views, strict=True)]
    return render(request, "lists/deleted.html", {"lines": lines, "may_delete": access.may("lists.delete")})


# Folders


SHELF = Shelf(queries.SHELF, "lists:index", "lists:folder_new", "lists:folder", "lists:folder_delete", actions.move_all)


@needs("lists.edit")
@require_http_methods(["GET", "POST"])
def folder_new(request: HttpRequest) -> HttpResponse:
    return shelf.new(request, SHELF)


@needs("lists.edit")
@require_http_methods(["GET", "POST"])
def folder(request: HttpRequest, folder_id: int) -> HttpResponse:
    return shelf.edit(request, SHELF, folder_id)


@needs("lists.edit")
@require_POST
def folder_delete(request: HttpRequest, folder_id: int) -> HttpResponse:
    return shelf.delete(request, SHELF, folder_id)
