"""Every number of the lifecycle report counts the very journeys that it leads to, for any movements, on both engines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import exp

from jalon.lifecycle.columns import Outcome
from jalon.lifecycle.journeys.counts import Range
from jalon.lifecycle.journeys.path import Path
from jalon.records.columns import FieldType, Option, PropertySpec, Type
from jalon.reports.kinds import journeys, lifecycle
from jalon.reports.kinds.journeys import Cell
from jalon.warehouse import query
from jalon.warehouse.engine import Batch, Engine, Put
from jalon.warehouse.schema import Column, Kind, Table
from tests.lifecycle.naive import Move
from tests.lifecycle.naive import journeys as on_paper
from tests.lifecycle.steps import lay_out

PATH = Path(("one", "two", "three"), "won", ("cold", "poor"), ("beside",))
START = datetime(2026, 1, 1, 11, tzinfo=UTC)
CONTACTS = Table("contacts", (Column("id", Kind.ID), Column("city", Kind.STRING)), key=("id",))
CITY = PropertySpec("city", Type.STRING, FieldType.TEXT, "City", "Ville", group="all")
SOURCE = PropertySpec("city", Type.ENUMERATION, FieldType.SELECT, "City", "Ville", group="all", options=(Option("Lyon", "Lyon", "Lyon"),))

FEW = max(1, settings().max_examples // 5)  # an example lays out tables and asks a lot

EVERY = (*PATH.known, None)
stages = st.sampled_from(EVERY)
steps = st.lists(st.tuples(stages, stages, st.integers(0, 3)), max_size=7)
logs = st.dictionaries(st.integers(1, 6), steps, max_size=6)


def laid_out(engine: Engine, some: dict[int, list[tuple[str | None, str | None, int]]]) -> dict[int, list[Move]]:
    """Movements, each some days after the one before; a move to the stage where it begins is none."""
    made: dict[int, list[Move]] = {}
    for contact, moves in some.items():
        at = START
        made[contact] = []
        for number, (came_from, to, days) in enumerate(moves, 1):
            at += timedelta(days=days)
            if came_from != to:
                made[contact].append(Move(number, came_from, to, at))
    lay_out(engine, PATH, made)
    return made


def numbers_of(engine: Engine, cells: Sequence[Cell]) -> list[int]:
    """How many journeys each of them has, in one question."""
    asked: list[exp.Select] = [
        journeys.count(cell, PATH, None).select(query.named(query.whole(place), "place"), append=True) for place, cell in enumerate(cells)
    ]
    together = query.select(exp.Star()).from_(query.all_of(asked).subquery("together"))
    return [int(number) for number, _, _ in sorted(engine.rows(together), key=lambda row: row[2])]


def leading(told: lifecycle.Told) -> Iterator[tuple[int, Cell]]:
    """Each number of the page with the journeys that it opens."""
    figures = told.figures
    yield figures.entered, Cell()
    for outcome in Outcome:
        yield figures.ended(outcome), Cell(outcome=outcome.value)
        yield figures.timed(outcome), Cell(outcome=outcome.value, timed=True)
    for lost in PATH.lost:
        yield told.lost_to(lost), Cell(outcome="lost", end_stage=lost)
    for place, name in enumerate(PATH.places, 1):
        yield figures.reached(place), Cell(reached=name)
        yield figures.lost_before(place), Cell(outcome="lost", short_of=name)
    for place, name in enumerate(PATH.primary, 1):
        yield told.lost_from(name), Cell(outcome="lost", last_stage=name)
        yield told.stay(name).idle, Cell(outcome="open", last_stage=name)
        yield told.stay(name).visited, Cell(visited=name)
        yield told.skipped(place, name), Cell(passed=name)
        for lost, number in told.destinations(name):
            yield number, Cell(outcome="lost", last_stage=name, end_stage=lost)


@settings(max_examples=FEW)
@given(some=logs)
def test_a_number_leads_to_as_many_journeys(engine: Engine, some: dict[int, list[tuple[str | None, str | None, int]]]) -> None:
    laid_out(engine, some)
    told = lifecycle.told(engine.rows, Range(), None)
    numbers, cells = zip(*leading(told), strict=True)
    assert dict(zip(cells, numbers_of(engine, cells), strict=True)) == dict(zip(cells, numbers, strict=True))
    assert sum(told.lost_to(lost) for lost in PATH.lost) == told.figures.ended(Outcome.LOST)


@pytest.mark.parametrize("spec", [CITY, SOURCE], ids=["text", "selection"])
def test_side_by_side_are_the_figures_of_the_contacts_of_each_value(engine: Engine, spec: PropertySpec) -> None:
    chance = Random(6)
    some = {
        contact: [(chance.choice(EVERY), chance.choice(EVERY), chance.randint(0, 3)) for _ in range(chance.randint(0, 7))]
        for contact in range(1, 61)
    }
    cities = [chance.choice(("Lyon", "lyon", "Paris", None)) for _ in some]
    made = laid_out(engine, some)
    contacts_of(engine, dict(zip(some, cities, strict=True)))
    values = lifecycle.valued(query.select(query.column("id")).from_(query.table("contacts")), spec)
    largest = engine.rows(lifecycle.largest(Range(), values))
    told = lifecycle.apart(engine.rows, Range(), values, [value for _, value in largest])
    key = str.lower if spec is CITY else str
    wanted = Counter(
        key(city) if (city := cities[contact - 1]) is not None else None for contact, moves in made.items() for _ in on_paper(PATH, moves)
    )
    assert {value: one.figures.entered for (_, value), one in zip(largest, told, strict=True)} == wanted
    whole = lifecycle.told(engine.rows, Range(), None)
    assert sum(one.figures.ended(Outcome.WON) for one in told) == whole.figures.ended(Outcome.WON)
    assert sum(one.stay("two").visited for one in told) == whole.stay("two").visited
    assert sum(one.lost_to("cold") for one in told) == whole.lost_to("cold")


days = st.dates(date(2020, 1, 1), date(2030, 1, 1))
words = st.none() | st.text(max_size=20)
cells = st.builds(
    Cell,
    first=days,
    last=days,
    outcome=st.none() | st.sampled_from([each.value for each in Outcome]),
    reached=words,
    short_of=words,
    visited=words,
    passed=words,
    last_stage=words,
    end_stage=words,
    went=words,
    entry=words,
    within=st.none() | st.integers(0, 9999).map(str),
    lasted=st.none() | st.builds(journeys.lasting, st.integers(0, 9999), days.map(lambda day: datetime.combine(day, START.timetz()))),
    timed=st.booleans(),
)


@given(cell=cells)
def test_a_cell_travels_as_operands(cell: Cell) -> None:
    assert journeys.read(journeys.written(cell)) == cell


NO_CELLS = [
    *[("bad",), ("days=2026-01-01",), ("days=x..y",), ("outcome=vanished",), ("timed", "timed"), ("within=x",), ("within=12345",)],
    *[("lasted=3",), ("lasted=3@2026-01-01",), ("lasted=3@1026-01-01T00:00:00+00:00",)],
]


@pytest.mark.parametrize("said", NO_CELLS)
def test_what_no_number_says_is_no_cell(said: tuple[str, ...]) -> None:
    assert journeys.read(said) is None


def test_journeys_are_sorted_by_each_column_and_what_is_empty_comes_last(engine: Engine) -> None:
    chance = Random(7)
    laid_out(
        engine,
        {contact: [(chance.choice(EVERY), chance.choice(EVERY), chance.randint(0, 3)) for _ in range(5)] for contact in range(1, 31)},
    )
    cities = {contact: chance.choice(("Lyon", "arles", "Paris", None)) for contact in range(1, 31)}
    contacts_of(engine, cities)
    outcomes = [Outcome.OPEN, Outcome.WON, Outcome.LOST, Outcome.CLEARED, Outcome.UNLOGGED]
    own: Mapping[str, Callable[[dict[str, Any]], Any]] = {
        journeys.CONTACT: lambda row: (cities[row["record_id"]] or "").lower() or None,
        "entry_stage": lambda row: PATH.known.index(row["entry_stage"]),
        "outcome": lambda row: outcomes.index(row["outcome"]),
    }
    for name in journeys.SORTED:
        for said in (name, f"-{name}"):
            asked = journeys.listed(Cell(), PATH, None, journeys.order(said), "contacts", ("city",))
            rows = [dict(zip(journeys.LISTED, row, strict=True)) for row in engine.rows(asked)]
            keys = [own[name](row) if name in own else row[name] for row in rows]
            known = [key for key in keys if key is not None]
            assert known == sorted(known, reverse=said.startswith("-"))
            assert keys == [*known, *[None] * (len(keys) - len(known))], said
    assert journeys.order("nonsense") == journeys.order("") == journeys.USUAL_ORDER


def contacts_of(engine: Engine, cities: Mapping[int, str | None]) -> None:
    """Contacts that have only a city."""
    engine.drop([CONTACTS.name])
    engine.ensure((CONTACTS,))
    rows = pa.table({"id": pa.array([str(id) for id in cities]), "city": pa.array(list(cities.values()), pa.string())})
    engine.apply(Batch((Put(CONTACTS, rows),)))


def test_a_stage_that_is_gone_has_no_journeys(engine: Engine) -> None:
    lay_out(engine, PATH, {1: [Move(1, None, "one", START)]})
    cells = (Cell(reached="gone"), Cell(short_of="gone"), Cell(visited="gone"), Cell(passed="gone"))
    assert numbers_of(engine, cells) == [0, 0, 0, 0]
