"""After any sequence of what people do, lists hold exactly whom their criteria select, or whom hands have put into them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jalon.accounts.access import EVERYTHING, SYSTEM
from jalon.accounts.actions import Refused
from jalon.criteria import queries as criteria_queries
from jalon.criteria.tree import Associated, Branch, Count, Criteria, Fact, Filter, Group, How, Node, When
from jalon.imports.models import Import
from jalon.lists import actions
from jalon.lists.columns import LIST_MEMBERS, LIST_MOVEMENTS
from jalon.lists.membership import runner
from jalon.lists.models import List, Movement
from jalon.lists.queries import criteria_of
from jalon.records import actions as records
from jalon.records import queries
from jalon.records import runner as columns
from jalon.records.erasing import actions as erasing
from jalon.records.merging import actions as merging
from jalon.records.models import Record
from jalon.warehouse import current, query
from tests.engines import ENGINES, open_engine
from tests.lists.steps import folded, members
from tests.records.steps import BY_HAND, BY_IMPORT, asked, write

EXAMPLES = int(os.environ.get("SEQUENCES", "5"))
PEOPLE, FIRMS, ACTIVE, STATIC = 5, 2, 5, 2
CITIES = ["Lyon", "Paris", ""]
DATE = "recent_conversion_date"


def nodes(lists: list[int]) -> list[Node]:
    """What criteria may ask: values, past, clock, links, imports, other lists, brackets."""
    firm = Filter("name", "equal", ("A",))
    return [
        Filter("city", "equal_any", ("Lyon",)),
        Filter("city", "not_equal", ("Paris",), include_blank=True),
        Filter("city", "has_ever_equal", ("Paris",)),
        Filter("city", "is_unknown"),
        Filter(DATE, "less_than_days_ago", ("3",)),
        Filter(DATE, "more_than_days_ago", ("3",)),
        Filter(DATE, "less_than_days_from_now", ("2",)),
        Filter(DATE, "not_updated_in_last_days", ("1",), include_blank=True),
        Filter("lastmodifieddate", "less_than_days_ago", ("0",)),
        Associated("company", (firm,)),
        Associated("company", (Branch(How.NOT_ANY, (firm,)),), count=Count(least=0, most=1)),
        Associated("company", (), count=Count(least=2)),
        Fact("import", "from", ("1",)),
        Branch(How.NOT_ALL, (Filter("city", "equal", ("Lyon",)), Filter(DATE, "is_known"))),
        *(Fact("list", operator, (str(id),)) for id in lists for operator in ("in", "not_in")),
        *(Fact("list", "in", (str(id),), When("less_than_days_ago", ("1",))) for id in lists[:1]),
    ]


class World:
    """Does things through the product's verbs; of static lists it keeps by hand who is wanted in them."""

    def __init__(self, run: int) -> None:
        self.later = timedelta(0)  # the clock of the lists runs ahead of that of the records
        emails = [f"p{number}.{run}@example.com" for number in range(PEOPLE)]
        self.people = list(write(*({"email": email, "city": CITIES[at % 3]} for at, email in enumerate(emails))).created)
        self.firms = list(write({"name": "A"}, {"name": "B"}, match="id", object_type="company").created)
        self.static = [actions.create(f"hand {run} {at}", "contact", "MANUAL", actor=SYSTEM).id for at in range(STATIC)]
        self.active: list[int] = []
        self.wanted: dict[int, set[int]] = {id: set() for id in self.static}
        self.merges: list[tuple[int, int]] = []
        self.into: dict[int, int] = {}
        for at in range(ACTIVE):
            self.active.append(actions.create(f"active {run} {at}", "contact", "DYNAMIC", self._criteria(3 * at, 7 * at), actor=SYSTEM).id)

    @property
    def now(self) -> datetime:
        return datetime.now(UTC) + self.later

    def _criteria(self, one: int, other: int) -> Criteria:
        pool = nodes([*self.static, *self.active])
        some = [Group((pool[one % len(pool)], pool[other % len(pool)])), Group((pool[(one * other + 1) % len(pool)],))]
        return Criteria(tuple(some[: 1 + other % 2]))

    def write(self, one: int, other: int) -> None:
        values: dict[str, Any] = {"id": self.people[one % PEOPLE], "city": CITIES[other % 3]}
        if other % 2:
            values[DATE] = (self.now + timedelta(days=one % 7 - 4, hours=other % 5)).isoformat()
        write(values, match="id", by=BY_IMPORT if other % 5 == 0 else BY_HAND)

    def name(self, one: int, other: int) -> None:
        write({"id": self.firms[one % FIRMS], "name": "AB"[other % 2]}, match="id", object_type="company")

    def link(self, one: int, other: int) -> None:
        if self._live(self.people[one % PEOPLE]):
            pair = (self.people[one % PEOPLE], self.firms[other % FIRMS])
            records.associate("contact_to_company", [pair], actor=SYSTEM, origin=BY_HAND)

    def unlink(self, one: int, other: int) -> None:
        pair = (self.people[one % PEOPLE], self.firms[other % FIRMS])
        records.dissociate("contact_to_company", [pair], actor=SYSTEM, origin=BY_HAND)

    def archive(self, one: int, other: int) -> None:
        records.archive("contact", [self.people[one % PEOPLE]], actor=SYSTEM, origin=BY_HAND)

    def restore(self, one: int, other: int) -> None:
        records.restore("contact", [self.people[one % PEOPLE]], actor=SYSTEM, origin=BY_HAND)

    def merge(self, one: int, other: int) -> None:
        survivor, loser = self.people[one % PEOPLE], self.people[other % PEOPLE]
        try:
            (row,) = merging.merge("contact", survivor, [loser], actor=SYSTEM).merges
        except Refused:
            return
        self.merges.append((row, loser))
        self.into[loser] = survivor

    def undo(self, one: int, other: int) -> None:
        if self.merges:
            row, loser = self.merges[-1]
            try:
                merging.undo_merge(row, actor=SYSTEM)
            except Refused:
                return
            self.merges.pop()
            del self.into[loser]

    def erase(self, one: int, other: int) -> None:
        if one % 4:  # seldom
            return
        try:
            erasing.erase("contact", [self.people[one % PEOPLE]], actor=SYSTEM)
        except Refused:
            return
        there = set(Record.objects.filter(pk__in=self.people).values_list("pk", flat=True))
        self.merges = [merge for merge in self.merges if merge[1] in there]
        self.into = {loser: survivor for loser, survivor in self.into.items() if loser in there}

    def add(self, one: int, other: int) -> None:
        list_id, ids = self.static[one % STATIC], self._some(other)
        if self._is_away(list_id):
            return
        actions.add(list_id, ids, actor=SYSTEM)
        self.wanted[list_id] |= {id for id in ids if self._live(id)}

    def remove(self, one: int, other: int) -> None:
        list_id, ids = self.static[one % STATIC], self._some(other)
        if self._is_away(list_id):
            return
        actions.remove(list_id, ids, actor=SYSTEM)
        self.wanted[list_id] -= {id for id in self.people if id in ids or self._root(id) in ids}

    def _is_away(self, list_id: int) -> bool:
        """A deleted list takes nobody in and lets nobody go."""
        return List.objects.get(pk=list_id).deleted_at is not None

    def edit(self, one: int, other: int) -> None:
        try:
            actions.change(self.active[one % ACTIVE], criteria=self._criteria(one * 11 + other, other), actor=SYSTEM)
        except Refused:
            return  # a circle

    def put_away(self, one: int, other: int) -> None:
        """Deletes a list, which may put others into trouble, or brings it back."""
        list_id = [*self.static, *self.active][one % (STATIC + ACTIVE)]
        if List.objects.get(pk=list_id).deleted_at is None:
            actions.delete(list_id, actor=SYSTEM, even_if_used=True)
        else:
            actions.restore(list_id, actor=SYSTEM)

    def clock(self, one: int, other: int) -> None:
        self.later += timedelta(hours=one * other, milliseconds=one)

    def turn(self, one: int, other: int) -> None:
        """The beat has a turn at any moment."""
        columns.sync(datetime.now(UTC))
        runner.turn(self.now)

    def _some(self, other: int) -> list[int]:
        return sorted({self.people[other % PEOPLE], self.people[(other + 1) % PEOPLE]})

    def _live(self, id: int) -> bool:
        return Record.objects.filter(pk=id, archived_at=None).exists()

    def _root(self, id: int) -> int:
        return self._root(self.into[id]) if id in self.into else id

    def settled(self, now: datetime) -> None:
        columns.catch_up()
        for _ in range(200):
            if not runner.turn(now):
                return
            columns.catch_up()
        raise AssertionError("it never comes to rest")

    def members_by_hand(self, list_id: int) -> set[int]:
        return {id for id in self.people if self._live(id) and any(self._root(one) == id for one in self.wanted[list_id])}


def selected(list_id: int, now: datetime) -> set[int]:
    """Who meets the criteria, asked of everybody at once."""
    row = List.objects.get(pk=list_id)
    tree = query.select(query.column("id")).from_(query.table("contacts"))
    condition = criteria_queries.where(criteria_of(row.criteria), "contact", EVERYTHING, now=now)
    return {id for (id,) in current.engine().rows(tree.where(condition) if condition is not None else tree)}


def check(world: World) -> None:
    for list_id in world.static:
        if List.objects.get(pk=list_id).deleted_at is None:
            assert members(list_id) == world.members_by_hand(list_id)
    now = world.now
    world.settled(now)
    for list_id in world.active:
        row = List.objects.get(pk=list_id)
        if row.deleted_at is None and not row.trouble:
            assert members(list_id) == selected(list_id, now.replace(microsecond=now.microsecond // 1000 * 1000)), row.criteria
    for list_id in [*world.static, *world.active]:
        last = Movement.objects.filter(list_id=list_id).order_by("-id").first()
        size = List.objects.get(pk=list_id).size
        assert (len(folded(list_id)), last.size if last else 0) == (size, size)
        assert members(list_id) == folded(list_id)


STEPS = ["write"] * 4 + ["name", "link", "link", "unlink", "archive", "restore", "merge", "merge", "undo", "erase"]
STEPS += ["add", "add", "remove", "edit", "edit", "put_away", "clock", "clock", "turn", "turn", "turn"]
PLANS = st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 40), st.integers(0, 40)), min_size=6, max_size=25)


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, house: None) -> Iterator[str]:
    with TemporaryDirectory(prefix="jalon-test-") as folder, open_engine(request.param, Path(folder)) as opened:
        queries.forget_catalogs()
        current.install(opened)
        columns.shape()
        yield request.param
        current.close()
    queries.forget_catalogs()


def test_members_are_whom_the_criteria_select_and_whom_hands_have_put_in(engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "WINDOWS", (2, 2))  # a rebuild of few records is many windows, too
    monkeypatch.setattr(runner, "SLICE", 4)
    examples = EXAMPLES if engine == "duckdb" else max(1, EXAMPLES // 5)
    Import.objects.get_or_create(pk=1)  # the one that filters name
    run = iter(range(10_000))

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
    @given(plan=PLANS)
    def any_plan(plan: list[tuple[str, int, int]]) -> None:
        world = World(next(run))
        steps: dict[str, Callable[[int, int], None]] = {name: getattr(world, name) for name in set(STEPS)}
        for name, one, other in plan:
            steps[name](one, other)
        world.settled(world.now)
        check(world)
        for list_id in [*world.static, *world.active]:
            List.objects.filter(pk=list_id).update(deleted_at=datetime.now(UTC))  # the next world begins with none

    any_plan()
    before = everything()
    columns.rebuild()
    assert everything() == before


def everything() -> list[list[str]]:
    questions = (
        f"SELECT list_id, record_id, joined_at, why FROM {LIST_MEMBERS.name}",
        f"SELECT movement_id, list_id, record_id, entered, at, why, actor_id, silent FROM {LIST_MOVEMENTS.name}",
    )
    return [sorted(map(str, asked(question))) for question in questions]
