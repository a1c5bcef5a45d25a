"""Reading merges: what a record became, what was merged into it, what a merge would do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Q

from jalon.accounts.access import Access
from jalon.records import address, queries
from jalon.records.columns import Catalog
from jalon.records.log.queries import families
from jalon.records.merging.plan import Candidate, Limits, Link
from jalon.records.models import Association, AssociationType, Merge, Record
from jalon.records.queries import RecordView


@dataclass(frozen=True, slots=True)
class MergeView:
    """One merge as pages show it."""

    id: int
    object_type: str
    survivor_id: int
    loser_id: int
    at: datetime
    actor_id: int | None
    undone_at: datetime | None
    kept: list[list[str]]


def merge(id: int) -> MergeView | None:
    row = Merge.objects.select_related("object_type").filter(pk=id).first()
    return _view(row) if row else None


def merges_of(id: int) -> list[MergeView]:
    """The merges that made a record what it is, the latest first, those that were taken back left out."""
    rows = Merge.objects.filter(survivor_id=id, undone_at=None).select_related("object_type").order_by("-id")
    return [_view(row) for row in rows]


def absorbed(id: int) -> list[MergeView]:
    """The merges of everything that a record is made of by now: what was merged into it, and into these before."""
    found: list[MergeView] = []
    wanted = [id]
    while wanted:
        rows = Merge.objects.filter(survivor_id__in=wanted, undone_at=None).select_related("object_type")
        wanted = [row.loser_id for row in rows]
        found += map(_view, rows)
    return found


def in_the_way(merge: MergeView) -> MergeView | None:
    """The later merge that has to be taken back first: what it did stands on what this one did."""
    same = Q(survivor_id=merge.survivor_id) | Q(loser_id=merge.survivor_id)
    row = Merge.objects.filter(same, undone_at=None, id__gt=merge.id).select_related("object_type").order_by("-id").first()
    return _view(row) if row else None


def name_before(merge: MergeView, catalog: Catalog) -> str:
    """What the merged record was called."""
    row = Record.objects.filter(pk=merge.loser_id).first()
    own = address.name_of(catalog, row.properties) if row else ""
    mail = str(row.properties.get("email", "")) if row else ""
    return " · ".join(dict.fromkeys(part for part in (own, mail) if part)) or str(merge.loser_id)


def survivor_of(id: int) -> int:
    """What a record has become, through however many merges; itself where it was not merged."""
    return families([id]).get(id, id)


def _view(row: Merge) -> MergeView:
    return MergeView(row.pk, row.object_type.name, row.survivor_id, row.loser_id, row.at, row.actor_id, row.undone_at, list(row.kept))


def candidates(access: Access, object_type: str, ids: Sequence[int]) -> list[RecordView]:
    """Those of the records that this person may edit and that are not archived, in the order asked for."""
    reachable = set(queries.reachable(access, object_type, ids, "edit"))
    found = [queries.record(access, object_type, id) for id in dict.fromkeys(ids) if id in reachable]
    return [record for record in found if record is not None]


def as_candidates(records: Sequence[RecordView]) -> list[Candidate]:
    return [Candidate(record.id, record.values) for record in records]


@dataclass(frozen=True, slots=True)
class Weight:
    """What hangs on a record: how many links it has, and how many lines its past has."""

    links: int
    lines: int


def weights(ids: Sequence[int]) -> dict[int, Weight]:
    """What a merge would move, for each of these records."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT w.id, (SELECT count(*) FROM records_association a WHERE a.from_record_id = w.id)"
            " + (SELECT count(*) FROM records_association a WHERE a.to_record_id = w.id),"
            " (SELECT count(*) FROM records_change c WHERE c.record_id = w.id AND c.kind IN ('c', 'u')) FROM unnest(%s::bigint[]) AS w(id)",
            [list(ids)],
        )
        return {id: Weight(links, lines) for id, links, lines in cursor.fetchall()}


def links_of(id: int) -> list[Link]:
    """The links of a record in both directions, in the order in which they were made."""
    rows = Association.objects.filter(Q(from_record_id=id) | Q(to_record_id=id)).order_by("id")
    return [Link(row.type_id, row.from_record_id, row.to_record_id, row.is_primary, row.created_at.isoformat()) for row in rows.iterator()]


def ends(type_ids: set[int]) -> dict[int, Catalog]:
    """The catalog of the from-side of each association type: where the log tells its links."""
    rows = AssociationType.objects.filter(pk__in=type_ids).select_related("from_type")
    return {row.pk: queries.catalog(row.from_type.name) for row in rows}


def limits() -> Limits:
    """How many links one record may have, by association type, where there is a limit."""
    rows = AssociationType.objects.exclude(limit_from=None, limit_to=None)
    return {id: (from_limit, to_limit) for id, from_limit, to_limit in rows.values_list("id", "limit_from", "limit_to")}


def present_links(links: Sequence[Link]) -> set[tuple[int, int, int]]:
    """Which of these links are there now."""
    if not links:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.type_id, a.from_record_id, a.to_record_id FROM records_association a"
            " JOIN unnest(%s::int[], %s::bigint[], %s::bigint[]) AS p(type, f, t)"
            " ON a.type_id = p.type AND a.from_record_id = p.f AND a.to_record_id = p.t",
            [list(side) for side in zip(*(link.pair for link in links), strict=True)],
        )
        return set(cursor.fetchall())
