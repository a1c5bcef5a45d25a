"""Reading movements from the change log: which contacts a slice of it concerns, and all that these have done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection

from jalon.lifecycle.columns import ACTIVE, CONTACT, MOVEMENTS, PROPERTY
from jalon.lifecycle.journeys.path import Path
from jalon.records import queries as records
from jalon.records.columns import Position
from jalon.records.log.queries import AFTER, UP_TO, copied, instant_sql

#: What takes a contact out of the journeys, or brings it back: archived, restored, merged, separated, erased.
GOES: Final = ("a", "r", "m", "s", "e")

#: A contact's own lines about its stage, with the stage before by (at, id): what an import brought later finds its place, and
#: what another contact did that was merged into this one is not told. Milliseconds, as exact as the columns are.
_OWN: Final = f"""
    SELECT c.id, c.record_id, date_trunc('milliseconds', c.at) AS at, c.source, c.source_detail, c.actor_id, c.delta,
           c.delta -> '{PROPERTY}' ->> 1 AS new,
           lag(c.delta -> '{PROPERTY}' ->> 1, 1, CASE WHEN NOT c.backdated THEN c.delta -> '{PROPERTY}' ->> 0 END)
               OVER (PARTITION BY c.record_id ORDER BY date_trunc('milliseconds', c.at), c.id) AS old
    FROM records_change c {{joined}}
    WHERE c.record_id = ANY(%s) AND c.kind IN ('c', 'u') AND c.delta ? '{PROPERTY}'
"""
STORY: Final = _OWN.format(joined="JOIN records_record r ON r.id = c.record_id AND r.archived_at IS NULL")
EVERYBODY: Final = _OWN.format(joined="")  # those too that were archived or merged into another contact


@dataclass(frozen=True, slots=True)
class Slice:
    """A slice of the log: the position of its last line, the contacts whose stage it touches, and whether more waits."""

    position: Position
    ids: frozenset[int]
    more: bool


@dataclass(frozen=True, slots=True)
class Told:
    """One change of a contact's stage, by whatever source."""

    contact: int
    at: datetime
    old: str | None
    new: str | None
    source: str
    detail: str
    actor_id: int | None


def story(ids: Sequence[int]) -> list[Told]:
    """Every change of the stage of these contacts, the first one first; those to the stage where it stood already left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT record_id, at, old, new, source, source_detail, actor_id"
            f" FROM ({EVERYBODY}) story WHERE old IS DISTINCT FROM new ORDER BY at, id",
            [list(ids)],
        )
        return [Told(*row) for row in cursor.fetchall()]


def read(after: Position, until: Position, limit: int) -> Slice:
    """The lines between two positions, at most so many."""
    concerns = f"object_type_id = %s AND (kind = ANY(%s::\"char\"[]) OR (kind IN ('c', 'u') AND delta ? '{PROPERTY}'))"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT epoch, xid::text::bigint, id, CASE WHEN {concerns} THEN record_id END FROM records_change c"
            f" WHERE {AFTER} AND {UP_TO} ORDER BY c.epoch, c.xid, c.id LIMIT %s",
            [records.type_id(CONTACT), list(GOES), *_bound(after), *_bound(until), limit],
        )
        rows = cursor.fetchall()
    last = Position(*rows[-1][:3]) if rows else after
    return Slice(last, frozenset(row[3] for row in rows if row[3] is not None), len(rows) == limit)


def movements(ids: Sequence[int], path: Path) -> Any:
    """The rows of MOVEMENTS for these contacts: what was done actively, between stages that are there."""
    known = list(path.known)
    select = (
        f"SELECT id, record_id, old, new, {instant_sql('at')}, source, source_detail, actor_id FROM ({STORY}) story"
        " WHERE old IS DISTINCT FROM new AND source = ANY(%s)"
        " AND (old IS NULL OR old = ANY(%s)) AND (new IS NULL OR new = ANY(%s))"
    )
    return copied(MOVEMENTS, (select, [list(ids), [source.value for source in ACTIVE], known, known]))


def next_contacts(after: int, limit: int) -> list[int]:
    """The next contacts by id, archived ones too: what the columns hold of those has to go."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM records_record WHERE object_type_id = %s AND id > %s ORDER BY id LIMIT %s",
            [records.type_id(CONTACT), after, limit],
        )
        return [id for (id,) in cursor.fetchall()]


def _bound(position: Position) -> list[Any]:
    return [position.epoch, str(position.xid), position.id]
