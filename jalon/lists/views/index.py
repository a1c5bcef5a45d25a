"""The list of lists: /lists/, its folders, and those that were deleted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jalon.accounts.access import Access, Scope, access_of_request, needs
from jalon.lists import queries, wording
from jalon.lists.actions import ListError
from jalon.lists.folders import actions as folders
from jalon.lists.forms import folder_choices, in_tree
from jalon.lists.queries import FolderView, ListView
from jalon.lists.views.finding import leave_for, names_of_people, object_choices, standing_of, trail
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


@dataclass(frozen=True, slots=True)
class FolderLine:
    """A folder in the tree beside the table; its number counts the lists of the folders inside too."""

    id: int
    name: str
    depth: int
    lists: int


@needs("lists.view")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    access = access_of_request(request)
    every, known = _in_sight(access, queries.found(access)), queries.folders()
    text = request.GET.get("folder", "")
    folder = next((one for one in known if str(one.id) == text), None)
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
    return folder is None or folder in trail(view.folder_id, known)


def _shelf(every: Sequence[ListView], known: Sequence[FolderView], folder: FolderView | None, text: str) -> dict[str, Any]:
    tree = [FolderLine(one.id, one.name, min(depth, 4), _held(every, one, known)) for one, depth in in_tree(known)]
    steps = trail(folder.id, known) if folder else []
    return {
        "heading": folder.name if folder else gettext("Lists"),
        "trail": steps,
        "folder": folder,
        "folder_text": text if folder or text == LOOSE else "",
        "is_loose": text == LOOSE,
        "folders": tree,
        "count_all": len(every),
        "count_loose": sum(view.folder_id is None for view in every),
        "any": bool(every),
        "new_url": reverse("lists:new") + (f"?folder={folder.id}" if folder else ""),
    }


def _held(every: Sequence[ListView], folder: FolderView, known: Sequence[FolderView]) -> int:
    return sum(folder in trail(view.folder_id, known) for view in every)


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
            " / ".join(step.name for step in trail(view.folder_id, known)),
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


@needs("lists.edit")
@require_http_methods(["GET", "POST"])
def folder_new(request: HttpRequest) -> HttpResponse:
    return _folder_drawer(request, None, lambda name, parent: folders.create(name, parent, actor=access_of_request(request).actor))


@needs("lists.edit")
@require_http_methods(["GET", "POST"])
def folder(request: HttpRequest, folder_id: int) -> HttpResponse:
    """Another name, another place."""
    found = next((one for one in queries.folders() if one.id == folder_id), None)
    if found is None:
        raise Http404
    actor = access_of_request(request).actor

    def change(name: str, parent: int | None) -> int:
        if parent != found.parent_id:
            folders.move(folder_id, parent, actor=actor)
        folders.rename(folder_id, name, actor=actor)
        return folder_id

    return _folder_drawer(request, found, change)


def _folder_drawer(request: HttpRequest, found: FolderView | None, do: Callable[[str, int | None], int]) -> HttpResponse:
    problems: Sequence[str] = ()
    name, parent = (found.name, found.parent_id) if found else ("", _number(request.GET.get("parent", "")))
    if request.method == "POST":
        name, parent = request.POST.get("name", ""), _number(request.POST.get("parent", ""))
        try:
            return leave_for(request, f"{reverse('lists:index')}?folder={do(name, parent)}")
        except ListError as refused:
            problems = refused.sentences
    known = [one for one in queries.folders() if not found or found not in trail(one.id)]
    context = {"folder": found, "name": name, "parent": str(parent or ""), "choices": folder_choices(known), "problems": problems}
    return render(request, "lists/_folder.html", context, status=422 if problems else 200)


def _number(text: str) -> int | None:
    known = {one.id for one in queries.folders()}
    return int(text) if text.isdecimal() and len(text) < 19 and int(text) in known else None


@needs("lists.edit")
@require_POST
def folder_delete(request: HttpRequest, folder_id: int) -> HttpResponse:
    """What lay in it lies where it lay."""
    found = next((one for one in queries.folders() if one.id == folder_id), None)
    if found is None:
        raise Http404
    folders.delete(folder_id, actor=access_of_request(request).actor)
    above = f"?folder={found.parent_id}" if found.parent_id else ""
    return leave_for(request, reverse("lists:index") + above)
