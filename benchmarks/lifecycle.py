"""The lifecycle report over a million journeys: python -m benchmarks.lifecycle prints figures as JSON.

A file of columns of its own for each number of stages. Every contact has ten movements, some of them lost, won or cleared; they make
two or three journeys. Nothing but the columns is at work: the change log, from which movements come, is in `movements`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path as Folder
from tempfile import TemporaryDirectory
from typing import Any, Final

from sqlglot import exp

from benchmarks.figures import Figure, beside, typical
from jalon.figures.periods import Unit
from jalon.lifecycle.columns import TABLES
from jalon.lifecycle.journeys import counts, curve, flow, rows, stays, weeks
from jalon.lifecycle.journeys.counts import Range
from jalon.lifecycle.journeys.path import Path
from jalon.lifecycle.movements import journal
from jalon.lifecycle.movements.journal import Wanted
from jalon.reports.kinds import lifecycle
from jalon.warehouse import query
from jalon.warehouse.duckdb_engine import DuckDBEngine
from jalon.warehouse.engine import Batch

BASELINES: Final = Folder(__file__).parent / "baselines"
CONTACTS: Final = 403_000  # they make a million journeys
WINDOW: Final = 50_000
DERIVED: Final = 100_000  # contacts whose journeys are made once more, beside those by hand
STAGES: Final = (8, 4, 16)  # on the path, Won among them; the first is what is asked for
AIM, FLAT = 100, 1.3  # milliseconds; and how much more of them twice the stages may take
DAYS: Final = Range(date(2025, 1, 1), date(2026, 12, 31))  # nearly all; those of the first months are the period before
MOVEMENTS: Final = """
    INSERT INTO stage_movements (movement_id, record_id, from_stage, to_stage, "at", at__day, at__hour, source)
    SELECT r * 10 + k, r, lag(s) OVER (PARTITION BY r ORDER BY k), s, a, a::DATE, hour(a),
           CASE hash(r + k) % 3 WHEN 0 THEN 'api' ELSE 'user' END
    FROM (
        SELECT r, k, TIMESTAMP '2024-12-01' + to_seconds((hash(r) % 60000000)::INT + (k * 200000 + hash(r * 10 + k) % 200000)::INT) AS a,
               CASE (hash(r * 31 + k) % 20)::INT WHEN 0 THEN 'won' WHEN 1 THEN 'l1' WHEN 2 THEN 'l2' WHEN 3 THEN NULL
                    ELSE 's' || (1 + (hash(r * 7 + k) % {primary})) END AS s
        FROM range({first}, {last}) t(r), range(10) u(k))
"""


def main() -> None:
    print(json.dumps([asdict(figure) for figure in measure()]))


def measure() -> Iterator[Figure]:
    first = 0.0
    for stages in STAGES:
        with _filled(stages) as engine:
            if not first:
                first, raw = _checked(engine)
                yield Figure(f"lifecycle report of a million journeys, {stages} stages", first, "ms", f"{AIM} ms", first <= AIM, raw)
                yield from _beyond(engine)
                yield _derived(engine, stages)
                continue
            value = typical(lambda engine=engine: _report(engine))  # type: ignore[misc]
            yield Figure(f"- with {stages} stages", value, "ms", "flat in the stages", value <= FLAT * first)


# Movements of contacts that nobody has met


@contextmanager
def _filled(stages: int) -> Iterator[DuckDBEngine]:
    with TemporaryDirectory(prefix="jalon-bench-") as folder:
        engine = DuckDBEngine(Folder(folder) / "columns.duckdb", "Europe/Paris")
        engine.ensure(TABLES)
        try:
            for first in range(0, CONTACTS, WINDOW):
                last = min(first + WINDOW, CONTACTS)
                _run(engine, MOVEMENTS.format(primary=stages - 1, first=first, last=last))
                engine.apply(Batch((rows.derived(_path(stages), _within(first, last)),)))
            engine.checkpoint()
            yield engine
        finally:
            engine.close()


def _path(stages: int) -> Path:
    return Path(tuple(f"s{place}" for place in range(1, stages)), "won", ("l1", "l2"))


def _within(first: int, last: int) -> exp.Expression:
    return query.between(query.column("record_id"), query.whole(first), query.whole(last - 1))


def _run(engine: DuckDBEngine, sql: str, **given: object) -> list[list[tuple[Any, ...]]]:
    """The answer of each statement, by DuckDB itself."""
    with engine._cursor() as cursor:
        said = (part for part in sql.split(";") if part.strip())
        return [cursor.execute(part, {name: value for name, value in given.items() if f"${name}" in part}).fetchall() for part in said]


# The report


def _report(engine: DuckDBEngine) -> tuple[Any, ...]:
    """What its page asks: the figures, those of the period before, and how many contacts."""
    assert DAYS.first is not None and DAYS.last is not None
    before = Range(DAYS.first - (DAYS.last - DAYS.first) - timedelta(days=1), DAYS.first - timedelta(days=1))
    compared = counts.Figures.of(engine.rows(counts.by_outcome_and_place(before)))
    contacts = int(engine.rows(counts.contacts(DAYS))[0][0])
    return lifecycle.told(engine.rows, DAYS, None), compared, contacts


def _checked(engine: DuckDBEngine) -> tuple[float, float]:
    """Milliseconds of ours and of the same by hand, once both have said the same."""
    sql = (BASELINES / "lifecycle_report.sql").read_text()

    def by_hand() -> list[list[tuple[Any, ...]]]:
        return _run(engine, sql, first=DAYS.first, last=DAYS.last)

    told, compared, contacts = _report(engine)
    figures, lost, times, medians, ((people,),), before = by_hand()
    middle = {stage: float(ms) for stage, ms in medians}
    stays = {stage: lifecycle.Stay(visited, mean and float(mean), idle, middle.get(stage)) for stage, visited, mean, idle in times}
    agree = (
        _same(told.figures.rows, figures) and _same(compared.rows, before) and contacts == people,
        _same([(one.stage, one.came_from, one.count) for one in told.lost], lost) and told.stays == stays,
    )
    if not all(agree) or abs(told.figures.entered / 1e6 - 1) > 0.05:
        raise SystemExit(f"The lifecycle report and the engine disagree, or {told.figures.entered} journeys are no million.")
    return beside(lambda: _report(engine), by_hand)


def _same(ours: Sequence[Any], theirs: Sequence[Any]) -> bool:
    return sorted(map(tuple, ours), key=str) == sorted(map(tuple, theirs), key=str)


def _beyond(engine: DuckDBEngine) -> Iterator[Figure]:
    """The first answer of every page beside the report; `beyond` and `journal` say what else they ask."""
    pages = {
        "flow": tuple(asked(DAYS) for asked in (flow.ways_in, flow.ways_out, flow.medians_out, flow.repeats, flow.visitors)),
        "trend by week": (weeks.by_entry(Unit.WEEK, DAYS),),
        "time to convert": (curve.ages(DAYS, datetime(2026, 12, 31, tzinfo=UTC)),),
        "who is stuck": (stays.lengths(DAYS),),
        "journal of four million movements": (journal.count(Wanted()), journal.by_day(Wanted()), journal.listed(Wanted()).limit(50)),
    }
    for name, trees in pages.items():
        value = typical(lambda trees=trees: [engine.rows(tree) for tree in trees])  # type: ignore[misc]
        yield Figure(f"- {name}", value, "ms", f"{AIM} ms", value <= AIM)


# Made of movements


def _derived(engine: DuckDBEngine, stages: int) -> Figure:
    """Journeys and visits of a part of the contacts, found twice: by our question and by hand. Ours stores them in the file."""
    sql = (BASELINES / "journeys.sql").read_text()
    began = time.perf_counter()
    ours = _taken_away(engine)
    engine.apply(Batch((rows.derived(_path(stages), _within(0, DERIVED)),)))
    took = time.perf_counter() - began - ours
    began = time.perf_counter()
    with engine._cursor() as cursor:
        for part in filter(str.strip, sql.split(";")):
            given = {"first": 0, "last": DERIVED - 1, "places": stages}
            cursor.execute(part, {name: value for name, value in given.items() if f"${name}" in part})
        by_hand = time.perf_counter() - began
        for differing in _DIFFERING:
            if wrong := cursor.execute(differing, {"last": DERIVED - 1}).fetchone():
                raise SystemExit(f"Journeys by hand are others: {wrong}")
    return Figure(f"- journeys and visits of {DERIVED * 10:,} movements, made in the columns", took, "s", engine=by_hand)


def _taken_away(engine: DuckDBEngine) -> float:
    """Room for rows to be made anew; the seconds that it took."""
    began = time.perf_counter()
    for table in ("journeys", "stage_visits"):
        _run(engine, f"DELETE FROM {table} WHERE record_id < {DERIVED}")
    return time.perf_counter() - began


_JOURNEY = "record_id, number, entered_at, ended_at, outcome, furthest, moves"
_VISIT = "record_id, movement_id, number, stage, entered_at, still_in, left_at, next_stage"
_DIFFERING: Final = (
    f"(SELECT {_JOURNEY} FROM journeys WHERE record_id <= $last) EXCEPT ALL (SELECT {_JOURNEY} FROM baseline_journeys)",
    f"(SELECT {_JOURNEY} FROM baseline_journeys) EXCEPT ALL (SELECT {_JOURNEY} FROM journeys WHERE record_id <= $last)",
    f"(SELECT {_VISIT} FROM stage_visits WHERE record_id <= $last) EXCEPT ALL (SELECT {_VISIT} FROM baseline_visits)",
    f"(SELECT {_VISIT} FROM baseline_visits) EXCEPT ALL (SELECT {_VISIT} FROM stage_visits WHERE record_id <= $last)",
)

if __name__ == "__main__":
    main()
