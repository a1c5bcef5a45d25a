"""What people do with folders."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from jalon.accounts.access import Actor
from jalon.lists.actions import ListError
from jalon.lists.models import Folder, List


@transaction.atomic
def create(name: str, parent: int | None = None, *, actor: Actor) -> int:
    """A new folder, within another if wanted. Raises ListError."""
    row = Folder(name=_folder_name(name), parent_id=parent, created_by_id=actor.user_id)
    _save(row)
    return row.pk


@transaction.atomic
def rename(folder_id: int, name: str, *, actor: Actor) -> None:
    row = _folder(folder_id)
    row.name = _folder_name(name)
    _save(row)


@transaction.atomic
def move(folder_id: int, parent: int | None, *, actor: Actor) -> None:
    """Into another folder, or out of all. Raises ListError for a folder that lies in the one that is moved."""
    row = _folder(folder_id)
    above = parent
    while above is not None:
        if above == folder_id:
            raise ListError(gettext("A folder cannot lie in itself."))
        above = _folder(above).parent_id
    row.parent_id = parent
    _save(row)


@transaction.atomic
def delete(folder_id: int, *, actor: Actor) -> None:
    """Takes a folder away; what lay in it lies where the folder lay."""
    row = _folder(folder_id)
    List.objects.filter(folder_id=folder_id).update(folder_id=row.parent_id)
    for inner in Folder.objects.filter(parent_id=folder_id):
        inner.parent_id = row.parent_id
        _save(inner)
    row.delete()


def _folder(folder_id: int) -> Folder:
    row = Folder.objects.select_for_update().filter(pk=folder_id).first()
    if row is None:
        raise ListError(gettext("This folder is not there any more."))
    return row


def _folder_name(name: str) -> str:
    if not name.strip():
        raise ListError(gettext("Give the folder a name."))
    return name.strip()[:100]


def _save(row: Folder) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise ListError(gettext("There is a folder called “%(name)s” here already.") % {"name": row.name}) from error
