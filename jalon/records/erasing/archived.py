"""Records that were archived: PostgreSQL's rows, since the columns have forgotten them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import OuterRef, QuerySet, Subquery, TextField
from django.db.models.functions import Cast

from jalon.accounts.access import Access
from jalon.records import address, queries
from jalon.records.models import Change, Record
from jalon.records.queries import RecordView

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class ArchivedRow:
    """One archived record: what it was called, when it was put away and by whom."""

    id: int
    name: str
    detail: str
    at: datetime
    actor_id: int | None


@dataclass(frozen=True, slots=True)
class ArchivedPage:
    rows: list[ArchivedRow]
    total: int


def page(access: Access, object_type: str, *, search: str = "", offset: int = 0) -> ArchivedPage:
    """The archived records that this person may delete, the latest first. Merged ones are their survivor's and not here."""
    rows = _archived(access, object_type)
    for word in search.split():
        rows = rows.annotate(words=Cast("properties", TextField())).filter(words__icontains=word)
    by = Change.objects.filter(record_id=OuterRef("pk"), kind=Change.Kind.ARCHIVED).order_by("-id").values("actor_id")[:1]
    found = rows.annotate(actor_id=Subquery(by)).order_by("-archived_at", "-id")[offset : offset + PAGE]
    return ArchivedPage([_row(object_type, row) for row in found], rows.count())


def _archived(access: Access, object_type: str) -> QuerySet[Record]:
    own = Record.objects.filter(queries.in_reach(access, object_type, "delete"), object_type_id=queries.type_id(object_type))
    return own.filter(archived_at__isnull=False, merged_into_id=None)


def _row(object_type: str, row: Record) -> ArchivedRow:
    catalog = queries.catalog(object_type)
    name = address.name_of(catalog, row.properties)
    detail = next((str(row.properties[one]) for one in ("email", "domain", "city") if row.properties.get(one) not in (None, name)), "")
    return ArchivedRow(row.pk, name or str(row.pk), detail, row.archived_at or row.updated_at, getattr(row, "actor_id", None))


def reachable(access: Access, object_type: str, ids: Sequence[int]) -> list[int]:
    """Those of the archived records that this person may bring back."""
    return sorted(_archived(access, object_type).filter(pk__in=ids).values_list("id", flat=True))


def deletable(access: Access, object_type: str, ids: Sequence[int]) -> list[int]:
    """Those of the records, live or archived, that this person may delete."""
    rows = Record.objects.filter(queries.in_reach(access, object_type, "delete"), object_type_id=queries.type_id(object_type))
    return sorted(rows.filter(pk__in=ids).values_list("id", flat=True))


def record(access: Access, object_type: str, id: int) -> RecordView | None:
    """One record, archived or not, that this person may see."""
    return queries.record(access, object_type, id)


def since(object_type: str, instant: datetime, most: int) -> list[int] | None:
    """The records that were archived or merged since and are so still; None where there are more than `most`. Erased ones are not told."""
    rows = Record.objects.filter(object_type_id=queries.type_id(object_type), archived_at__gte=instant)
    found = list(rows.order_by("-archived_at").values_list("pk", flat=True)[: most + 1])
    return found if len(found) <= most else None
