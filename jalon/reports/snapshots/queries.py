"""Reading snapshots: their rows lie in PostgreSQL, and in the columns once somebody has looked."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import pyarrow as pa
from sqlglot import exp

from jalon.reports.columns import SNAPSHOTS
from jalon.reports.models import Snapshot, SnapshotPart
from jalon.reports.snapshots.rows import of_snapshot, unpacked
from jalon.warehouse import current, query
from jalon.warehouse.engine import Batch, Put, Remove

_APPENDED = replace(SNAPSHOTS, key=())
_filling = threading.Lock()


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


def bring(snapshot: SnapshotView) -> None:
    """Sees to it that the columns have the rows: after a rebuild, a restore or an erasure they are brought when somebody looks."""
    if not _is_there(snapshot.id) and snapshot.rows:  # the look also makes the table, which an empty snapshot is asked of too
        with _filling:
            if not _is_there(snapshot.id):
                _fill(snapshot.id, _kept(snapshot.id))


def lay_down(id: int, rows: pa.Table, instead_of: Collection[int]) -> None:
    """The same with the rows at hand, in the place of earlier snapshots: a compile has them, and somebody waits to see them."""
    with _filling:
        if _is_there(id):
            let_go(instead_of)
        else:
            _fill(id, [rows], instead_of)


def let_go(ids: Collection[int]) -> None:
    """Takes copies away that are nobody's any more, or not as they were."""
    if ids and SNAPSHOTS.name in current.engine().tables():
        current.engine().apply(Batch((Remove(SNAPSHOTS, sorted(ids)),)))


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
    gone = (Remove(SNAPSHOTS, sorted({id, *instead_of})),)
    current.engine().apply(Batch((*gone, *puts)))
