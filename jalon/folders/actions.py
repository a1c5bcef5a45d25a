"""What people do with folders."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from jalon.accounts.access import Actor, Refused
from jalon.folders.models import Folder

NAME_LENGTH = 100


class FolderError(Refused):
    """A change of a folder that cannot be made, in sentences."""


@transaction.atomic
def create(shelf: str, name: str, parent: int | None = None, *, actor: Actor) -> int:
    """A new folder of a shelf, within another if wanted. Raises FolderError."""
    above = _folder(shelf, parent).pk if parent is not None else None
    row = Folder(shelf=shelf, name=_named(name), parent_id=above, created_by_id=actor.user_id)
    _save(row)
    return row.pk


@transaction.atomic
def at(shelf: str, path: str, *, actor: Actor) -> int | None:
    """The folder of a path such as "Marketing/Fairs", made where it is not there, with those on the way to it."""
    return within(shelf, path.split("/"), actor=actor)


@transaction.atomic
def within(shelf: str, names: Iterable[str], *, actor: Actor) -> int | None:
    """The same by the names of the folders, the outermost first, in which there may be slashes."""
    parent: int | None = None
    for name in filter(None, map(str.strip, names)):
        known = Folder.objects.filter(shelf=shelf, parent_id=parent, name__iexact=name[:NAME_LENGTH]).first()
        parent = known.pk if known else create(shelf, name, parent, actor=actor)
    return parent


@transaction.atomic
def change(shelf: str, folder_id: int, name: str, parent: int | None) -> None:
    """Another name, another place. Raises FolderError for a folder that would lie in itself."""
    row = _folder(shelf, folder_id)
    above = parent
    while above is not None:
        if above == folder_id:
            raise FolderError(gettext("A folder cannot lie in itself."))
        above = _folder(shelf, above).parent_id
    row.name, row.parent_id = _named(name), parent
    _save(row)


@transaction.atomic
def delete(shelf: str, folder_id: int, lift: Callable[[int, int | None], object]) -> int | None:
    """Takes a folder away; what lay in it lies where the folder lay, which is returned. `lift` moves what is no folder."""
    row = _folder(shelf, folder_id)
    lift(folder_id, row.parent_id)
    for inner in Folder.objects.filter(parent_id=folder_id):
        inner.parent_id = row.parent_id
        _save(inner)
    row.delete()
    return row.parent_id


def _folder(shelf: str, folder_id: int) -> Folder:
    row = Folder.objects.select_for_update().filter(pk=folder_id, shelf=shelf).first()
    if row is None:
        raise FolderError(gettext("This folder is not there any more."))
    return row


def _named(name: str) -> str:
    if not name.strip():
        raise FolderError(gettext("Give the folder a name."))
    return name.strip()[:NAME_LENGTH]


def _save(row: Folder) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise FolderError(gettext("There is a folder called “%(name)s” here already.") % {"name": row.name}) from error
