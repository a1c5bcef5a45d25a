"""The state machine of spec 4.4 as one would write it on paper: one contact, one movement after the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from jalon.lifecycle.journeys.path import Path


@dataclass(frozen=True)
class Move:
    """A logged movement. `id` orders those of one instant."""

    id: int
    came_from: str | None
    to: str | None
    at: datetime


@dataclass
class Visit:
    id: int
    stage: str
    came_from: str | None
    entered_at: datetime
    left_at: datetime | None = None
    next_stage: str | None = None
    still_in: bool = True

    @property
    def length(self) -> int | None:
        return _milliseconds(self.entered_at, self.left_at) if self.left_at else None


@dataclass
class Journey:
    entered_at: datetime
    entry_stage: str
    entry_from: str | None
    places: list[int]
    outcome: str = "open"
    ended_at: datetime | None = None
    end_stage: str | None = None
    moves: int = 1
    visits: list[Visit] = field(default_factory=list)

    @property
    def length(self) -> int | None:
        return _milliseconds(self.entered_at, self.ended_at) if self.ended_at else None

    def time_in(self, stage: str) -> int | None:
        """All visits to a stage that have a time, together; None where it was skipped or none has one."""
        lengths = [visit.length for visit in self.visits if visit.stage == stage and visit.length is not None]
        return sum(lengths) if lengths else None


def journeys(path: Path, moves: Iterable[Move]) -> list[Journey]:
    """The journeys of one contact."""
    found: list[Journey] = []
    now_open: Journey | None = None
    for move in sorted(moves, key=lambda move: (move.at, move.id)):
        if now_open and move.came_from not in path.primary:  # a bulk edit had ended it
            now_open.outcome = "unlogged"
            now_open.visits[-1].still_in = False
            now_open = None
        if now_open:
            now_open = _go_on(path, now_open, move)
        elif move.to in path.places or (move.to in path.lost and not found):
            found.append(Journey(move.at, str(move.to), move.came_from, _place(path, move.to)))
            now_open = _arrive(path, found[-1], move)
    return found


def _go_on(path: Path, journey: Journey, move: Move) -> Journey | None:
    journey.moves += 1
    last = journey.visits[-1]
    last.still_in = False
    if move.came_from == last.stage:
        last.left_at, last.next_stage = move.at, move.to
    journey.places += _place(path, move.to)
    return _arrive(path, journey, move)


def _arrive(path: Path, journey: Journey, move: Move) -> Journey | None:
    """The journey if it is open still."""
    if move.to in path.primary:
        journey.visits.append(Visit(move.id, str(move.to), move.came_from, move.at))
        return journey
    journey.outcome = "won" if move.to == path.won else "lost" if move.to in path.lost else "cleared"
    journey.ended_at, journey.end_stage = move.at, move.to
    return None


def _place(path: Path, stage: str | None) -> list[int]:
    return [path.places.index(stage) + 1] if stage in path.places else []


def _milliseconds(start: datetime, end: datetime) -> int:
    return round((end - start).total_seconds() * 1000)


def journey_rows(record_id: int, found: Sequence[Journey]) -> list[tuple[object, ...]]:
    """As the columns hold them, without local days."""
    return [
        (
            record_id,
            number,
            journey.entered_at,
            journey.entry_stage,
            journey.entry_from,
            journey.outcome,
            journey.ended_at,
            journey.end_stage,
            journey.visits[-1].stage if journey.visits else None,
            max(journey.places, default=0),
            min(journey.places, default=0),
            not journey.visits,
            journey.length,
            journey.moves,
        )
        for number, journey in enumerate(found, 1)
    ]


def visit_rows(path: Path, record_id: int, found: Sequence[Journey]) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for number, journey in enumerate(found, 1):
        for place, visit in enumerate(journey.visits):
            is_last = all(other.stage != visit.stage for other in journey.visits[place + 1 :])
            rows.append(
                (
                    record_id,
                    visit.id,
                    number,
                    journey.entered_at,
                    visit.stage,
                    path.places.index(visit.stage) + 1,
                    visit.came_from,
                    visit.entered_at,
                    visit.left_at,
                    visit.next_stage,
                    visit.still_in,
                    visit.length,
                    journey.time_in(visit.stage) if is_last else None,
                    is_last,
                )
            )
    return rows
