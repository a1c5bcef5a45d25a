"""What follows change by change is what a computation from scratch would give: after any writes, clock steps and edits of rules."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jalon.accounts.access import SYSTEM
from jalon.criteria.tree import Associated, Branch, Criteria, Filter, Group, How, all_of
from jalon.records import actions as records
from jalon.records.columns import FieldType, PropertySpec, Type
from jalon.records.definitions import actions as definitions
from jalon.records.merging import actions as merging
from jalon.records.models import Association, Record
from jalon.scores import actions, runner
from jalon.scores.models import Score
from jalon.scores.rules import Rule, Rules
from tests.criteria.naive import moment
from tests.criteria.test_against_naive import LONG
from tests.records.steps import BY_HAND, contact, write
from tests.scores.test_scores import follow

PARIS_ZONE = ZoneInfo("Europe/Paris")  # the account's in these tests
START = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
CITIES = ("", "Lyon", "Paris")
PARIS = Filter("city", "equal_any", ("Paris",))
NOT_PARIS = all_of(Branch(How.NOT_ANY, (PARIS,)))
RECENT = all_of(Filter("trial", "less_than_days_ago", ("2",)))
LINKED = all_of(Associated("company", (Filter("city", "equal_any", ("Lyon",)),)))
HIGH = all_of(Filter("first", "greater", ("5",)))
FIRST = (
    (Rule(all_of(PARIS), 10), Rule(RECENT, 7)),
    (Rule(LINKED, 5), Rule(NOT_PARIS, -3)),
    (Rule(Criteria((Group((PARIS,)), Group(RECENT.groups[0].filters))), 6), Rule(LINKED, 1)),
)
SECOND = ((Rule(HIGH, 2),), (Rule(HIGH, 2), Rule(LINKED, 4)))
STEPS = ["write", "date", "link", "unlink", "firm", "archive", "restore", "merge", "create", "rules", "clock", "settle", "turn"]


class World:
    """Does random things to contacts, companies, rules and the clock."""

    def __init__(self, chance: random.Random) -> None:
        self.chance, self.now = chance, START
        self.people = [contact(email=f"{uuid4()}@example.com", city=chance.choice(CITIES)) for _ in range(3)]
        self.firms = list(write({"name": "One", "city": "Lyon"}, {"name": "Two"}, match="id", object_type="company").created)
        self.first: Rules = FIRST[0]
        self.second: Rules = SECOND[0]
        if not Score.objects.exists():
            for name, type in (("trial", Type.DATETIME),):
                definitions.define_property("contact", PropertySpec(name, type, FieldType.DATE, name, name), actor=SYSTEM)
            for name, rules in (("first", self.first), ("second", self.second)):
                spec = PropertySpec(name, Type.NUMBER, FieldType.SCORE, name, name)
                actions.create("contact", spec, rules, actor=SYSTEM)
        self.keep()

    def keep(self) -> None:
        actions.change("contact", "first", self.first, actor=SYSTEM)
        actions.change("contact", "second", self.second, actor=SYSTEM)

    def write(self) -> None:
        write({"id": self.chance.choice(self.people), "city": self.chance.choice(CITIES)}, match="id")

    def date(self) -> None:
        at = self.now + timedelta(hours=self.chance.choice((-60, -30, -1, 1, 26)))
        write({"id": self.chance.choice(self.people), "trial": self.chance.choice(("", at))}, match="id")

    def link(self) -> None:
        records.associate("contact_to_company", [self.pair()], actor=SYSTEM, origin=BY_HAND)

    def unlink(self) -> None:
        records.dissociate("contact_to_company", [self.pair()], actor=SYSTEM, origin=BY_HAND)

    def pair(self) -> tuple[int, int]:
        return self.chance.choice(self.people), self.chance.choice(self.firms)

    def firm(self) -> None:
        write({"id": self.chance.choice(self.firms), "city": self.chance.choice(CITIES)}, match="id", object_type="company")

    def archive(self) -> None:
        some = self.chance.choice((("contact", self.people), ("company", self.firms)))
        records.archive(some[0], [self.chance.choice(some[1])], actor=SYSTEM, origin=BY_HAND)

    def restore(self) -> None:
        records.restore("contact", self.people, actor=SYSTEM, origin=BY_HAND)
        records.restore("company", self.firms, actor=SYSTEM, origin=BY_HAND)

    def merge(self) -> None:
        live = list(Record.objects.filter(pk__in=self.people, archived_at=None, merged_into_id=None).values_list("pk", flat=True))
        if len(live) > 1:
            merging.merge("contact", live[0], [live[1]], actor=SYSTEM)

    def create(self) -> None:
        self.people.append(contact(email=f"{uuid4()}@example.com", city=self.chance.choice(CITIES)))

    def rules(self) -> None:
        self.first, self.second = self.chance.choice(FIRST), self.chance.choice(SECOND)
        self.keep()

    def clock(self) -> None:
        self.now += timedelta(hours=self.chance.choice((1, 5, 20, 50)))

    def settle(self) -> None:
        follow(self.now)

    def turn(self) -> None:
        runner.turn(self.now)


@settings(max_examples=60 if LONG else 12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], print_blob=True)
@given(seed=st.integers(0, 2**32), steps=st.lists(st.sampled_from(STEPS), max_size=20))
def test_after_any_changes_the_points_equal_a_naive_recount(columns: None, seed: int, steps: list[str]) -> None:
    world = World(random.Random(seed))
    for name in steps:
        getattr(world, name)()
    follow(world.now)
    for row in Record.objects.filter(pk__in=world.people, archived_at=None):
        first = recount(world.first, row, world.now, 0)
        wanted = {"first": str(first), "second": str(recount(world.second, row, world.now, first))}
        assert {name: row.properties.get(name) for name in wanted} == wanted, (steps, row.properties)


def recount(rules: Rules, row: Record, now: datetime, first: int) -> int:
    return sum(rule.points for rule in rules if holds(rule, row, now, first))


def holds(rule: Rule, row: Record, now: datetime, first: int) -> bool:
    """The rules of these tests, read straight from PostgreSQL's rows."""
    is_parisian, trial = row.properties.get("city") == "Paris", row.properties.get("trial")
    today = now.astimezone(PARIS_ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    is_recent = trial is not None and today - timedelta(days=2) <= moment(trial) <= now
    firms = Association.objects.filter(type__name="contact_to_company", from_record_id=row.pk, to_record__archived_at=None)
    answers = (
        (all_of(PARIS), is_parisian),
        (RECENT, is_recent),
        (NOT_PARIS, not is_parisian),
        (HIGH, first > 5),
        (LINKED, any(link.to_record.properties.get("city") == "Lyon" for link in firms.select_related("to_record"))),
    )
    return {repr(criteria): answer for criteria, answer in answers}.get(repr(rule.criteria), is_parisian or is_recent)
