"""Short words for what the tests of the lifecycle do again and again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import pyarrow as pa

from jalon.lifecycle.columns import JOURNEYS, MOVEMENTS, TABLES, VISITS
from jalon.lifecycle.journeys import rows
from jalon.lifecycle.journeys.path import Path
from jalon.records.values import instant_text
from jalon.warehouse import query
from jalon.warehouse.engine import Batch, Derive, Engine, Put
from jalon.warehouse.schema import Table
from tests.lifecycle.naive import Move


def lay_out(engine: Engine, path: Path, logs: Mapping[int, Sequence[Move]]) -> None:
    """Movements by contact into empty columns, and the journeys that they make."""
    engine.drop([table.name for table in TABLES])
    engine.ensure(TABLES)
    told = movement_rows((record, move) for record, moves in logs.items() for move in moves)
    everything = query.truth(True)
    derived = (Derive(JOURNEYS, rows.journeys(path, everything)), Derive(VISITS, rows.visits(path, everything)))
    engine.apply(Batch((Put(MOVEMENTS, told), *derived)))


def movement_rows(moves: Iterable[tuple[int, Move]]) -> pa.Table:
    some = list(moves)
    given: dict[str, list[str | None]] = {
        "movement_id": [str(move.id) for _, move in some],
        "record_id": [str(record) for record, _ in some],
        "from_stage": [move.came_from for _, move in some],
        "to_stage": [move.to for _, move in some],
        "at": [instant_text(move.at) for _, move in some],
        "source": ["user" for _ in some],
    }
    return pa.table({name: pa.array(values, pa.string()) for name, values in given.items()})


def stored_rows(engine: Engine, table: Table) -> list[tuple[object, ...]]:
    """What a table holds, without local days and hours, in the order of its key."""
    asked = query.select(*(query.column(column.name) for column in table.columns)).from_(query.table(table.name))
    return engine.rows(asked.order_by(*(query.ascending(query.column(name)) for name in table.key)))


def moves(*steps: tuple[str | None, str | None, datetime]) -> list[Move]:
    """Movements in their order."""
    return [Move(number, came_from, to, at) for number, (came_from, to, at) in enumerate(steps, 1)]
