"""What the rest of Jalon knows of an engine of the columns: what goes in, what comes out, what can go wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlglot import exp

from jalon.warehouse.schema import Table
from jalon.warehouse.words import N_


@dataclass(frozen=True, slots=True)
class Put:
    """Rows for a table. A stored row with the key of one of them is replaced; a table without a key is appended to.

    `rows` is a pyarrow.Table, its columns named as the table's; a missing column is NULL. Each column is canonical text, or
    holds the values themselves: int64, decimals, bools, date32, timestamps (UTC). A set of values is always text. Where the
    key is not unique (`property_history` by record) the rows given replace all stored rows of that key. Whoever knows that
    none of the keys is stored says so by `new`, and spares the search for what would have to be replaced.
    """

    table: Table
    rows: Any
    new: bool = False


@dataclass(frozen=True, slots=True)
class Remove:
    """Take away the rows whose first key column is one of `keys`."""

    table: Table
    keys: Sequence[int]


@dataclass(frozen=True, slots=True)
class Take:
    """Take away the rows with these keys, all columns of the key together: a record out of a list. Rows that are not there are fine.

    `keys` is a pyarrow.Table with the key's columns, as text or as values; only for tables in which a key stands for one row.
    """

    table: Table
    keys: Any


@dataclass(frozen=True, slots=True)
class Derive:
    """Rows that questions give, each into its table without leaving the engine; none of their keys may be stored.

    A question names every stored column of its table, in their order, and sees what earlier changes of its batch have stored.
    `asked_once` are questions whose answers the others read by name, as a table: what several need is worked out once.
    """

    questions: tuple[tuple[Table, exp.Select], ...]
    asked_once: Mapping[str, exp.Select] = field(default_factory=dict)


Change = Put | Remove | Take | Derive


@dataclass(frozen=True, slots=True)
class Batch:
    """Changes applied in their order and in one transaction, together with the marks that say how far they reach."""

    changes: tuple[Change, ...]
    marks: Mapping[str, str] = field(default_factory=dict)


class Engine(Protocol):
    """An engine of the columns. Any thread may read while one writes; a reader never sees half a batch."""

    dialect: str  # "duckdb" or "clickhouse"
    zone: str  # the account zone of the __day and __hour columns

    def ensure(self, tables: Sequence[Table]) -> None:
        """Create the tables and columns that are missing. Safe to repeat; raises WrongShape if a column holds another kind."""

    def drop(self, names: Sequence[str]) -> None:
        """Drop tables; a name that is not there is fine."""

    def tables(self) -> dict[str, tuple[str, ...]]:
        """The stored columns of each table by its name."""
        ...

    def apply(self, batch: Batch) -> None:
        """Store a batch and its marks, all or nothing."""

    def marks(self) -> dict[str, str]:
        """The marks stored with the batches so far; the latest of each name."""
        ...

    def sql(self, tree: exp.Expression) -> str:
        """The text of a question, or of a part of one, for whoever asks it many times."""
        ...

    def rows(self, tree: exp.Expression, given: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """The answer to a question: numbers as Decimal, instants as aware UTC datetimes, days as dates.

        `given` are small tables that the question may name: pyarrow.Tables of whole numbers (int64) and of text.
        """
        ...

    def arrow(self, tree: exp.Expression) -> Any:
        """The same as a pyarrow.Table, without a Python object per value; instants are UTC without a zone."""
        ...

    def stream(self, tree: exp.Expression, size: int = 10_000) -> Iterator[list[tuple[Any, ...]]]:
        """The same in pieces, in constant memory, all from one moment."""
        ...

    def arrow_stream(self, tree: exp.Expression, size: int = 10_000) -> Iterator[Any]:
        """The same in pieces as pyarrow.RecordBatch; empty ones are left out."""
        ...

    def size(self) -> int:
        """Bytes on disk."""
        ...

    def checkpoint(self) -> None:
        """Housekeeping. Call it when nothing waits to be written; it is free when there is nothing to do."""

    def purge(self) -> None:
        """Let what was removed leave the disk too: the live rows are written anew. Raises Busy where a reader does not end."""

    def aside(self) -> Engine:
        """An empty engine to fill from scratch, for `take_over`. Where it can be, readers keep the present columns meanwhile."""
        ...

    def take_over(self, filled: Engine) -> None:
        """Put the columns of an engine from `aside` in the place of the present ones, whole."""

    def close(self) -> None:
        """Let go of files and connections. Safe to repeat."""


class WarehouseError(Exception):
    """Something a person can act on: `message` is an English message id, `params` fill it."""

    message = N_("The columns cannot be used: %(reason)s")

    def __init__(self, **params: str) -> None:
        super().__init__(self.message % params)
        self.params = params


class Locked(WarehouseError):
    """Another process holds the file."""

    message = N_(
        "The columns in %(path)s are in use by another process. Stop the other Jalon first, "
        "or set WAREHOUSE_URL to a ClickHouse server, which several processes may share."
    )


class Unreadable(WarehouseError):
    """The file is damaged, or written by another version of the engine."""

    message = N_(
        "The columns in %(path)s cannot be read: the file is damaged or was written by another version. "
        "Nothing is lost: remove the file and run “jalon warehouse rebuild”."
    )


class Busy(WarehouseError):
    """Somebody reads the old columns and does not come to an end."""

    message = N_("The new columns are ready, but those in %(path)s are still being read. Try again when the export that runs is done.")


class NoRoom(WarehouseError):
    """The disk is full."""

    message = N_(
        "There is no room left on the disk of %(path)s. Nothing was stored in the columns; free some space, and it will be tried again."
    )


class NoPermission(WarehouseError):
    """The file or its folder may not be opened."""

    message = N_(
        "The columns in %(path)s cannot be opened: %(reason)s. Check that the folder exists and belongs to the user that runs Jalon."
    )


class WrongValue(WarehouseError):
    """A value was not in canonical form, so the batch was refused as a whole."""

    message = N_("A value does not fit its column in %(table)s, so nothing was stored: %(reason)s")


class WrongShape(WarehouseError):
    """A stored column holds another kind than its property has now."""

    message = N_("The column “%(column)s” of %(table)s holds another type than its property has now. Run “jalon warehouse rebuild”.")


class Unreachable(WarehouseError):
    """The server of the columns does not answer."""

    message = N_("The ClickHouse server at %(path)s does not answer: %(reason)s")


class NotInstalled(WarehouseError):
    """Nobody opened an engine in this process."""

    message = N_("The columns are not open in this process.")
