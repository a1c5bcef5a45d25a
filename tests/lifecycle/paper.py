"""The figures of the lifecycle report as one would count them on paper, journey by journey, and what the engines say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from statistics import mean, median

import pytest

from jalon.lifecycle.columns import Outcome
from jalon.lifecycle.journeys import counts
from jalon.lifecycle.journeys.counts import Figures, Range
from jalon.lifecycle.journeys.path import Path
from jalon.warehouse.engine import Engine
from tests.lifecycle.naive import Journey

EVER = Range()


def check_report(engine: Engine, path: Path, journeys: Sequence[Journey]) -> None:
    """Cards, funnel, lost stages and times of all journeys together."""
    found = Figures.of(engine.rows(counts.by_outcome_and_place(EVER)))
    assert found.entered == len(journeys)
    for outcome in Outcome:
        ended = [journey for journey in journeys if journey.outcome == outcome]
        lengths = [journey.length for journey in ended if journey.visits and journey.length is not None]  # won or lost at once: no time
        assert (found.ended(outcome), found.timed(outcome)) == (len(ended), len(lengths))
        assert found.mean_ms(outcome) == (pytest.approx(mean(lengths)) if lengths else None)
    for place in range(1, len(path.places) + 1):
        assert found.reached(place) == sum(_furthest(journey) >= place for journey in journeys)
        assert found.reached(place) >= found.reached(place + 1)
        assert found.lost_before(place) == sum(journey.outcome == "lost" and _furthest(journey) < place for journey in journeys)
    ends = Counter((journey.end_stage, _last(journey)) for journey in journeys if journey.outcome == "lost")
    assert {(end, last): count for end, last, count in engine.rows(counts.lost_stages(EVER))} == ends
    _check_times(engine, path, journeys)


def _furthest(journey: Journey) -> int:
    return max(journey.places, default=0)


def _last(journey: Journey) -> str | None:
    return journey.visits[-1].stage if journey.visits else None


def _check_times(engine: Engine, path: Path, journeys: Sequence[Journey]) -> None:
    found = {stage: rest for stage, *rest in engine.rows(counts.times_in_stages(EVER))}
    for stage in path.primary:
        there = [journey for journey in journeys if any(visit.stage == stage for visit in journey.visits)]
        if not there:
            assert stage not in found
            continue
        times = [time for journey in there if (time := journey.time_in(stage)) is not None]
        idle = sum(visit.stage == stage and visit.still_in for journey in there for visit in journey.visits)
        visited, still_in, mean_ms, median_ms = found[stage]
        assert (visited, still_in) == (len(there), idle)
        assert mean_ms == (pytest.approx(mean(times)) if times else None)
        assert median_ms == (pytest.approx(median(times)) if times else None)
