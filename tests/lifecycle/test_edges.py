"""The sentences of the algorithm that are easily got wrong, one by one; any mixture of them is drawn in test_any_log."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from jalon.accounts.access import SYSTEM
from jalon.jobs import runner as jobs
from jalon.lifecycle import actions
from jalon.lifecycle.columns import JOURNEYS, VISITS
from jalon.lifecycle.journeys.path import Path
from jalon.records.columns import Source
from jalon.warehouse.engine import Engine
from tests.lifecycle.drawn import PATH, START
from tests.lifecycle.naive import Move
from tests.lifecycle.steps import follow, journeys, lay_out, move, movements, moves, past, stored_rows
from tests.records.steps import contact

OUTCOME, END, FURTHEST, LENGTH = 5, 7, 9, 12


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def journeys_of(engine: Engine, log: list[Move], *cells: int, path: Path = PATH) -> list[tuple[object, ...]]:
    lay_out(engine, path, {1: log})
    return [tuple(row[cell] for cell in cells) for row in stored_rows(engine, JOURNEYS)]


def test_going_back_ends_nothing_and_the_furthest_stage_stays(engine: Engine) -> None:
    log = moves((None, "one", day(0)), ("one", "three", day(1)), ("three", "one", day(2)))
    assert journeys_of(engine, log, OUTCOME, FURTHEST) == [("open", 3)]


def test_a_cleared_journey_has_an_end_and_coming_back_begins_another(engine: Engine) -> None:
    log = moves((None, "two", day(0)), ("two", None, day(3)), (None, "one", day(5)))
    assert journeys_of(engine, log, OUTCOME, END, LENGTH) == [("cleared", None, 3 * 86_400_000), ("open", None, None)]


def test_a_stage_outside_the_path_clears_a_journey_and_opens_none(engine: Engine) -> None:
    log = moves((None, "two", day(0)), ("two", "beside", day(1)), ("beside", "cold", day(2)))
    assert journeys_of(engine, log, OUTCOME, END) == [("cleared", "beside")]


def test_two_moves_of_one_instant_are_both_kept_in_the_order_of_their_ids(engine: Engine) -> None:
    log = [Move(1, None, "one", day(0)), Move(2, "one", "two", day(0)), Move(3, "two", "won", day(0))]
    assert journeys_of(engine, log, OUTCOME, FURTHEST, LENGTH) == [("won", 4, 0)]
    assert [(row[4], row[11]) for row in stored_rows(engine, VISITS)] == [("one", 0), ("two", 0)]


def test_an_import_into_the_end_leaves_the_journey_open_until_a_movement_shows_it(engine: Engine) -> None:
    log = moves((None, "one", day(0)), ("cold", "two", day(9)))
    assert journeys_of(engine, log[:1], OUTCOME) == [("open",)]
    assert journeys_of(engine, log, OUTCOME, LENGTH) == [("unlogged", None), ("open", None)]


def test_lost_straight_to_won_is_a_journey_of_one_move(engine: Engine) -> None:
    log = moves((None, "one", day(0)), ("one", "cold", day(1)), ("cold", "won", day(4)))
    assert journeys_of(engine, log, OUTCOME, 11, LENGTH) == [("lost", False, 86_400_000), ("won", True, 0)]


def test_places_are_those_of_the_present_order(engine: Engine) -> None:
    turned = Path(("three", "two", "one"), PATH.won, PATH.lost, PATH.outside)
    log = moves((None, "one", day(0)), ("one", "two", day(1)))
    assert (journeys_of(engine, log, FURTHEST), journeys_of(engine, log, FURTHEST, path=turned)) == ([(2,)], [(3,)])


@pytest.mark.usefixtures("columns")
def test_the_example_of_the_deleted_stage() -> None:
    """1 to 2, 2 to 3, 3 to Won: without stage 2 only the last is left, a journey won by one move."""
    ada, first = contact(email="ada@example.com"), datetime(2026, 1, 5, 9, tzinfo=UTC)
    way = ("new_lead", "hot_lead", "payment", "customer")
    past((ada, way[0], first, Source.IMPORT))
    past(*((ada, stage, first + timedelta(days=number), Source.USER) for number, stage in enumerate(way[1:], 1)))
    follow()
    assert journeys("entered_at", "outcome", "at_once") == [(first + timedelta(days=1), "won", False)]
    jobs.run(actions.delete("hot_lead", "", actor=SYSTEM).pk)
    follow()
    assert movements() == [(ada, "payment", "customer")]
    assert journeys("entered_at", "outcome", "at_once") == [(first + timedelta(days=3), "won", True)]


@pytest.mark.usefixtures("columns")
def test_the_same_stage_again_is_no_movement_and_a_history_brings_its_own_sources() -> None:
    ada, first = contact(email="ada@example.com"), datetime(2026, 1, 5, 9, tzinfo=UTC)
    sources = (Source.WORKFLOW, Source.FORM, Source.IMPORT, Source.CONVERSATION)
    stages = ("new_lead", "new_lead", "hot_lead", "payment")
    past(*((ada, stage, first + timedelta(hours=n), source) for n, (stage, source) in enumerate(zip(stages, sources, strict=True))))
    move(ada, "payment")
    follow()
    assert movements() == [(ada, None, "new_lead"), (ada, "hot_lead", "payment")]
