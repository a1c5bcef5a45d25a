"""Any sequence of writes, links, merges, undos, archivings and erasures: rows, log and columns agree with a naive model."""

from __future__ import annotations

import os
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jalon.accounts.access import SYSTEM
from jalon.accounts.actions import Refused
from jalon.records import actions, queries, runner
from jalon.records.erasing import actions as erasing
from jalon.records.merging import actions as merging
from jalon.records.models import Association, Merge, Record, UniqueValue
from jalon.warehouse import current
from tests.engines import ENGINES, open_engine
from tests.records.steps import BY_HAND, asked, write

CITIES = ["Lyon", "Paris", ""]
PEOPLE, FIRMS = 5, 2


@dataclass
class Naive:
    """A person as one would keep them by hand: values, additional addresses, firms, and whom they became."""

    values: dict[str, str]
    also: list[str] = field(default_factory=list)
    firms: set[int] = field(default_factory=set)
    into: int | None = None
    archived: bool = False
    gone: bool = False

    @property
    def live(self) -> bool:
        return not (self.gone or self.archived or self.into is not None)

    def addresses(self) -> set[str]:
        return {value for value in (self.values.get("email"), *self.also) if value}


class World:
    """Does things through the product's verbs, and the same by hand."""

    def __init__(self, run: int) -> None:
        emails = [f"p{number}.{run}@example.com" for number in range(PEOPLE)]
        self.ids = list(write(*({"email": email, "city": CITIES[place % 3]} for place, email in enumerate(emails))).created)
        self.firms = list(write({"name": "A"}, {"name": "B"}, match="id", object_type="company").created)
        self.model = {
            id: Naive({"email": email, **({"city": city} if (city := CITIES[place % 3]) else {})})
            for place, (id, email) in enumerate(zip(self.ids, emails, strict=True))
        }
        self.merges: list[tuple[int, int, int, Naive, Naive]] = []  # row, survivor, loser, both before
        self.touched: set[int] = set()  # merges whose survivor somebody changed since

    def person(self, place: int) -> int:
        return self.ids[place % PEOPLE]

    def write(self, one: int, other: int) -> None:
        id, city = self.person(one), CITIES[other % 3]
        outcome = write({"id": id, "city": city}, match="id")
        person = self.model[id]
        assert bool(outcome.refused) is not person.live
        if person.live and (person.values.get("city") or "") != city:
            person.values = {name: value for name, value in {**person.values, "city": city}.items() if value}
            self._note(id)

    def link(self, one: int, other: int) -> None:
        id, firm = self.person(one), self.firms[other % FIRMS]
        if self.model[id].live and firm not in self.model[id].firms:
            actions.associate("contact_to_company", [(id, firm)], actor=SYSTEM, origin=BY_HAND)
            self.model[id].firms.add(firm)
            self._note(id)

    def unlink(self, one: int, other: int) -> None:
        id, firm = self.person(one), self.firms[other % FIRMS]
        if firm in self.model[id].firms and self.model[id].live:
            actions.dissociate("contact_to_company", [(id, firm)], actor=SYSTEM, origin=BY_HAND)
            self.model[id].firms.discard(firm)
            self._note(id)

    def _note(self, id: int) -> None:
        self.touched |= {row for row, survivor, *_ in self.merges if survivor == id}

    def archive(self, one: int, other: int) -> None:
        id = self.person(one)
        actions.archive("contact", [id], actor=SYSTEM, origin=BY_HAND)
        if self.model[id].live:
            self.model[id].archived = True

    def restore(self, one: int, other: int) -> None:
        id = self.person(one)
        outcome = actions.restore("contact", [id], actor=SYSTEM, origin=BY_HAND)
        person = self.model[id]
        taken = person.addresses() & set().union(*(each.addresses() for each in self.model.values() if each.live))
        if person.archived and not person.gone and not taken:
            person.archived = False
        assert bool(outcome.updated) is (id in outcome.updated)
        assert Record.objects.filter(pk=id, archived_at=None).exists() is person.live

    def merge(self, one: int, other: int) -> None:
        survivor, loser = self.person(one), self.person(other)
        try:
            (row,) = merging.merge("contact", survivor, [loser], {"city": loser} if one > other else {}, actor=SYSTEM).merges
        except Refused:
            assert survivor == loser or not (self.model[survivor].live and self.model[loser].live)
            return
        kept, lost = self.model[survivor], self.model[loser]
        self.merges.append((row, survivor, loser, deepcopy(kept), deepcopy(lost)))
        city = lost.values.get("city") if one > other else kept.values.get("city") or lost.values.get("city")
        also = [*kept.also, *(a for a in (lost.values.get("email"), *lost.also) if a)]
        email = kept.values.get("email") or lost.values.get("email")
        kept.values = {name: value for name, value in {"email": email, "city": city}.items() if value}
        kept.also = [address for address in dict.fromkeys(also) if address != email]
        kept.firms |= lost.firms
        lost.firms, lost.into = set(), survivor

    def undo(self, one: int, other: int) -> None:
        """The latest merge; exactly, where nobody touched the survivor since."""
        if not self.merges:
            return
        row, survivor, loser, kept, lost = self.merges[-1]
        try:
            merging.undo_merge(row, actor=SYSTEM)
        except Refused:
            assert not self.model[survivor].live
            return
        self.merges.pop()
        if row not in self.touched:
            kept.archived = self.model[survivor].archived
            self.model[survivor], self.model[loser] = kept, lost
            return
        self._read_again(survivor, lost, loser)

    def _read_again(self, survivor: int, lost: Naive, loser: int) -> None:
        """Somebody changed it since: the loser has its values again, what the survivor keeps is told by other tests."""
        self.model[loser] = lost
        lost.firms = firms_of(loser)
        self.model[survivor] = Naive(stored(survivor)[0], stored(survivor)[1], firms_of(survivor))

    def erase(self, one: int, other: int) -> None:
        if one % 4:  # seldom
            return
        id = self.person(one)
        family = self._family(id)
        try:
            erasing.erase("contact", [id], actor=SYSTEM)
        except Refused:
            assert self.model[id].gone
            return
        for each in family:
            self.model[each] = Naive({}, gone=True)
        self.merges = [merge for merge in self.merges if merge[1] not in family and merge[2] not in family]

    def _family(self, id: int) -> set[int]:
        top = id
        while (into := self.model[top].into) is not None:
            top = into
        found = {top}
        while more := {each for each, person in self.model.items() if person.into in found} - found:
            found |= more
        return found

    def sync(self, one: int, other: int) -> None:
        runner.sync(datetime.now(UTC))


def stored(id: int) -> tuple[dict[str, str], list[str]]:
    properties = Record.objects.get(pk=id).properties
    also = [part for part in properties.get("hs_additional_emails", "").split(";") if part]
    return {name: properties[name] for name in ("email", "city") if name in properties}, also


def firms_of(id: int) -> set[int]:
    return set(Association.objects.filter(from_record_id=id).values_list("to_record_id", flat=True))


def catch_up() -> None:
    while runner.sync(datetime.now(UTC)):
        pass


def check(world: World) -> None:
    """Rows, unique values and links are those of the model; the columns are those of the rows, and of a rebuild."""
    for id, person in world.model.items():
        row = Record.objects.filter(pk=id).first()
        assert (row is None) is person.gone
        if row is None:
            assert not UniqueValue.objects.filter(record_id=id).exists() and not firms_of(id)
            assert not Merge.objects.filter(survivor_id=id).exists() and not Merge.objects.filter(loser_id=id).exists()
            continue
        assert (row.archived_at is None, row.merged_into_id) == (person.live, person.into)
        values, also = stored(id)
        assert (values, sorted(also), firms_of(id)) == (person.values, sorted(person.also), person.firms)
        claims = set(UniqueValue.objects.filter(record_id=id).values_list("value", flat=True))
        assert claims == (person.addresses() if person.live else set())
    live = sorted((id, p.values.get("email"), p.values.get("city")) for id, p in world.model.items() if p.live)
    mine = f"id IN ({', '.join(map(str, world.ids))})"
    assert asked(f"SELECT id, email, city FROM contacts WHERE {mine} ORDER BY id") == live
    links = sorted((id, firm) for id, p in world.model.items() if p.live for firm in p.firms)
    mine = mine.replace("id IN", "from_id IN")
    assert sorted(asked(f"SELECT from_id, to_id FROM associations WHERE {mine}")) == links
    _check_history(world)


def _check_history(world: World) -> None:
    """Each family's past ends in what its record is now, and no one who became another has a past of their own."""
    lines: list[tuple[Any, ...]] = asked(
        "SELECT record_id, property, old, new FROM property_history ORDER BY record_id, property, at, change_id"
    )
    tellers = {record for record, *_ in lines}
    for id, person in world.model.items():
        assert not (id in tellers and (person.gone or person.into is not None))
        for name in ("email", "city"):
            past = [(old, new) for record, prop, old, new in lines if (record, prop) == (id, name)]
            assert all(before[1] == after[0] for before, after in pairwise(past))
            if past:
                assert past[-1][1] == person.values.get(name)
            elif not person.gone and person.into is None:
                assert person.values.get(name) is None


STEPS = ["write", "write", "link", "unlink", "archive", "restore", "merge", "merge", "undo", "erase", "sync"]
PLANS = st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 9), st.integers(0, 9)), min_size=4, max_size=30)
EXAMPLES = int(os.environ.get("SEQUENCES", "12"))


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, house: None) -> Iterator[str]:
    with TemporaryDirectory(prefix="jalon-test-") as folder, open_engine(request.param, Path(folder)) as opened:
        queries.forget_catalogs()
        current.install(opened)
        runner.shape()
        yield request.param
        current.close()
    queries.forget_catalogs()


def test_rows_log_and_columns_agree_with_a_naive_model(engine: str) -> None:
    examples = EXAMPLES if engine == "duckdb" else max(3, EXAMPLES // 4)
    run = iter(range(10_000))

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
    @given(plan=PLANS)
    def any_plan(plan: list[tuple[str, int, int]]) -> None:
        world = World(next(run))
        for name, one, other in plan:
            getattr(world, name)(one, other)
        catch_up()
        check(world)

    any_plan()
    before = everything()
    runner.rebuild()
    assert everything() == before


def everything() -> list[list[str]]:
    """The rows of the three tables, without what an engine keeps for itself."""
    questions = (
        "SELECT id, email, city, hs_additional_emails, createdate, search_text FROM contacts",
        "SELECT from_type, from_id, to_type, to_id, type_id, is_primary FROM associations",
        "SELECT change_id, object_type, record_id, property, old, new, at, source, source_detail, actor_id FROM property_history",
    )
    return [sorted(map(str, asked(question))) for question in questions]
