"""Short words for what the tests of the lifecycle do again and again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import pyarrow as pa

from jalon.accounts.access import SYSTEM
from jalon.lifecycle import queries, runner
from jalon.lifecycle.columns import ACTIVE, JOURNEYS, MOVEMENTS, TABLES, VISITS
from jalon.lifecycle.journeys import rows
from jalon.lifecycle.journeys.path import Path
from jalon.records import actions
from jalon.records import runner as columns
from jalon.records.actions import PastValue
from jalon.records.columns import Origin, Source
from jalon.records.models import Change, Record
from jalon.records.values import instant_text
from jalon.warehouse import current, query
from jalon.warehouse.engine import Batch, Engine, Put
from jalon.warehouse.schema import Table
from tests.lifecycle import naive
from tests.lifecycle.naive import Move
from tests.records.steps import BY_HAND, asked, write


def lay_out(engine: Engine, path: Path, logs: Mapping[int, Sequence[Move]]) -> None:
    """Movements by contact into empty columns, and the journeys that they make."""
    engine.drop([table.name for table in TABLES])
    engine.ensure(TABLES)
    told = movement_rows((record, move) for record, moves in logs.items() for move in moves)
    everything = query.truth(True)
    derived = (rows.derived(path, everything),)
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


# Through the product


def follow() -> None:
    """Columns, dates and journeys catch up with what was written."""
    runner.catch_up()
    columns.catch_up()


def move(contact: int, stage: str | None, by: Origin = BY_HAND) -> None:
    """A contact's stage changes."""
    write({"id": contact, "lifecyclestage": stage or ""}, match="id", by=by)


def past(*rows: tuple[int, str | None, datetime, Source]) -> None:
    """Dated stages from another system."""
    told = [PastValue(contact, "lifecyclestage", stage, at, source) for contact, stage, at, source in rows]
    outcome = actions.write_history("contact", told, actor=SYSTEM)
    assert not outcome.refused, outcome.refused


def journeys(*names: str) -> list[tuple[object, ...]]:
    """These columns of all journeys."""
    return asked(f"SELECT {', '.join(names)} FROM {JOURNEYS.name} ORDER BY record_id, number")


def movements() -> list[tuple[object, ...]]:
    return asked(f"SELECT record_id, from_stage, to_stage FROM {MOVEMENTS.name} ORDER BY at, movement_id")


def on_paper(path: Path) -> dict[int, list[naive.Journey]]:
    """The journeys of all contacts by the state machine on paper, from the lines of the change log."""
    kept: dict[int, list[naive.Journey]] = {}
    known = {None, *path.known}
    for contact in Record.objects.filter(object_type__name="contact", archived_at=None).values_list("pk", flat=True):
        lines = Change.objects.filter(record_id=contact, kind__in="cu", delta__has_key="lifecyclestage")
        logged: list[Move] = []
        stage: str | None = None
        for line in sorted(lines, key=lambda line: (_cut(line.at), line.pk)):
            before = stage
            stage = line.delta["lifecyclestage"][1]
            if stage != before and line.source in ACTIVE and {before, stage} <= known:
                logged.append(Move(line.pk, before, stage, _cut(line.at)))
        kept[contact] = naive.journeys(path, logged)
    return kept


def agree() -> None:
    """The columns hold the journeys and visits of the state machine on paper."""
    path, engine = queries.path(), current.engine()
    found = on_paper(path)
    assert stored_rows(engine, JOURNEYS) == [row for contact, some in sorted(found.items()) for row in naive.journey_rows(contact, some)]
    visits = sorted(row for contact, some in found.items() for row in naive.visit_rows(path, contact, some))
    assert stored_rows(engine, VISITS) == visits


def _cut(at: datetime) -> datetime:
    return at.replace(microsecond=at.microsecond // 1000 * 1000)
