"""The rows of a Put or a Take made ready for an engine: checked, each column text or typed, and the search text folded."""

from __future__ import annotations

from typing import Any, Final

import pyarrow as pa
import pyarrow.types as kinds

from jalon.warehouse.engine import Put, Take, WrongValue
from jalon.warehouse.folding import SEARCH_COLUMN, fold_column
from jalon.warehouse.schema import Table
from jalon.warehouse.storage import Cell, stored

#: What a column that does not come as text is brought to; a set of values has no such form.
TYPED: Final = {
    Cell.WHOLE: pa.int64(),
    Cell.DECIMAL: pa.decimal128(18, 6),
    Cell.TRUTH: pa.bool_(),
    Cell.DAY: pa.date32(),
    Cell.INSTANT: pa.timestamp("us"),
}


def prepared(put: Put) -> Any:
    """The Arrow table to store. Raises ValueError for columns that the table does not have, or a missing key."""
    rows = put.rows
    known = {column.name for column in put.table.columns}
    if unknown := [name for name in rows.column_names if name not in known]:
        raise ValueError(f"table {put.table.name} has no column {', '.join(unknown)}")
    if missing := [name for name in put.table.key if name not in rows.column_names]:
        raise ValueError(f"rows for {put.table.name} lack their key {', '.join(missing)}")
    rows = _alike(rows, put.table)
    if SEARCH_COLUMN in rows.column_names:
        place = rows.column_names.index(SEARCH_COLUMN)
        rows = rows.set_column(place, SEARCH_COLUMN, fold_column(rows.column(SEARCH_COLUMN)))
    return rows


def prepared_keys(take: Take) -> Any:
    """The Arrow table of the keys to take away."""
    return _alike(take.keys, take.table)


def typed(rows: Any) -> frozenset[str]:
    """The columns that hold values already; the others hold canonical text."""
    return frozenset(field.name for field in rows.schema if not kinds.is_string(field.type))


def _alike(rows: Any, table: Table) -> Any:
    """Every column either a plain text or exactly what its cell holds, so that the engines need to know of no other types."""
    cells = {cell.name: cell.cell for cell in stored(table) if cell.name == cell.source}
    wanted = [pa.string() if _is_text(field.type) else TYPED.get(cells[field.name], pa.string()) for field in rows.schema]
    if all(field.type == type for field, type in zip(rows.schema, wanted, strict=True)):
        return rows
    try:
        return rows.cast(pa.schema(list(zip(rows.column_names, wanted, strict=True))))
    except pa.ArrowInvalid as wrong:
        raise WrongValue(table=table.name, reason=str(wrong).splitlines()[0]) from wrong


def _is_text(type: Any) -> bool:
    if kinds.is_dictionary(type):
        return _is_text(type.value_type)
    return bool(kinds.is_string(type) or kinds.is_large_string(type))
