"""A file of past values: each enters the log at its own instant with its own source (spec 11.1)."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest

from jalon.accounts.access import EVERYTHING, SYSTEM
from jalon.records import queries as records
from jalon.records.bulk.actions import set_all
from jalon.records.columns import Origin, Source
from jalon.records.models import Change, Record
from tests.imports.conftest import Bring, sentences, values
from tests.people import move_in

HEADING = "email,property,value,changed at,source\n"
PAST = (
    "ann@a.fr,city,Lyon,2019-05-06 10:00,form",
    "ann@a.fr,city,Paris,2021-01-01T00:00:00Z,api",
    "ann@a.fr,Ville,Lille,2020-03-04,import",
    "bob@a.fr,jobtitle,Buyer,31/12/2018 08:00,user",
)


@pytest.fixture
def two(bring: Bring) -> Bring:
    """Ann and Bob are there; what they were before is not."""
    bring("email,firstname\nann@a.fr,Ann\nbob@a.fr,Bob\n")
    return bring


def lines() -> set[tuple[int, str, datetime, str | None, str]]:
    rows = Change.objects.filter(backdated=True).values_list("record_id", "at", "delta", "source")
    return {(id, name, at, new, source) for id, at, delta, source in rows for name, (_, new) in delta.items()}


def test_past_values_enter_the_log_at_their_instant_with_their_source(two: Bring) -> None:
    found = two(HEADING + "\n".join(PAST), is_history=True, zone="Europe/Paris")
    assert (found.first.match, found.updated, found.refused) == ("email", 4, 0)
    ann = Record.objects.get(properties__email="ann@a.fr").pk
    assert (ann, "city", datetime(2019, 5, 6, 8, tzinfo=UTC), "Lyon", "form") in lines()
    history = records.history(EVERYTHING, "contact", ann, "city")
    assert [(line.old, line.new, line.source) for line in reversed(history)] == [
        (None, "Lyon", "form"),
        ("Lyon", "Lille", "import"),
        ("Lille", "Paris", "api"),
    ]


def test_the_present_value_changes_only_where_the_row_is_the_newest(two: Bring) -> None:
    two("email,city\nann@a.fr,Nice\n")
    two(HEADING + "\n".join(PAST), is_history=True)
    assert values(email="ann@a.fr")["city"] == "Nice"
    assert values(email="bob@a.fr")["jobtitle"] == "Buyer"


def test_the_same_history_file_twice_changes_nothing(two: Bring) -> None:
    two(HEADING + "\n".join(PAST), is_history=True)
    before = lines()
    again = two(HEADING + "\n".join(PAST), is_history=True)
    assert (again.updated, again.unchanged) == (0, 4)
    assert lines() == before


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_the_rows_does_not_matter(seed: int, two: Bring) -> None:
    two(HEADING + "\n".join(PAST), is_history=True)
    in_order = (lines(), values(email="ann@a.fr"), values(email="bob@a.fr"))
    shuffled = random.Random(seed).sample(PAST, len(PAST))
    two(HEADING + "\n".join(shuffled), is_history=True)
    assert (lines(), values(email="ann@a.fr"), values(email="bob@a.fr")) == in_order


@pytest.mark.parametrize("seed", range(3))
def test_any_order_alone_gives_the_same_past_and_present(seed: int, two: Bring) -> None:
    shuffled = random.Random(seed).sample(PAST, len(PAST))
    two(HEADING + "\n".join(shuffled), is_history=True, order="dmy")
    assert values(email="ann@a.fr")["city"] == "Paris"
    ann = Record.objects.get(properties__email="ann@a.fr").pk
    assert [line.new for line in records.history(EVERYTHING, "contact", ann, "city")] == ["Paris", "Lille", "Lyon"]


def test_each_bad_row_of_a_history_file_gets_its_sentences(two: Bring) -> None:
    rows = (
        "ann@a.fr,shoe size,42,2019-05-06,form",
        "ann@a.fr,city,Lyon,yesterday,form",
        "ann@a.fr,city,Lyon,2019-05-06,telepathy",
        ",city,Lyon,2019-05-06,form",
        "nobody@a.fr,city,Lyon,2019-05-06,form",
        "ann@a.fr,industry,Astrology,2019-05-06,form",
        "ann@a.fr,city,Lyon,2999-05-06,form",
        "ann@a.fr,city,Nantes,2018-05-06,",
    )
    found = two(HEADING + "\n".join(rows), is_history=True, zone="UTC")
    told = sentences(found)
    assert (found.updated, found.refused) == (1, 7)
    expected = {
        2: "property: There is no property “shoe size”.",
        3: "changed at: “yesterday” is not a date.",
        4: "source: “telepathy” is not a source. The sources are: user, form,",
        5: "email: The cell is empty.",
        6: "No record has E-mail = “nobody@a.fr”.",
        7: "value: “Astrology” is not one of the options.",
        8: "2999-05-06T00:00:00+00:00 lies in the future",
    }
    assert [line for line, start in expected.items() if not told[line][0].startswith(start)] == []
    assert {source for *_, source in lines()} == {"import"}


def test_an_empty_value_says_that_the_property_was_cleared(two: Bring) -> None:
    two(HEADING + "ann@a.fr,city,Lyon,2019-05-06,form\nann@a.fr,city,,2020-05-06,form\n", is_history=True)
    assert "city" not in values(email="ann@a.fr")


def test_the_past_of_a_record_out_of_reach_is_refused_and_nothing_told_of_it(two: Bring) -> None:
    people = move_in()
    bob = Record.objects.get(properties__email="bob@a.fr").pk
    set_all("contact", [bob], {"hubspot_owner_id": str(people.charlie.pk)}, actor=SYSTEM, origin=Origin(Source.USER))
    found = two(HEADING + "\n".join(PAST), is_history=True, access=people.access(people.charlie))
    assert (found.updated, found.refused) == (1, 3)
    assert set(sentences(found).values()) == {("This row names a record that you may not edit.",)}
    assert {id for id, _, _, _, _ in lines()} == {bob}
