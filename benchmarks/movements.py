"""Ten million movements in the change log: journeys made of all of them, and anew of a thousand contacts.

python -m benchmarks.movements CONTACTS [fill], in the home that JALON_HOME names; fills it where it is empty, and prints figures as JSON.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.figures import Figure

if TYPE_CHECKING:
    from jalon.warehouse.engine import Engine

FILLING: Final = Path(__file__).parent / "baselines" / "movements.sql"
TURNS, MOVED, ROUNDS = 10, 1_000, 5
GROUPS: Final = ("s1", "s2", "s3", "s4", "s5", "s6", "s7", "l2", "won", "l1", None, "won")  # four by four, in which contacts are by turns


def main(contacts: int, *, fills: bool = False) -> None:
    """`fills`: only that, so that the memory of filling the log is not taken for that of reading it."""
    from jalon.config.environment import read
    from jalon.config.home import held
    from jalon.config.opening import engines

    environment = read()
    with held(environment), engines(environment):  # not `house()`: nothing but journeys shall be made of this log
        _fill(contacts)
        figures = [] if fills else list(measure(contacts))
    print(json.dumps([asdict(figure) for figure in figures]))


def measure(contacts: int) -> Iterator[Figure]:
    from jalon.lifecycle import runner
    from jalon.lifecycle.columns import TABLES
    from jalon.warehouse import current

    engine = current.engine().aside()
    try:
        engine.ensure(TABLES)
        began = time.perf_counter()
        runner.fill(engine)
        took = time.perf_counter() - began
        movements, journeys = _held(engine, "stage_movements"), _held(engine, "journeys")
        if movements < contacts * TURNS:  # earlier runs have left some thousands more
            raise SystemExit(f"{movements} movements were read, not {contacts * TURNS}.")
        label = f"{journeys:,} journeys of {movements:,} movements, from the change log into the columns"
        yield Figure(label, took, "s", "60 s for 10 million", took <= 60)
        current.engine().take_over(engine)  # as a rebuild ends: the file is closed, and opened in the place of the other
        engine = current.engine()
        worst = max(_followed(engine, turn) for turn in range(ROUNDS))
        yield Figure(f"- {MOVED:,} contacts that moved, worst of {ROUNDS}", worst, "s", "1 s", worst <= 1)
    finally:
        engine.close()  # safe to repeat


def _held(engine: Engine, table: str) -> int:
    from jalon.warehouse import query

    return int(engine.rows(query.select(query.count()).from_(query.table(table)))[0][0])


def _fill(contacts: int) -> None:
    """Stages, contacts and their movements, as the verbs would leave them and a hundred times as fast."""
    from django.db import connection, transaction

    from jalon.accounts.access import SYSTEM
    from jalon.lifecycle import actions, queries
    from jalon.lifecycle.actions import StageDraft
    from jalon.lifecycle.columns import CONTACT, StageKind
    from jalon.records.log.queries import epoch
    from jalon.records.queries import type_id

    if queries.has_contacts():
        return
    kinds = {"won": StageKind.WON, "l1": StageKind.LOST, "l2": StageKind.LOST}
    names = sorted({name for name in GROUPS if name}, key=lambda name: (list(kinds).index(name) if name in kinds else -1, name))
    actions.lay_out([StageDraft(name, name, kinds.get(name, StageKind.PRIMARY), name=name) for name in names], actor=SYSTEM)
    given = {"type": type_id(CONTACT), "contacts": contacts, "epoch": epoch(), "stages": list(GROUPS)}
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in FILLING.read_text().split(";\n"):
            if statement.strip():
                cursor.execute(statement, given)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE records_change")


def _followed(engine: Engine, turn: int) -> float:
    """Seconds from a thousand lines of the log to their journeys in the columns."""
    from jalon.accounts.access import SYSTEM
    from jalon.lifecycle import queries, runner
    from jalon.lifecycle.columns import PROPERTY
    from jalon.records.bulk import actions as bulk
    from jalon.records.columns import Origin, Source
    from jalon.records.log.queries import last_settled
    from jalon.records.models import Record

    highest = Record.objects.order_by("-id").values_list("id", flat=True)[0]
    before, ids = last_settled(), list(range(1 + turn, highest, highest // MOVED))
    now = dict(Record.objects.filter(pk__in=ids).values_list("pk", f"properties__{PROPERTY}"))
    moves = [(id, {PROPERTY: "s2" if now[id] == "s1" else "s1"}) for id in ids]
    bulk.set_each("contact", moves, actor=SYSTEM, origin=Origin(Source.API, "bench"))
    there, began = last_settled(), time.perf_counter()
    if runner.follow(engine, queries.path(), before, there):
        raise SystemExit("A thousand contacts are more than a slice.")
    return time.perf_counter() - began


if __name__ == "__main__":
    main(int(sys.argv[1]), fills="fill" in sys.argv[2:])
