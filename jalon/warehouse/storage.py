"""How the columns of a Table lie in an engine: which cells each column becomes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from jalon.warehouse.schema import Column, Kind, Table, day_column, hour_column


class Cell(StrEnum):
    """What one stored column holds. Each engine has a type and a cast from canonical text for every cell."""

    WHOLE = "whole"  # 64-bit integer
    TEXT = "text"
    WORD = "word"  # one of few texts
    SET = "set"  # ";a;b;"
    DECIMAL = "decimal"  # 12 digits before and 6 after the point
    TRUTH = "truth"
    DAY = "day"
    INSTANT = "instant"  # UTC, microseconds
    LOCAL_DAY = "local_day"  # the day of an instant in the account zone
    LOCAL_HOUR = "local_hour"


@dataclass(frozen=True, slots=True)
class Stored:
    """One stored column: `source` is the Column whose canonical text fills it."""

    name: str
    cell: Cell
    source: str


_CELLS = {
    Kind.ID: Cell.WHOLE,
    Kind.STRING: Cell.TEXT,
    Kind.NUMBER: Cell.DECIMAL,
    Kind.BOOL: Cell.TRUTH,
    Kind.ENUMERATION: Cell.WORD,
    Kind.MULTI: Cell.SET,
    Kind.DATE: Cell.DAY,
    Kind.DATETIME: Cell.INSTANT,
    Kind.USER: Cell.WHOLE,
    Kind.INTEGER: Cell.WHOLE,
}


def stored(table: Table) -> tuple[Stored, ...]:
    """The stored columns of a table, in order. Raises ValueError when two of them would share a name."""
    cells = tuple(cell for column in table.columns for cell in _cells(column))
    names = [cell.name for cell in cells]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"table {table.name}: two columns would be stored as {', '.join(twice)}")
    return cells


def _cells(column: Column) -> tuple[Stored, ...]:
    own = Stored(column.name, _CELLS[column.kind], column.name)
    if column.kind is not Kind.DATETIME:
        return (own,)
    return (
        own,
        Stored(day_column(column.name), Cell.LOCAL_DAY, column.name),
        Stored(hour_column(column.name), Cell.LOCAL_HOUR, column.name),
    )
