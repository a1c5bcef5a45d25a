"""The index page of an object type: whoever looks, the table, its total, its filters and its export say the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from jalon.accounts.access import SYSTEM
from jalon.records import actions, queries
from jalon.records.actions import Row
from jalon.records.columns import Origin, Source
from tests.people import People, signed_in

HTMX = {"HX-Request": "true"}


@pytest.fixture
def crowd(people: People, sync: Callable[[], None]) -> People:
    """Sixty contacts, of whom Charlie owns two and Bob three; the columns have them all."""
    owners = {0: people.charlie, 1: people.charlie, 2: people.bob, 3: people.bob, 4: people.bob}
    rows = [
        Row({
            "email": f"person{number:02}@example.com",
            "firstname": f"Person {number:02}",
            "total_revenue": number * 10 if number else None,
            "lifecyclestage": "customer" if number % 3 == 0 else "new_lead",
            "hubspot_owner_id": owners[number].pk if number in owners else None,
        })
        for number in range(60)
    ]  # fmt: skip
    assert not actions.write("contact", rows, actor=SYSTEM, origin=Origin(Source.SYSTEM), match="email").refused
    sync()
    return people


def index(client: Client, headers: dict[str, str] | None = None, **parameters: str) -> Any:
    return client.get("/contacts/", parameters, headers=headers or {})


def names(answer: Any) -> list[str]:
    return [line.name for line in answer.context["lines"]]


def criteria(*filters: dict[str, Any]) -> str:
    return json.dumps({"version": 1, "groups": [{"filters": list(filters)}]})


CUSTOMERS = {"property": "lifecyclestage", "operator": "any_of", "values": ["customer"]}


def test_a_reader_sees_every_contact_with_the_total(crowd: People) -> None:
    answer = index(signed_in(crowd.rita))
    assert (len(names(answer)), answer.context["total"]) == (50, 60)
    assert "Create contact" not in answer.text


def test_somebody_with_only_their_own_records_sees_and_counts_only_these(crowd: People) -> None:
    answer = index(signed_in(crowd.charlie))
    assert (sorted(names(answer)), answer.context["total"]) == (["Person 00", "Person 01"], 2)


def test_every_object_type_has_its_page_and_an_unknown_one_has_none(crowd: People) -> None:
    client = signed_in(crowd.alice)
    pages = {catalog.plural: client.get(f"/{catalog.plural}/").status_code for catalog in queries.catalogs().values()}
    assert set(pages.values()) == {200}
    assert client.get("/planets/").status_code == 404


def test_filters_narrow_the_table_and_stand_above_it_in_words(crowd: People) -> None:
    answer = index(signed_in(crowd.rita), criteria=criteria(CUSTOMERS))
    assert answer.context["total"] == 20
    assert "Lifecycle stage is any of Customer" in answer.text


def test_a_filter_is_taken_away_by_its_own_address(crowd: People) -> None:
    client = signed_in(crowd.rita)
    both = criteria(CUSTOMERS, {"property": "total_revenue", "operator": "less", "values": ["100"]})
    answer = index(client, criteria=both)
    words = [chip[0] for chip in answer.context["chips"]]
    assert (words, answer.context["total"]) == (["Lifecycle stage is any of Customer", "Total revenue is less than 100"], 3)
    without_the_second = client.get(answer.context["chips"][1][1])
    assert without_the_second.context["total"] == 20


def test_broken_criteria_are_told_in_sentences_all_at_once(crowd: People) -> None:
    wrong = criteria({"property": "shoe_size", "operator": "equal", "values": ["42"]}, {"property": "total_revenue", "operator": "any_of"})
    answer = index(signed_in(crowd.rita), criteria=wrong)
    assert answer.status_code == 200
    assert len(answer.context["narrowing"].problems) == 2
    assert "lines" not in answer.context


def test_criteria_that_are_no_json_are_told_too(crowd: People) -> None:
    assert "not valid JSON" in index(signed_in(crowd.rita), criteria="{oops").text


def test_the_search_finds_a_part_of_a_word_without_accents(crowd: People) -> None:
    assert names(index(signed_in(crowd.rita), q="pérson 07")) == ["Person 07"]


def test_headings_sort_and_those_without_a_value_come_last(crowd: People) -> None:
    client = signed_in(crowd.rita)
    assert names(index(client, sort="total_revenue"))[:2] == ["Person 01", "Person 02"]
    highest = index(client, sort="-total_revenue")
    assert names(highest)[:2] == ["Person 59", "Person 58"]
    heading = next(heading for heading in highest.context["headings"] if heading.name == "total_revenue")
    assert (heading.direction, "sort=total_revenue" in heading.url) == ("descending", True)


def test_pages_follow_each_other_there_and_back_without_a_gap(crowd: People) -> None:
    client = signed_in(crowd.rita)
    first = index(client, sort="firstname")
    second = client.get(first.context["next_url"])
    assert names(first) + names(second) == [f"Person {number:02}" for number in range(60)]
    assert second.context["next_url"] == ""
    assert names(client.get(second.context["previous_url"])) == names(first)


def test_htmx_receives_the_table_alone_from_the_same_address(crowd: People) -> None:
    part = index(signed_in(crowd.rita), HTMX).text
    assert "<html" not in part
    assert "Person 59" in part


def test_columns_are_chosen_ordered_and_remembered_for_one_person(crowd: People) -> None:
    client = signed_in(crowd.rita)
    client.post("/contacts/columns/choose/", {"column": ["total_revenue", "email", "no_such_property"]})
    assert [heading.name for heading in index(client).context["headings"]] == ["total_revenue", "email"]
    assert "total_revenue" not in [heading.name for heading in index(signed_in(crowd.charlie)).context["headings"]][:1]


def test_columns_in_the_address_go_before_the_remembered_ones(crowd: People) -> None:
    answer = index(signed_in(crowd.rita), columns="city,email")
    assert [heading.name for heading in answer.context["headings"]] == ["city", "email"]
    assert "columns=city%2Cemail" in answer.context["headings"][0].url


def exported(answer: Any) -> list[str]:
    return content(answer).decode("utf-8-sig").splitlines()


def content(answer: Any) -> bytes:
    """The whole of a download."""
    return b"".join(answer.streaming_content)


def test_an_export_holds_every_matching_record_and_the_chosen_columns(crowd: People) -> None:
    lines = exported(
        signed_in(crowd.bob).get("/contacts/export/", {"criteria": criteria(CUSTOMERS), "columns": "email", "format": "csv", "all": "yes"})
    )
    assert lines[0] == "Record ID,First name,Last name,E-mail"
    assert len(lines) == 21


def test_an_export_of_ticked_records_holds_these(crowd: People) -> None:
    client = signed_in(crowd.alice)
    ticked = ",".join(str(line.id) for line in index(client, sort="firstname").context["lines"][:2])
    lines = exported(client.get("/contacts/export/", {"ids": ticked, "columns": "email", "sort": "firstname", "format": "csv"}))
    assert [line.split(",")[1] for line in lines[1:]] == ["Person 00", "Person 01"]


def test_an_excel_export_is_an_excel_file(crowd: People) -> None:
    answer: Any = signed_in(crowd.alice).get("/contacts/export/", {"all": "yes"})
    assert content(answer).startswith(b"PK")
    assert "Contacts.xlsx" in answer.headers["Content-Disposition"]


def test_nobody_exports_without_the_right_to_it(crowd: People) -> None:
    assert signed_in(crowd.rita).get("/contacts/export/").status_code == 403


def test_the_page_speaks_french(crowd: People) -> None:
    crowd.rita.language = "fr"
    crowd.rita.save()
    answer = index(signed_in(crowd.rita), criteria=criteria(CUSTOMERS))
    assert "Étape du cycle de vie est l’un de Client" in answer.text
    assert "Étape du cycle de vie" in [heading.label for heading in answer.context["headings"]]
