"""What people do with lists. Nothing here decides who is in one: the part of the beat follows what is written here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext

from jalon.accounts.access import SYSTEM, Actor, Refused
from jalon.accounts.audit.actions import audit
from jalon.criteria import queries as criteria_queries
from jalon.criteria.tree import EMPTY, Criteria, to_json
from jalon.lists import columns, queries
from jalon.lists.models import Edit, List, Request
from jalon.lists.queries import ListView
from jalon.records import circles
from jalon.records import queries as records
from jalon.records.columns import Origin, Source
from jalon.records.log import queries as log
from jalon.records.log.queries import families
from jalon.records.models import Record
from jalon.records.pages import UsedIn
from jalon.warehouse import current, query
from jalon.warehouse.words import N_

Kind, State = List.Kind, List.State
SLICE: Final = 5_000  # records of one request, as of one transaction
NAME_LENGTH: Final = 200
BY_HAND: Final = Origin(Source.USER)
UNCHANGED: Final = -1  # a folder that stays what it is

CREATED: Final = N_("%(who)s created the list %(number)s.")
CHANGED: Final = N_("%(who)s changed the list %(number)s.")
CONVERTED: Final = N_("%(who)s made the list %(number)s static.")
DELETED: Final = N_("%(who)s deleted the list %(number)s.")
RESTORED: Final = N_("%(who)s restored the list %(number)s.")


class ListError(Refused):
    """Something that cannot be done with a list; `uses` are what stands in the way of deleting it."""

    def __init__(self, *sentences: str, uses: Sequence[UsedIn] = ()) -> None:
        super().__init__(*sentences)
        self.uses = tuple(uses)


# Lists


def move_all(folder: int, to: int | None) -> None:
    """What lies in a folder lies in another, or in none: the folder goes."""
    List.objects.filter(folder_id=folder).update(folder_id=to)


@transaction.atomic
def create(
    name: str,
    object_type: str,
    kind: str,
    criteria: Criteria = EMPTY,
    folder: int | None = None,
    description: str = "",
    *,
    actor: Actor,
) -> ListView:
    """A new list. An active one and one by criteria are empty until the beat has looked at the records. Raises ListError."""
    if object_type not in records.catalogs():
        raise ListError(gettext("There is no object type “%(name)s”.") % {"name": object_type})
    kind = Kind(kind)
    wanted = EMPTY if kind == Kind.MANUAL else criteria
    wrong = [*wrong_name(name), *([] if kind == Kind.MANUAL else wrong_criteria(wanted, object_type))]
    wrong += criteria_queries.not_followed(wanted) if kind == Kind.DYNAMIC else []
    if wrong:
        raise ListError(*wrong)
    row = List(object_type=object_type, name=name.strip(), kind=kind, description=description.strip(), criteria=to_json(wanted))
    row.folder_id, row.created_by_id, row.updated_by_id = folder, actor.user_id, actor.user_id
    row.state = State.DONE if kind == Kind.MANUAL else State.WAITING
    return _begin(row, actor)


def _begin(row: List, actor: Actor) -> ListView:
    _save(row)
    Edit.objects.create(list=row, actor_id=actor.user_id, after=_definition(row))
    audit(actor, "list.created", CREATED, link=queries.page_of(row.pk), number=row.pk)
    wake()
    return queries.view_of(row)


def change(
    list_id: int,
    *,
    actor: Actor,
    name: str | None = None,
    criteria: Criteria | None = None,
    folder: int | None = UNCHANGED,
    description: str | None = None,
) -> ListView:
    """Changes what is given. Other criteria begin a new rebuild, which ends one that runs; the members stay until it comes to them."""
    with transaction.atomic():
        row = _locked(list_id)
        before = _definition(row)
        wrong = wrong_name(name, row.pk) if name is not None and name.strip() != row.name else []
        if criteria is not None and to_json(criteria) != row.criteria:
            wrong += _other_criteria(row, criteria)
        if wrong:
            raise ListError(*wrong)
        row.name = row.name if name is None else name.strip()
        row.description = row.description if description is None else description.strip()
        row.folder_id = row.folder_id if folder == UNCHANGED else folder
        return _note(row, before, actor, "list.changed", CHANGED)


def _other_criteria(row: List, criteria: Criteria) -> list[str]:
    if row.kind != Kind.DYNAMIC:
        return [gettext("A static list keeps the members that it has: its filters cannot be changed. Clone it to begin with others.")]
    wrong = [*wrong_criteria(criteria, row.object_type, row.pk), *criteria_queries.not_followed(criteria)]
    if not wrong:
        row.criteria, row.filters_updated_at = to_json(criteria), timezone.now()
        _anew(row)
    return wrong


def _anew(row: List) -> None:
    """Every record is looked at again; what an older version was doing does not count any more."""
    row.version, row.state, row.after_id, row.next_at, row.checked_at = row.version + 1, State.WAITING, 0, None, None


@transaction.atomic
def clone(list_id: int, name: str = "", *, actor: Actor) -> ListView:
    """A new list like this one: an active one with its criteria, a static one with its present members."""
    row = _locked(list_id)
    wanted = name.strip() or _free_name(gettext("Copy of %(name)s") % {"name": row.name})
    if row.kind == Kind.DYNAMIC:
        return create(wanted, row.object_type, Kind.DYNAMIC, queries.criteria_of(row.criteria), row.folder_id, row.description, actor=actor)
    if wrong := wrong_name(wanted):
        raise ListError(*wrong)
    copy = List(object_type=row.object_type, name=wanted, kind=row.kind, description=row.description, criteria=row.criteria)
    copy.folder_id, copy.created_by_id, copy.updated_by_id = row.folder_id, actor.user_id, actor.user_id
    view = _begin(copy, actor)
    tree = query.select(query.column("record_id")).from_(query.table(columns.LIST_MEMBERS.name)).where(columns.of_list(row.pk))
    for batch in current.engine().stream(tree, SLICE):
        _ask(view.id, True, [id for (id,) in batch], actor, Origin(Source.USER, f"list {row.pk}"))
    return view


@transaction.atomic
def delete(list_id: int, *, actor: Actor, even_if_used: bool = False) -> None:
    """Puts a list away; its records stay, and it can be brought back. Raises ListError with its uses where something names it."""
    row = _locked(list_id)
    uses = queries.uses(list_id)
    if uses and not even_if_used:
        sentence = gettext("“%(name)s” is used elsewhere: what uses it would stand still.") % {"name": row.name}
        raise ListError(sentence, uses=uses)
    row.deleted_at, row.deleted_by_id, row.next_at = timezone.now(), actor.user_id, None
    row.version += 1  # whatever is being found out for it at this moment comes too late
    row.save()
    audit(actor, "list.deleted", DELETED, link=queries.page_of(row.pk), number=row.pk)
    wake()


@transaction.atomic
def restore(list_id: int, *, actor: Actor) -> ListView:
    """Brings a deleted list back. An active one looks at every record again."""
    row = _locked(list_id, deleted=True)
    wrong = wrong_name(row.name, row.pk)
    if row.kind != Kind.MANUAL and circle(row.pk, queries.criteria_of(row.criteria), row.object_type):
        wrong.append(_around(row.name))
    if wrong:
        raise ListError(*wrong)
    row.deleted_at = row.deleted_by_id = None
    if row.kind == Kind.DYNAMIC:
        _anew(row)
    row.save()
    audit(actor, "list.restored", RESTORED, link=queries.page_of(row.pk), number=row.pk)
    wake()
    return queries.view_of(row)


def _locked(list_id: int, *, deleted: bool = False) -> List:
    row = List.objects.select_for_update().filter(pk=list_id, deleted_at__isnull=not deleted).first()
    if row is None:
        raise ListError(gettext("This list is not there any more.") if not deleted else gettext("This list is not deleted."))
    return row


def _save(row: List) -> None:
    """Two people may take a name at the same moment: the table has the last word."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if "lists_name" not in str(error):
            raise
        raise ListError(_taken(row.name)) from error


def _note(row: List, before: Mapping[str, Any], actor: Actor, kind: str, sentence: str) -> ListView:
    after = {name: value for name, value in _definition(row).items() if before[name] != value}
    if after:
        row.updated_at, row.updated_by_id = timezone.now(), actor.user_id
        _save(row)
        Edit.objects.create(list=row, actor_id=actor.user_id, before={name: before[name] for name in after}, after=after)
        audit(actor, kind, sentence, link=queries.page_of(row.pk), number=row.pk)
        wake()
    return queries.view_of(row)


def _definition(row: List) -> dict[str, Any]:
    """What an edit can change, as it is written down."""
    when = row.converts_at.isoformat() if row.converts_at else None
    same = {name: getattr(row, name) for name in ("name", "description", "folder_id", "criteria", "converts_after_days")}
    return {**same, "kind": str(row.kind), "converts_at": when}


def wake() -> None:
    """The beat looks at the commit at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify('jalon', '')")


# What is wrong


def wrong_name(name: str, own: int | None = None) -> list[str]:
    """Why a list, or this one, cannot be called that."""
    wanted = name.strip()
    if not wanted:
        return [gettext("Give the list a name.")]
    if len(wanted) > NAME_LENGTH:
        return [gettext("The name is longer than %(most)s characters.") % {"most": NAME_LENGTH}]
    return [_taken(wanted)] if List.objects.filter(name__iexact=wanted, deleted_at=None).exclude(pk=own or 0).exists() else []


def _taken(name: str) -> str:
    return gettext("There is a list called “%(name)s” already. Choose another name.") % {"name": name}


def _free_name(name: str) -> str:
    """The name, or the first of it with a number that nobody has taken."""
    shortened = name[: NAME_LENGTH - 5]
    names = [shortened, *(f"{shortened} {number}" for number in range(2, 1000))]
    taken = {each.casefold() for each in List.objects.filter(deleted_at=None).values_list("name", flat=True)}
    return next(each for each in names if each.casefold() not in taken)


def wrong_criteria(criteria: Criteria, object_type: str, list_id: int | None = None) -> list[str]:
    """Everything that keeps these criteria from being those of a list, of this one if it is there already."""
    if not criteria.groups:
        return [gettext("Add at least one filter: without any, every record would be in the list.")]
    wrong = criteria_queries.problems(criteria, object_type)
    if not wrong and list_id is not None and circle(list_id, criteria, object_type):
        wrong.append(_around(List.objects.values_list("name", flat=True).get(pk=list_id)))
    return wrong


def _around(name: str) -> str:
    return gettext("These filters lead back to “%(name)s” itself, through what they name: a list cannot depend on itself.") % {"name": name}


def circle(list_id: int, criteria: Criteria, object_type: str) -> bool:
    """Whether a list with these criteria would in the end ask about itself, by way of other lists, scores or formulas."""
    return bool(circles.circle(queries.a_list(list_id), queries.reads(criteria, object_type)))


# Who is in a static list


def add(list_id: int, ids: Iterable[int], *, actor: Actor, origin: Origin = BY_HAND) -> int:
    """Asks for records in a static list; those that are archived or of another type are left out. Returns how many it asked for.

    It is done by the beat within a second; call it in the transaction of whatever else is done. Raises ListError.
    """
    return _change_members(list_id, True, ids, actor, origin)


def remove(list_id: int, ids: Iterable[int], *, actor: Actor, origin: Origin = BY_HAND) -> int:
    """Asks for records out of a static list. Returns how many it asked for. Raises ListError."""
    return _change_members(list_id, False, ids, actor, origin)


@transaction.atomic
def _change_members(list_id: int, add: bool, ids: Iterable[int], actor: Actor, origin: Origin) -> int:
    row = List.objects.filter(pk=list_id, deleted_at=None).first()
    if row is None:
        raise ListError(gettext("This list is not there any more."))
    if row.kind == Kind.DYNAMIC:
        sentence = gettext("“%(name)s” is an active list: its filters alone say who is in it. Make it static, or choose a static list.")
        raise ListError(sentence % {"name": row.name})
    asked, wanted = 0, sorted(set(ids))
    for start in range(0, len(wanted), SLICE):
        some = wanted[start : start + SLICE]
        if add:
            some = _live(row.object_type, some)
        _ask(list_id, add, some if add else _with_what_they_are_made_of(some), actor, origin)
        asked += len(some)
    return asked


def _live(object_type: str, ids: Sequence[int]) -> list[int]:
    rows = Record.objects.filter(pk__in=ids, object_type_id=records.type_id(object_type), archived_at=None)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _with_what_they_are_made_of(ids: Sequence[int]) -> list[int]:
    """Records, and those that were merged into them: taking such a merge back does not bring them into the list again."""
    roots = families(ids)
    return sorted({*ids, *(id for id, root in roots.items() if root in set(ids))})


def _ask(list_id: int, add: bool, ids: Sequence[int], actor: Actor, origin: Origin, *, settles: bool = False) -> None:
    if not ids and not settles:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint, pg_notify('jalon', '')")
        (xid, _) = cursor.fetchone()
    Request.objects.create(
        list_id=list_id,
        add=add,
        ids=list(ids),
        settles=settles,
        actor_id=actor.user_id,
        source=origin.source.value,
        detail=origin.detail[:200],
        epoch=log.epoch(),
        xid=xid,
    )


# From active to static


@transaction.atomic
def convert(list_id: int, *, at: datetime | None = None, after_days: int | None = None, actor: Actor) -> ListView:
    """Makes an active list static: now, at an instant, or once nobody has come or gone for some days. Raises ListError."""
    row = _locked(list_id)
    before = _definition(row)
    if row.kind != Kind.DYNAMIC:
        raise ListError(gettext("“%(name)s” is static already.") % {"name": row.name})
    if at is not None and at <= timezone.now():
        raise ListError(gettext("This moment is over. Choose a later one, or make the list static now."))
    if after_days is not None and after_days < 1:
        raise ListError(gettext("Choose at least one day without a change."))
    row.converts_at, row.converts_after_days = at, after_days
    if at is None and after_days is None:
        freeze(row, actor)
        return _note(row, before, actor, "list.converted", CONVERTED)
    return _note(row, before, actor, "list.changed", CHANGED)


@transaction.atomic
def cancel_conversion(list_id: int, *, actor: Actor) -> ListView:
    """An active list stays one."""
    row = _locked(list_id)
    before = _definition(row)
    row.converts_at = row.converts_after_days = None
    return _note(row, before, actor, "list.changed", CHANGED)


@transaction.atomic
def convert_due(now: datetime) -> int:
    """Makes those active lists static whose moment has come, and says how many."""
    rows = List.objects.select_for_update().filter(kind=Kind.DYNAMIC, deleted_at=None).exclude(converts_at=None, converts_after_days=None)
    due = [row for row in rows if _is_due(row, now)]
    for row in due:
        before = _definition(row)
        freeze(row, SYSTEM)
        _note(row, before, SYSTEM, "list.converted", CONVERTED)
    return len(due)


def _is_due(row: List, now: datetime) -> bool:
    if row.converts_at is not None:
        return row.converts_at <= now
    quiet_since = max(row.moved_at or row.created_at, row.filters_updated_at)
    return row.state == State.DONE and now - quiet_since >= timedelta(days=row.converts_after_days or 0)


def freeze(row: List, actor: Actor) -> None:
    """From now on its members stay; a rebuild that runs is still brought to its end.

    Who was in it once and left is not wanted any more: it has met the criteria then, which is no longer asked.
    """
    row.kind, row.version = Kind.SNAPSHOT, row.version + 1
    row.converts_at = row.converts_after_days = row.next_at = None
    row.trouble = []
    _ask(row.pk, False, (), actor, Origin(Source.SYSTEM), settles=True)
