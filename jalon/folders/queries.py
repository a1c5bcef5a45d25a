"""Folders as pages show them: a tree, the way to one, and how much lies in each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jalon.folders.models import Folder

DEEPER = "\N{EM SPACE}"
DEEPEST = 4  # levels by which a line of the shelf is moved in


@dataclass(frozen=True, slots=True)
class FolderView:
    """A folder, and the one that it lies in."""

    id: int
    name: str
    parent_id: int | None


@dataclass(frozen=True, slots=True)
class FolderLine:
    """A folder on the shelf beside a table; its number counts what lies in the folders inside too."""

    id: int
    name: str
    depth: int
    count: int


def folders(shelf: str) -> list[FolderView]:
    """Every folder of a shelf, by name."""
    return [FolderView(row.pk, row.name, row.parent_id) for row in Folder.objects.filter(shelf=shelf)]


def chosen(known: Sequence[FolderView], text: str) -> FolderView | None:
    """The folder that an address or a form names."""
    return next((folder for folder in known if str(folder.id) == text), None)


def trail(folder_id: int | None, known: Sequence[FolderView]) -> list[FolderView]:
    """The folders that one lies in and itself, the outermost first."""
    by_id = {folder.id: folder for folder in known}
    steps: list[FolderView] = []
    while folder_id is not None and folder_id in by_id and by_id[folder_id] not in steps:
        steps.append(by_id[folder_id])
        folder_id = by_id[folder_id].parent_id
    return steps[::-1]


def path(folder_id: int | None, known: Sequence[FolderView]) -> str:
    """ "Marketing / Fairs"."""
    return " / ".join(step.name for step in trail(folder_id, known))


def in_tree(known: Sequence[FolderView], parent: int | None = None, depth: int = 0) -> list[tuple[FolderView, int]]:
    """The folders with how deep each lies, inner ones after those that hold them."""
    found: list[tuple[FolderView, int]] = []
    for folder in known:
        if folder.parent_id == parent:
            found += [(folder, depth), *in_tree(known, folder.id, depth + 1)]
    return found


def choices(known: Sequence[FolderView]) -> list[tuple[str, str]]:
    """The folders as a tree, each moved in as deep as it lies."""
    return [(str(folder.id), f"{DEEPER * depth}{folder.name}") for folder, depth in in_tree(known)]


def holds(folder: FolderView, folder_id: int | None, known: Sequence[FolderView]) -> bool:
    """Whether what lies in one folder lies in another too: a folder holds what lies in the folders inside it."""
    return folder in trail(folder_id, known)


def lines(known: Sequence[FolderView], places: Iterable[int | None]) -> list[FolderLine]:
    """The shelf, with how many of the things that lie in these places each folder holds."""
    counts: dict[int, int] = {}
    for place in places:
        for step in trail(place, known):
            counts[step.id] = counts.get(step.id, 0) + 1
    return [FolderLine(one.id, one.name, min(depth, DEEPEST), counts.get(one.id, 0)) for one, depth in in_tree(known)]
