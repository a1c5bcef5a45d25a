"""One record held against criteria: the verdict of each filter at its place, and what criteria mean where records really live."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from jalon.accounts.access import EVERYTHING, SYSTEM
from jalon.criteria import kinds
from jalon.criteria import queries as criteria
from jalon.criteria.queries import Verdict
from jalon.criteria.tree import Associated, Branch, Count, Criteria, Fact, Filter, How, When, all_of
from jalon.imports.models import File, Import, State
from jalon.records import queries, runner
from jalon.records.columns import Origin, Source
from jalon.records.links import actions as links
from tests.people import People
from tests.records.steps import BY_HAND, contact, write

KNOWN, EMPTY_CITY = Filter("email", "is_known"), Filter("city", "is_known")
ALPES, LARGE = Filter("city", "equal", ("Chambéry",)), Filter("numberofemployees", "greater", ("100",))


@pytest.fixture
def ada(people: People) -> int:
    """A contact who came by an import, and works for a small company in Chambéry and a large one elsewhere."""
    bringing = Import.objects.create(state=State.DONE, started_at=timezone.now())
    File.objects.create(
        of=bringing, object_type="contact", file_name="leads.csv", encoding="utf-8", delimiter=",", match="email", order="dmy", zone="UTC"
    )
    brought = write({"email": "ada@example.com"}, by=Origin(Source.IMPORT, str(bringing.pk)))
    refuge = write({"name": "Refuge", "city": "Chambéry", "numberofemployees": 5}, object_type="company", match="id")
    usine = write({"name": "Usine", "city": "Lyon", "numberofemployees": 500}, object_type="company", match="id")
    (id,) = brought.created
    links.associate("contact_to_company", [(id, refuge.created[0]), (id, usine.created[0])], actor=SYSTEM, origin=BY_HAND)
    follow()
    return id


def follow() -> None:
    """The columns know of everything that was written."""
    while runner.sync(timezone.now()):
        pass


def came_from(number: str, **refined: str) -> Fact:
    return Fact("import", "from", (number,), When("less_than_days_ago", (refined["days"],)) if refined else None)


def imports_of(kind: str = "contact") -> list[tuple[str, str]]:
    return [(choice.value, choice.label) for choice in kinds.kinds()["import"].choices(EVERYTHING, kind)]


def test_each_filter_says_its_own_verdict(ada: int) -> None:
    asked = all_of(KNOWN, Branch(How.NOT_ANY, (EMPTY_CITY,)), Associated("company", (ALPES, LARGE)))
    assert criteria.verdicts(asked, "contact", ada, EVERYTHING) == criteria.Tested(
        False,
        {
            (1, 1): Verdict(True),
            (1, 2): Verdict(True),
            (1, 2, 1): Verdict(False),
            (1, 3): Verdict(False),
            (1, 3, 1): Verdict(True),  # by one company,
            (1, 3, 2): Verdict(True),  # by another, and by none of the two together
        },
    )


def test_a_filter_with_a_problem_says_why_and_the_others_still_speak(ada: int) -> None:
    gone = Filter("shoe_size", "is_known")
    tested = criteria.verdicts(all_of(KNOWN, Branch(How.ANY, (EMPTY_CITY, gone))), "contact", ada, EVERYTHING)
    assert tested is not None and tested.holds is None
    said = {place: verdict.holds for place, verdict in tested.filters.items()}
    assert said == {(1, 1): True, (1, 2): None, (1, 2, 1): False, (1, 2, 2): None}
    assert tested.filters[1, 2, 2].problems == ("The property “shoe_size” does not exist. It may have been archived; choose another one.",)


def test_a_record_that_is_not_there_has_no_verdict(ada: int) -> None:
    assert criteria.verdicts(all_of(KNOWN), "contact", ada + 1000, EVERYTHING) is None


def test_criteria_that_ask_nothing_are_met(ada: int) -> None:
    assert criteria.verdicts(Criteria(), "contact", ada, EVERYTHING) == criteria.Tested(True, {})


def test_an_import_is_offered_and_finds_what_it_brought(ada: int) -> None:
    other = contact(email="bob@example.com")
    follow()
    ((number, label),) = imports_of()
    assert label.startswith("leads.csv, ") and imports_of("deal") == []
    assert found(all_of(came_from(number))) == {ada}
    assert found(all_of(came_from(number, days="2"))) == {ada}
    assert found(all_of(Fact("import", "not_from", (number,)))) == {other}


def test_an_import_that_does_not_exist_is_a_problem_in_a_sentence(ada: int) -> None:
    assert criteria.problems(all_of(came_from("999")), "contact") == [
        "Group 1, filter 1: There is no import “999”. Choose another one, or take this filter away."
    ]


def test_a_new_association_is_known_at_once_and_only_live_records_are_linked(ada: int) -> None:
    assert criteria.known().ways("contact", "company", "contact_to_company")
    two = all_of(Associated("company", (), count=Count(2)))
    assert found(two) == {ada}


def test_the_next_look_is_the_next_midnight_of_the_account(ada: int) -> None:
    now = timezone.now()
    then = criteria.next_moment(all_of(Filter("createdate", "less_than_days_ago", ("3",))), "contact", now)
    assert then is not None and now < then <= now + timedelta(days=1, hours=1)
    assert criteria.next_moment(all_of(KNOWN), "contact", now) is None


def found(asked: Criteria) -> set[int]:
    rows = queries.page(EVERYTHING, "contact", columns=["id"], where=criteria.where(asked, "contact", EVERYTHING)).rows
    return {row["id"] for row in rows}
