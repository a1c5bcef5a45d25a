"""Journeys that were frozen answer as those did that they were frozen from: every figure and every number's journeys, on each engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlglot import exp

from jalon.lifecycle.columns import JOURNEYS, VISITS
from jalon.lifecycle.journeys.counts import Range
from jalon.records.columns import PropertySpec
from jalon.reports.columns import FROZEN_JOURNEYS, FROZEN_VALUES, FROZEN_VISITS
from jalon.reports.kinds import frozen, journeys, lifecycle
from jalon.reports.kinds.journeys import Cell
from jalon.reports.kinds.lifecycle import Told
from jalon.reports.snapshots.rows import of_snapshot, packed, typed, unpacked
from jalon.warehouse import query
from jalon.warehouse.engine import Batch, Engine, Put, Remove
from tests.lifecycle.steps import lay_out
from tests.lifecycle.test_behind_numbers import CITY, CONTACTS, FEW, PATH, SOURCE, START, laid_out, leading, logs

SNAPSHOT, ANOTHER = 7, 8
KEPT = (FROZEN_JOURNEYS, FROZEN_VISITS, FROZEN_VALUES)
SOME = settings(max_examples=max(1, FEW // 3), suppress_health_check=[HealthCheck.function_scoped_fixture])
cities = st.lists(st.sampled_from(("Lyon", "lyon", "Paris", None)), min_size=6, max_size=6)
ranges = st.integers(0, 8).flatmap(lambda first: st.builds(Range, st.none() | st.just(day(first)), st.none() | st.just(day(first + 4))))


def day(number: int) -> Any:
    return (START.date()).replace(day=1 + number)


def living_in(engine: Engine, cities: Sequence[str | None]) -> exp.Select:
    """Contacts with their cities, in the columns."""
    engine.drop([CONTACTS.name])
    engine.ensure((CONTACTS,))
    rows = pa.table({"id": pa.array([str(id) for id, _ in enumerate(cities, 1)]), "city": pa.array(cities, pa.string())})
    engine.apply(Batch((Put(CONTACTS, rows),)))
    return query.select(query.column("id")).from_(query.table(CONTACTS.name))


def freeze(engine: Engine, number: int, values: exp.Select) -> None:
    """Everything, through the bytes of PostgreSQL and back."""
    everything = query.truth(True)
    trees = (frozen.rows(JOURNEYS, everything), frozen.rows(VISITS, everything), frozen.values(values, everything))
    engine.ensure(KEPT)
    rows = [unpacked(packed(typed(engine.arrow(tree), table), table)) for tree, table in zip(trees, KEPT, strict=True)]
    puts = [Put(replace(table, key=()), of_snapshot(number, part)) for table, part in zip(KEPT, rows, strict=True)]
    engine.apply(Batch((*(Remove(table, [number]) for table in KEPT), *puts)))


def behind(cells: Sequence[Cell]) -> exp.Select:
    """The journeys of each of the cells, by its place, in one question."""
    keys = (query.column("record_id"), query.column("number"))
    asked = [
        query.select(*keys, query.named(query.whole(place), "place")).from_(query.table(JOURNEYS.name)).where(journeys.where(cell, PATH))
        for place, cell in enumerate(cells)
    ]
    return query.select(exp.Star()).from_(query.all_of(asked).subquery("together"))


def as_text(told: Sequence[tuple[str | None, Told]]) -> list[tuple[str | None, Any]]:
    """Of two spellings either may stand for a value; the order of rows in an answer says nothing."""
    return [(value and value.lower(), plain(one)) for value, one in told]


def plain(told: Told) -> Any:
    return sorted(told.figures.rows), sorted(told.lost, key=str), dict(told.stays)


@SOME
@given(some=logs, cities=cities, days=ranges, spec=st.sampled_from([CITY, SOURCE]))
def test_a_snapshot_tells_what_the_journeys_told(
    engine: Engine, some: dict[int, list[tuple[str | None, str | None, int]]], cities: list[str | None], days: Range, spec: PropertySpec
) -> None:
    def asked(values: exp.Select, number: int | None = None) -> tuple[Any, Any, Any]:
        """All that the report asks, live or of a snapshot."""

        def rows(tree: exp.Expression) -> Sequence[tuple[Any, ...]]:
            return engine.rows(tree if number is None else frozen.instead(tree, number))

        largest = rows(lifecycle.largest(days, values))
        apart = lifecycle.apart(rows, days, values, [value for _, value in largest])
        return lifecycle.told(rows, days, None), [spelled for spelled, _ in largest], apart

    laid_out(engine, some)
    values = lifecycle.valued(living_in(engine, cities), spec)
    freeze(engine, SNAPSHOT, values)
    whole, spelled, apart = asked(values)
    cells = [replace(cell, first=days.first, last=days.last) for _, cell in leading(whole)]
    opened = sorted(engine.rows(behind(cells)))

    lay_out(engine, PATH, {})  # all of it is gone, and others are frozen
    freeze(engine, ANOTHER, values)
    kept, kept_spelled, kept_apart = asked(frozen.all_values(None), SNAPSHOT)
    assert plain(kept) == plain(whole)
    assert as_text(list(zip(kept_spelled, kept_apart, strict=True))) == as_text(list(zip(spelled, apart, strict=True)))
    assert sorted(engine.rows(frozen.instead(behind([replace(cell, report="1") for cell in cells]), SNAPSHOT))) == opened
    if kept_spelled:
        of_values = [Cell(days.first, days.last, report="1", value=value or "") for value in kept_spelled]
        found = Counter(place for _, _, place in engine.rows(frozen.instead(behind(of_values), SNAPSHOT)))
        assert [found[place] for place, _ in enumerate(of_values)] == [told.figures.entered for told in kept_apart]


@pytest.mark.parametrize("said", [("report=x",), ("value=Lyon",), ("report=", "value=Lyon"), (f"report={'1' * 20}",)])
def test_what_names_no_report_is_no_cell(said: tuple[str, ...]) -> None:
    assert journeys.read(said) is None
