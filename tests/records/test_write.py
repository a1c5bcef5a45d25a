"""One verb writes one record or a million: rows, unique values and change log together, or not at all."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.utils import translation

from jalon.accounts.access import SYSTEM, Access, Actor, Scope
from jalon.accounts.actions import Refused
from jalon.records import actions, queries
from jalon.records.actions import Row
from jalon.records.columns import Origin, Source
from jalon.records.models import Change
from tests.records.steps import BY_HAND, BY_IMPORT, contact, told, values, write

pytestmark = pytest.mark.usefixtures("house")


def test_a_new_record_keeps_its_values_as_canonical_text() -> None:
    id = contact(email=" Alice@Example.COM ", firstname="Alice", hubspotscore=12.50, birthday="1990-05-31", interests="products;events")
    assert values(id) | {"email": "alice@example.com", "hubspotscore": "12.5", "interests": "events;products"} == values(id)


def test_the_same_address_twice_makes_one_contact() -> None:
    outcome = write({"email": "bob@example.com", "city": "Lyon"}, {"email": "BOB@example.com", "city": "Paris"})
    assert len(outcome.created) == 1
    assert outcome.ids[0] == outcome.ids[1]
    assert values(outcome.created[0])["city"] == "Paris"


def test_setting_the_same_value_again_is_no_change() -> None:
    id = contact(email="a@example.com", city="Lyon")
    lines = Change.objects.count()
    outcome = write({"email": "a@example.com", "city": "Lyon"})
    assert (outcome.unchanged, outcome.updated, Change.objects.count()) == (1, (), lines)
    assert values(id)["city"] == "Lyon"


def test_an_empty_value_clears_and_is_not_zero() -> None:
    id = contact(email="a@example.com", hubspotscore="0", city="Lyon")
    write({"email": "a@example.com", "city": ""})
    assert values(id)["hubspotscore"] == "0"
    assert "city" not in values(id)


def test_a_bad_row_tells_all_its_problems_and_the_others_go_in() -> None:
    outcome = write(
        {"email": "not an address", "hubspotscore": "many", "shoe_size": "42"},
        {"email": "good@example.com"},
        by=BY_IMPORT,
    )
    assert [refusal.index for refusal in outcome.refused] == [0]
    assert told(outcome) == [
        "E-mail: “not an address” is not an e-mail address; one looks like name@example.com.",
        "Lead score: “many” is not a number; write it like 1234.56.",
        "There is no property “shoe_size”; create it first or leave the column out.",
    ]
    assert len(outcome.created) == 1


def test_refusals_are_told_in_the_language_of_the_reader() -> None:
    with translation.override("fr"):
        outcome = write({"email": "pas une adresse"})
    assert told(outcome) == ["E-mail : « pas une adresse » n’est pas une adresse e-mail ; une adresse ressemble à nom@exemple.com."]


def test_a_unique_value_of_another_record_is_refused_with_its_number() -> None:
    first, second = contact(email="a@example.com"), contact(email="b@example.com")
    outcome = write({"id": second, "email": "A@example.com"}, match="id")
    assert told(outcome) == [f"E-mail “a@example.com” already belongs to record {first}."]


def test_addresses_can_move_between_records_within_one_write() -> None:
    first, second = contact(email="a@example.com"), contact(email="b@example.com")
    outcome = write({"id": first, "email": "c@example.com"}, {"id": second, "email": "a@example.com"}, match="id")
    assert not outcome.refused
    assert (values(first)["email"], values(second)["email"]) == ("c@example.com", "a@example.com")
    assert write({"email": "b@example.com"}).created, "the address that nobody has any more is free"


def test_modes_say_what_does_not_fit() -> None:
    contact(email="a@example.com")
    assert told(write({"email": "a@example.com"}, mode="create")) == ["A record with E-mail = “a@example.com” exists already."]
    assert told(write({"email": "z@example.com"}, mode="update")) == ["No record has E-mail = “z@example.com”."]
    assert told(write({"id": 999_999, "city": "Lyon"}, match="id")) == ["No record has id = “999999”."]


def test_what_jalon_keeps_itself_cannot_be_set_by_hand_but_comes_with_an_import() -> None:
    assert told(write({"email": "a@example.com", "createdate": "2024-01-01"})) == [
        "“Create date” is kept by Jalon itself and cannot be set."
    ]
    id = write({"email": "a@example.com", "createdate": "2024-01-01T10:00:00Z"}, by=BY_IMPORT).created[0]
    assert values(id)["createdate"] == "2024-01-01T10:00:00.000Z"


def test_a_record_says_where_it_came_from() -> None:
    id = write({"email": "a@example.com"}, by=BY_IMPORT).created[0]
    assert (values(id)["hs_object_source"], values(id)["hs_object_source_detail_1"]) == ("import", "1")


def test_matching_by_what_is_not_unique_is_refused() -> None:
    with pytest.raises(Refused, match="“city” is neither"):
        write({"city": "Lyon"}, match="city")


def test_a_dry_run_gives_the_same_counts_and_writes_nothing() -> None:
    contact(email="a@example.com", city="Lyon")
    lines = Change.objects.count()
    outcome = write({"email": "a@example.com", "city": "Nice"}, {"email": "b@example.com"}, {"email": "x"}, dry_run=True)
    assert (len(outcome.created), len(outcome.updated), len(outcome.refused)) == (1, 1, 1)
    assert Change.objects.count() == lines
    assert write({"email": "b@example.com"}).created


def test_two_writers_of_one_new_address_make_one_record() -> None:
    outcomes: list[actions.Outcome] = []

    def insert() -> None:
        try:
            outcomes.append(write(*({"email": f"race{number}@example.com"} for number in range(300)), by=BY_IMPORT))
        finally:
            connection.close()

    threads = [threading.Thread(target=insert) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(len(outcome.created) for outcome in outcomes) == 300
    assert outcomes[0].ids == outcomes[1].ids


def test_an_archived_record_frees_its_address_and_says_so_when_it_is_restored() -> None:
    id = contact(email="a@example.com")
    actions.archive("contact", [id], actor=SYSTEM, origin=BY_HAND)
    other = contact(email="a@example.com")
    outcome = actions.restore("contact", [id], actor=SYSTEM, origin=BY_HAND)
    assert told(outcome) == [f"“a@example.com” now belongs to record {other}; change one of the two first."]


def test_a_record_of_somebody_else_is_not_there_for_those_who_see_their_own() -> None:
    mine = write({"email": "m@example.com", "hubspot_owner_id": "7"}).created[0]
    hers = write({"email": "h@example.com", "hubspot_owner_id": "8"}).created[0]
    access = Access(Actor(7, "Bob"), permissions=frozenset({"records.view"}), scopes={"*.view": Scope.OWN})
    assert queries.record(access, "contact", mine) is not None
    assert queries.record(access, "contact", hers) is None
    assert queries.history(access, "contact", hers) == []
    assert queries.reachable(access, "contact", [mine, hers], "view") == [mine]


def test_a_million_rows_would_go_in_slices() -> None:
    rows = (Row({"email": f"c{number}@example.com"}) for number in range(actions.SLICE + 10))
    outcome = actions.write("contact", rows, actor=SYSTEM, origin=Origin(Source.IMPORT), match="email")
    transactions = Change.objects.values_list("xid", flat=True).distinct().count()
    assert (len(outcome.created), transactions) == (actions.SLICE + 10, 2)
