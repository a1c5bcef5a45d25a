"""The rows of a Put made ready for an engine: checked, and the search text folded."""

from __future__ import annotations

from typing import Any

from jalon.warehouse.engine import Put
from jalon.warehouse.folding import SEARCH_COLUMN, fold_column


def prepared(put: Put) -> Any:
    """The Arrow table to store. Raises ValueError for columns that the table does not have, or a missing key."""
    rows = put.rows
    known = {column.name for column in put.table.columns}
    if unknown := [name for name in rows.column_names if name not in known]:
        raise ValueError(f"table {put.table.name} has no column {', '.join(unknown)}")
    if missing := [name for name in put.table.key if name not in rows.column_names]:
        raise ValueError(f"rows for {put.table.name} lack their key {', '.join(missing)}")
    if SEARCH_COLUMN in rows.column_names:
        place = rows.column_names.index(SEARCH_COLUMN)
        rows = rows.set_column(place, SEARCH_COLUMN, fold_column(rows.column(SEARCH_COLUMN)))
    return rows
