"""Instants leave every engine as aware UTC datetimes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from typing import Any


def in_utc(rows: list[tuple[Any, ...]], places: Sequence[int]) -> list[tuple[Any, ...]]:
    """The rows, with the naive UTC datetimes at `places` made aware. Rows without such places pass untouched."""
    if not places:
        return rows
    return [_aware(row, places) for row in rows]


def _aware(row: tuple[Any, ...], places: Sequence[int]) -> tuple[Any, ...]:
    values = list(row)
    for place in places:
        if values[place] is not None:
            values[place] = values[place].replace(tzinfo=UTC)
    return tuple(values)
