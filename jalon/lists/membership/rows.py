"""Movements and members as rows of the columns: canonical text, without a Python object per value."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from jalon.lists.models import Movement
from jalon.records.values import instant_text


def pairs(rows: Sequence[Movement]) -> Any:
    """Lists and records, as the columns' key."""
    return pa.table({"list_id": _each(rows, [row.list_id for row in rows]), "record_id": _ids(rows)})


def joined(rows: Sequence[Movement]) -> Any:
    """The same with when and why they came."""
    return pairs(rows).append_column("joined_at", _each(rows, _instants(rows))).append_column("why", _each(rows, [row.why for row in rows]))


def told(rows: Sequence[Movement]) -> Any:
    """The movements, a row per record."""
    columns: dict[str, list[object]] = {
        "movement_id": [row.pk for row in rows],
        "list_id": [row.list_id for row in rows],
        "entered": ["true" if row.entered else "false" for row in rows],
        "at": _instants(rows),
        "why": [row.why for row in rows],
        "actor_id": [row.actor_id for row in rows],
        "silent": ["true" if row.silent else "false" for row in rows],
    }
    return pa.table({"record_id": _ids(rows)} | {name: _each(rows, values) for name, values in columns.items()})


def _instants(rows: Sequence[Movement]) -> list[object]:
    return [instant_text(row.at) for row in rows]


def _ids(rows: Sequence[Movement]) -> Any:
    return pc.cast(pa.array([id for row in rows for id in row.ids], pa.int64()), pa.string())


def _each(rows: Sequence[Movement], values: Sequence[object]) -> Any:
    """A value of each movement, once per record."""
    places = pa.array([place for place, row in enumerate(rows) for _ in row.ids], pa.int32())
    return pa.array([None if value is None else str(value) for value in values], pa.string()).take(places)


def members_told(list_id: int, rows: Sequence[tuple[int, datetime, str]]) -> Any:
    """Who is in a list, since when and why."""
    ids, instants, whys = zip(*rows, strict=True)
    return pa.table(
        {
            "list_id": pa.array([str(list_id)] * len(rows), pa.string()),
            "record_id": pa.array([str(id) for id in ids], pa.string()),
            "joined_at": pa.array([instant_text(at) for at in instants], pa.string()),
            "why": pa.array(whys, pa.string()),
        }
    )
