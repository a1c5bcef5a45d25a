"""Journeys of very many movements: made, kept up, asked. python -m benchmarks.lifecycle [contacts]

A file of columns of its own, in which each contact has ten movements over eight stages, two of them lost. Prints figures as JSON.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path as Folder
from tempfile import TemporaryDirectory
from typing import Final

from sqlglot import exp

from benchmarks.figures import Figure
from jalon.lifecycle.columns import JOURNEYS, TABLES, VISITS
from jalon.lifecycle.journeys import counts, rows
from jalon.lifecycle.journeys.path import Path
from jalon.reports.kinds import lifecycle
from jalon.warehouse import query
from jalon.warehouse.duckdb_engine import DuckDBEngine
from jalon.warehouse.engine import Batch, Change, Remove

CONTACTS: Final = 1_000_000
WINDOW: Final = 50_000
MOVED: Final = 1_000
PATH: Final = Path(("s1", "s2", "s3", "s4", "s5", "s6", "s7"), "won", ("l1", "l2"))
MOVEMENTS: Final = """
    INSERT INTO stage_movements (movement_id, record_id, from_stage, to_stage, "at", at__day, at__hour, source)
    SELECT r * 10 + k, r, lag(s) OVER (PARTITION BY r ORDER BY k), s, a, a::DATE, hour(a), 'user' FROM (
        SELECT r, k, TIMESTAMP '2024-01-01' + INTERVAL ((r % 86400)::INT) SECOND + INTERVAL ((hash(r) % 700)::INT + k::INT * 3) DAY AS a,
               CASE (hash(r * 31 + k) % 20)::INT WHEN 0 THEN 'won' WHEN 1 THEN 'l1' WHEN 2 THEN 'l2' WHEN 3 THEN NULL
                    ELSE 's' || (1 + (hash(r * 7 + k) % 7)) END AS s
        FROM range({first}, {last}) t(r), range(10) u(k))
"""


def main(contacts: int) -> None:
    with TemporaryDirectory(prefix="jalon-bench-") as folder:
        engine = DuckDBEngine(Folder(folder) / "columns.duckdb", "Europe/Paris")
        figures = list(measure(engine, contacts))
        engine.close()
    print(json.dumps([asdict(figure) for figure in figures]))


def measure(engine: DuckDBEngine, contacts: int) -> Iterator[Figure]:
    engine.ensure(TABLES)
    windows = [(first, min(first + WINDOW, contacts)) for first in range(0, contacts, WINDOW)]
    for first, last in windows:
        engine._connection.cursor().execute(MOVEMENTS.format(first=first, last=last))
    began = time.perf_counter()
    for first, last in windows:
        within = query.between(query.column("record_id"), query.whole(first), query.whole(last - 1))
        engine.apply(Batch(_made(within)))
    yield Figure(f"journeys of {contacts * 10:,} movements, made in the columns", time.perf_counter() - began, "s")
    engine.checkpoint()
    ids = list(range(0, contacts, max(1, contacts // MOVED)))[:MOVED]
    among = query.among_ids(query.column("record_id"), ids)
    renewed = (Remove(JOURNEYS, ids), Remove(VISITS, ids), *_made(among))
    yield Figure(f"- made anew for {MOVED:,} contacts", _median(lambda: engine.apply(Batch(renewed))), "s")
    yield from _asked(engine)


def _asked(engine: DuckDBEngine) -> Iterator[Figure]:
    every = counts.Range(date(2024, 1, 1), date(2026, 12, 31))
    entered = counts.Figures.of(engine.rows(counts.by_outcome_and_place(every))).entered
    questions: Sequence[tuple[str, exp.Select]] = (
        ("how they ended and how far they came", counts.by_outcome_and_place(every)),
        ("how many contacts", counts.contacts(every)),
        ("lost stages", counts.lost_stages(every)),
        ("mean times in stages", counts.times_in_stages(every)),
        ("medians of times in stages", counts.medians_in_stages(every)),
    )
    for words, tree in questions:
        yield Figure(f"- {entered:,} journeys: {words}", _median(lambda tree=tree: engine.rows(tree)), "s")  # type: ignore[misc]
    yield Figure(f"- {entered:,} journeys: all figures of the report", _median(lambda: lifecycle.told(engine.rows, every, None)), "s")


def _made(among: exp.Expression) -> tuple[Change, ...]:
    return (rows.derived(PATH, among),)


def _median(work: Callable[[], object]) -> float:
    spans = []
    for _ in range(5):
        began = time.perf_counter()
        work()
        spans.append(time.perf_counter() - began)
    return statistics.median(spans)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else CONTACTS)
