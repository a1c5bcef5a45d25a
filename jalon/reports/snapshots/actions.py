"""Keeping what a compile found, in the place of what the one before it found."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any, Final

import pyarrow as pa
from django.db import transaction

from jalon.reports.models import Report, Snapshot, SnapshotPart
from jalon.reports.snapshots.queries import lay_down, let_go
from jalon.reports.snapshots.rows import packed, unpacked, without

PART: Final = 250_000  # rows


def keep(report_id: int, definition: dict[str, Any], rows: pa.Table, *, as_of: date, asked: dict[str, Any]) -> int | None:
    """Makes these rows what the report shows, and returns the number of the snapshot; None where the report is gone meanwhile.

    Also where its options are others than were `asked`: their compile may have ended first, and must not be replaced by an older one.
    """
    with transaction.atomic():
        report = Report.objects.select_for_update().filter(pk=report_id, definition=asked).first()
        if report is None:
            return None
        fresh = Snapshot.objects.create(report=report, definition=definition, as_of=as_of, rows=rows.num_rows)
        starts = range(0, rows.num_rows, PART)
        parts = (SnapshotPart(snapshot=fresh, place=start, rows=packed(rows.slice(start, PART))) for start in starts)
        SnapshotPart.objects.bulk_create(parts, batch_size=4)
        old = list(Snapshot.objects.filter(report=report).exclude(pk=fresh.pk).values_list("pk", flat=True))
        Report.objects.filter(pk=report_id).update(snapshot=fresh)
        Snapshot.objects.filter(pk__in=old).delete()
    lay_down(fresh.pk, rows, instead_of=old)
    return fresh.pk


def forget(ids: Collection[int]) -> int:
    """Takes the rows of erased records out of every snapshot; says how many reports had some. Safe to repeat."""
    touched = [snapshot for snapshot in Snapshot.objects.order_by("pk").values_list("pk", flat=True) if _forget(snapshot, ids)]
    let_go(touched)
    return len(touched)


@transaction.atomic
def _forget(snapshot: int, ids: Collection[int]) -> bool:
    gone = 0
    for part in SnapshotPart.objects.select_for_update().filter(snapshot=snapshot).order_by("place").iterator(chunk_size=1):
        rows = unpacked(bytes(part.rows))
        kept = without(rows, ids)
        if kept is not None:
            gone += rows.num_rows - kept.num_rows
            SnapshotPart.objects.filter(pk=part.pk).update(rows=packed(kept))
    return bool(gone)
