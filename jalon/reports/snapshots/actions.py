"""Keeping what a compile found, in the place of what was found before it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import F

from jalon.records.erasing.queries import erased_since
from jalon.reports.columns import TABLES
from jalon.reports.models import Report, Snapshot, SnapshotPart
from jalon.reports.snapshots.queries import LATENESS, bring_again, hold, laid_down, lay_down, let_go, view
from jalon.reports.snapshots.rows import Found, packed, unpacked, without
from jalon.warehouse.schema import Table

PART: Final = 250_000  # rows
_BY_NAME: Final = {table.name: table for table in TABLES}


class Changed(Exception):
    """The options are not those any more that were compiled: edited, or somebody who is erased was named in them."""


def keep(report_id: int, asked: Any, definition: dict[str, Any], found: Found, *, as_of: date, asked_at: datetime) -> int | None:
    """Makes this what the report shows, and returns the number of the snapshot; None where the report is gone meanwhile.

    `asked` are the options that the report had, `definition` is what they say. The snapshot before stays until the next compile, for
    whoever is reading it just now. Raises Changed.
    """
    with transaction.atomic():
        report = Report.objects.select_for_update().filter(pk=report_id).first()
        if report is None:
            return None
        if report.definition != asked:
            raise Changed
        fresh = Snapshot.objects.create(report=report, definition=definition, as_of=as_of, known=found.known)
        found = _without_erased(found, asked_at)
        old = list(Snapshot.objects.filter(report=report).exclude(pk__in=[fresh.pk, report.snapshot_id]).values_list("pk", flat=True))
        with _beside(lambda: lay_down(fresh.pk, found.rows, instead_of=old)):
            _store(fresh.pk, found)
        Snapshot.objects.filter(pk=fresh.pk).update(rows=found.count)
        Report.objects.filter(pk=report_id).update(snapshot=fresh)
        Snapshot.objects.filter(pk__in=old).delete()
    return fresh.pk


def _without_erased(found: Found, asked_at: datetime) -> Found:
    """Without those who were erased since the columns were asked, or before while these were behind.

    An erasure that is committed later than this look is told by `forget`, which waits for the transaction of the new snapshot.
    """
    erased = erased_since(asked_at - LATENESS)
    return found.without(erased) if erased else found


@contextmanager
def _beside(work: Callable[[], None]) -> Iterator[None]:
    """Does it in a thread meanwhile: packing the rows and filling the columns both take a processor of their own."""
    with ThreadPoolExecutor(1) as pool:
        doing = pool.submit(work)
        yield
        doing.result()


def _store(snapshot: int, found: Found) -> None:
    """The parts as bytes: a statement would have them as text, twice as long and to be read again."""
    copied = 'COPY reports_snapshotpart (snapshot_id, "table", place, rows) FROM STDIN (FORMAT BINARY)'
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.cursor.copy(copied) as copy:
        copy.set_types(["int8", "varchar", "int4", "bytea"])
        for table, rows in found.rows.items():
            for start in range(0, rows.num_rows, PART):
                copy.write_row((snapshot, table.name, start, packed(rows.slice(start, PART), table)))


def forget(ids: Collection[int]) -> int:
    """Takes the rows of erased records out of every snapshot; says how many reports had some. Safe to repeat.

    Who was erased while a compile ran is either left out by it, or found here: the snapshots are listed when no compile is about to keep
    one, and each that is kept later knows of the erasure.
    """
    with transaction.atomic():
        _alone()
        known = dict(Snapshot.objects.order_by("pk").values_list("pk", "report_id"))
        let_go(laid_down() - known.keys())  # copies of compiles that were killed before they were done
    return len({report for snapshot, report in known.items() if _forget(snapshot, ids)})


def _alone() -> None:
    """Waits for the compiles that are keeping a snapshot, and lets none begin before this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE reports_snapshot IN SHARE ROW EXCLUSIVE MODE")


@transaction.atomic
def _forget(snapshot: int, ids: Collection[int]) -> bool:
    if not hold(snapshot):
        return False
    gone: Counter[Table] = Counter()
    for part in SnapshotPart.objects.filter(snapshot=snapshot).order_by("pk").iterator(chunk_size=1):
        rows, table = unpacked(bytes(part.rows)), _BY_NAME[part.table]
        kept = without(rows, ids)
        if kept is not None:
            gone[table] += rows.num_rows - kept.num_rows
            SnapshotPart.objects.filter(pk=part.pk).update(rows=packed(kept, table))
    if gone:
        counted = view(Snapshot.objects.get(pk=snapshot)).tables[0]
        Snapshot.objects.filter(pk=snapshot).update(rows=F("rows") - gone[counted])
        bring_again(snapshot)
    return bool(gone)
