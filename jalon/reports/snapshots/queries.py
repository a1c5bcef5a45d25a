"""Reading snapshots: their rows lie in PostgreSQL, and in the columns once somebody has looked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

import pyarrow as pa
from django.db import transaction
from sqlglot import exp

from jalon.reports.columns import NUMBER, TABLES
from jalon.reports.kinds import every
from jalon.reports.models import Snapshot, SnapshotPart
from jalon.reports.snapshots.rows import of_snapshot, unpacked
from jalon.warehouse import current, query
from jalon.warehouse.engine import Batch, Put, Remove
from jalon.warehouse.schema import Table

LATENESS: Final = timedelta(days=1)  # more than the columns are ever behind the log


@dataclass(frozen=True, slots=True)
class SnapshotView:
    """What the last compile found: `raw` is the definition that was compiled, `as_of` the day from which its period counts."""

    id: int
    raw: dict[str, Any]
    compiled_at: datetime
    as_of: date
    rows: int
    known: Mapping[str, Any] = field(default_factory=dict)

    @property
    def tables(self) -> tuple[Table, ...]:
        """Where its rows lie in the columns, those first that it has in any case."""
        return every.kind_of(self.raw).tables


def view(row: Snapshot) -> SnapshotView:
    return SnapshotView(row.pk, row.definition, row.compiled_at, row.as_of, row.rows, row.known)


def bring(snapshot: SnapshotView) -> bool:
    """Sees to it that the columns have the rows: after a rebuild or a restore they are brought when somebody looks.

    False: they are nowhere any more. Two compiles have passed since the view was read, and the report has another snapshot.
    """
    main = snapshot.tables[0]
    if _is_there(snapshot.id, main) or not snapshot.rows:  # the look also makes the tables, which an empty snapshot is asked of too
        return True
    with transaction.atomic():
        if not hold(snapshot.id):
            return False
        if not _is_there(snapshot.id, main):
            _fill(snapshot.id, _kept(snapshot.id))
    return True


def hold(id: int) -> bool:
    """Keeps others from changing the rows in this transaction, here and in the columns. False: the snapshot is gone."""
    return Snapshot.objects.select_for_update(no_key=True).filter(pk=id).values_list("pk").first() is not None


def bring_again(id: int) -> None:
    """The rows as they are now in the place of a copy that the columns have: in one batch, so nobody finds them empty. Hold it before."""
    if id in laid_down():
        _fill(id, _kept(id), instead_of=[id])


def lay_down(id: int, rows: Mapping[Table, pa.Table], instead_of: Collection[int]) -> None:
    """The rows of a new snapshot, in the place of older ones: a compile has them at hand, and somebody waits to see them."""
    current.engine().ensure(TABLES)
    _fill(id, rows.items(), instead_of)


def let_go(ids: Collection[int]) -> None:
    """Takes copies away that are nobody's any more."""
    if ids:
        current.engine().ensure(TABLES)
        current.engine().apply(Batch(tuple(_removed(ids))))


def laid_down() -> set[int]:
    """The snapshots that the columns have rows of."""
    engine = current.engine()
    engine.ensure(TABLES)
    numbers = [query.select(query.column(NUMBER)).distinct().from_(query.table(table.name)) for table in TABLES]
    return {id for tree in numbers for (id,) in engine.rows(tree)}


def _is_there(id: int, main: Table) -> bool:
    engine = current.engine()
    engine.ensure(TABLES)
    own = exp.EQ(this=query.column(NUMBER), expression=query.whole(id))
    return bool(engine.rows(query.select(query.column(NUMBER)).from_(query.table(main.name)).where(own).limit(1)))


def _kept(id: int) -> Iterator[tuple[Table, pa.Table]]:
    by_name = {table.name: table for table in TABLES}
    parts = SnapshotPart.objects.filter(snapshot=id).order_by("table", "place").values_list("table", "rows")
    return ((by_name[name], unpacked(bytes(rows))) for name, rows in parts)


def _fill(id: int, parts: Iterable[tuple[Table, pa.Table]], instead_of: Collection[int] = ()) -> None:
    """All parts in one batch: the columns have a snapshot whole or not at all."""
    puts = tuple(Put(replace(table, key=()), of_snapshot(id, part)) for table, part in parts)
    current.engine().apply(Batch((*_removed(instead_of), *puts)))


def _removed(ids: Collection[int]) -> Iterator[Remove]:
    return (Remove(table, sorted(ids)) for table in TABLES)
