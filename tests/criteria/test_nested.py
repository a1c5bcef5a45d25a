"""Linked records, brackets, facts and what narrows them (spec 2.3, 2.4, 2.6), one rule a test."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from jalon.criteria import dependence
from jalon.criteria.tree import Associated, Branch, Count, Criteria, Fact, Filter, Group, How, Node, When, all_of, from_text
from jalon.warehouse.engine import Engine
from tests.criteria.naive import Bond, Change, Person, Visit
from tests.criteria.world import CONTACTS, IMPORT, KNOWN, VISIT, fill, filter_kinds, selected

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2024, 5, 16, 15, 0, tzinfo=PARIS)  # a Thursday
RETAIL, LARGE = Filter("industry", "any_of", ("retail",)), Filter("employees", "greater", ("100",))


@pytest.fixture(scope="module", autouse=True)
def kinds() -> Iterator[None]:
    with filter_kinds(VISIT, IMPORT):
        yield


def ask(engine: Engine, *nodes: Node) -> set[int]:
    return selected(engine, all_of(*nodes), NOW)


# --- linked records ------------------------------------------------------------------------------------------------------


def at(*companies: int, type: str = "contact_to_company") -> tuple[Bond, ...]:
    return tuple(Bond(type, "company", company) for company in companies)


COMPANIES = [
    Person(101, {"industry": "retail", "employees": "200"}),
    Person(102, {"industry": "retail", "employees": "5"}),
    Person(103, {"industry": "tech", "employees": "300"}),
    Person(104),
]


@pytest.fixture
def town(engine: Engine) -> Engine:
    """1 works for a large shop; 2 for a small shop and a large firm; 3 for nobody; 4 for a company of which nothing is known."""
    fill(engine, [Person(1, bonds=at(101)), Person(2, bonds=at(102, 103)), Person(3), Person(4, bonds=at(104))], COMPANIES)
    return engine


def test_all_filters_must_hold_on_the_same_linked_record(town: Engine) -> None:
    assert ask(town, Associated("company", (RETAIL, LARGE))) == {1}


def test_between_records_of_one_type_the_sides_are_told_apart(engine: Engine) -> None:
    leads = [Bond("manager", "contact", 2, inverse=True), Bond("colleague", "contact", 3)]  # 2 manages 1
    fill(engine, [Person(1, bonds=tuple(leads)), Person(2, {"firstname": "Ann"}, bonds=(Bond("manager", "contact", 1),)), Person(3)])
    ann = Filter("firstname", "equal", ("Ann",))
    assert ask(engine, Associated("contact", (), "manager", side="to")) == {2}
    assert ask(engine, Associated("contact", (ann,), "manager", side="from")) == {1}
    assert ask(engine, Associated("contact", (ann,), "manager", side="to")) == set()
    assert ask(engine, Associated("contact", (), "manager")) == {1, 2}


def test_two_filters_on_linked_records_may_be_met_by_different_ones(town: Engine) -> None:
    assert ask(town, Associated("company", (RETAIL,)), Associated("company", (LARGE,))) == {1, 2}


def test_no_filter_at_all_asks_for_a_link(town: Engine) -> None:
    assert ask(town, Associated("company", ())) == {1, 2, 4}
    assert ask(town, Associated("company", (), count=Count(0, 0))) == {3}


def test_at_most_so_many_also_takes_those_with_none(town: Engine) -> None:
    assert ask(town, Associated("company", (RETAIL,), count=Count(0, 1))) == {1, 2, 3, 4}
    assert ask(town, Associated("company", (RETAIL,), count=Count(0, 0))) == {3, 4}
    assert ask(town, Associated("company", (), count=Count(2))) == {2}
    assert ask(town, Associated("company", (), count=Count(1, 1))) == {1, 4}


def test_a_record_that_is_linked_twice_counts_once(engine: Engine) -> None:
    fill(engine, [Person(1, bonds=at(101) + at(101, type="adviser"))], COMPANIES)
    assert ask(engine, Associated("company", (), count=Count(2))) == set()
    assert ask(engine, Associated("company", (), count=Count(1, 1))) == {1}


def test_a_label_narrows_to_one_association(engine: Engine) -> None:
    fill(engine, [Person(1, bonds=at(101)), Person(2, bonds=at(101, type="adviser"))], COMPANIES)
    assert ask(engine, Associated("company", (RETAIL,), label="adviser")) == {2}
    assert ask(engine, Associated("company", (RETAIL,))) == {1, 2}


def test_records_are_linked_with_others_of_their_own_type(engine: Engine) -> None:
    colleagues = [
        Person(1, {"score": "9"}, bonds=(Bond("colleague", "contact", 2),)),
        Person(2, {"score": "1"}, bonds=(Bond("colleague", "contact", 1),)),
    ]
    fill(engine, colleagues)
    assert ask(engine, Associated("contact", (Filter("score", "equal", ("9",)),))) == {2}


def test_a_linked_record_without_a_value_fails_a_negative_filter_too(town: Engine) -> None:
    elsewhere = Filter("industry", "none_of", ("retail",))
    assert ask(town, Associated("company", (elsewhere,))) == {2}
    assert ask(town, Associated("company", (Filter("industry", "none_of", ("retail",), include_blank=True),))) == {2, 4}


# --- brackets --------------------------------------------------------------------------------------------------------------


def test_brackets_of_which_nothing_may_hold_take_blanks_where_a_negative_filter_does_not(engine: Engine) -> None:
    fill(engine, [Person(1, {"industry": "retail"}), Person(2, {"industry": "tech"}), Person(3)])
    assert ask(engine, Filter("industry", "none_of", ("retail",))) == {2}
    assert ask(engine, Branch(How.NOT_ANY, (RETAIL,))) == {2, 3}


def test_brackets_join_by_and_by_or_and_their_opposites(engine: Engine) -> None:
    fill(engine, [Person(1, {"revenue": "1", "score": "1"}), Person(2, {"revenue": "1"}), Person(3)])
    parts = (Filter("revenue", "is_known"), Filter("score", "is_known"))
    assert {how: ask(engine, Branch(how, parts)) for how in How} == {
        How.ALL: {1},
        How.ANY: {1, 2},
        How.NOT_ALL: {2, 3},
        How.NOT_ANY: {3},
    }


def test_brackets_on_a_linked_record_are_about_that_record(town: Engine) -> None:
    neither = Branch(How.NOT_ALL, (RETAIL, LARGE))
    assert ask(town, Associated("company", (neither, Filter("industry", "is_known")))) == {2}


# --- facts -----------------------------------------------------------------------------------------------------------------


def saw(*days_ago: int, page: str = "home") -> tuple[Visit, ...]:
    return tuple(Visit(page, NOW - timedelta(days=days)) for days in days_ago)


def test_a_moment_prunes_before_anything_is_asked(engine: Engine) -> None:
    fill(engine, [Person(1, visits=saw(1, 40)), Person(2, visits=saw(40)), Person(3)])
    assert ask(engine, Fact("visit", "saw", ("home",), When("less_than_days_ago", ("30",)))) == {1}
    assert ask(engine, Fact("visit", "saw", ("home",), When("not_between", ("2024-05-01", "2024-05-31")))) == {1, 2}
    assert ask(engine, Fact("visit", "saw_not", ("home",))) == {3}


def test_at_most_5_times_takes_those_to_whom_it_never_happened(engine: Engine) -> None:
    fill(engine, [Person(1, visits=saw(1, 2, 3, 4, 5, 6)), Person(2, visits=saw(1, 2)), Person(3), Person(4, visits=saw(1, page="jobs"))])
    assert ask(engine, Fact("visit", "saw", ("home",), Count(0, 5))) == {2, 3, 4}
    assert ask(engine, Fact("visit", "saw", ("home",), Count(1, 5))) == {2}
    assert ask(engine, Fact("visit", "saw", ("home", "jobs"), Count(0))) == {1, 2, 3, 4}


def imported(number: str, days_ago: int, source: str = "import") -> tuple[Change, ...]:
    return (Change("company", None, "a", NOW - timedelta(days=days_ago), source, number),)


def test_an_import_is_where_a_value_came_from(engine: Engine) -> None:
    by_form = imported("7", 1, source="form")
    fill(engine, [Person(1, {}, imported("7", 1)), Person(2, {}, imported("8", 9)), Person(3, {}, by_form), Person(4)])
    assert ask(engine, Fact("import", "from", ("7",))) == {1}
    assert ask(engine, Fact("import", "from", ("7", "8"))) == {1, 2}
    assert ask(engine, Fact("import", "from", ("7", "8"), When("more_than_days_ago", ("3",)))) == {2}
    assert ask(engine, Fact("import", "not_from", ("7",))) == {2, 3, 4}


def test_the_imports_of_a_company_say_nothing_about_its_contacts(engine: Engine) -> None:
    fill(engine, [Person(1, bonds=at(101)), Person(2)], [Person(101, {}, imported("7", 1))])
    assert ask(engine, Fact("import", "from", ("7",))) == set()
    assert ask(engine, Associated("company", (Fact("import", "from", ("7",)),))) == {1}


# --- the stored form -----------------------------------------------------------------------------------------------------


def test_criteria_stored_by_version_1_are_read_and_mean_the_same(engine: Engine) -> None:
    stored = '{"version":1,"groups":[{"filters":[{"property":"industry","operator":"none_of","values":["retail"],"include_blank":true}]}]}'
    fill(engine, [Person(1, {"industry": "retail"}), Person(2, {"industry": "tech"}), Person(3)])
    assert selected(engine, from_text(stored), NOW) == {2, 3}


# --- what they read ----------------------------------------------------------------------------------------------------------


def test_what_criteria_read_is_known_down_to_the_last_bracket() -> None:
    one = Associated("company", (Branch(How.NOT_ANY, (Filter("last_order", "before_property", ("founded",)),)),))
    recent = Filter("last_activity", "less_than_days_ago", ("3",))
    read = dependence.of(Criteria((Group((one,)), Group((recent, Fact("import", "from", ("7",)))))), CONTACTS, KNOWN)
    assert read.own == {"last_activity"}
    assert read.associated["company"] == {"last_order", "founded"} and len(read.associated) == 1
    assert read.facts == {("import", "7")} and read.days
    assert read.instants == {("contact", "last_activity")}
    assert dict(dependence.of(all_of(Associated("company", ())), CONTACTS, KNOWN).associated) == {"company": frozenset()}
    assert not dependence.of(all_of(one), CONTACTS, KNOWN).on_clock
