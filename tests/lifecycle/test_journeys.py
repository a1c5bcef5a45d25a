"""Journeys made of movements: the edges of the algorithm, and any log against the state machine on paper."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings

from jalon.lifecycle.columns import JOURNEYS, VISITS
from jalon.warehouse.engine import Engine
from tests.lifecycle import naive
from tests.lifecycle.drawn import PATH, START, logs
from tests.lifecycle.naive import Move
from tests.lifecycle.steps import lay_out, moves, stored_rows


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def outcomes(engine: Engine) -> list[tuple[object, ...]]:
    """Contact, number, outcome, furthest place, length in days."""
    return [
        (row[0], row[1], row[5], row[9], row[12] / 86_400_000 if isinstance(row[12], int) else None)
        for row in stored_rows(engine, JOURNEYS)
    ]


def test_won_and_lost_at_once_are_journeys_of_one_move(engine: Engine) -> None:
    lay_out(engine, PATH, {1: moves((None, "won", day(0))), 2: [Move(2, None, "cold", day(0)), Move(3, "cold", "won", day(1))]})
    found = [(row[0], row[5], row[8], row[11]) for row in stored_rows(engine, JOURNEYS)]
    assert found == [(1, "won", None, True), (2, "lost", None, True), (2, "won", None, True)]


def test_after_an_end_only_the_path_begins_a_journey_again(engine: Engine) -> None:
    log = moves(
        (None, "won", day(0)), ("won", "cold", day(1)), ("cold", "beside", day(2)), ("beside", None, day(3)), (None, "poor", day(4))
    )
    lay_out(engine, PATH, {1: log, 2: [Move(9, None, "beside", day(0))]})
    assert outcomes(engine) == [(1, 1, "won", 4, 0.0)]


def test_a_movement_from_outside_the_path_shows_that_a_bulk_edit_had_ended_the_journey(engine: Engine) -> None:
    lay_out(
        engine,
        PATH,
        {1: moves((None, "two", day(0)), ("cold", "one", day(5))), 2: [Move(8, None, "one", day(0)), Move(9, "won", None, day(2))]},
    )
    assert outcomes(engine) == [(1, 1, "unlogged", 2, None), (1, 2, "open", 1, None), (2, 1, "unlogged", 1, None)]


def test_stays_in_one_stage_are_added_up(engine: Engine) -> None:
    log = moves((None, "one", day(0)), ("one", "two", day(1)), ("two", "one", day(3)), ("one", "cold", day(7)))
    lay_out(engine, PATH, {1: log})
    assert [(row[4], row[12]) for row in stored_rows(engine, VISITS)] == [("one", None), ("two", 2 * 86_400_000), ("one", 5 * 86_400_000)]


def test_without_movements_nobody_travels(engine: Engine) -> None:
    lay_out(engine, PATH, {})
    assert (stored_rows(engine, JOURNEYS), stored_rows(engine, VISITS)) == ([], [])


def test_any_log_gives_the_journeys_of_the_state_machine(engine: Engine) -> None:
    @settings(max_examples=15 if engine.dialect == "duckdb" else 3, suppress_health_check=list(HealthCheck))
    @given(log=logs())
    def any_log(log: dict[int, list[Move]]) -> None:
        lay_out(engine, PATH, log)
        found = {record: naive.journeys(PATH, some) for record, some in log.items()}
        assert stored_rows(engine, JOURNEYS) == [row for record, some in sorted(found.items()) for row in naive.journey_rows(record, some)]
        visits = sorted(row for record, some in found.items() for row in naive.visit_rows(PATH, record, some))
        assert stored_rows(engine, VISITS) == visits

    any_log()
