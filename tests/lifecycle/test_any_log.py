"""Any sequence of moves, imports, bulk edits, merges, erasures and changes of the stages: the columns hold what the paper says."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path as Folder
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jalon.accounts.access import SYSTEM
from jalon.accounts.actions import Refused
from jalon.jobs import runner as jobs
from jalon.lifecycle import actions as lifecycle
from jalon.lifecycle import queries as stages
from jalon.lifecycle import runner
from jalon.lifecycle.actions import StageDraft
from jalon.lifecycle.columns import MOVEMENTS, TABLES, StageKind
from jalon.records import actions, queries
from jalon.records import runner as columns
from jalon.records.bulk import actions as bulk
from jalon.records.columns import Origin, Source
from jalon.records.erasing import actions as erasing
from jalon.records.merging import actions as merging
from jalon.records.models import Record
from jalon.warehouse import current
from tests.engines import ENGINES, open_engine
from tests.lifecycle.paper import check_report
from tests.lifecycle.steps import agree, follow, move, on_paper, past, stored_rows
from tests.records.steps import BY_HAND, write

EXAMPLES = int(os.environ.get("SEQUENCES", "5"))
LONG = EXAMPLES > 5  # a rebuild takes as long as a whole plan
PEOPLE = 4
SOURCES = [Source.USER, Source.API, Source.WORKFLOW, Source.IMPORT, Source.SYSTEM]


class World:
    """Does things through the product's verbs."""

    def __init__(self, run: int) -> None:
        emails = [f"p{number}.{run}@example.com" for number in range(PEOPLE)]
        self.people = list(write(*({"email": email} for email in emails)).created)
        self.merges: list[int] = []
        self.origins: list[Origin] = []
        self.run = run

    def move(self, one: int, other: int) -> None:
        move(self.people[one % PEOPLE], self._stage(other), Origin(SOURCES[one % len(SOURCES)]))

    def remember(self, one: int, other: int) -> None:
        at = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=one // 4)
        if Record.objects.filter(pk=self.people[one % PEOPLE], archived_at=None).exists():
            past((self.people[one % PEOPLE], self._stage(other), at, SOURCES[other % len(SOURCES)]))

    def bulk(self, one: int, other: int) -> None:
        ids = self.people[one % PEOPLE :]
        self.origins.append(Origin(Source.BULK_EDIT, f"{self.run}.{len(self.origins)}"))
        bulk.set_all("contact", ids, {"lifecyclestage": self._stage(other)}, actor=SYSTEM, origin=self.origins[-1])

    def take_back(self, one: int, other: int) -> None:
        if self.origins:
            bulk.undo(self.origins[one % len(self.origins)], actor=SYSTEM)

    def archive(self, one: int, other: int) -> None:
        actions.archive("contact", [self.people[one % PEOPLE]], actor=SYSTEM, origin=BY_HAND)

    def restore(self, one: int, other: int) -> None:
        actions.restore("contact", [self.people[one % PEOPLE]], actor=SYSTEM, origin=BY_HAND)

    def merge(self, one: int, other: int) -> None:
        survivor, loser = self.people[one % PEOPLE], self.people[other % PEOPLE]
        try:
            self.merges += merging.merge("contact", survivor, [loser], actor=SYSTEM).merges
        except Refused:
            return

    def undo(self, one: int, other: int) -> None:
        if self.merges:
            try:
                merging.undo_merge(self.merges.pop(), actor=SYSTEM)
            except Refused:
                return

    def erase(self, one: int, other: int) -> None:
        if one % 4 == 0:
            try:
                erasing.erase("contact", [self.people[one % PEOPLE]], actor=SYSTEM)
            except Refused:
                return

    def add(self, one: int, other: int) -> None:
        kind = StageKind.LOST if other % 3 == 0 else StageKind.PRIMARY
        try:
            lifecycle.add(StageDraft(f"Stage {one}", "", kind), actor=SYSTEM)
        except Refused:
            return  # there is one of that name

    def delete(self, one: int, other: int) -> None:
        gone, to = self._stage(one), self._stage(other)
        try:
            jobs.run(lifecycle.delete(gone or "", to if to and to != gone else "", actor=SYSTEM).pk)
        except Refused:
            return  # Won, or none

    def reorder(self, one: int, other: int) -> None:
        names = [stage.name for stage in stages.stages()]
        lifecycle.put_in_order(names[one % len(names) :] + names[: other % len(names)], actor=SYSTEM)

    def another_set(self, one: int, other: int) -> None:
        try:
            lifecycle.choose_preset("marketing" if one % 2 else "sales", SYSTEM)
        except Refused:
            return  # contacts stand in a stage that would become something else

    def turn(self, one: int, other: int) -> None:
        """The beat has a turn at any moment."""
        columns.sync(datetime.now(UTC))
        runner.turn(datetime.now(UTC))

    def _stage(self, number: int) -> str | None:
        names = [None, *(stage.name for stage in stages.stages())]
        return names[number % len(names)]


STEPS = (
    ["move"] * 9
    + ["remember"] * 4
    + ["bulk", "bulk", "take_back", "another_set", "archive", "restore", "merge", "undo", "erase", "add", "delete", "reorder"]
)
STEPS += ["turn"] * 4
PLANS = st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 40), st.integers(0, 40)), min_size=8, max_size=35)


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, house: None) -> Iterator[str]:
    with TemporaryDirectory(prefix="jalon-test-") as folder, open_engine(request.param, Folder(folder)) as opened:
        queries.forget_catalogs()
        current.install(opened)
        columns.shape()
        yield request.param
        current.close()
    queries.forget_catalogs()


def check_rebuild() -> None:
    """What was followed bit by bit is what is read at once."""
    before = everything()
    columns.rebuild()
    assert everything() == before


def everything() -> list[list[tuple[object, ...]]]:
    found = [stored_rows(current.engine(), table) for table in TABLES]
    found[TABLES.index(MOVEMENTS)].sort(key=str)
    return found


def test_journeys_are_those_of_the_state_machine_whatever_happens(engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "WINDOW", 2)
    monkeypatch.setattr(runner, "SLICE", 4)
    run = iter(range(10_000))

    @settings(
        max_examples=EXAMPLES if engine == "duckdb" else max(1, EXAMPLES // 5), suppress_health_check=list(HealthCheck), print_blob=True
    )
    @given(plan=PLANS)
    def any_plan(plan: list[tuple[str, int, int]]) -> None:
        world = World(next(run))
        steps: dict[str, Callable[[int, int], None]] = {name: getattr(world, name) for name in set(STEPS)}
        for name, one, other in plan:
            steps[name](one, other)
        follow()
        agree()
        path = stages.path()
        check_report(current.engine(), path, [journey for some in on_paper(path).values() for journey in some])
        if LONG:
            check_rebuild()

    any_plan()
    check_rebuild()
