"""Links made and unmade and the coming and going of a record, read from the change log for its timeline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q

from jalon.accounts.access import Access
from jalon.records import queries
from jalon.records.links import queries as links
from jalon.records.links.queries import LinkType
from jalon.records.models import Merge, Record

# A line names the record at its from-side; the other side finds it by an index on `to`. Links of activities say nothing new.
LINKS = """
SELECT at, type_id, kind, source, source_detail, actor_id, is_from, count(*), (array_agg(other ORDER BY other))[1:%(named)s]
FROM (
    SELECT c.at, (c.delta ->> 'type')::bigint AS type_id, c.kind::text, c.source, c.source_detail, c.actor_id, true AS is_from,
           o.id AS other
    FROM records_change c, LATERAL (SELECT e.value::text::bigint AS id FROM jsonb_array_elements(c.delta -> 'to') e) o
    WHERE c.record_id = %(id)s AND c.kind IN ('l', 'x')
    UNION ALL
    SELECT c.at, (c.delta ->> 'type')::bigint, c.kind::text, c.source, c.source_detail, c.actor_id, false, c.record_id
    FROM records_change c WHERE c.delta -> 'to' @> %(whole)s::jsonb AND c.kind IN ('l', 'x')
) told
WHERE type_id = ANY(%(types)s) AND (%(before)s::timestamptz IS NULL OR at < %(before)s)
GROUP BY at, type_id, kind, source, source_detail, actor_id, is_from
ORDER BY at DESC FETCH FIRST %(limit)s ROWS WITH TIES
"""
LIFE = """
SELECT at, kind::text, source, source_detail, actor_id FROM records_change
WHERE record_id = %(id)s AND kind IN ('c', 'a', 'r') AND (%(before)s::timestamptz IS NULL OR at < %(before)s)
ORDER BY at DESC FETCH FIRST %(limit)s ROWS WITH TIES
"""
NAMED = 3  # of many records linked in one go


@dataclass(frozen=True, slots=True)
class LinkEvent:
    """Records that were linked or unlinked in one go: how many, and the first of them that the person may see."""

    at: datetime
    made: bool
    type: LinkType
    source: str
    source_detail: str
    actor_id: int | None
    count: int
    others: tuple[tuple[int, dict[str, str]], ...]


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """The record came, went, came back, or took another one in. `kind`: c, a, r, or m for a merge, s for its undo."""

    at: datetime
    kind: str
    source: str
    source_detail: str
    actor_id: int | None
    other_id: int | None = None


def link_events(access: Access, id: int, before: datetime | None, limit: int) -> list[LinkEvent]:
    types = {(side.id, not side.inverse): side for side in links.sides() if not side.own.is_activity and not side.there.is_activity}
    asked: dict[str, Any] = {
        "id": id,
        "whole": str(id),
        "types": [type_id for type_id, is_from in types if is_from],
        "before": before,
        "limit": limit,
        "named": NAMED,
    }
    with connection.cursor() as cursor:
        cursor.execute(LINKS, asked)
        rows = cursor.fetchall()
    others = Record.objects.in_bulk({other for row in rows for other in row[-1]})
    return [_link_event(access, row, types[row[1], row[6]], others) for row in rows]


def _link_event(access: Access, row: Sequence[Any], type: LinkType, others: dict[int, Record]) -> LinkEvent:
    at, _, kind, source, detail, actor_id, _, count, ids = row
    seen = [
        (other, others[other].properties)
        for other in ids
        if other in others and queries.reaches(access, type.there.object_type, others[other].properties)
    ]
    return LinkEvent(at, kind == "l", type, source, detail, actor_id, count, tuple(seen))


def life_events(id: int, before: datetime | None, limit: int) -> list[LifeEvent]:
    with connection.cursor() as cursor:
        cursor.execute(LIFE, {"id": id, "before": before, "limit": limit})
        events = [LifeEvent(*row) for row in cursor.fetchall()]
    for merge in Merge.objects.filter(Q(survivor_id=id) | Q(loser_id=id)):
        other = merge.loser_id if merge.survivor_id == id else merge.survivor_id
        events.append(LifeEvent(merge.at, "m", "merge", "", merge.actor_id, other))
        if merge.undone_at:
            events.append(LifeEvent(merge.undone_at, "s", "undo", "", merge.undone_by_id, other))
    return [event for event in events if before is None or event.at < before]
