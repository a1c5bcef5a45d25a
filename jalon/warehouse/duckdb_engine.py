"""The default engine of the columns: one DuckDB file that belongs to one process."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
from sqlglot import exp

from jalon.warehouse import duckdb_file as file
from jalon.warehouse.duckdb_sql import (
    MARKS,
    MARKS_TABLE,
    add_column,
    create_table,
    delete,
    derive,
    drop_table,
    insert,
    keep_aside,
    physical_type,
    quoted,
)
from jalon.warehouse.engine import (
    Batch,
    Busy,
    Change,
    Derive,
    Engine,
    NoRoom,
    Put,
    Remove,
    Take,
    Unreadable,
    WarehouseError,
    WrongShape,
    WrongValue,
)
from jalon.warehouse.incoming import prepared, prepared_keys, typed
from jalon.warehouse.instants import in_utc
from jalon.warehouse.schema import Table
from jalon.warehouse.storage import Cell, stored

#: A quiet-moment checkpoint is worth its time from this much write-ahead log on.
CHECKPOINT_FROM = 4 << 20

#: For how many seconds a rebuild waits for the last reader of the old columns, a long export perhaps.
PATIENCE = 60.0


class DuckDBEngine:
    """Columns in one DuckDB file. One writer at a time, any number of reading threads beside it.

    There is no key and no index: a row is replaced by delete + insert in one transaction (design.md section 9). Automatic
    checkpoints are put off (they cost the writer seconds at a bad moment); `checkpoint()` is called in quiet ones.
    """

    dialect = "duckdb"

    def __init__(self, path: Path, zone: str, memory: str = "128MB", threads: int = 2) -> None:
        ZoneInfo(zone)  # an unknown zone is refused here, not at the first row
        self.path = path
        self.zone = zone
        self._memory, self._threads = memory, threads
        self._writing = threading.RLock()
        self._gate = file.Gate()
        self._highest: dict[str, int] = {}
        self._ensured: set[Table] = set()
        self._connection = file.connect(path, memory, threads)
        self._connection.execute(create_table(MARKS_TABLE))

    def ensure(self, tables: Sequence[Table]) -> None:
        """Create what is missing; raises WrongShape when a stored column holds another kind than it should.

        The file belongs to this process, so what was there once is looked for no more: a page that asks does not wait for a writer.
        """
        unsure = [table for table in tables if table not in self._ensured]
        if unsure:
            with self._writing, self._cursor() as cursor:
                for table in unsure:
                    _ensure(cursor, table)
                self._ensured.update(unsure)

    def drop(self, names: Sequence[str]) -> None:
        with self._writing, self._cursor() as cursor:
            self._ensured.clear()
            for name in names:
                cursor.execute(drop_table(name))
                self._highest.pop(name, None)

    def tables(self) -> dict[str, tuple[str, ...]]:
        with self._cursor() as cursor:
            question = "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal ORDER BY table_name, column_index"
            found: dict[str, list[str]] = {}
            for table, column in cursor.execute(question).fetchall():
                found.setdefault(table, []).append(column)
            return {name: tuple(columns) for name, columns in found.items() if name != MARKS}

    def apply(self, batch: Batch) -> None:
        """Removed rows lie in memory by whole vectors until the log is folded: where they leave no room, it is folded first."""
        with self._writing:
            try:
                self._apply(batch)
            except duckdb.OutOfMemoryException:
                with self._cursor() as cursor:
                    cursor.execute("CHECKPOINT")
                self._apply(batch)

    def _apply(self, batch: Batch) -> None:
        with self._cursor() as cursor:
            cursor.begin()
            try:
                for change in batch.changes:
                    self._store(cursor, change)
                if batch.marks:
                    self._put(cursor, Put(MARKS_TABLE, pa.table({"name": list(batch.marks), "value": list(batch.marks.values())})))
                cursor.commit()
            except BaseException:
                _rollback(cursor)
                raise

    def marks(self) -> dict[str, str]:
        with self._cursor() as cursor:
            return dict(cursor.execute(f"SELECT name, value FROM {quoted(MARKS)}").fetchall())

    def rows(self, tree: exp.Expression, given: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        with self._cursor() as cursor:
            for name, rows in (given or {}).items():
                cursor.register(name, rows)
            cursor.execute(self.sql(tree))
            return in_utc(cursor.fetchall(), _instants(cursor))

    def arrow(self, tree: exp.Expression) -> pa.Table:
        with self._cursor() as cursor:
            return cursor.sql(self.sql(tree)).to_arrow_table()

    def stream(self, tree: exp.Expression, size: int = 10_000) -> Iterator[list[tuple[Any, ...]]]:
        with self._cursor() as cursor:
            cursor.execute(self.sql(tree))
            instants = _instants(cursor)
            while rows := cursor.fetchmany(size):
                yield in_utc(rows, instants)

    def arrow_stream(self, tree: exp.Expression, size: int = 10_000) -> Iterator[pa.RecordBatch]:
        with self._cursor() as cursor:
            for piece in cursor.sql(self.sql(tree)).to_arrow_reader(size):
                if piece.num_rows:
                    yield piece

    def sql(self, tree: exp.Expression) -> str:
        """The text of a question, as DuckDB gets it."""
        return tree.sql(dialect="duckdb", identify=True)

    def size(self) -> int:
        return file.size(self.path)

    def checkpoint(self) -> None:
        """Fold the write-ahead log into the file, and write the file anew once most of it is dead rows."""
        if file.log_size(self.path) < CHECKPOINT_FROM or not self._writing.acquire(blocking=False):
            return
        try:
            with self._cursor() as cursor:
                cursor.execute("CHECKPOINT")
                wasteful = file.is_wasteful(cursor, self.path)
            if wasteful:
                self._rewrite()
        finally:
            self._writing.release()

    def purge(self) -> None:
        """Deleted rows stay readable in the file's blocks until it is written anew (1 M x 61: 5 s)."""
        with self._writing:
            if not self._rewrite(PATIENCE):
                raise Busy(path=str(self.path))

    def aside(self) -> Engine:
        """A file beside this one; what is read meanwhile is the present one."""
        file.discard_copy(self.path)
        return DuckDBEngine(file.copy_of(self.path), self.zone, self._memory, self._threads)

    def take_over(self, filled: Engine) -> None:
        """Swap the files once the present readers are done; new ones wait for that moment."""
        filled.close()
        with self._writing, self._gate.alone(timeout=PATIENCE) as alone:
            if not alone:
                file.discard_copy(self.path)
                raise Busy(path=str(self.path))
            self._connection.close()
            file.swap(self.path)
            self._connection = file.connect(self.path, self._memory, self._threads)
            self._highest.clear()
            self._ensured.clear()

    def close(self) -> None:
        with self._writing:
            self._connection.close()

    def _rewrite(self, patience: float = 1.0) -> bool:
        """Copy the live rows into a new file while readers go on, then swap; False if a reader is still busy then."""
        with self._cursor() as cursor:
            file.copy(cursor, self.path)
        with self._gate.alone(timeout=patience) as alone:
            if not alone:
                file.discard_copy(self.path)
                return False
            self._connection.close()
            file.swap(self.path)
            self._connection = file.connect(self.path, self._memory, self._threads)
        return True

    def _reopen(self) -> None:
        """DuckDB gives up a whole instance after a failed write (a full disk); what was committed is in the file."""
        with self._gate.alone(timeout=5.0):
            if file.is_alive(self._connection):  # another thread was here first
                return
            self._connection.close()
            self._connection = file.connect(self.path, self._memory, self._threads)

    def _store(self, cursor: duckdb.DuckDBPyConnection, change: Change) -> None:
        match change:
            case Put():
                self._put(cursor, change)
            case Remove():
                self._remove(cursor, change)
            case Take():
                self._take(cursor, change)
            case Derive():
                self._derive(cursor, change)

    def _put(self, cursor: duckdb.DuckDBPyConnection, put: Put) -> None:
        rows = prepared(put)
        if not rows.num_rows:
            return
        cursor.register("incoming", rows)
        try:
            if put.table.key and not put.new and not self._all_new(cursor, put.table, rows):
                cursor.execute(delete(put.table, put.table.key, "incoming", typed(rows)))
            cursor.execute(insert(put.table, rows.column_names, typed(rows), self.zone))
        except duckdb.ConversionException as wrong:
            raise WrongValue(table=put.table.name, reason=str(wrong).splitlines()[0]) from wrong

    def _remove(self, cursor: duckdb.DuckDBPyConnection, remove: Remove) -> None:
        if not remove.keys:
            return
        key = remove.table.key[0]
        cursor.register("incoming", pa.table({key: pa.array(remove.keys, pa.int64())}))
        cursor.execute(delete(remove.table, (key,), "incoming", (key,)))

    def _take(self, cursor: duckdb.DuckDBPyConnection, take: Take) -> None:
        if take.keys.num_rows:
            keys = prepared_keys(take)
            cursor.register("incoming", keys)
            cursor.execute(delete(take.table, take.table.key, "incoming", typed(keys)))

    def _derive(self, cursor: duckdb.DuckDBPyConnection, change: Derive) -> None:
        """What is asked once lies in tables that only this cursor knows."""
        for name, question in change.asked_once.items():
            cursor.execute(keep_aside(name, self.sql(question)))
        for table, question in change.questions:
            cursor.execute(derive(table, self.sql(question)))
        for name in change.asked_once:
            cursor.execute(drop_table(name))

    def _all_new(self, cursor: duckdb.DuckDBPyConnection, table: Table, rows: Any) -> bool:
        """All keys lie above the highest one stored: then there is nothing to delete, and no scan for it.

        Ids come from a sequence, so this is the rule for an import. The memory of the highest may be too high (after a
        rollback or a removal), never too low.
        """
        first = stored(table)[0]
        if table.key != (first.name,) or first.cell is not Cell.WHOLE:
            return False
        if table.name not in self._highest:
            (highest,) = cursor.execute(f"SELECT max({quoted(first.name)}) FROM {quoted(table.name)}").fetchall()[0]
            self._highest[table.name] = -1 if highest is None else highest
        bounds = pc.min_max(pc.cast(rows.column(first.name), pa.int64()))
        new = bool(bounds["min"].as_py() > self._highest[table.name])
        self._highest[table.name] = max(self._highest[table.name], bounds["max"].as_py())
        return new

    @contextmanager
    def _cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection of one's own on the open file; what DuckDB says becomes what a person can act on."""
        try:
            with self._gate.passing():
                cursor = self._connection.cursor()
                try:
                    yield cursor
                finally:
                    cursor.close()
        except duckdb.Error as error:
            self._explain(error)

    def _explain(self, error: duckdb.Error) -> NoReturn:
        known: WarehouseError | None = file.explained(error, self.path)
        if isinstance(error, duckdb.FatalException):
            self._reopen()
        if isinstance(known, NoRoom | Unreadable):
            raise known from error
        raise error


def _ensure(cursor: duckdb.DuckDBPyConnection, table: Table) -> None:
    have = _types(cursor, table.name)
    if not have:
        cursor.execute(create_table(table))
        return
    for cell in stored(table):
        if cell.name not in have:
            cursor.execute(add_column(table.name, cell))
        elif have[cell.name] != physical_type(cell):
            raise WrongShape(table=table.name, column=cell.name)


def _types(cursor: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    question = "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = ? ORDER BY column_index"
    return {name: str(kind) for name, kind in cursor.execute(question, [table]).fetchall()}


def _instants(cursor: duckdb.DuckDBPyConnection) -> tuple[int, ...]:
    return tuple(place for place, described in enumerate(cursor.description or ()) if str(described[1]) == "TIMESTAMP")


def _rollback(cursor: duckdb.DuckDBPyConnection) -> None:
    with suppress(duckdb.Error):  # DuckDB may have taken it back already
        cursor.rollback()
