"""Reading records: pages and sets over the columns, one record and its history from PostgreSQL, the log for its readers.

Every function that gives records takes an `Access`; `visible` is the one place that cuts them to what it may see.
"""

from __future__ import annotations

import base64
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

import orjson
from django.db import connection
from django.db.models import Q
from sqlglot import exp

from jalon.accounts.access import Access
from jalon.records import definitions, progress
from jalon.records.columns import Catalog, Position, PropertySpec
from jalon.records.models import AssociationType, Definitions, ObjectType, Property, PropertyGroup, Record
from jalon.records.values import instant_text
from jalon.warehouse import current
from jalon.warehouse.folding import fold

FRESH_SECONDS: Final = 1.0  # for how long a process trusts its catalogs without asking for the version

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


def catalog(object_type: str) -> Catalog:
    """Raises LookupError for a type that does not exist."""
    try:
        return catalogs()[object_type]
    except KeyError:
        raise LookupError(object_type) from None


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
    if known is not None and now - known.asked_at < FRESH_SECONDS:
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
    types = list(ObjectType.objects.all())
    for row in types:
        own = [prop for prop in rows if prop.object_type_id == row.pk]
        labels = {key: getattr(row, key) for key in ("plural", "label_en", "label_fr", "plural_en", "plural_fr")}
        specs = {prop.name: definitions.spec_of(prop) for prop in own}
        found[row.name] = Catalog(row.name, **labels, primary=tuple(row.primary), properties=specs)
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
    owner = exp.column("hubspot_owner_id", quoted=True)
    mine: exp.Expression = exp.false()
    if owners:
        mine = exp.In(this=owner, expressions=[exp.Literal.number(id) for id in sorted(owners)])
    if access.sees_unassigned and access.may(f"records.{verb}"):
        mine = exp.paren(exp.or_(mine, exp.Is(this=owner.copy(), expression=exp.null())))
    return mine


def matching(access: Access, object_type: str, where: exp.Expression | None = None, search: str = "") -> exp.Expression:
    """One predicate for everything that a page, a count, an export or a report asks of this object type."""
    parts = [part for part in (visible(access, object_type), where) if part is not None]
    for word in fold(search).split():
        found = exp.StrPosition(this=exp.column("search_text", quoted=True), substr=exp.Literal.string(word))
        parts.append(exp.GT(this=found, expression=exp.Literal.number(0)))
    return exp.and_(*parts) if parts else exp.true()


def count(access: Access, object_type: str, where: exp.Expression | None = None, search: str = "") -> int:
    """How many records match."""
    tree = exp.select(exp.Count(this=exp.Star())).from_(_table(object_type)).where(matching(access, object_type, where, search))
    return int(current.engine().rows(tree)[0][0])


def page(
    access: Access,
    object_type: str,
    *,
    columns: Sequence[str],
    where: exp.Expression | None = None,
    search: str = "",
    sort: str = "-createdate",
    after: str = "",
    limit: int = 50,
) -> Page:
    """One page by keyset: `sort` is a property, "-" in front for descending, records without a value last."""
    predicate = matching(access, object_type, where, search)
    key, descending, backward, mark = _order(sort, after)
    names = [name for name in dict.fromkeys((*columns, key)) if name != "id"]
    tree = _select(object_type, ["id", *names]).where(predicate)
    if mark is not None:
        tree = tree.where(_beyond(key, descending, backward, mark))
    tree = tree.order_by(*_ordering(key, descending, backward)).limit(limit + 1)
    rows = [dict(zip(("id", *names), row, strict=True)) for row in current.engine().rows(tree)]
    more, rows = len(rows) > limit, rows[:limit]
    if backward:
        rows.reverse()
    total = count(access, object_type, where, search)
    return Page(
        rows,
        total,
        next=_token(rows[-1], key, "n") if rows and (more or backward) else "",
        previous=_token(rows[0], key, "p") if rows and mark is not None and (more or not backward) else "",
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
) -> Iterator[list[tuple[Any, ...]]]:
    """Every matching record in batches of tuples in the order of `columns` ("id" may be among them)."""
    tree = _select(object_type, columns).where(matching(access, object_type, where, search))
    if sort:
        key, descending, _, _ = _order(sort, "")
        tree = tree.order_by(*_ordering(key, descending, False))
    return current.engine().stream(tree.limit(limit) if limit is not None else tree)


def _table(object_type: str) -> exp.Table:
    return exp.table_(catalog(object_type).plural, quoted=True)


def _select(object_type: str, columns: Sequence[str]) -> exp.Select:
    return exp.select(*(exp.column(name, quoted=True) for name in columns)).from_(_table(object_type))


def _order(sort: str, after: str) -> tuple[str, bool, bool, tuple[Any, int] | None]:
    key, descending = sort.lstrip("-"), sort.startswith("-")
    if not after:
        return key, descending, False, None
    try:
        way, value, id = orjson.loads(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
    except ValueError:
        return key, descending, False, None
    return key, descending, way == "p", (value, int(id))


def _ordering(key: str, descending: bool, backward: bool) -> list[exp.Expression]:
    """Values first and blanks last, whichever way; the id settles ties. Backward is the exact reverse."""
    column, id = exp.column(key, quoted=True), exp.column("id", quoted=True)
    blank = exp.Is(this=column.copy(), expression=exp.null())
    return [
        exp.Ordered(this=exp.Case().when(blank, 1).else_(0), desc=backward, nulls_first=False),
        exp.Ordered(this=column, desc=descending != backward, nulls_first=False),
        exp.Ordered(this=id, desc=descending != backward),
    ]


def _beyond(key: str, descending: bool, backward: bool, mark: tuple[Any, int]) -> exp.Expression:
    """The rows after the mark in the order of `_ordering`."""
    column, id = exp.column(key, quoted=True), exp.column("id", quoted=True)
    value, last = mark
    compare = exp.LT if descending != backward else exp.GT
    blank = exp.Is(this=column.copy(), expression=exp.null())
    by_id = compare(this=id, expression=exp.Literal.number(last))
    if value is None:
        same = exp.and_(blank, by_id)
        return exp.paren(exp.or_(same, exp.not_(blank.copy()))) if backward else same
    literal = _literal(value)
    same = exp.and_(exp.EQ(this=column.copy(), expression=literal), by_id)
    beyond = exp.or_(compare(this=column.copy(), expression=literal.copy()), same)
    return exp.paren(beyond if backward else exp.or_(beyond, blank))


def _token(row: dict[str, Any], key: str, way: str) -> str:
    value = row[key]
    if isinstance(value, datetime):
        value = {"t": value.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ")}
    elif value is not None and not isinstance(value, str | bool | int):
        value = {"x": str(value)}
    return base64.urlsafe_b64encode(orjson.dumps([way, value, row["id"]])).decode().rstrip("=")


def _literal(value: Any) -> exp.Expression:
    """A sort value out of a token: strings, whole numbers and booleans as they are, the others by their type."""
    if isinstance(value, bool):
        return exp.Boolean(this=value)
    if isinstance(value, int):
        return exp.Literal.number(value)
    if isinstance(value, dict) and "t" in value:
        return exp.cast(exp.Literal.string(value["t"]), "timestamp(6)")
    if isinstance(value, dict):
        text = str(value["x"])
        return exp.cast(exp.Literal.string(text), "date" if text.count("-") == 2 else "decimal(18, 6)")
    return exp.Literal.string(str(value))


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
    if row is None or not _reaches(access, object_type, row.properties, verb):
        return None
    return _view(catalog(object_type), row)


def reachable(access: Access, object_type: str, ids: Sequence[int], verb: str) -> list[int]:
    """Those of `ids` that `access` may view, edit or delete now: asked before a write for somebody."""
    rows = Record.objects.filter(id__in=ids, object_type_id=type_id(object_type), archived_at=None).values_list("id", "properties")
    return sorted(id for id, values in rows if _reaches(access, object_type, values, verb))


def _reaches(access: Access, object_type: str, values: dict[str, str], verb: str) -> bool:
    owners = access.owners(object_type, verb)
    if owners is None:
        return True
    owner = values.get("hubspot_owner_id")
    if owner is None:
        return access.sees_unassigned and access.may(f"records.{verb}")
    return int(owner) in owners


def _view(catalog: Catalog, row: Record) -> RecordView:
    values = {
        **row.properties,
        "createdate": instant_text(row.created_at),
        "lastmodifieddate": instant_text(row.updated_at),
        "hs_object_id": str(row.pk),
    }
    return RecordView(row.pk, catalog, values, row.created_at, row.updated_at, row.archived_at is not None)


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


def history(access: Access, object_type: str, id: int, property: str | None = None, limit: int = 500) -> list[HistoryLine]:
    """A record's changes by their own instants, so that imported past lies where it belongs. Empty where not visible."""
    if record(access, object_type, id) is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.at, d.key, CASE WHEN c.backdated THEN NULL ELSE d.value ->> 0 END, d.value ->> 1, c.source, c.source_detail,"
            " c.actor_id FROM records_change c, jsonb_each(c.delta) d WHERE c.record_id = %s AND c.kind IN ('c', 'u')"
            " AND (%s::text IS NULL OR d.key = %s) ORDER BY c.at, c.id",
            [id, property, property],
        )
        rows = cursor.fetchall()
    lines: list[HistoryLine] = []
    present: dict[str, str | None] = {}
    for at, name, said, new, source, detail, actor_id in rows:
        old = present.get(name, said)
        if old != new:
            lines.append(HistoryLine(at, name, old, new, source, detail, actor_id))
        present[name] = new
    return lines[: -limit - 1 : -1]


@dataclass(frozen=True, slots=True)
class AssociationPanel:
    """The records linked to one by one type of association, read from its side."""

    catalog: Catalog
    type_name: str
    label_en: str
    label_fr: str
    inverse: bool  # True: the shown records stand on the type's from-side
    rows: list[tuple[RecordView, bool]]  # with the primary mark
    total: int


def associated(access: Access, object_type: str, id: int, limit: int = 20) -> list[AssociationPanel]:
    """Every association type of this object type, with its first linked records that `access` may see."""
    own = type_id(object_type)
    links = AssociationType.objects.filter(Q(from_type_id=own) | Q(to_type_id=own)).select_related("from_type", "to_type")
    sides = [(link, inverse) for link in links for inverse in (False, True)]
    return [
        _panel(access, link, id, inverse, limit) for link, inverse in sides if (link.to_type_id if inverse else link.from_type_id) == own
    ]


def _panel(access: Access, link: AssociationType, id: int, inverse: bool, limit: int) -> AssociationPanel:
    own, other = ("to_record_id", "from_record_id") if inverse else ("from_record_id", "to_record_id")
    there = catalog(link.from_type.name if inverse else link.to_type.name)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {other}, is_primary FROM records_association WHERE type_id = %s AND {own} = %s ORDER BY is_primary DESC, id",
            [link.pk, id],
        )
        marks = dict(cursor.fetchall())
    rows = Record.objects.in_bulk(list(marks))
    seen = [
        (_view(there, rows[other_id]), primary)
        for other_id, primary in marks.items()
        if other_id in rows
        and rows[other_id].archived_at is None
        and _reaches(access, there.object_type, rows[other_id].properties, "view")
    ]
    labels = (link.inverse_en, link.inverse_fr) if inverse else (link.label_en, link.label_fr)
    return AssociationPanel(there, link.name, labels[0] or there.plural_en, labels[1] or there.plural_fr, inverse, seen[:limit], len(seen))


# Reading one's own writes


def wait(position: Position | None, timeout_ms: int = 500) -> bool:
    """Until the columns have passed a write, so that its writer reads it. False: they lag, and the page says so."""
    return position is None or progress.reached(position, timeout_ms)
