"""Reading snapshots: their rows lie in PostgreSQL, and in the columns once somebody has looked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

import pyarrow as pa
from django.db import transaction
from sqlglot import exp

from jalon.reports.columns import SNAPSHOTS
from jalon.reports.models import Snapshot, SnapshotPart
from jalon.reports.snapshots.rows import of_snapshot, unpacked
from jalon.warehouse import current, query
from jalon.warehouse.engine import Batch, Put, Remove

_APPENDED = replace(SNAPSHOTS, key=())
LATENESS: Final = timedelta(days=1)  # more than the columns are ever behind the log


@dataclass(frozen=True, slots=True)
class SnapshotView:
    """What the last compile found: `raw` is the definition that was compiled, `as_of` the day from which its period counts."""

    id: int
    raw: dict[str, Any]
    compiled_at: datetime
    as_of: date
    rows: int


def view(row: Snapshot) -> SnapshotView:
    return SnapshotView(row.pk, row.definition, row.compiled_at, row.as_of, row.rows)


def bring(snapshot: SnapshotView) -> bool:
    """Sees to it that the columns have the rows: after a rebuild or a restore they are brought when somebody looks.

    False: they are nowhere any more. Two compiles have passed since the view was read, and the report has another snapshot.
    """
    if _is_there(snapshot.id) or not snapshot.rows:  # the look also makes the table, which an empty snapshot is asked of too
        return True
    with transaction.atomic():
        if not hold(snapshot.id):
            return False
        if not _is_there(snapshot.id):
            _fill(snapshot.id, _kept(snapshot.id))
    return True


def hold(id: int) -> bool:
    """Keeps others from changing the rows in this transaction, here and in the columns. False: the snapshot is gone."""
    return Snapshot.objects.select_for_update(no_key=True).filter(pk=id).values_list("pk").first() is not None


def bring_again(id: int) -> None:
    """The rows as they are now in the place of a copy that the columns have: in one batch, so nobody finds them empty. Hold it before."""
    if _is_there(id):
        _fill(id, _kept(id), instead_of=[id])


def lay_down(id: int, rows: pa.Table, instead_of: Collection[int]) -> None:
    """The rows of a new snapshot, in the place of older ones: a compile has them at hand, and somebody waits to see them."""
    current.engine().ensure([SNAPSHOTS])
    _fill(id, [rows], instead_of)


def let_go(ids: Collection[int]) -> None:
    """Takes copies away that are nobody's any more."""
    if ids:
        current.engine().ensure([SNAPSHOTS])
        current.engine().apply(Batch((Remove(SNAPSHOTS, sorted(ids)),)))


def laid_down() -> set[int]:
    """The snapshots that the columns have rows of."""
    engine = current.engine()
    engine.ensure([SNAPSHOTS])
    return {id for (id,) in engine.rows(query.select(query.column("snapshot_id")).distinct().from_(query.table(SNAPSHOTS.name)))}


def _is_there(id: int) -> bool:
    engine = current.engine()
    engine.ensure([SNAPSHOTS])
    own = exp.EQ(this=query.column("snapshot_id"), expression=query.whole(id))
    return bool(engine.rows(query.select(query.column("snapshot_id")).from_(query.table(SNAPSHOTS.name)).where(own).limit(1)))


def _kept(id: int) -> Iterator[pa.Table]:
    parts = SnapshotPart.objects.filter(snapshot=id).order_by("place").values_list("rows", flat=True)
    return (unpacked(bytes(part)) for part in parts)


def _fill(id: int, parts: Iterable[pa.Table], instead_of: Collection[int] = ()) -> None:
    """All parts in one batch: the columns have a snapshot whole or not at all."""
    puts = tuple(Put(_APPENDED, of_snapshot(id, part)) for part in parts)
    current.engine().apply(Batch((Remove(SNAPSHOTS, sorted(instead_of)), *puts)))
