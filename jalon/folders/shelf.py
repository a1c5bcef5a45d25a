"""The drawer in which a folder is made, named, put elsewhere and deleted; each shelf brings its addresses and its rights."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from jalon.accounts.access import access_of_request
from jalon.folders import actions, queries
from jalon.folders.actions import FolderError
from jalon.folders.queries import FolderView
from jalon.web.pages import leave_for, render


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where folders of one kind of thing stand: `home` is the page of the things, `lift` moves those of a folder to another."""

    name: str
    home: str
    create: str
    change: str
    delete: str
    lift: Callable[[int, int | None], object]

    def folders(self) -> list[FolderView]:
        return queries.folders(self.name)

    def address(self, folder_id: int | None) -> str:
        """The things of a folder; without one, all of them."""
        return reverse(self.home) + (f"?folder={folder_id}" if folder_id else "")


def new(request: HttpRequest, shelf: Shelf) -> HttpResponse:
    """The drawer of a new folder, and the folder once it has a name."""
    actor = access_of_request(request).actor
    return _drawer(request, shelf, None, lambda name, parent: actions.create(shelf.name, name, parent, actor=actor))


def edit(request: HttpRequest, shelf: Shelf, folder_id: int) -> HttpResponse:
    """Another name, another place."""
    found = _one(shelf, folder_id)

    def change(name: str, parent: int | None) -> int:
        actions.change(shelf.name, folder_id, name, parent)
        return folder_id

    return _drawer(request, shelf, found, change)


def delete(request: HttpRequest, shelf: Shelf, folder_id: int) -> HttpResponse:
    """What lay in it lies where it lay."""
    _one(shelf, folder_id)
    return leave_for(request, shelf.address(actions.delete(shelf.name, folder_id, shelf.lift)))


def _one(shelf: Shelf, folder_id: int) -> FolderView:
    found = queries.chosen(shelf.folders(), str(folder_id))
    if found is None:
        raise Http404
    return found


def _drawer(request: HttpRequest, shelf: Shelf, found: FolderView | None, do: Callable[[str, int | None], int]) -> HttpResponse:
    problems: Sequence[str] = ()
    known = shelf.folders()
    name, parent = (found.name, found.parent_id) if found else ("", _number(known, request.GET.get("parent", "")))
    if request.method == "POST":
        name, parent = request.POST.get("name", ""), _number(known, request.POST.get("parent", ""))
        try:
            return leave_for(request, shelf.address(do(name, parent)))
        except FolderError as refused:
            problems = refused.sentences
    context = {
        "folder": found,
        "name": name,
        "parent": str(parent or ""),
        "choices": queries.choices([one for one in known if not found or not queries.holds(found, one.id, known)]),
        "problems": problems,
        "home_url": reverse(shelf.home),
        "save_url": reverse(shelf.change, args=[found.id]) if found else reverse(shelf.create),
        "delete_url": reverse(shelf.delete, args=[found.id]) if found else "",
    }
    return render(request, "folders/_folder.html", context, status=422 if problems else 200)


def _number(known: Sequence[FolderView], text: str) -> int | None:
    found = queries.chosen(known, text)
    return found.id if found else None
