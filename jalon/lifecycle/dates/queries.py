"""What the log says about when each stage was entered and left and how long it lasted, beside what the contacts have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from django.db import connection

from jalon.jobs.models import Position as StoredPosition
from jalon.lifecycle.movements.queries import STORY
from jalon.records.columns import Position

READ: Final = "stage dates"  # how far the log was read
BEHIND: Final = "stage dates from"  # the first time: the contacts up to this one were looked at
FIRST: Final = "hs_lifecyclestage_{}_date"
ENTERED: Final = "hs_v2_date_entered_{}"
EXITED: Final = "hs_v2_date_exited_{}"
LASTED: Final = "hs_v2_cumulative_time_in_{}"  # milliseconds

#: Entries and exits of every source: an import moves a contact as well. A line that sets such a date itself (an import of
#: another system's dates) knows better than its own moment. The time in a stage is the sum of its stays that have ended.
STAMPS: Final = f"""
    WITH story AS ({STORY}),
    stamps AS (
        SELECT record_id, format('hs_lifecyclestage_%%s_date', new) AS name, at, delta, TRUE AS earliest
        FROM story WHERE new IS NOT NULL AND old IS DISTINCT FROM new
        UNION ALL SELECT record_id, format('hs_v2_date_entered_%%s', new), at, delta, FALSE
        FROM story WHERE new IS NOT NULL AND old IS DISTINCT FROM new
        UNION ALL SELECT record_id, format('hs_v2_date_exited_%%s', old), at, delta, FALSE
        FROM story WHERE old IS NOT NULL AND old IS DISTINCT FROM new
    ), wanted AS (
        SELECT record_id, name, CASE WHEN bool_or(earliest) THEN min(at) ELSE max(at) END AS at, bool_or(earliest) AS earliest
        FROM stamps WHERE NOT delta ? name AND name = ANY(%s) GROUP BY record_id, name
    ), stays AS (
        SELECT record_id, format('hs_v2_cumulative_time_in_%%s', new) AS name,
               lead(at) OVER (PARTITION BY record_id ORDER BY at, id) - at AS lasted
        FROM story WHERE old IS DISTINCT FROM new
    ), times AS (
        SELECT record_id, name, (1000 * extract(epoch FROM sum(lasted)))::bigint::text AS text
        FROM stays WHERE lasted IS NOT NULL AND name = ANY(%s) GROUP BY record_id, name
    )
    SELECT t.record_id, t.name, t.text
    FROM times t JOIN records_record r ON r.id = t.record_id WHERE r.properties ->> t.name IS DISTINCT FROM t.text
    UNION ALL
    SELECT w.record_id, w.name, to_char(w.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS text
    FROM wanted w JOIN records_record r ON r.id = w.record_id
    WHERE CASE WHEN NOT r.properties ? w.name THEN TRUE
               WHEN w.earliest THEN w.at < (r.properties ->> w.name)::timestamptz
               ELSE w.at > (r.properties ->> w.name)::timestamptz END
    ORDER BY record_id
"""


def outdated(ids: Sequence[int], stages: Sequence[str]) -> Iterator[tuple[int, dict[str, str | None]]]:
    """By contact, what the log knows and its properties lack: earlier first entries, later entries and exits, other times."""
    dates = [form.format(stage) for stage in stages for form in (FIRST, ENTERED, EXITED)]
    times = [LASTED.format(stage) for stage in stages]
    with connection.cursor() as cursor:
        cursor.execute(STAMPS, [list(ids), dates, times])
        rows = cursor.fetchall()
    found: dict[int, dict[str, str | None]] = {}
    for record_id, name, text in rows:
        found.setdefault(record_id, {})[name] = text
    yield from found.items()


def position(name: str) -> Position | None:
    row = StoredPosition.objects.filter(name=name).first()
    return Position(row.epoch, row.xid, row.id) if row else None
