"""Which list a file fills, and putting its records into it: in the transaction of the rows, taken out again by an undo."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from django.utils.translation import gettext

from jalon.accounts.access import SYSTEM, Access, Actor
from jalon.imports.models import File, Import
from jalon.lists import actions as lists
from jalon.lists import queries
from jalon.lists.actions import ListError
from jalon.lists.models import List, Movement
from jalon.records.columns import Origin, Source

NEW: Final = "new"  # as a choice: a list that is made when the import begins


def choose(import_id: int, place: int, into: str, name: str = "", *, access: Access) -> None:
    """Say which list a file fills: the number of a static one, NEW with a name, or "" for none. Raises ListError."""
    file = File.objects.get(of_id=import_id, place=place)
    file.list, file.new_list = None, ""
    if into and not access.may("lists.edit"):
        raise ListError(gettext("You do not have the right to change lists."))
    if into == NEW:
        if wrong := lists.wrong_name(name):
            raise ListError(*wrong)
        file.new_list = name.strip()
    elif into:
        file.list = _static(into, file.object_type)
    file.save(update_fields=["list", "new_list"])


def _static(number: str, object_type: str) -> List:
    found = List.objects.filter(pk=int(number[:18]), deleted_at=None).first() if number.isdecimal() else None
    if found is None:
        raise ListError(gettext("This list is not there any more. Choose another one."))
    if found.kind == List.Kind.DYNAMIC:
        raise ListError(gettext("“%(name)s” is an active list: its criteria alone say who is in it.") % {"name": found.name})
    if found.object_type != object_type:
        raise ListError(gettext("“%(name)s” holds records of another object than this file.") % {"name": found.name})
    return found


def make_ready(row: Import, actor: Actor) -> None:
    """The lists that are to be new are made when the import begins, in its transaction. Raises ListError."""
    made: dict[tuple[str, str], int] = {}  # several files may fill one
    for file in row.files.exclude(new_list=""):
        key = (file.object_type, file.new_list.casefold())
        if key not in made:
            made[key] = lists.create(file.new_list, file.object_type, List.Kind.MANUAL, actor=actor).id
        file.list_id, file.new_list = made[key], ""
        file.save(update_fields=["list", "new_list"])


def put_in(file: File, ids: Iterable[int | None], actor: Actor) -> Sequence[str]:
    """The records of a slice into the list of its file; sentences where the list does not take them any more."""
    if file.list_id is None:
        return ()
    try:
        lists.add(file.list_id, [id for id in ids if id], actor=actor, origin=Origin(Source.IMPORT, str(file.of_id)))
    except ListError as refused:
        return refused.sentences
    return ()


def take_out(row: Import, user_id: int | None) -> None:
    """Those whom this import put into a list leave it, when the import is undone."""
    actor = Actor(user_id, "") if user_id else SYSTEM
    for file in row.files.exclude(list=None):
        moves = Movement.objects.filter(list=file.list, entered=True, why=Source.IMPORT.value, detail=str(row.pk))
        ids = [id for some in moves.values_list("ids", flat=True) for id in some]
        view = queries.view_of(file.list) if file.list else None
        if ids and view and not view.is_active and view.deleted_at is None:
            lists.remove(view.id, ids, actor=actor, origin=Origin(Source.UNDO, str(row.pk)))
