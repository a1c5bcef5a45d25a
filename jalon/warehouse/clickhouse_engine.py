"""The engine of the columns for several processes and machines: a ClickHouse server."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, NoReturn
from urllib.parse import urlsplit, urlunsplit
from zoneinfo import ZoneInfo

import clickhouse_connect
import pyarrow as pa
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError, DatabaseError, OperationalError
from sqlglot import exp

from jalon.warehouse import clickhouse_sql as sql
from jalon.warehouse.engine import Batch, Change, Derive, Engine, Put, Remove, Take, Unreachable, WrongShape, WrongValue
from jalon.warehouse.incoming import prepared, prepared_keys, typed
from jalon.warehouse.instants import in_utc
from jalon.warehouse.schema import Table
from jalon.warehouse.storage import stored

#: Read the newest version of each row, and give NULL where DuckDB and the standard do.
_SETTINGS = {
    "final": 1,
    "join_use_nulls": 1,
    "aggregate_functions_null_for_empty": 1,
    "prefer_column_name_to_alias": 1,
    "union_default_mode": "DISTINCT",
    "session_timezone": "UTC",
}

#: From this many bytes on a question has to say how long it is.
_MOST_TEXT = 1 << 18

#: Codes of ClickHouse for a text that is no number, date, instant or truth of the wanted kind.
_VALUE_CODES = ("CANNOT_PARSE", "VALUE_IS_OUT_OF_RANGE", "ARGUMENT_OUT_OF_BOUND", "DECIMAL_OVERFLOW", "TOO_LARGE_STRING_SIZE")


class ClickHouseEngine:
    """Columns on a ClickHouse server. One process applies batches (the beat holds a lock); any number of them read.

    ClickHouse has no transactions, so a batch is made safe in another way: all its values are cast and staged before the
    first row is stored, each table gets its rows in one insert, and the marks come last. After a crash between two of
    these the marks are the old ones, and the batch is applied again under the same versions, which changes nothing.
    """

    dialect = "clickhouse"

    def __init__(self, url: str, zone: str) -> None:
        ZoneInfo(zone)
        self.zone = zone
        self._place = _without_password(url)
        self._writing = threading.RLock()
        self._stages = itertools.count()
        with self._explaining():
            self._client = _connect(url)
            self._client.command(sql.create_table(sql.MARKS_TABLE))

    def ensure(self, tables: Sequence[Table]) -> None:
        with self._writing, self._explaining():
            for table in tables:
                have = self._types(table.name)
                if not have:
                    self._client.command(sql.create_table(table))
                    continue
                for cell in stored(table):
                    if cell.name not in have:
                        self._client.command(sql.add_column(table, cell))
                    elif _plain(have[cell.name]) != _plain(sql.physical_type(cell, table)):
                        raise WrongShape(table=table.name, column=cell.name)

    def drop(self, names: Sequence[str]) -> None:
        with self._writing, self._explaining():
            for name in names:
                self._client.command(sql.drop_table(name))

    def tables(self) -> dict[str, tuple[str, ...]]:
        with self._explaining():
            question = "SELECT table, name FROM system.columns WHERE database = currentDatabase() ORDER BY table, position"
            found: dict[str, tuple[str, ...]] = {}
            for table, name in self._client.query(question).result_rows:
                if not table.startswith(sql.OWN_TABLES) and name not in sql.OWN_COLUMNS:
                    found[table] = (*found.get(table, ()), name)
            return found

    def apply(self, batch: Batch) -> None:
        """Stage and cast everything, store it table by table, then the marks."""
        with self._writing, self._explaining(), self._staged(batch) as steps:
            version = self._version()
            for change, stage in steps:
                version += 1
                self._store(change, stage, version)
            marks = {**batch.marks, "": ""}  # the nameless mark carries the version when there is no other
            rows = pa.table({"name": list(marks), "value": list(marks.values())})
            self._client.command(sql.store_marks(version + 1), data=_arrow_bytes(rows))

    def marks(self) -> dict[str, str]:
        with self._explaining():
            found = self._client.query(f"SELECT name, value FROM {sql.quoted(sql.MARKS)} WHERE name != ''").result_rows
            return {str(name): str(value) for name, value in found}

    def rows(self, tree: exp.Expression, given: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        with self._explaining():
            asked = (sql.with_given(given) if given else "") + self.sql(tree)
            answer = self._client.query(asked, settings={"max_query_size": max(_MOST_TEXT, 2 * len(asked))})
            return in_utc([tuple(row) for row in answer.result_rows], _instants(answer.column_types))

    def arrow(self, tree: exp.Expression) -> Any:
        with self._explaining():
            return self._client.query_arrow(self.sql(tree), use_strings=True)

    def stream(self, tree: exp.Expression, size: int = 10_000) -> Iterator[list[tuple[Any, ...]]]:
        with self._explaining(), self._client.query_rows_stream(self.sql(tree)) as rows:
            instants = _instants(rows.source.column_types)
            while piece := [tuple(row) for row in itertools.islice(rows, size)]:
                yield in_utc(piece, instants)

    def arrow_stream(self, tree: exp.Expression, size: int = 10_000) -> Iterator[pa.RecordBatch]:
        with self._explaining(), self._client.query_arrow_stream(self.sql(tree), use_strings=True) as pieces:
            for piece in pieces:
                yield from pa.Table.from_batches([piece]).to_batches(max_chunksize=size)

    def sql(self, tree: exp.Expression) -> str:
        """The text of a question, as ClickHouse gets it."""
        return tree.sql(dialect=sql.Dialect, identify=True)

    def size(self) -> int:
        with self._explaining():
            question = "SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND database = currentDatabase()"
            return int(self._client.query(question).result_rows[0][0] or 0)

    def checkpoint(self) -> None:
        """ClickHouse merges its parts by itself; only stages that a crash left behind are taken away."""
        with self._writing, self._explaining():
            question = "SELECT name FROM system.tables WHERE database = currentDatabase() AND startsWith(name, '" + sql.STAGE + "')"
            self.drop([str(name) for (name,) in self._client.query(question).result_rows])

    def purge(self) -> None:
        """Merged into one part, a table keeps the newest of each row: of a removed one its key. Old parts go some minutes later."""
        with self._writing, self._explaining():
            for name in self.tables():
                self._client.command(sql.merge_parts(name))

    def aside(self) -> Engine:
        """These very tables, emptied: while a rebuild runs, readers find what is there already."""
        self.drop([*self.tables(), sql.MARKS])
        self._client.command(sql.create_table(sql.MARKS_TABLE))
        return self

    def take_over(self, filled: Engine) -> None:
        """Nothing is left to do."""

    def close(self) -> None:
        self._client.close()

    # --- writing ---

    @contextmanager
    def _staged(self, batch: Batch) -> Iterator[list[tuple[Change, str]]]:
        """Every change with the name of its stage ("" for none); the stages are gone afterwards, whatever happened."""
        steps: list[tuple[Change, str]] = []
        try:
            for change in batch.changes:
                steps.append((change, ""))
                if isinstance(change, Put) and (rows := prepared(change)).num_rows:
                    stage = f"{sql.STAGE}{id(self):x}_{next(self._stages)}"
                    steps[-1] = (change, stage)
                    self._fill(stage, change, rows)
            yield steps
        finally:
            for _, stage in steps:
                if stage:
                    with suppress(ClickHouseError):
                        self._client.command(sql.drop_table(stage))

    def _fill(self, stage: str, put: Put, rows: Any) -> None:
        self._client.command(sql.create_stage(stage, put.table))
        try:
            self._client.command(sql.fill_stage(stage, put.table, rows.column_names, typed(rows), self.zone), data=_arrow_bytes(rows))
        except DatabaseError as error:
            if any(code in str(error) for code in _VALUE_CODES):
                raise WrongValue(table=put.table.name, reason=str(error).splitlines()[0]) from error
            raise

    def _store(self, change: Change, stage: str, version: int) -> None:
        if isinstance(change, Take):
            if change.keys.num_rows:
                keys = prepared_keys(change)
                self._client.command(sql.take_away_rows(change.table, typed(keys), version), data=_arrow_bytes(keys))
            return
        if isinstance(change, Derive):
            self._derive(change, version)
            return
        if isinstance(change, Remove):
            if change.keys:
                self._client.command(sql.take_away(change.table, list(change.keys), version))
            return
        if stage:
            self._client.command(sql.store(stage, change.table, version))
            if change.table.key and sql.is_numbered(change.table):
                self._client.command(sql.take_away_surplus(stage, change.table, version))

    def _derive(self, change: Derive, version: int) -> None:
        """What is asked once lies in a table in memory; one that a crash left behind goes first."""
        try:
            for name, question in change.asked_once.items():
                self._client.command(sql.drop_table(sql.aside(name)))
                self._client.command(sql.keep_aside(name, self.sql(question)))
            for table, question in change.questions:
                self._client.command(sql.derive(table, self.sql(sql.reading_aside(question, change.asked_once)), version))
        finally:
            for name in change.asked_once:
                with suppress(ClickHouseError):
                    self._client.command(sql.drop_table(sql.aside(name)))

    def _version(self) -> int:
        """The version of the last batch whose marks were stored."""
        return int(self._client.query(f"SELECT max({sql.quoted(sql.VERSION)}) FROM {sql.quoted(sql.MARKS)}").result_rows[0][0] or 0)

    def _types(self, table: str) -> dict[str, str]:
        question = (
            f"SELECT name, type FROM system.columns WHERE database = currentDatabase() AND table = {sql.literal(table)} ORDER BY position"
        )
        return {name: kind for name, kind in self._client.query(question).result_rows if name not in sql.OWN_COLUMNS}

    # --- what can go wrong ---

    @contextmanager
    def _explaining(self) -> Iterator[None]:
        try:
            yield
        except OperationalError as error:
            self._unreachable(error)

    def _unreachable(self, error: Exception) -> NoReturn:
        raise Unreachable(path=self._place, reason=str(error).splitlines()[0]) from error


def _connect(url: str) -> Client:
    """`clickhouse://user:password@host:port/database`, or with `clickhouses` over TLS; http and https are fine too."""
    parts = urlsplit(url)
    secure = parts.scheme in {"clickhouses", "https"}
    return clickhouse_connect.get_client(
        host=parts.hostname or "localhost",
        port=parts.port or (8443 if secure else 8123),
        username=parts.username or "default",
        password=parts.password or "",
        database=parts.path.strip("/") or "default",
        secure=secure,
        settings=dict(_SETTINGS),
        autogenerate_session_id=False,  # several threads ask at once
    )


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def _arrow_bytes(rows: Any) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, rows.schema) as writer:
        writer.write_table(rows)
    return bytes(sink.getvalue())


def _instants(types: Sequence[Any]) -> tuple[int, ...]:
    return tuple(place for place, kind in enumerate(types) if "DateTime" in kind.name)


def _plain(kind: str) -> str:
    """The type without what only says how it is kept."""
    for wrapping in ("LowCardinality(", "Nullable("):
        kind = kind.removeprefix(wrapping)
    return kind.rstrip(")").replace(" ", "")
