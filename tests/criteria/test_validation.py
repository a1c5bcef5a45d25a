"""Every problem of criteria is told at once, in a sentence that says what would be right."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from jalon.criteria.compile import predicate
from jalon.criteria.problems import CriteriaError
from jalon.criteria.tree import EMPTY, Associated, Branch, Count, Criteria, Fact, Filter, Group, How, Node, When, all_of, from_text
from jalon.criteria.validate import problems, sentences
from tests.criteria.world import CONTACTS, IMPORT, KNOWN, VISIT, filter_kinds

LARGE, LARGE_CONTACT = Filter("employees", "greater", ("100",)), Filter("revenue", "greater", ("100",))


def told(*filters: Filter) -> list[str]:
    return [sentence.removeprefix("Group 1, filter 1: ") for sentence in problems(all_of(*filters), CONTACTS)]


def test_right_criteria_have_no_problems() -> None:
    assert problems(EMPTY, CONTACTS) == []
    assert told(Filter("industry", "none_of", ("retail", "tech"), include_blank=True)) == []


def test_all_problems_of_all_filters_are_told_at_once() -> None:
    wrong = Criteria((Group((Filter("shoe_size", "equal", ("38",)), Filter("revenue", "between", ("a", "b")))), Group(())))
    assert problems(wrong, CONTACTS) == [
        "Group 1, filter 1: The property “shoe_size” does not exist. It may have been archived; choose another one.",
        "Group 1, filter 2: “a” is not a number that “Total revenue” can hold: at most 12 digits before and 6 after the point.",
        "Group 1, filter 2: “b” is not a number that “Total revenue” can hold: at most 12 digits before and 6 after the point.",
        "Group 2 has no filter. Add one, or take the group away.",
    ]


def test_an_operator_that_does_not_fit_is_told_with_those_that_do() -> None:
    assert told(Filter("subscribed", "contains", ("x",))) == [
        (
            "“Subscribed” is a yes/no choice, so “contains” cannot be asked of it. What can be asked: is known, is unknown, is equal to, "
            "is not equal to, has ever been, has never been, is equal to the property, is not equal to the property."
        )
    ]
    assert told(Filter("subscribed", "smells_like", ("x",)))[0].startswith("“Subscribed” is a yes/no choice, so “smells_like” cannot")


@pytest.mark.parametrize(
    ("one", "sentence"),
    [
        (Filter("firstname", "is_known", ("x",)), "“First name” “is known” takes no value."),
        (Filter("firstname", "equal"), "“First name” “is equal to” takes exactly one value."),
        (Filter("firstname", "equal", ("a", "b")), "“First name” “is equal to” takes exactly one value."),
        (Filter("firstname", "equal_any"), "“First name” “is equal to any of” takes at least one value."),
        (Filter("revenue", "between", ("1",)), "“Total revenue” “is between … and …” takes two values, the lower one first."),
        (Filter("revenue", "between", ("10", "9")), "“10” lies above “9”: put the lower value first."),
        (Filter("birthday", "between", ("2024-02-01", "2024-01-31")), "“2024-02-01” lies above “2024-01-31”: put the lower value first."),
        (Filter("birthday", "on", ("2024-02-30",)), "“2024-02-30” is not a date. Write year, month and day, such as 2024-05-06."),
        (Filter("birthday", "on", ("20240506",)), "“20240506” is not a date. Write year, month and day, such as 2024-05-06."),
        (Filter("birthday", "less_than_days_ago", ("-1",)), "“-1” is not a number of days: a whole number from 0 to 36500."),
        (Filter("birthday", "less_than_days_ago", ("36501",)), "“36501” is not a number of days: a whole number from 0 to 36500."),
        (Filter("birthday", "less_than_days_ago"), "“Birthday” “is less than … days ago” takes one number of days."),
        (
            Filter("birthday", "in_this", ("decade",)),
            "“decade” is not a period. Possible: day, week, month, quarter, year, fiscal_quarter, fiscal_year.",
        ),
        (Filter("industry", "any_of", ("Retail",)), "“Retail” is not an option of “Industry”."),
        (Filter("owner", "any_of", ("me",)), "“me” is not a user of “Owner”: users are named by their number."),
        (Filter("subscribed", "equal", ("yes",)), "“yes” is neither true nor false, which is all that “Subscribed” can be."),
        (Filter("firstname", "contains", ("",)), "A value is empty. Type one, or ask whether “First name” is unknown."),
        (
            Filter("revenue", "equal_property", ("nothing",)),
            "The property “nothing” does not exist. It may have been archived; choose another one.",
        ),
        (
            Filter("revenue", "equal_property", ("birthday",)),
            "“Total revenue” is a number and “Birthday” is a date: the two cannot be compared.",
        ),
    ],
)
def test_an_operand_that_does_not_fit_is_told(one: Filter, sentence: str) -> None:
    assert told(one) == [sentence]


@pytest.mark.parametrize(
    ("one", "problem"),
    [
        (Branch(How.ANY, ()), "These brackets hold no filter. Add one, or take them away."),
        (Associated("boat", ()), "The object “boat” does not exist. It may have been archived; choose another one."),
        (Associated("company", (), "owner"), "There is no association “owner” between “contacts” and “Companies”."),
        (
            Associated("company", (), count=Count(3, 2)),
            "“At least 3 and at most 2” is met by nothing: put the lower number first.",
        ),
        (Fact("fax", "sent"), "There are no filters of the kind “fax”. Take this one away."),
        (
            Fact("visit", "liked", ("home",)),
            "“liked” cannot be asked of “Page view”. What can be asked: looked at, did not look at.",
        ),
        (Fact("visit", "saw"), "“Page view” “looked at” takes at least one value."),
        (Fact("import", "from", ("7",), Count(1)), "“Import” cannot be narrowed by how often it happened."),
        (
            Fact("visit", "saw_not", ("home",), Count(1)),
            "“did not look at” cannot be narrowed further: put its opposite into brackets of which nothing may hold.",
        ),
        (
            Fact("visit", "saw", ("home",), When("on", ("yesterday",))),
            "“yesterday” is not a date. Write year, month and day, such as 2024-05-06.",
        ),
        (Fact("visit", "saw", ("home",), When("on", ())), "“When it happened” “is on” takes exactly one value."),
    ],
)
def test_what_is_wrong_with_brackets_facts_and_linked_records_is_told(one: Node, problem: str) -> None:
    with filter_kinds(VISIT, IMPORT):
        assert problems(all_of(one), CONTACTS, KNOWN) == [f"Group 1, filter 1: {problem}"]


def test_a_moment_is_told_by_an_operator_of_dates_that_needs_nothing_else() -> None:
    with filter_kinds(VISIT):
        (told,) = problems(all_of(Fact("visit", "saw", ("home",), When("updated_in_last_days", ("3",)))), CONTACTS, KNOWN)
    assert told.startswith(
        "Group 1, filter 1: “updated_in_last_days” does not say when something happened. What says it: is on, is before,"
    )


def test_a_kind_of_filter_that_does_not_fit_the_object_is_told() -> None:
    with filter_kinds(replace(VISIT, object_types=frozenset({"company"}))):
        assert problems(all_of(Fact("visit", "saw", ("home",))), CONTACTS, KNOWN) == [
            "Group 1, filter 1: “Page view” cannot be asked of “contacts”."
        ]


def test_problems_inside_of_filters_say_where_they_are() -> None:
    inside = Associated("company", (LARGE, Branch(How.NOT_ANY, (Filter("shoe_size", "is_known"),)), Associated("contact", ())))
    assert problems(all_of(LARGE_CONTACT, Branch(How.ANY, (inside,))), CONTACTS, KNOWN) == [
        "Group 1, filter 2.1.2.1: The property “shoe_size” does not exist. It may have been archived; choose another one.",
        "Group 1, filter 2.1.3: Filters on linked records cannot ask about records that these are linked with.",
    ]


def test_every_question_counts_among_the_250() -> None:
    ten = Associated("company", (LARGE,) * 10)
    assert problems(all_of(*[ten] * 25), CONTACTS, KNOWN) == []
    assert problems(all_of(*[ten] * 25, LARGE_CONTACT), CONTACTS, KNOWN) == ["There are 251 filters; at most 250 are possible."]


@pytest.mark.parametrize("value", ["1e3", "1,5", "1234567890123", "0.1234567", "", " 1", "٣", "NaN", "1\n"])
def test_only_exact_decimal_numbers_are_numbers(value: str) -> None:
    assert told(Filter("revenue", "equal", (value,))) != []


def test_at_most_250_filters_are_possible() -> None:
    one = Filter("firstname", "is_known")
    assert problems(all_of(*[one] * 250), CONTACTS) == []
    assert problems(Criteria((Group((one,) * 200), Group((one,) * 51))), CONTACTS) == ["There are 251 filters; at most 250 are possible."]


def test_what_has_problems_is_never_compiled() -> None:
    with pytest.raises(CriteriaError, match=r"shoe_size.*not a date"):
        predicate(
            all_of(Filter("shoe_size", "is_known"), Filter("birthday", "on", ("x",))), CONTACTS, now=datetime.now(UTC), zone=ZoneInfo("UTC")
        )


@pytest.mark.usefixtures("french")
def test_the_sentences_are_french_to_a_french_reader() -> None:
    wrong = Criteria(
        (Group((Filter("shoe_size", "is_known"), Filter("revenue", "before", ("x",)), Filter("birthday", "on", ("x",)))), Group(()))
    )
    assert [sentence.replace("\N{NO-BREAK SPACE}", " ") for sentence in problems(wrong, CONTACTS)] == [
        "Groupe 1, filtre 1 : La propriété « shoe_size » n’existe pas. Elle a peut-être été archivée : choisissez-en une autre.",
        (
            "Groupe 1, filtre 2 : « Chiffre d’affaires total » est un nombre : on ne peut pas lui demander « est avant le ». "
            "Ce qui est possible : est renseigné, n’est pas renseigné, est égal à, n’est pas égal à, est supérieur à, "
            "est supérieur ou égal à, est inférieur à, est inférieur ou égal à, est compris entre … et …, "
            "n’est pas compris entre … et …, a déjà été égal à, n’a jamais été égal à, "
            "est égal à la propriété, est supérieur à la propriété, est inférieur à la propriété."
        ),
        "Groupe 1, filtre 3 : « x » n’est pas une date. Écrivez l’année, le mois et le jour, comme 2024-05-06.",
        "Le groupe 2 n’a aucun filtre. Ajoutez-en un ou retirez le groupe.",
    ]


@pytest.mark.usefixtures("french")
def test_what_cannot_be_read_is_told_in_french_too() -> None:
    with pytest.raises(CriteriaError) as refused:
        from_text("{")
    assert sentences(refused.value) == ["Les critères ne sont pas du JSON valide."]
