"""A report as of a past date: the contacts and their values as they were, read naively from their own past."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jalon.criteria.compile import predicate
from jalon.figures.results import Result
from jalon.records.columns import HISTORY
from jalon.reports.kinds.contacts import answer
from jalon.reports.kinds.definition import Definition
from jalon.reports.kinds.question import Question
from jalon.reports.snapshots.then import standing
from jalon.warehouse.engine import Batch, Engine, Put, Remove
from tests.reports.conftest import CATALOG, CONTACTS, MOST_CONTACTS, SPECS, ZONE, canonical, load
from tests.reports.test_figures_are_right import DEFINITIONS
from tests.reports.test_snapshots_are_right import folded

SOME = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
START = datetime(2024, 10, 20, tzinfo=UTC)
NAMES = [spec.name for spec in SPECS if spec.name != "createdate"]

#: A life: when the contact was born, and after how many hours it became another set of values each time.
LIVES = st.tuples(st.integers(0, 300), st.lists(st.tuples(st.integers(0, 200), CONTACTS), min_size=1, max_size=4))
Life = tuple[int, list[tuple[int, dict[str, Any]]]]


def moments(life: Life) -> list[tuple[datetime, dict[str, Any]]]:
    """Every state of a contact with the instant from which it was so."""
    at = START + timedelta(hours=life[0])
    found = []
    for hours, values in life[1]:
        at += timedelta(hours=hours)
        found.append((at, {name: value for name, value in values.items() if name != "createdate"}))
    return found


def live(engine: Engine, lives: Sequence[Life]) -> None:
    """The contacts as they are now, and every change that led there."""
    load(engine, [{**moments(life)[-1][1], "createdate": START + timedelta(hours=life[0])} for life in lives])
    lines: list[tuple[str, ...]] = []
    for record, life in enumerate(lives, 1):
        before: dict[str, Any] = {}
        for at, values in moments(life):
            for spec in SPECS:
                old, new = before.get(spec.name), values.get(spec.name)
                if spec.name != "createdate" and old != new:
                    texts = [canonical(spec, value) if value is not None else "" for value in (old, new)]
                    stamp = at.strftime("%Y-%m-%dT%H:%M:%S.000Z")
                    lines.append((str(len(lines) + 1), "contact", str(record), spec.name, *texts, stamp, "user", "", ""))
            before = values
    names = [column.name for column in HISTORY.columns]
    rows = pa.table({name: pa.array([line[place] for line in lines], pa.string()) for place, name in enumerate(names)})
    engine.apply(Batch((Remove(HISTORY, list(range(1, MOST_CONTACTS + 1))), Put(replace(HISTORY, key=()), rows))))


def then(lives: Sequence[Life], until: datetime) -> list[dict[str, Any]]:
    """Who there was at an instant, read off the lives; the place of somebody who was not there yet stays empty."""
    found: list[dict[str, Any]] = []
    for life in lives:
        born = START + timedelta(hours=life[0])
        states = [values for at, values in moments(life) if at <= until]
        if born <= until:
            found.append({**(states[-1] if states else {}), "createdate": born})
    return found


def asked(definition: Definition, catalog: Any, until: datetime) -> Question:
    where = predicate(definition.criteria, catalog, now=until, zone=ZONE)
    return Question(definition, catalog, definition.period.resolve(until.astimezone(ZONE).date(), 0), where)


@SOME
@given(lives=st.lists(LIVES, max_size=12), definition=DEFINITIONS, hours=st.integers(0, 900))
def test_the_past_is_told_as_it_was(engine: Engine, lives: list[Life], definition: Definition, hours: int) -> None:
    engine.ensure([HISTORY])
    until = START + timedelta(hours=hours)
    live(engine, lives)
    told: Result
    with standing(engine, CATALOG, [*NAMES, "createdate"], until) as catalog:
        told = answer(asked(definition, catalog, until), engine.rows)
    load(engine, then(lives, until))
    naive = answer(asked(definition, CATALOG, until), engine.rows)
    question = asked(definition, CATALOG, until)
    assert told.buckets == naive.buckets
    assert folded(question, told) == folded(question, naive)


def test_its_table_is_gone_when_it_was_asked(engine: Engine) -> None:
    engine.ensure([HISTORY])
    load(engine, [{"city": "Lyon", "createdate": START}])
    with standing(engine, CATALOG, ["city"], START) as catalog:
        assert catalog.plural in engine.tables()
    assert catalog.plural not in engine.tables()
