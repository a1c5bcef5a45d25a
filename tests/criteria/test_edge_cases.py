"""The rules of the specification (2.5) and its worked examples 10 and 11, one by one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from jalon.criteria.tree import EMPTY, Criteria, Filter, Group, all_of
from jalon.warehouse.engine import Engine
from tests.criteria.naive import Change, Person
from tests.criteria.world import CONTACTS, fill, selected

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2024, 5, 16, 15, 0, tzinfo=PARIS)  # a Thursday


def ask(engine: Engine, people: list[Person], *filters: Filter, now: datetime = NOW, first_weekday: int = 0) -> set[int]:
    fill(engine, people)
    return selected(engine, all_of(*filters), now, first_weekday=first_weekday)


def people(property: str, *values: str | None) -> list[Person]:
    return [Person(place, {} if value is None else {property: value}) for place, value in enumerate(values, 1)]


def past(property: str, *steps: tuple[str | None, str], **now: str) -> tuple[Change, ...]:
    """Changes of a property: (new value, instant), each beginning where the one before it ended."""
    old: str | None = None
    changes = []
    for new, at in steps:
        changes.append(Change(property, old, new, datetime.fromisoformat(at)))
        old = new
    return tuple(changes)


def paris(*moments: str) -> list[str]:
    """Wall clock times in Paris as canonical instants."""
    utc = (datetime.fromisoformat(moment).replace(tzinfo=PARIS).astimezone(UTC) for moment in moments)
    return [moment.isoformat(timespec="milliseconds").replace("+00:00", "Z") for moment in utc]


# --- worked examples -------------------------------------------------------------------------------------------------


def test_less_than_3_days_ago_on_a_thursday_begins_on_monday_at_midnight_and_ends_now(engine: Engine) -> None:
    seen = paris("2024-05-12T23:59:59.999", "2024-05-13T00:00", "2024-05-16T15:00", "2024-05-16T15:00:00.001", "2024-05-17T09:00")
    assert ask(engine, people("last_activity", *seen), Filter("last_activity", "less_than_days_ago", ("3",))) == {2, 3}


def test_none_of_leaves_blanks_out_unless_they_are_included(engine: Engine) -> None:
    world = people("industry", "retail", "tech", None)
    assert ask(engine, world, Filter("industry", "none_of", ("retail",))) == {2}
    assert ask(engine, world, Filter("industry", "none_of", ("retail",), include_blank=True)) == {2, 3}


# --- blanks ------------------------------------------------------------------------------------------------------------

NEGATIVE: Mapping[str, tuple[str, tuple[str, ...], str]] = {
    "not_equal": ("firstname", ("Bea",), "Ada"),
    "not_contains": ("firstname", ("e",), "Ada"),
    "not_equal_any": ("firstname", ("Bea",), "Ada"),
    "not_contains_any": ("firstname", ("e",), "Ada"),
    "not_contains_exactly": ("firstname", ("Bea",), "Ada"),
    "not_between": ("revenue", ("5", "6"), "7"),
    "not_exactly": ("topics", ("news",), "s"),
    "not_all_of": ("topics", ("news", "s"), "s"),
    "none_of": ("owner", ("1",), "2"),
    "not_updated_in_last_days": ("birthday", ("3",), "2024-01-01"),
    "has_never_equal": ("firstname", ("Bea",), "Ada"),
    "has_never_contained": ("firstname", ("e",), "Ada"),
    "has_never_been": ("subscribed", ("true",), "false"),
    "has_never_any": ("industry", ("retail",), "tech"),
    "has_never_exactly": ("topics", ("news",), "s"),
    "has_never_all": ("topics", ("news", "s"), "s"),
}


@pytest.mark.parametrize("operator", NEGATIVE)
def test_a_negative_operator_fails_a_blank_unless_blanks_are_included(engine: Engine, operator: str) -> None:
    property, operands, value = NEGATIVE[operator]
    world = people(property, value, None)
    assert ask(engine, world, Filter(property, operator, operands)) == {1}
    assert ask(engine, world, Filter(property, operator, operands, include_blank=True)) == {1, 2}


def test_known_and_unknown_are_about_blanks_and_zero_is_no_blank(engine: Engine) -> None:
    world = people("revenue", "0", None, "-1")
    assert ask(engine, world, Filter("revenue", "is_known")) == {1, 3}
    assert ask(engine, world, Filter("revenue", "is_unknown")) == {2}
    assert ask(engine, world, Filter("revenue", "equal", ("0",))) == {1}
    assert ask(engine, world, Filter("revenue", "less", ("1",), include_blank=True)) == {1, 2, 3}


def test_false_is_no_blank(engine: Engine) -> None:
    world = people("subscribed", "true", "false", None)
    assert ask(engine, world, Filter("subscribed", "not_equal", ("true",))) == {2}
    assert ask(engine, world, Filter("subscribed", "is_known")) == {1, 2}


# --- texts -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operator", "operands", "expected"),
    [
        ("equal", ("ÉLODIE",), {1}),
        ("contains", ("ÉLOD",), {1, 2}),
        ("starts_with", ("éLo", "x"), {1, 2}),
        ("ends_with", ("martin",), {2}),
        ("equal_any", ("nobody", "élodie"), {1}),
        ("not_equal", ("élodie",), {2, 3, 4}),
        ("contains_exactly", ("élodie",), {1, 2}),
    ],
)
def test_no_text_operator_looks_at_the_case(engine: Engine, operator: str, operands: tuple[str, ...], expected: set[int]) -> None:
    world = people("firstname", "Élodie", "Élodie Martin", "Elodie", "%_")
    assert ask(engine, world, Filter("firstname", operator, operands)) == expected


def test_contains_exactly_wants_the_whole_word_and_contains_any_part(engine: Engine) -> None:
    world = people("company", "Art & Co", "Mozart", "art", "state-of-the-art", "art_deco", "arts")
    assert ask(engine, world, Filter("company", "contains", ("art",))) == {1, 2, 3, 4, 5, 6}
    assert ask(engine, world, Filter("company", "contains_exactly", ("art",))) == {1, 3, 4}
    assert ask(engine, world, Filter("company", "contains_exactly", ("of the", "& co"))) == {1}


@pytest.mark.parametrize("part", ["%", "_", "\\", "'", '"', ".", "(", "[a]", "$1", "\n"])
def test_signs_have_no_special_meaning_in_texts(engine: Engine, part: str) -> None:
    world = people("company", f"x{part}y", "xy", f"{part}")
    assert ask(engine, world, Filter("company", "contains", (part,))) == {1, 3}
    assert ask(engine, world, Filter("company", "equal", (part,))) == {3}
    assert ask(engine, world, Filter("company", "starts_with", (part,))) == {3}
    assert 3 in ask(engine, world, Filter("company", "contains_exactly", (part,)))


def test_two_text_properties_are_compared_without_case_and_a_blank_other_fails_both_ways(engine: Engine) -> None:
    world = [
        Person(1, {"firstname": "ACME", "company": "acme"}),
        Person(2, {"firstname": "a", "company": "b"}),
        Person(3, {"firstname": "a"}),
    ]
    assert ask(engine, world, Filter("firstname", "equal_property", ("company",))) == {1}
    assert ask(engine, world, Filter("firstname", "not_equal_property", ("company",))) == {2}


# --- numbers -----------------------------------------------------------------------------------------------------------


def test_bounds_belong_to_between(engine: Engine) -> None:
    world = people("revenue", "4.999999", "5", "6", "6.000001")
    assert ask(engine, world, Filter("revenue", "between", ("5", "6"))) == {2, 3}
    assert ask(engine, world, Filter("revenue", "not_between", ("5", "6"))) == {1, 4}


def test_numbers_are_exact_to_the_sixth_decimal(engine: Engine) -> None:
    world = people("revenue", "123456789012.123456", "123456789012.123457")
    assert ask(engine, world, Filter("revenue", "equal", ("123456789012.123456",))) == {1}
    assert ask(engine, world, Filter("revenue", "greater", ("123456789012.123456",))) == {2}


def test_two_number_properties_are_compared(engine: Engine) -> None:
    world = [Person(1, {"revenue": "5", "score": "5.0"}), Person(2, {"revenue": "6", "score": "5"}), Person(3, {"revenue": "6"})]
    assert ask(engine, world, Filter("revenue", "equal_property", ("score",))) == {1}
    assert ask(engine, world, Filter("revenue", "greater_property", ("score",))) == {2}
    assert ask(engine, world, Filter("revenue", "less_property", ("score",))) == set()


# --- several options ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operator", "operands", "expected"),
    [
        ("any_of", ("news", "s"), {1, 2, 3}),
        ("none_of", ("news", "s"), {4}),
        ("all_of", ("s", "news"), {2, 3}),
        ("not_all_of", ("s", "news"), {1, 4}),
        ("exactly", ("s", "news"), {2}),
        ("not_exactly", ("s", "news"), {1, 3, 4}),
        ("any_of", ("new",), {3, 4}),  # not "news", whose beginning it is
    ],
)
def test_several_options_are_sets(engine: Engine, operator: str, operands: tuple[str, ...], expected: set[int]) -> None:
    world = people("topics", "news", "news;s", "s;new;news", "new", None)
    assert ask(engine, world, Filter("topics", operator, operands)) == expected


def test_one_option_is_a_set_of_one(engine: Engine) -> None:
    world = people("industry", "retail", "tech", None)
    assert ask(engine, world, Filter("industry", "exactly", ("retail",))) == {1}
    assert ask(engine, world, Filter("industry", "all_of", ("retail", "tech"))) == set()
    assert ask(engine, world, Filter("industry", "not_all_of", ("retail", "tech"))) == {1, 2}


# --- dates and instants --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("operator", "expected"), [("before", {1}), ("on", {2, 3}), ("after", {4})])
def test_a_day_is_a_day_of_the_account_from_its_first_to_its_last_millisecond(engine: Engine, operator: str, expected: set[int]) -> None:
    seen = paris("2024-05-05T23:59:59.999", "2024-05-06T00:00", "2024-05-06T23:59:59.999", "2024-05-07T00:00")
    assert ask(engine, people("last_activity", *seen), Filter("last_activity", operator, ("2024-05-06",))) == expected


@pytest.mark.parametrize(("operator", "expected"), [("before", {1}), ("on", {2}), ("after", {3})])
def test_a_date_has_no_zone(engine: Engine, operator: str, expected: set[int]) -> None:
    world = people("birthday", "2024-05-05", "2024-05-06", "2024-05-07")
    assert ask(engine, world, Filter("birthday", operator, ("2024-05-06",))) == expected


def test_both_days_belong_to_between(engine: Engine) -> None:
    seen = paris("2024-05-05T23:59:59.999", "2024-05-06T00:00", "2024-05-07T23:59:59.999", "2024-05-08T00:00")
    world = people("last_activity", *seen)
    assert ask(engine, world, Filter("last_activity", "between", ("2024-05-06", "2024-05-07"))) == {2, 3}
    assert ask(engine, world, Filter("last_activity", "not_between", ("2024-05-06", "2024-05-07"))) == {1, 4}


def test_less_than_n_days_from_now_begins_now_and_ends_with_the_last_day(engine: Engine) -> None:
    seen = paris("2024-05-16T14:59:59.999", "2024-05-16T15:00", "2024-05-19T23:59:59.999", "2024-05-20T00:00")
    world = people("last_activity", *seen)
    assert ask(engine, world, Filter("last_activity", "less_than_days_from_now", ("3",))) == {2, 3}
    assert ask(engine, world, Filter("last_activity", "more_than_days_from_now", ("3",))) == {4}


def test_more_than_n_days_ago_is_strictly_before_that_day(engine: Engine) -> None:
    seen = paris("2024-05-12T23:59:59.999", "2024-05-13T00:00", "2025-01-01T00:00")
    assert ask(engine, people("last_activity", *seen), Filter("last_activity", "more_than_days_ago", ("3",))) == {1}


def test_relative_days_of_a_date_count_today_in(engine: Engine) -> None:
    world = people("birthday", "2024-05-12", "2024-05-13", "2024-05-16", "2024-05-17", "2024-05-19", "2024-05-20")
    assert ask(engine, world, Filter("birthday", "less_than_days_ago", ("3",))) == {2, 3}
    assert ask(engine, world, Filter("birthday", "less_than_days_from_now", ("3",))) == {3, 4, 5}
    assert ask(engine, world, Filter("birthday", "less_than_days_ago", ("0",))) == {3}


def test_today_is_the_day_of_the_account_not_of_the_server(engine: Engine) -> None:
    late = datetime(2024, 5, 15, 22, 30, tzinfo=UTC)  # already the 16th in Paris
    world = people("last_activity", *paris("2024-05-15T12:00", "2024-05-16T00:10"))
    assert ask(engine, world, Filter("last_activity", "in_this", ("day",)), now=late) == {2}
    assert ask(engine, world, Filter("last_activity", "in_last", ("day",)), now=late) == {1}


def test_the_day_of_the_summer_clock_has_23_hours_and_still_is_one_day(engine: Engine) -> None:
    noon = datetime(2024, 3, 31, 12, 0, tzinfo=PARIS)
    seen = paris("2024-03-30T23:59:59.999", "2024-03-31T00:00", "2024-03-31T03:00", "2024-03-31T23:59:59.999", "2024-04-01T00:00")
    assert ask(engine, people("last_activity", *seen), Filter("last_activity", "in_this", ("day",)), now=noon) == {2, 3, 4}


@pytest.mark.parametrize(
    ("operator", "unit", "expected"),
    [
        ("in_this", "week", {4, 5, 6}),
        ("in_last", "week", {3}),
        ("in_next", "week", {7}),
        ("in_this", "month", {2, 3, 4, 5, 6, 7}),
        ("in_last", "month", {1}),
        ("in_this", "quarter", {1, 2, 3, 4, 5, 6, 7}),
        ("in_next", "quarter", {8}),
        ("in_this_so_far", "week", {4, 5}),
        ("in_this_so_far", "year", {1, 2, 3, 4, 5}),
        ("in_last", "year", set()),
    ],
)
def test_periods_of_the_calendar(engine: Engine, operator: str, unit: str, expected: set[int]) -> None:
    days = ("2024-04-30", "2024-05-01", "2024-05-12", "2024-05-13", "2024-05-16", "2024-05-19", "2024-05-20", "2024-07-01")
    assert ask(engine, people("birthday", *days), Filter("birthday", operator, (unit,))) == expected


def test_two_days_counted_from_today_are_both_among_them_and_whole(engine: Engine) -> None:
    days = ("2024-05-13", "2024-05-14", "2024-05-16", "2024-05-17", "2024-05-18")  # today is the 16th
    assert ask(engine, people("birthday", *days), Filter("birthday", "between_days", ("-2", "1"))) == {2, 3, 4}
    edges = ("2024-05-13T21:59:59.999Z", "2024-05-13T22:00:00.000Z", "2024-05-17T21:59:59.999Z", "2024-05-17T22:00:00.000Z")
    assert ask(engine, people("last_activity", *edges), Filter("last_activity", "between_days", ("-2", "1"))) == {2, 3}


def test_weeks_begin_on_the_first_weekday_of_the_account(engine: Engine) -> None:
    world = people("birthday", "2024-05-12", "2024-05-18", "2024-05-19")  # Sunday, Saturday, Sunday
    assert ask(engine, world, Filter("birthday", "in_this", ("week",)), first_weekday=6) == {1, 2}


def test_fiscal_periods_begin_in_the_month_of_the_account(engine: Engine) -> None:
    fill(engine, people("birthday", "2024-03-31", "2024-04-01", "2024-06-30", "2024-07-01", "2025-03-31"))
    year, quarter = all_of(Filter("birthday", "in_this", ("fiscal_year",))), all_of(Filter("birthday", "in_this", ("fiscal_quarter",)))
    assert selected(engine, year, NOW, fiscal_month=4) == {2, 3, 4, 5}
    assert selected(engine, quarter, NOW, fiscal_month=4) == {2, 3}
    assert selected(engine, year, NOW) == {1, 2, 3, 4}


def test_so_far_ends_now(engine: Engine) -> None:
    seen = paris("2024-05-16T00:00", "2024-05-16T15:00", "2024-05-16T15:00:00.001")
    assert ask(engine, people("last_activity", *seen), Filter("last_activity", "in_this_so_far", ("day",))) == {1, 2}


def test_instants_are_compared_as_instants_and_dates_as_days(engine: Engine) -> None:
    early, late = paris("2024-05-06T09:00", "2024-05-06T10:00")
    world = [
        Person(1, {"last_activity": early, "createdate": late, "birthday": "2024-05-06"}),
        Person(2, {"last_activity": early, "createdate": early, "birthday": "2024-05-07"}),
        Person(3, {"last_activity": early}),
    ]
    assert ask(engine, world, Filter("last_activity", "before_property", ("createdate",))) == {1}
    assert ask(engine, world, Filter("last_activity", "before_property", ("birthday",))) == {2}
    assert ask(engine, world, Filter("birthday", "after_property", ("last_activity",))) == {2}


# --- the past --------------------------------------------------------------------------------------------------------------


def test_has_ever_been_counts_the_present_the_past_and_the_first_old_value(engine: Engine) -> None:
    world = [
        Person(1, {"industry": "retail"}),
        Person(2, {"industry": "tech"}, past("industry", ("retail", "2024-01-01T00:00Z"), ("tech", "2024-02-01T00:00Z"))),
        Person(3, {"industry": "tech"}, (Change("industry", "retail", "tech", datetime(2024, 1, 1, tzinfo=UTC)),)),
        Person(4, {"industry": "tech"}, past("topics", ("retail", "2024-01-01T00:00Z"))),
        Person(5),
    ]
    assert ask(engine, world, Filter("industry", "has_ever_any", ("retail",))) == {1, 2, 3}
    assert ask(engine, world, Filter("industry", "has_never_any", ("retail",))) == {4}


def test_a_value_that_was_cleared_still_has_been(engine: Engine) -> None:
    cleared = past("firstname", ("Ada", "2024-01-01T00:00Z"), (None, "2024-02-01T00:00Z"))
    world = [Person(1, {}, cleared), Person(2)]
    assert ask(engine, world, Filter("firstname", "has_ever_equal", ("ADA",))) == {1}
    assert ask(engine, world, Filter("firstname", "has_never_equal", ("Bea",))) == {1}
    assert ask(engine, world, Filter("firstname", "has_never_equal", ("Bea",), include_blank=True)) == {1, 2}
    assert ask(engine, world, Filter("firstname", "has_never_equal", ("ada",), include_blank=True)) == {2}


def test_has_ever_contained_all_means_at_one_time(engine: Engine) -> None:
    world = [
        Person(1, {"topics": "s"}, past("topics", ("news", "2024-01-01T00:00Z"), ("s", "2024-02-01T00:00Z"))),
        Person(2, {"topics": "s"}, past("topics", ("s;news", "2024-01-01T00:00Z"), ("s", "2024-02-01T00:00Z"))),
        Person(3, {"topics": "s"}, past("topics", ("new;s;news", "2024-01-01T00:00Z"), ("s", "2024-02-01T00:00Z"))),
    ]
    assert ask(engine, world, Filter("topics", "has_ever_all", ("news", "s"))) == {2, 3}
    assert ask(engine, world, Filter("topics", "has_ever_exactly", ("news", "s"))) == {2}
    assert ask(engine, world, Filter("topics", "has_never_all", ("news", "s"))) == {1}


def test_the_past_of_a_number_is_found_however_it_is_typed(engine: Engine) -> None:
    world = [Person(1, {"revenue": "2"}, past("revenue", ("1.5", "2024-01-01T00:00Z"), ("2", "2024-02-01T00:00Z")))]
    assert ask(engine, world, Filter("revenue", "has_ever_equal", ("01.500",))) == {1}
    assert ask(engine, world, Filter("revenue", "has_never_equal", ("1.5",))) == set()


def test_the_history_of_another_object_type_says_nothing_about_contacts(engine: Engine) -> None:
    fill(engine, [Person(1, {"firstname": "Bea"}, past("company", ("Ada", "2024-01-01T00:00Z")))])
    assert selected(engine, all_of(Filter("firstname", "has_ever_equal", ("Ada",))), NOW) == set()


def test_updated_in_the_last_days_reads_the_history_from_the_start_of_the_day(engine: Engine) -> None:
    moments = paris("2024-05-12T23:59:59.999", "2024-05-13T00:00", "2024-05-16T15:00", "2024-05-16T15:00:00.001")
    world = [Person(place, {"birthday": "2000-01-01"}, past("birthday", ("2000-01-01", at))) for place, at in enumerate(moments, 1)]
    world += [Person(5, {"birthday": "2000-01-01"}), Person(6, {}, past("birthday", (None, moments[1])))]
    assert ask(engine, world, Filter("birthday", "updated_in_last_days", ("3",))) == {2, 3}
    assert ask(engine, world, Filter("birthday", "not_updated_in_last_days", ("3",))) == {1, 4, 5}


def test_the_create_date_says_itself_when_it_was_set(engine: Engine) -> None:
    world = people("createdate", *paris("2024-05-12T12:00", "2024-05-15T12:00"))
    assert ask(engine, world, Filter("createdate", "updated_in_last_days", ("3",))) == {2}


def test_a_date_is_compared_with_the_last_update_of_another_property(engine: Engine) -> None:
    twice = past("company", ("a", "2024-05-01T10:00Z"), ("b", "2024-05-10T10:00Z"))
    world = [
        Person(1, {"last_activity": "2024-05-05T00:00:00.000Z", "birthday": "2024-05-10"}, twice),
        Person(2, {"last_activity": "2024-05-10T10:00:00.001Z", "birthday": "2024-05-11"}, twice),
        Person(3, {"last_activity": "2024-05-10T10:00:00.001Z", "birthday": "2024-05-11"}),
    ]
    assert ask(engine, world, Filter("last_activity", "before_property_updated", ("company",))) == {1}
    assert ask(engine, world, Filter("last_activity", "after_property_updated", ("company",))) == {2}
    assert ask(engine, world, Filter("birthday", "after_property_updated", ("company",))) == {2}


# --- groups ------------------------------------------------------------------------------------------------------------------


def test_one_group_must_hold_with_all_its_filters_and_a_record_in_two_counts_once(engine: Engine) -> None:
    retail, rich = Filter("industry", "any_of", ("retail",)), Filter("revenue", "greater", ("10",))
    fill(
        engine,
        [Person(1, {"industry": "retail"}), Person(2, {"revenue": "11"}), Person(3, {"industry": "retail", "revenue": "11"}), Person(4)],
    )
    assert selected(engine, Criteria((Group((retail, rich)),)), NOW) == {3}
    assert selected(engine, Criteria((Group((retail,)), Group((rich,)))), NOW) == {1, 2, 3}
    assert selected(engine, EMPTY, NOW) == {1, 2, 3, 4}


def test_250_filters_are_one_question(engine: Engine) -> None:
    world = people("revenue", *(str(n) for n in range(1, 301)))
    groups = tuple(Group((Filter("revenue", "equal", (str(n),)),)) for n in range(1, 251))
    fill(engine, world)
    assert selected(engine, Criteria(groups), NOW) == set(range(1, 251))
    everyone_else = Group(tuple(Filter("revenue", "not_equal", (str(n),)) for n in range(1, 251)))
    assert selected(engine, Criteria((everyone_else,)), NOW) == set(range(251, 301))


def test_the_catalog_of_the_tests_has_a_property_of_every_kind_of_property() -> None:
    assert {str(spec.kind) for spec in CONTACTS.properties.values()} == {
        "string", "number", "bool", "enumeration", "multi", "user", "date", "datetime",
    }  # fmt: skip
