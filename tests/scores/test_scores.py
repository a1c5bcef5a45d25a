"""A score is the sum of the points of the rules that a record meets, and follows every change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from jalon.accounts.access import EVERYTHING, SYSTEM
from jalon.accounts.actions import Refused
from jalon.criteria.tree import Associated, Criteria, Fact, Filter, all_of
from jalon.demo import settling
from jalon.lists import actions as lists
from jalon.lists.models import List
from jalon.records import actions as records
from jalon.records import queries
from jalon.records.columns import FieldType, Origin, PropertySpec, Source, Type
from jalon.records.definitions import actions as definitions
from jalon.records.models import Change
from jalon.scores import actions, runner
from jalon.scores import queries as scores
from jalon.scores.models import Score
from jalon.scores.rules import Rule, Rules
from tests.records.steps import BY_HAND, asked, contact, values, write

PARIS = all_of(Filter("city", "equal_any", ("Paris",)))
CUSTOMER = all_of(Filter("lifecyclestage", "any_of", ("customer",)))
RULES = (Rule(PARIS, 10), Rule(CUSTOMER, 25), Rule(all_of(Filter("email", "is_unknown")), -5))
NUMBER = PropertySpec("fit", Type.NUMBER, FieldType.SCORE, "Fit", "Adéquation")


def lead_score(rules: Rules = RULES) -> None:
    actions.become("contact", "hubspotscore", rules, actor=SYSTEM)


def follow(now: datetime) -> None:
    """Lets everything catch up at an instant of the test's own."""
    runner.catch_up(clock=lambda: now)


def score(id: int, name: str = "hubspotscore") -> str | None:
    return values(id).get(name)


def test_points_of_the_rules_that_hold_add_up(on_each_engine: Callable[[], None]) -> None:
    ada, bob = contact(email="ada@example.com", city="Paris", lifecyclestage="customer"), contact(firstname="Bob")
    cy = contact(email="cy@example.com")
    lead_score()
    on_each_engine()
    assert [score(id) for id in (ada, bob, cy)] == ["35", "-5", "0"]
    assert asked('SELECT "hubspotscore" FROM contacts ORDER BY id') == [(Decimal(35),), (Decimal(-5),), (Decimal(0),)]


def test_each_change_is_followed_and_nothing_is_written_twice(settled: Callable[[], None]) -> None:
    lead_score()
    settled()
    ada = contact(email="ada@example.com")
    settled()
    assert score(ada) == "0"
    write({"id": ada, "city": "Paris"}, match="id")
    settled()
    assert score(ada) == "10"
    before = Change.objects.count()
    write({"id": ada, "firstname": "Ada"}, match="id")
    settled()
    assert Change.objects.count() == before + 1
    lines = queries.history(EVERYTHING, "contact", ada, "hubspotscore")
    assert [(line.old, line.new, line.source, line.actor_id) for line in lines] == [
        ("0", "10", "calculated", None),
        (None, "0", "calculated", None),
    ]


def test_changed_rules_reach_every_record(settled: Callable[[], None]) -> None:
    ada, bob = contact(email="ada@example.com", city="Paris"), contact(email="bob@example.com")
    lead_score()
    settled()
    actions.change("contact", "hubspotscore", (Rule(PARIS, -7),), actor=SYSTEM)
    settled()
    assert (score(ada), score(bob)) == ("-7", "0")


def test_linked_records_give_points_and_are_followed(settled: Callable[[], None]) -> None:
    lead_score((Rule(all_of(Associated("company", (Filter("city", "equal_any", ("Lyon",)),))), 30),))
    ada = contact(email="ada@example.com")
    firm = write({"name": "One", "city": "Lyon"}, match="id", object_type="company").created[0]
    records.associate("contact_to_company", [(ada, firm)], actor=SYSTEM, origin=BY_HAND)
    settled()
    assert score(ada) == "30"
    write({"id": firm, "city": "Metz"}, match="id", object_type="company")
    settled()
    assert score(ada) == "0"


def test_a_score_may_read_another_and_follows_it(settled: Callable[[], None]) -> None:
    lead_score()
    actions.create("contact", NUMBER, (Rule(all_of(Filter("hubspotscore", "greater", ("20",))), 1),), actor=SYSTEM)
    assert scores.the_book().levels == {("contact", "hubspotscore"): 0, ("contact", "fit"): 1}
    ada = contact(email="ada@example.com", lifecyclestage="customer")
    settled()
    assert score(ada, "fit") == "1"
    write({"id": ada, "lifecyclestage": "hot_lead"}, match="id")
    settled()
    assert (score(ada), score(ada, "fit")) == ("0", "0")


def test_nothing_goes_round_in_a_circle(settled: Callable[[], None]) -> None:
    reading = (Rule(all_of(Filter("fit", "greater", ("0",))), 1),)
    with pytest.raises(Refused, match="Lead score → Lead score"):
        lead_score((Rule(all_of(Filter("hubspotscore", "greater", ("0",))), 1),))
    lead_score()
    actions.create("contact", NUMBER, (Rule(all_of(Filter("hubspotscore", "greater", ("0",))), 1),), actor=SYSTEM)
    with pytest.raises(Refused, match="It would go round in a circle: Lead score → Fit → Lead score"):
        actions.change("contact", "hubspotscore", reading, actor=SYSTEM)


def test_nor_by_way_of_a_formula(settled: Callable[[], None]) -> None:
    lead_score()
    double = PropertySpec("double", Type.NUMBER, FieldType.CALCULATION, "Double", "Double", formula="hubspotscore * 2")
    definitions.define_property("contact", double, actor=SYSTEM)
    with pytest.raises(Refused, match="Lead score → Double → Lead score"):
        actions.change("contact", "hubspotscore", (Rule(all_of(Filter("double", "greater", ("1",))), 1),), actor=SYSTEM)
    actions.create("contact", NUMBER, (Rule(all_of(Filter("double", "greater", ("1",))), 1),), actor=SYSTEM)
    with pytest.raises(Refused, match="Double → Fit → Double"):
        definitions.change_property("contact", "double", actor=SYSTEM, formula="fit * 2")


def test_members_of_a_list_get_points_and_lose_them(settled: Callable[[], None]) -> None:
    fans = lists.create("Fans", "contact", List.Kind.MANUAL, actor=SYSTEM)
    lead_score((Rule(all_of(Fact("list", "in", (str(fans.id),))), 12),))
    ada = contact(email="ada@example.com")
    settling.catch_up()
    assert score(ada) == "0"
    lists.add(fans.id, [ada], actor=SYSTEM)
    settling.catch_up()
    assert score(ada) == "12"
    lists.remove(fans.id, [ada], actor=SYSTEM)
    settling.catch_up()
    assert score(ada) == "0"


def test_nor_by_way_of_a_list(settled: Callable[[], None]) -> None:
    lead_score()
    hot = lists.create("Hot", "contact", List.Kind.DYNAMIC, all_of(Filter("hubspotscore", "greater", ("20",))), actor=SYSTEM)
    with pytest.raises(Refused, match="Lead score → Hot → Lead score"):
        actions.change("contact", "hubspotscore", (Rule(all_of(Fact("list", "in", (str(hot.id),))), 1),), actor=SYSTEM)
    warm = lists.create("Warm", "contact", List.Kind.DYNAMIC, PARIS, actor=SYSTEM)
    actions.change("contact", "hubspotscore", (Rule(all_of(Fact("list", "in", (str(warm.id),))), 1),), actor=SYSTEM)
    with pytest.raises(lists.ListError, match="lead back"):
        lists.change(warm.id, criteria=all_of(Filter("hubspotscore", "greater", ("1",))), actor=SYSTEM)
    with pytest.raises(lists.ListError) as refused:
        lists.delete(warm.id, actor=SYSTEM)
    assert [use.name for use in refused.value.uses] == ["Contacts: Lead score"]


def test_hands_and_imports_are_refused_with_a_sentence_and_a_plain_number_is_not(settled: Callable[[], None]) -> None:
    ada = contact(email="ada@example.com")
    for source in (Source.USER, Source.IMPORT, Source.API):
        assert not write({"id": ada, "hubspotscore": 5}, match="id", by=Origin(source)).refused
    lead_score()
    for source in (Source.USER, Source.IMPORT, Source.API):
        outcome = write({"id": ada, "hubspotscore": 5}, match="id", by=Origin(source))
        assert "kept by Jalon itself" in outcome.refused[0].sentences[0]


def test_what_an_undo_brings_along_is_computed_again(settled: Callable[[], None]) -> None:
    lead_score()
    ada = contact(email="ada@example.com")
    settled()
    write({"id": ada, "hubspotscore": 5}, match="id", by=Origin(Source.UNDO, "import 1"))
    settled()
    assert score(ada) == "0"


def test_points_of_the_clock_come_and_go_at_their_instant(columns: None) -> None:
    started = Filter("trial", "less_than_days_ago", ("3",))
    trial = PropertySpec("trial", Type.DATETIME, FieldType.DATE, "Trial", "Essai")
    definitions.define_property("contact", trial, actor=SYSTEM)
    lead_score((Rule(all_of(started), 8), Rule(all_of(Filter("city", "is_known")), 1)))
    at = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
    ada = contact(email="ada@example.com", trial=at)
    told = {}
    for now in (
        at - timedelta(hours=1),
        at - timedelta(seconds=1),
        at + timedelta(seconds=1),
        at + timedelta(days=2),
        at + timedelta(days=4),
    ):
        follow(now)
        told[now - at] = score(ada)
    assert list(told.values()) == ["0", "0", "8", "8", "0"]


def test_a_nearer_instant_moves_the_clock(columns: None) -> None:
    at = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
    trial = PropertySpec("trial", Type.DATETIME, FieldType.DATE, "Trial", "Essai")
    definitions.define_property("contact", trial, actor=SYSTEM)
    lead_score((Rule(all_of(Filter("trial", "less_than_days_ago", ("3",))), 8),))
    ada = contact(email="ada@example.com", trial=at + timedelta(hours=5))
    follow(at)
    assert Score.objects.get().next_at == at + timedelta(hours=5, milliseconds=1)
    write({"id": ada, "trial": at + timedelta(hours=1)}, match="id")
    follow(at)
    assert Score.objects.get().next_at == at + timedelta(hours=1, milliseconds=1)
    follow(at + timedelta(hours=2))
    assert score(ada) == "8"


def test_a_score_that_stops_keeps_its_values_and_takes_others(settled: Callable[[], None]) -> None:
    lead_score()
    ada = contact(email="ada@example.com", city="Paris")
    settled()
    actions.stop("contact", "hubspotscore", actor=SYSTEM)
    write({"id": ada, "city": "Lyon", "hubspotscore": 3}, match="id")
    settled()
    assert score(ada) == "3"


def test_a_rule_on_an_archived_property_keeps_the_points_and_says_why(settled: Callable[[], None]) -> None:
    color = PropertySpec("color", Type.STRING, FieldType.TEXT, "Color", "Couleur")
    definitions.define_property("contact", color, actor=SYSTEM)
    lead_score((Rule(all_of(Filter("color", "equal_any", ("red",))), 4),))
    ada, bob = contact(email="ada@example.com", color="red"), contact(email="bob@example.com")
    settled()
    definitions.archive_property("contact", "color", actor=SYSTEM)
    settled()
    found = scores.one("contact", "hubspotscore")
    assert found is not None and "color" in found.troubles[0]
    assert score(ada) == "4"
    definitions.restore_property("contact", "color", actor=SYSTEM)
    write({"id": bob, "color": "red"}, match="id")
    settled()
    assert (score(ada), score(bob)) == ("4", "4")


def test_an_archived_score_comes_back_with_what_changed_meanwhile(settled: Callable[[], None]) -> None:
    actions.create("contact", NUMBER, (Rule(PARIS, 10),), actor=SYSTEM)
    ada = contact(email="ada@example.com")
    settled()
    definitions.archive_property("contact", "fit", actor=SYSTEM)
    write({"id": ada, "city": "Paris"}, match="id")
    settled()
    definitions.restore_property("contact", "fit", actor=SYSTEM)
    settled()
    assert score(ada, "fit") == "10"


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        ((Rule(PARIS, 0),), "Rule 1: 0 points change nothing"),
        ((Rule(PARIS, 10), Rule(Criteria(), 5)), "Rule 2: It has no filter yet"),
        ((Rule(PARIS, 5000),), "Rule 1: A rule gives or takes at most 1,000 points."),
        ((Rule(all_of(Filter("shoe_size", "is_known")), 1),), "Rule 1: Group 1, filter 1: .*shoe_size"),
        ((Rule(PARIS, 1),) * 51, "A score has at most 50 rules."),
    ],
)
def test_every_problem_of_the_rules_is_told(house: None, rules: Rules, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        lead_score(rules)
