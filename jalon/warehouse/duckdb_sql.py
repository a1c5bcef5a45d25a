"""The few statements that write into DuckDB. Every identifier is quoted; values travel as Arrow, never as text of SQL."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from jalon.warehouse.schema import Column, Kind, Table
from jalon.warehouse.storage import Cell, Stored, stored

MARKS = "jalon_marks"
MARKS_TABLE = Table(MARKS, (Column("name", Kind.STRING), Column("value", Kind.STRING)), key=("name",))

_TYPES = {
    Cell.WHOLE: "BIGINT",
    Cell.TEXT: "VARCHAR",
    Cell.WORD: "VARCHAR",
    Cell.SET: "VARCHAR",
    Cell.DECIMAL: "DECIMAL(18,6)",
    Cell.TRUTH: "BOOLEAN",
    Cell.DAY: "DATE",
    Cell.INSTANT: "TIMESTAMP",
    Cell.LOCAL_DAY: "DATE",
    Cell.LOCAL_HOUR: "TINYINT",
}

# {x} is the canonical text or the value itself, {zone} the account zone as a literal.
_LOCAL = "timezone({zone}, timezone('UTC', CAST({x} AS TIMESTAMP)))"
_CASTS = {
    Cell.TEXT: "{x}",
    Cell.WORD: "{x}",
    Cell.SET: "';' || {x} || ';'",
    Cell.LOCAL_DAY: f"CAST({_LOCAL} AS DATE)",
    Cell.LOCAL_HOUR: f"CAST(hour({_LOCAL}) AS TINYINT)",
}


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def physical_type(cell: Stored) -> str:
    return _TYPES[cell.cell]


def create_table(table: Table) -> str:
    columns = ", ".join(f"{quoted(cell.name)} {physical_type(cell)}" for cell in stored(table))
    return f"CREATE TABLE IF NOT EXISTS {quoted(table.name)} ({columns})"


def add_column(table: str, cell: Stored) -> str:
    return f"ALTER TABLE {quoted(table)} ADD COLUMN {quoted(cell.name)} {physical_type(cell)}"


def drop_table(name: str) -> str:
    return f"DROP TABLE IF EXISTS {quoted(name)}"


def delete(table: Table, key: Sequence[str], incoming: str, typed: Collection[str]) -> str:
    """Take away the stored rows whose key is among the incoming ones."""
    cells = {cell.name: cell for cell in stored(table)}
    keys = ", ".join(quoted(name) for name in key)
    values = ", ".join(_cast(cells[name], typed, zone="UTC") for name in key)
    return f"DELETE FROM {quoted(table.name)} WHERE ({keys}) IN (SELECT {values} FROM {incoming})"


def insert(table: Table, given: Sequence[str], typed: Collection[str], zone: str) -> str:
    """Store the incoming rows in one vectorised pass; canonical text becomes what its column holds."""
    cells = [cell for cell in stored(table) if cell.source in given]
    names = ", ".join(quoted(cell.name) for cell in cells)
    values = ", ".join(_cast(cell, typed, zone) for cell in cells)
    return f"INSERT INTO {quoted(table.name)} ({names}) SELECT {values} FROM incoming"


def derive(table: Table, question: str) -> str:
    """Store the answer to a question, which has the columns of the table in their order."""
    names = ", ".join(quoted(cell.name) for cell in stored(table))
    return f"INSERT INTO {quoted(table.name)} ({names}) {question}"


def keep_aside(name: str, question: str) -> str:
    """The answer to a question as a table, for as long as this connection wants it."""
    return f"CREATE OR REPLACE TEMPORARY TABLE {quoted(name)} AS {question}"


def _cast(cell: Stored, typed: Collection[str], zone: str) -> str:
    source = quoted(cell.source)
    value = source if cell.source in typed else f"NULLIF({source}, '')"  # an empty text is no value
    literal = "'" + zone.replace("'", "''") + "'"
    return _CASTS.get(cell.cell, f"CAST({{x}} AS {physical_type(cell)})").format(x=value, zone=literal)
