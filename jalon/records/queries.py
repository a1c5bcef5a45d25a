"""Reading records: pages and sets over the columns, one record and its history from PostgreSQL, the log for its readers.

Every function that gives records takes an `Access`; `visible` is the one place that cuts them to what it may see.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db import connection
from django.db.models import Q
from sqlglot import exp

from jalon.accounts.access import EVERYTHING, Access
from jalon.records import needles, paging, progress
from jalon.records.beside import Beside
from jalon.records.columns import Catalog, Position, PropertySpec
from jalon.records.models import Definitions, ObjectType, Property, PropertyGroup, Record
from jalon.records.values import instant_text
from jalon.warehouse import current, query

OWNER: Final = "hubspot_owner_id"  # the property that says whose a record is
FRESH_SECONDS: Final = (
    1.0  # for how long a process trusts its catalogs without asking for the version; not in a transaction, which may have changed them
)

# Definitions


@dataclass(frozen=True, slots=True)
class _Known:
    version: int
    asked_at: float
    catalogs: dict[str, Catalog]
    type_ids: dict[str, int]
    property_ids: dict[str, dict[str, int]]


_known: _Known | None = None
_reading = threading.Lock()


def catalogs() -> dict[str, Catalog]:
    """Every object type by name, in menu order, with its live properties. At most a second behind other processes."""
    return _definitions().catalogs


def objects() -> list[Catalog]:
    """The object types that have pages of their own; activities hang on the records of these."""
    return [catalog for catalog in catalogs().values() if not catalog.is_activity]


def catalog(object_type: str) -> Catalog:
    """Raises LookupError for a type that does not exist."""
    try:
        return catalogs()[object_type]
    except KeyError:
        raise LookupError(object_type) from None


def with_archived(object_type: str, names: Collection[str]) -> Catalog:
    """The object type with these of its archived properties among the live ones: for what was asked when they were there."""
    own = catalog(object_type)
    missing = [name for name in names if name not in own.properties]
    if not missing:
        return own
    rows = Property.objects.filter(object_type__name=object_type, name__in=missing).select_related("group")
    return replace(own, properties={**own.properties, **{row.name: row.spec() for row in rows}})


def type_id(object_type: str) -> int:
    return _definitions().type_ids[object_type]


def property_ids(object_type: str) -> dict[str, int]:
    return _definitions().property_ids[object_type]


def forget_catalogs() -> None:
    """After a change of definitions, or of the database, in this process."""
    global _known
    _known = None


def definitions_version() -> int:
    return Definitions.objects.values_list("version", flat=True).first() or 0


def _definitions() -> _Known:
    global _known
    known, now = _known, time.monotonic()
    if known is not None and now - known.asked_at < FRESH_SECONDS and not connection.in_atomic_block:
        return known
    with _reading:
        version = definitions_version()
        same = known is not None and known.version == version
        _known = replace(known, asked_at=now) if known and same else _read_definitions(version, now)
        return _known


def _read_definitions(version: int, now: float) -> _Known:
    rows = list(Property.objects.filter(archived_at=None).select_related("group").order_by("order", "id"))
    found: dict[str, Catalog] = {}
    ids: dict[str, dict[str, int]] = {}
    types = list(ObjectType.objects.filter(archived_at=None))
    for row in types:
        own = [prop for prop in rows if prop.object_type_id == row.pk]
        same = {key: getattr(row, key) for key in ("plural", "label_en", "label_fr", "plural_en", "plural_fr", "icon", "is_activity")}
        specs = {prop.name: prop.spec() for prop in own}
        found[row.name] = Catalog(row.name, **same, primary=tuple(row.primary), first=tuple(row.first), properties=specs)
        ids[row.name] = {prop.name: prop.pk for prop in own}
    return _Known(version, now, found, {row.name: row.pk for row in types}, ids)


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group of properties with what it holds, as pages show it."""

    name: str
    label_en: str
    label_fr: str
    properties: tuple[PropertySpec, ...]

    def label(self, language: str) -> str:
        return self.label_fr if language.startswith("fr") else self.label_en


def groups(object_type: str) -> list[GroupView]:
    """The groups of an object type in their order, the empty ones too."""
    own = catalog(object_type)
    rows = PropertyGroup.objects.filter(object_type__name=object_type)
    return [GroupView(g.name, g.label_en, g.label_fr, tuple(p for p in own.properties.values() if p.group == g.name)) for g in rows]


def system_properties(object_type: str) -> frozenset[str]:
    """The properties that Jalon needs, which can be hidden and never archived."""
    rows = Property.objects.filter(object_type__name=object_type, is_system=True, archived_at=None)
    return frozenset(rows.values_list("name", flat=True))


def holders_of(object_type: str, name: str) -> int:
    """How many records have a value for a property now, whoever asks: what archiving it takes out of sight."""
    known = exp.not_(exp.Is(this=exp.column(name, quoted=True), expression=exp.null()))
    return count(EVERYTHING, object_type, known)


# Sets of records, over the columns


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of an index page. `next` and `previous` are tokens for `page`, empty at the ends."""

    rows: list[dict[str, Any]]
    total: int
    next: str = ""
    previous: str = ""


def visible(access: Access, object_type: str, verb: str = "view") -> exp.Expression | None:
    """The predicate that cuts records to what `access` reaches; None where it reaches all."""
    owners = access.owners(object_type, verb)
    if owners is None:
        return None
    unassigned = access.scope(object_type, verb).unassigned
    owner = query.column(OWNER)
    return query.disjunction(
        [query.one_of(owner, [query.whole(id) for id in sorted(owners)]), query.is_null(owner) if unassigned else None]
    )


def matching(access: Access, object_type: str, where: exp.Expression | None = None, search: str = "") -> exp.Expression:
    """One predicate for everything that a page, a count, an export or a report asks of this object type."""
    return query.conjunction([visible(access, object_type), where, needles.holds(needles.needle(search))])


def count(access: Access, object_type: str, where: exp.Expression | None = None, search: str = "", *, beside: Beside | None = None) -> int:
    """How many records match."""
    asked = matching(access, object_type, where, search)
    if beside is not None and beside.complete and asked == query.truth(True):
        return int(current.engine().rows(beside.count())[0][0])
    tree = _from(query.select(query.count()), object_type, beside).where(asked)
    return int(current.engine().rows(tree)[0][0])


def last_id(object_type: str) -> int:
    """The highest number of a record of this type: what goes through all of them in their order ends there."""
    tree = query.select(exp.Max(this=query.column("id"))).from_(query.table(catalog(object_type).plural))
    return int(current.engine().rows(tree)[0][0] or 0)


def page(
    access: Access,
    object_type: str,
    *,
    columns: Sequence[str],
    where: exp.Expression | None = None,
    search: str = "",
    sort: str = paging.NEWEST_FIRST,
    after: str = "",
    limit: int = 50,
    counted: bool = True,
    beside: Beside | None = None,
) -> Page:
    """One page by keyset: `sort` is a property, "-" in front for descending, records without a value last.

    Not `counted`, its total is 0: for whoever knows it already.
    """
    token = paging.read_token(after)
    order = paging.Order.of(_widened(object_type, beside), sort, backward=token is not None and token[0])
    names = [name for name in dict.fromkeys((*columns, order.key)) if name != "id"]
    asked, beyond = matching(access, object_type, where, search), order.beyond(token[1]) if token is not None else None
    cut = beside
    if beside is not None and beside.complete and order.key == beside.spec.name and asked == query.truth(True):
        cut, beyond = beside.cut(beyond, order.terms(), limit + 1), None
    tree = _select(object_type, ["id", *names], cut).where(query.conjunction([asked, beyond]))
    tree = tree.order_by(*order.terms()).limit(limit + 1)
    rows = [dict(zip(("id", *names), row, strict=True)) for row in current.engine().rows(tree)]
    more, rows = len(rows) > limit, rows[:limit]
    if order.backward:
        rows.reverse()
    return Page(
        rows,
        count(access, object_type, where, search, beside=beside) if counted else 0,
        next=paging.token(rows[-1], order, backward=False) if rows and (more or order.backward) else "",
        previous=paging.token(rows[0], order, backward=True) if rows and token is not None and (more or not order.backward) else "",
    )


def stream(
    access: Access,
    object_type: str,
    *,
    columns: Sequence[str],
    where: exp.Expression | None = None,
    search: str = "",
    sort: str = "",
    limit: int | None = None,
    beside: Beside | None = None,
) -> Iterator[list[tuple[Any, ...]]]:
    """Every matching record in batches of tuples in the order of `columns` ("id" may be among them)."""
    tree = _every(access, object_type, columns, where, search, sort, beside)
    return current.engine().stream(tree.limit(limit) if limit is not None else tree)


def arrow_stream(
    access: Access,
    object_type: str,
    *,
    columns: Sequence[str],
    where: exp.Expression | None = None,
    search: str = "",
    sort: str = "",
    beside: Beside | None = None,
) -> Iterator[Any]:
    """The same as Arrow, for files: a value costs no Python object."""
    return current.engine().arrow_stream(_every(access, object_type, columns, where, search, sort, beside))


def _every(
    access: Access,
    object_type: str,
    columns: Sequence[str],
    where: exp.Expression | None,
    search: str,
    sort: str,
    beside: Beside | None,
) -> exp.Select:
    tree = _select(object_type, columns, beside).where(matching(access, object_type, where, search))
    return tree.order_by(*paging.Order.of(_widened(object_type, beside), sort).terms()) if sort else tree


def _select(object_type: str, columns: Sequence[str], beside: Beside | None = None) -> exp.Select:
    return _from(query.select(*(query.column(name) for name in columns)), object_type, beside)


def _from(tree: exp.Select, object_type: str, beside: Beside | None) -> exp.Select:
    table = catalog(object_type).plural
    tree = tree.from_(query.table(table))
    return beside.joined(tree, table) if beside else tree


def _widened(object_type: str, beside: Beside | None) -> Catalog:
    own = catalog(object_type)
    return beside.widen(own) if beside else own


# One record, from PostgreSQL


@dataclass(frozen=True, slots=True)
class RecordView:
    """One record with its values as canonical text; `createdate`, `lastmodifieddate` and `hs_object_id` are among them."""

    id: int
    catalog: Catalog
    values: dict[str, str]
    created_at: datetime
    updated_at: datetime
    archived: bool
    merged_into: int | None = None

    @property
    def name(self) -> str:
        return name_of(self.catalog, self.values, self.id)


def name_of(catalog: Catalog, values: dict[str, Any], id: int) -> str:
    """What people call a record: its naming properties, else its e-mail, else its number."""
    words = [str(values[part]) for part in catalog.primary if values.get(part)]
    return " ".join(words) or str(values.get("email") or f"{catalog.label_en} {id}")


def record(access: Access, object_type: str, id: int, verb: str = "view") -> RecordView | None:
    """One record, archived ones too; None where there is none or `access` does not reach it."""
    row = Record.objects.filter(id=id, object_type_id=type_id(object_type)).first()
    if row is None or not reaches(access, object_type, row.properties, verb):
        return None
    return view_of(catalog(object_type), row)


def several(access: Access, object_type: str, ids: Sequence[int]) -> list[RecordView]:
    """Those of `ids` that `access` may see now, in their order, the archived ones left out."""
    own, number = catalog(object_type), type_id(object_type)
    rows = Record.objects.filter(id__in=ids, object_type_id=number, archived_at=None).in_bulk()
    found = (rows[id] for id in ids if id in rows)
    return [view_of(own, row) for row in found if reaches(access, object_type, row.properties, "view")]


def reachable(access: Access, object_type: str, ids: Sequence[int], verb: str) -> list[int]:
    """Those of `ids` that `access` may view, edit or delete now: asked before a write for somebody."""
    rows = Record.objects.filter(id__in=ids, object_type_id=type_id(object_type), archived_at=None).values_list("id", "properties")
    return sorted(id for id, values in rows if reaches(access, object_type, values, verb))


def reaches(access: Access, object_type: str, values: dict[str, str], verb: str = "view") -> bool:
    """Whether `access` reaches a record that was read already, by its values."""
    owners = access.owners(object_type, verb)
    if owners is None:
        return True
    owner = values.get(OWNER)
    return access.scope(object_type, verb).unassigned if owner is None else int(owner) in owners


def in_reach(access: Access, object_type: str, verb: str = "view", path: str = "") -> Q:
    """The same cut for PostgreSQL's rows; `path` leads to them from another table: "to_record__"."""
    owners = access.owners(object_type, verb)
    if owners is None:
        return Q()
    owner = f"{path}properties__{OWNER}"
    reached = Q(**{f"{owner}__in": [str(id) for id in sorted(owners)]})
    if access.scope(object_type, verb).unassigned:
        reached |= Q(**{f"{owner}__isnull": True})
    return reached


def values_of(id: int) -> dict[str, str]:
    """What PostgreSQL holds of a record now, whoever asks; nothing for one that is gone."""
    return Record.objects.filter(id=id).values_list("properties", flat=True).first() or {}


def view_of(catalog: Catalog, row: Record) -> RecordView:
    """A row that was read within somebody's reach."""
    values = {
        **row.properties,
        "createdate": instant_text(row.created_at),
        "lastmodifieddate": instant_text(row.updated_at),
        "hs_object_id": str(row.pk),
    }
    return RecordView(row.pk, catalog, values, row.created_at, row.updated_at, row.archived_at is not None, row.merged_into_id)


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One change of one property, the latest first. `old` is None for the first value, `new` for a clearing."""

    at: datetime
    property: str
    old: str | None
    new: str | None
    source: str
    source_detail: str
    actor_id: int | None


def _with_merged(id: int) -> list[int]:
    """The record and those merged into it, however often: level by level, since a recursion reads all records before the first ANALYZE."""
    found, level = [id], [id]
    while level:
        level = list(Record.objects.filter(merged_into_id__in=level).values_list("id", flat=True))
        found += level
    return found


def history(access: Access, object_type: str, id: int, property: str | None = None, limit: int = 500) -> list[HistoryLine]:
    """A record's changes by their own instants, those of records merged into it among them. Empty where not visible."""
    return changes_of(id, property)[:limit] if record(access, object_type, id) is not None else []


def changes_of(id: int, property: str | None = None) -> list[HistoryLine]:
    """The same, all of them, for whoever has the record in sight already."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.at, d.key, CASE WHEN c.backdated THEN NULL ELSE d.value ->> 0 END, d.value ->> 1, c.source, c.source_detail,"
            " c.actor_id FROM records_change c, jsonb_each(c.delta) d WHERE c.record_id = ANY(%s) AND c.kind IN ('c', 'u')"
            " AND (%s::text IS NULL OR d.key = %s) ORDER BY c.at, c.id",
            [_with_merged(id), property, property],
        )
        rows = cursor.fetchall()
    lines: list[HistoryLine] = []
    present: dict[str, str | None] = {}
    for at, name, said, new, source, detail, actor_id in rows:
        old = present.get(name, said)
        if old != new:
            lines.append(HistoryLine(at, name, old, new, source, detail, actor_id))
        present[name] = new
    return lines[::-1]


# Reading one's own writes


def wait(position: Position | None, timeout_ms: int | None = None) -> bool:
    """Until the columns have passed a write, so that its writer reads it. False: they lag, and the page says so."""
    return position is None or progress.reached(position, settings.READ_PATIENCE_MS if timeout_ms is None else timeout_ms)


def wait_for_all(timeout_ms: int = 10_000) -> bool:
    """Until the columns have passed all that is committed now: a command reads what the command before it wrote."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT epoch, xid::text::bigint, id FROM records_change c ORDER BY c.epoch DESC, c.xid DESC, c.id DESC LIMIT 1")
        newest = cursor.fetchone()
    return newest is None or progress.reached(Position(*newest), timeout_ms)
