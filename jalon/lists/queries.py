"""Reading lists: which there are, who is in them, how they grew, where they are used.

Every list has one size; what a reader is shown is cut to the records that they may see, like every set of records.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext
from sqlglot import exp

from jalon.accounts.access import Access
from jalon.accounts.queries import account
from jalon.criteria import dependence, validate
from jalon.criteria import queries as criteria_queries
from jalon.criteria.dependence import named as named_in
from jalon.criteria.problems import CriteriaError
from jalon.criteria.tree import EMPTY, Criteria, Fact, from_json, from_text
from jalon.folders import queries as folder_queries
from jalon.folders.queries import FolderView
from jalon.lists import columns
from jalon.lists.models import Edit, List, Movement, Request
from jalon.lists.pages import used_in
from jalon.records import circles
from jalon.records import queries as records
from jalon.records.columns import Catalog
from jalon.records.models import SavedView
from jalon.records.pages import UsedIn
from jalon.records.saved_views import queries as saved_views
from jalon.warehouse import current, query

SHELF: Final = "lists"  # of its folders
KIND: Final = "list"  # the filter kind by which criteria name lists
OVERDUE: Final = timedelta(minutes=2)  # what should have been done so long ago is late

Kind, State = List.Kind, List.State


@dataclass(frozen=True, slots=True)
class ListView:
    """A list as pages and commands show it. `size` is that of the whole list, whoever asks; see `size`."""

    id: int
    object_type: str
    name: str
    kind: List.Kind
    description: str
    criteria: Criteria
    folder_id: int | None
    created_at: datetime
    created_by_id: int | None
    updated_at: datetime
    updated_by_id: int | None
    filters_updated_at: datetime
    version: int
    state: List.State
    done_up_to: int  # the id of the last record that was looked at, where it is being worked on
    size: int
    moved_at: datetime | None
    trouble: tuple[str, ...]  # why it keeps its last members, in the reader's language
    next_at: datetime | None
    converts_at: datetime | None
    converts_after_days: int | None
    deleted_at: datetime | None
    has_requests: bool  # somebody was added or removed, and it is not done yet

    @property
    def is_active(self) -> bool:
        return self.kind == Kind.DYNAMIC

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left to do for it but to follow."""
        return self.state == State.DONE and not self.has_requests

    @property
    def catalog(self) -> Catalog | None:
        """None where its object type is archived."""
        return records.catalogs().get(self.object_type)

    def is_overdue(self, now: datetime) -> bool:
        """Whether the clock has changed its answer a while ago, and it was not looked at since."""
        return self.next_at is not None and now - self.next_at > OVERDUE


# Which lists there are


def found(
    access: Access,
    object_type: str = "",
    folder: int | None = None,
    kind: str = "",
    search: str = "",
    deleted: bool = False,
) -> list[ListView]:
    """The lists, by name; `folder` 0 are those in none. Nothing for who may not see lists."""
    if not access.may("lists.view"):
        return []
    rows = List.objects.filter(deleted_at__isnull=not deleted)
    rows = rows.filter(object_type=object_type) if object_type else rows
    rows = rows.filter(kind=kind) if kind else rows
    rows = rows.filter(folder__isnull=True) if folder == 0 else rows.filter(folder_id=folder) if folder else rows
    rows = rows.filter(Q(name__icontains=search) | Q(description__icontains=search)) if search else rows
    return [view_of(row) for row in _with_requests(rows)]


def one(access: Access, id: int) -> ListView | None:
    """One list, deleted ones too."""
    row = _with_requests(List.objects.filter(pk=id)).first() if access.may("lists.view") else None
    return view_of(row) if row else None


def named(access: Access, name: str) -> ListView | None:
    """The list of this name, or of this number: for commands."""
    rows = List.objects.filter(deleted_at=None)
    row = rows.filter(name__iexact=name.strip()).first() or (rows.filter(pk=int(name)).first() if name.isdecimal() else None)
    return one(access, row.pk) if row else None


def _with_requests(rows: Any) -> Any:
    return rows.annotate(waiting=Exists(Request.objects.filter(list_id=OuterRef("pk"))))


def view_of(row: List) -> ListView:
    names = ("object_type", "name", "description", "folder_id", "created_at", "created_by_id", "updated_at", "updated_by_id")
    more = ("filters_updated_at", "version", "size", "moved_at", "next_at", "converts_at", "converts_after_days", "deleted_at")
    return ListView(
        id=row.pk,
        kind=Kind(row.kind),
        state=State(row.state),
        criteria=criteria_of(row.criteria),
        done_up_to=row.after_id,
        trouble=tuple(sentences(row)),
        has_requests=bool(getattr(row, "waiting", False)),
        **{name: getattr(row, name) for name in (*names, *more)},
    )


def criteria_of(stored: Mapping[str, Any]) -> Criteria:
    """Nothing where they cannot be read any more: the list is in trouble then, and says so."""
    try:
        return from_json(stored)
    except CriteriaError:
        return EMPTY


def sentences(row: List) -> list[str]:
    """Why a list in trouble keeps its last members, in the reader's language."""
    return problems(row) or [gettext(told) for told in row.trouble] if row.trouble else []


def problems(row: List) -> list[str]:
    """What is wrong with the criteria of a list now, a sentence each."""
    if row.object_type not in records.catalogs():
        return [gettext("Its object type is archived.")]
    try:
        return criteria_queries.problems(from_json(row.criteria), row.object_type)
    except CriteriaError as error:
        return validate.sentences(error)


def folders() -> list[FolderView]:
    """Every folder of lists, by name."""
    return folder_queries.folders(SHELF)


# Who is in them


def size(access: Access, list: ListView) -> int:
    """How many members the reader may see."""
    if list.catalog is None:
        return 0
    if records.visible(access, list.object_type) is None:
        return list.size
    return records.count(access, list.object_type, columns.member(list.id))


def estimate(criteria: Criteria, object_type: str, access: Access) -> int:
    """How many records that the reader may see would be in a list of these criteria. Raises CriteriaError."""
    return records.count(access, object_type, criteria_queries.where(criteria, object_type, access))


@dataclass(frozen=True, slots=True)
class Membership:
    """A list that a record is in, since when and why."""

    list: ListView
    joined_at: datetime
    why: str


def lists_of(access: Access, object_type: str, record_id: int) -> list[Membership]:
    """The lists that a record is in, those it joined last first."""
    tree = (
        query.select(*(query.column(name) for name in ("list_id", "joined_at", "why")))
        .from_(query.table(columns.LIST_MEMBERS.name))
        .where(exp.EQ(this=query.column("record_id"), expression=query.whole(record_id)))
        .order_by(query.descending(query.column("joined_at")))
    )
    rows = current.engine().rows(tree)
    views = {view.id: view for view in found(access, object_type)} if rows else {}
    return [Membership(views[list_id], joined_at, why) for list_id, joined_at, why in rows if list_id in views]


# What happened to them


@dataclass(frozen=True, slots=True)
class MovementView:
    """A record that came into a list or left it; or, of a list, how many did so together."""

    list_id: int
    at: datetime
    entered: bool
    why: str
    detail: str
    actor_id: int | None
    count: int
    size: int  # of the list afterwards

    @property
    def reason(self) -> str:
        """A message id."""
        return columns.REASONS.get(self.why, columns.REASONS["system"])


def movements(list_id: int, before: datetime | None = None, limit: int = 50) -> list[MovementView]:
    """What a list has seen, newest first."""
    rows = Movement.objects.filter(list_id=list_id, silent=False)
    rows = rows.filter(at__lt=before) if before else rows
    return [_movement(row) for row in rows.order_by("-id")[:limit]]


def movements_of(record_id: int, before: datetime | None = None, limit: int = 50) -> list[MovementView]:
    """The lists that a record came into or left, newest first: at least `limit` of them, and all of the last one's instant."""
    at = query.column("at")
    tree = (
        query.select(query.column("movement_id"), at)
        .from_(query.table(columns.LIST_MOVEMENTS.name))
        .where(exp.EQ(this=query.column("record_id"), expression=query.whole(record_id)))
    )
    tree = tree.where(exp.LT(this=at.copy(), expression=query.instant(before))) if before else tree
    rows = current.engine().rows(tree.order_by(query.descending(at.copy())))
    last = rows[limit - 1][1] if len(rows) > limit else None
    ids = [id for id, moved_at in rows if last is None or moved_at >= last]
    known = Movement.objects.filter(silent=False).in_bulk(ids)
    return [_movement(known[id]) for id in ids if id in known]


def _movement(row: Movement) -> MovementView:
    return MovementView(row.list_id, row.at, row.entered, row.why, row.detail, row.actor_id, len(row.ids), row.size)


def growth(list_id: int, since: date, until: date) -> list[tuple[date, int]]:
    """The size at the end of every day of the account, both bounds among them."""
    zone = account().zone
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (day) (at AT TIME ZONE %s)::date AS day, size FROM lists_movement WHERE list_id = %s ORDER BY day, id DESC",
            [zone, list_id],
        )
        sizes = dict(cursor.fetchall())
    size = next((sizes[day] for day in sorted(sizes, reverse=True) if day < since), 0)
    curve = []
    for day in (since + timedelta(days=n) for n in range((until - since).days + 1)):
        size = sizes.get(day, size)
        curve.append((day, size))
    return curve


@dataclass(frozen=True, slots=True)
class EditView:
    """One change of a list's definition: the parts that changed, before and after; `before` is empty for its beginning."""

    at: datetime
    actor_id: int | None
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def edits(list_id: int, limit: int = 100) -> list[EditView]:
    """Who changed it, newest first."""
    rows = Edit.objects.filter(list_id=list_id).order_by("-id")[:limit]
    return [EditView(row.at, row.actor_id, row.before, row.after) for row in rows]


# Where they are used


def uses(list_id: int) -> Sequence[UsedIn]:
    """Everything that names a list: other lists, views, reports."""
    return used_in(list_id)


def uses_in_lists(list_id: int) -> list[UsedIn]:
    """The lists whose criteria name a list: a row of the table of uses."""
    rows = List.objects.filter(deleted_at=None).exclude(kind=Kind.MANUAL)
    return [_used(row) for row in rows if str(list_id) in referred(criteria_of(row.criteria))]


def uses_in_views(list_id: int) -> list[UsedIn]:
    """The saved views whose filters name a list; private ones too, since their owners would miss it."""
    rows = SavedView.objects.filter(archived_at=None, criteria__contains='"kind":"list"').select_related("object_type")
    return [saved_views.used(row) for row in rows if names(row.criteria, list_id)]


def names(criteria: str, list_id: int) -> bool:
    """Whether criteria, as text, ask about a list; those that cannot be read ask nothing."""
    try:
        return str(list_id) in referred(from_text(criteria))
    except CriteriaError:
        return False


def uses_of_property(object_type: str, name: str) -> list[UsedIn]:
    """The active lists whose criteria read a property, of their own records or of associated ones."""
    rows = List.objects.filter(deleted_at=None, kind=Kind.DYNAMIC)
    return [_used(row) for row in rows if (object_type, name) in named_in(criteria_of(row.criteria), row.object_type)]


def uses_of_option(object_type: str, name: str, value: str) -> list[UsedIn]:
    """The lists whose criteria name an option: a row of the table of uses."""
    rows = List.objects.filter(deleted_at=None, kind=Kind.DYNAMIC)
    wanted = (object_type, name, value)
    return [_used(row) for row in rows if wanted in dependence.options(criteria_of(row.criteria), row.object_type)]


def _used(row: List) -> UsedIn:
    return UsedIn(gettext("List"), row.name, page_of(row.pk))


def page_of(list_id: int) -> str:
    """The address of a list's page."""
    return f"/lists/{list_id}/"


def referred(criteria: Criteria) -> set[str]:
    """The numbers of the lists that criteria name, at any depth."""
    return {value for _, node in criteria.walk() if isinstance(node, Fact) and node.kind == KIND for value in node.values}


# What they are made of


def made() -> dict[circles.Made, frozenset[circles.Made]]:
    """Every list that is found by criteria, with all that these read: a row of the table of circles. Deleted ones may come back."""
    rows = List.objects.exclude(kind=List.Kind.MANUAL)
    around = criteria_queries.known()
    return {
        a_list(row.pk): dependence.reads(dependence.of(criteria_of(row.criteria), around.catalogs[row.object_type], around))
        for row in rows
        if row.object_type in around.catalogs
    }


def a_list(list_id: int) -> circles.Made:
    return (KIND, str(list_id))


def reads(criteria: Criteria, object_type: str) -> frozenset[circles.Made]:
    """What the members of a list with these criteria follow from."""
    return dependence.reads(criteria_queries.depends(criteria, object_type))


def label(made: circles.Made) -> str:
    """The name of a list; nothing for what is none."""
    kind, key, *_rest = made
    return List.objects.filter(pk=key).values_list("name", flat=True).first() or "" if kind == KIND else ""
