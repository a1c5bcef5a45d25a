"""Writing the change log: lines in one COPY, its partitions, its epoch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from django.db import connection
from django.db.models import F

from jalon.accounts.access import Actor
from jalon.records import queries
from jalon.records.columns import Catalog, Origin, Position
from jalon.records.models import Epoch

LogRow = tuple[int, str, datetime, Origin, bool, Mapping[str, Any]]  # record, kind, at, origin, backdated, delta


def append(catalog: Catalog, rows: Iterable[LogRow], actor: Actor) -> Position:
    """Writes lines to the change log and wakes its readers at the commit. Returns the position of the last line."""
    type_id, actor_id = queries.type_id(catalog.object_type), b"\\N" if actor.user_id is None else b"%d" % actor.user_id
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM records_epoch")
        (epoch,) = cursor.fetchone()
        lines = (
            b"%d\t%b\t%d\t%d\t%b\t%b\t%b\t%b\t%b\t%b"
            % (
                epoch,
                at.isoformat().encode(),
                record_id,
                type_id,
                kind.encode(),
                origin.source.value.encode(),
                plain(origin.detail[:200]),
                actor_id,
                b"t" if backdated else b"f",
                escaped(delta),
            )
            for record_id, kind, at, origin, backdated, delta in rows
        )
        columns = "epoch, at, record_id, object_type_id, kind, source, source_detail, actor_id, backdated, delta"
        copy_in(cursor, f"records_change ({columns})", lines)
        cursor.execute(
            "SELECT pg_current_xact_id()::text::bigint, currval(pg_get_serial_sequence('records_change', 'id')), pg_notify('jalon', '')"
        )
        xid, last, _ = cursor.fetchone()
    return Position(epoch, xid, last)


def copy_in(cursor: Any, target: str, lines: Iterable[bytes]) -> None:
    """COPY in one piece: a slice is a few megabytes."""
    with connection.wrap_database_errors, cursor.cursor.copy(f"COPY {target} FROM STDIN") as copy:
        copy.write(b"\n".join(lines) + b"\n")


def escaped(value: Mapping[str, Any]) -> bytes:
    """JSON for COPY's text format. JSON itself has escaped tabs and newlines, so only its backslashes are doubled."""
    return orjson.dumps(value).replace(b"\\", b"\\\\")


def plain(text: str) -> bytes:
    return text.encode().replace(b"\\", b"\\\\").replace(b"\t", b"\\t").replace(b"\n", b"\\n").replace(b"\r", b"\\r")


def prepare_partitions(now: datetime) -> None:
    """Makes the change log's partitions of this month and the next two, ahead of the first row that needs them."""
    month = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    with connection.cursor() as cursor:
        for _ in range(3):
            following = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
            cursor.execute(
                f"CREATE TABLE IF NOT EXISTS records_change_{month:%Y_%m} PARTITION OF records_change"
                f" FOR VALUES FROM ('{month.isoformat()}') TO ('{following.isoformat()}')"
            )
            month = following


def raise_epoch() -> int:
    """Called in the transaction that moves the log to another cluster; readers then go on after the last old line."""
    Epoch.objects.update(value=F("value") + 1)
    return Epoch.objects.get().value
