"""The page of one record: who may see it, who may change it, what a mistake says, what it remembers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from jalon.accounts.access import EVERYTHING, SYSTEM
from jalon.records import actions, queries
from jalon.records.columns import Origin, Source
from tests.people import People, signed_in
from tests.records.steps import BY_HAND, contact, values, write

HTMX = {"HX-Request": "true"}


@pytest.fixture
def ada(people: People, columns: None) -> int:
    """A contact that Bob owns."""
    return contact(email="ada@example.com", firstname="Ada", lastname="Lovelace", hubspot_owner_id=str(people.bob.pk))


def url(id: int, rest: str = "") -> str:
    return f"/contacts/{id}/{rest}"


def property_url(id: int, name: str) -> str:
    return url(id, f"properties/{name}/")


def test_the_page_shows_values_by_group_in_words(people: People, ada: int) -> None:
    write({"email": "ada@example.com", "lifecyclestage": "customer", "birthday": "1815-12-10"})
    page = signed_in(people.rita).get(url(ada))
    assert all(words in page.text for words in ("Ada Lovelace", "About this contact", "Customer", "Dec 10, 1815", "Bob"))


def test_a_record_of_somebody_else_is_not_there_for_own_only(people: People, ada: int) -> None:
    client = signed_in(people.charlie)
    addresses = (url(ada), url(ada, "preview/"), property_url(ada, "email"), property_url(ada, "email") + "history/", url(ada, "edit/"))
    assert {client.get(address).status_code for address in addresses} == {404}
    assert client.post(property_url(ada, "email"), {"property-email": "x@example.com"}).status_code == 404


def test_a_number_of_another_object_type_is_not_there(people: People, ada: int) -> None:
    assert signed_in(people.alice).get(f"/companies/{ada}/").status_code == 404


def test_a_reader_is_shown_no_way_to_edit_and_none_works(people: People, ada: int) -> None:
    client = signed_in(people.rita)
    assert "property-value" in client.get(url(ada)).text
    assert f'hx-get="{property_url(ada, "email")}?edit=1"' not in client.get(url(ada)).text
    assert client.post(property_url(ada, "firstname"), {"property-firstname": "Eve"}).status_code == 403
    assert values(ada)["firstname"] == "Ada"


def test_what_a_person_may_see_and_not_edit_says_so(people: People, columns: None) -> None:
    of_alice = contact(email="grace@example.com", hubspot_owner_id=str(people.alice.pk))
    answer = signed_in(people.bob).post(property_url(of_alice, "firstname"), {"property-firstname": "Grace"})
    assert answer.status_code == 403
    assert "belongs to somebody else" in answer.text


def test_one_property_is_edited_in_place_and_logged_under_the_persons_name(people: People, ada: int) -> None:
    client = signed_in(people.bob)
    assert 'value="Ada"' in client.get(property_url(ada, "firstname") + "?edit=1", headers=HTMX).text
    answer = client.post(property_url(ada, "firstname"), {"property-firstname": "Augusta"}, headers=HTMX)
    assert answer.status_code == 200
    assert "Augusta" in answer.text
    (line, *_) = queries.history(EVERYTHING, "contact", ada, "firstname")
    assert (line.new, line.source, line.actor_id) == ("Augusta", "user", people.bob.pk)


def test_a_value_that_does_not_fit_gets_a_sentence_and_stays_in_the_field(people: People, ada: int) -> None:
    answer = signed_in(people.bob).post(property_url(ada, "email"), {"property-email": "nonsense"}, headers=HTMX)
    assert answer.status_code == 422
    assert 'value="nonsense"' in answer.text
    assert "is not an e-mail address" in answer.text


def test_an_address_that_somebody_has_is_refused_beside_the_field(people: People, ada: int) -> None:
    contact(email="taken@example.com")
    answer = signed_in(people.bob).post(property_url(ada, "email"), {"property-email": "taken@example.com"}, headers=HTMX)
    assert answer.status_code == 422
    assert "field-error" in answer.text
    assert values(ada)["email"] == "ada@example.com"


def test_what_jalon_keeps_has_no_form(people: People, ada: int) -> None:
    client = signed_in(people.alice)
    assert client.get(property_url(ada, "createdate") + "?edit=1").status_code == 404
    assert client.post(property_url(ada, "createdate"), {"property-createdate": "2020-01-01T00:00"}).status_code == 404


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [
        ("birthday", "1990-05-31", "1990-05-31"),
        ("first_conversion_date", "2026-07-01T09:30", "2026-07-01T07:30:00.000Z"),  # typed in Paris, in summer
        ("hubspotscore", "1 234,5", "1234.5"),
        ("hubspotscore", "12.5", "12.5"),
        ("interests", ["", "products", "events"], "events;products"),
        ("lifecyclestage", "customer", "customer"),
    ],
)
def test_typed_values_of_every_kind_become_canonical_in_french(people: People, ada: int, name: str, typed: Any, kept: str) -> None:
    people.bob.language = "fr"
    people.bob.save()
    answer = signed_in(people.bob).post(property_url(ada, name), {f"property-{name}": typed}, headers=HTMX)
    assert (answer.status_code, values(ada)[name]) == (200, kept)


def test_several_options_are_cleared_by_ticking_none(people: People, ada: int) -> None:
    write({"email": "ada@example.com", "interests": "events"})
    signed_in(people.bob).post(property_url(ada, "interests"), {"property-interests": ""}, headers=HTMX)
    assert "interests" not in values(ada)


def test_the_form_for_all_changes_what_changed_and_keeps_everything_on_a_mistake(people: People, ada: int) -> None:
    client = signed_in(people.bob)
    page = client.get(url(ada, "edit/"))
    typed = {item.name: item.value for item in page.context["inputs"] if item.control != "checks"}
    wrong = client.post(url(ada, "edit/"), typed | {"property-lastname": "Byron", "property-birthday": "1815-31-12"})
    assert wrong.status_code == 422
    assert 'value="Byron"' in wrong.text
    assert values(ada)["lastname"] == "Lovelace"
    lines = len(queries.history(EVERYTHING, "contact", ada))
    client.post(url(ada, "edit/"), typed | {"property-lastname": "Byron"})
    assert values(ada)["lastname"] == "Byron"
    assert len(queries.history(EVERYTHING, "contact", ada)) == lines + 1


def test_the_history_of_a_property_says_value_instant_source_and_who(people: People, ada: int) -> None:
    write({"email": "ada@example.com", "city": "Paris"}, by=Origin(Source.IMPORT, "contacts.csv"))
    signed_in(people.bob).post(property_url(ada, "city"), {"property-city": "London"})
    page = signed_in(people.rita).get(property_url(ada, "city") + "history/").text
    assert page.index("London") < page.index("Paris")
    assert "Import · contacts.csv · Jalon" in page
    assert "By hand · Bob" in page


def test_changes_of_one_moment_are_one_event_of_the_timeline(people: People, ada: int) -> None:
    write({"email": "ada@example.com", "city": "Paris", "country": "France"})
    (day,) = signed_in(people.rita).get(url(ada, "?show=change")).context["days"]
    assert {move.label for move in day.entries[0].line.content.moves} == {"City", "Country"}


def test_a_record_is_created_and_belongs_to_its_creator(people: People, columns: None) -> None:
    client = signed_in(people.bob)
    page = client.get("/contacts/new/")
    owner = next(item for item in page.context["usual"] if item.spec.name == "hubspot_owner_id")
    assert owner.value == str(people.bob.pk)
    answer = client.post("/contacts/new/", {"property-firstname": "Grace", "property-hubspot_owner_id": str(people.bob.pk)})
    created = int(answer.headers["Location"].split("/")[-2])
    assert values(created)["firstname"] == "Grace"


def test_a_record_without_a_name_is_not_created(people: People, columns: None) -> None:
    answer = signed_in(people.bob).post("/contacts/new/", {"property-city": "Paris"})
    assert answer.status_code == 422
    assert "so that the record can be found again" in answer.text
    assert 'value="Paris"' in answer.text


def test_records_are_linked_and_unlinked_from_either_side(people: People, ada: int) -> None:
    company = actions.write("company", [actions.Row({"name": "Lumière"})], actor=SYSTEM, origin=BY_HAND).created[0]
    client = signed_in(people.bob)
    client.post(url(ada, "links/contact_to_company/to/add/"), {"other": company})
    assert "Lumière" in client.get(url(ada)).text
    assert "Ada Lovelace" in client.get(f"/companies/{company}/").text
    signed_in(people.alice).post(f"/companies/{company}/links/contact_to_company/from/remove/", {"other": ada})
    assert not [panel["linked"] for panel in client.get(url(ada)).context["panels"] if panel["linked"]]


def test_the_search_for_a_link_finds_records_by_a_part_of_a_word(people: People, ada: int, sync: Callable[[], None]) -> None:
    actions.write("company", [actions.Row({"name": "Lumière"}), actions.Row({"name": "Atelier"})], actor=SYSTEM, origin=BY_HAND)
    sync()
    hits = signed_in(people.bob).get(url(ada, "links/contact_to_company/to/search/"), {"q": "lumi"}).context["hits"]
    assert [hit.name for hit in hits] == ["Lumière"]


def test_nobody_links_a_record_that_they_do_not_see(people: People, columns: None) -> None:
    own = contact(email="own@example.com", hubspot_owner_id=str(people.charlie.pk))
    hidden = actions.write("company", [actions.Row({"name": "Lumière"})], actor=SYSTEM, origin=BY_HAND).created[0]
    assert signed_in(people.charlie).post(url(own, "links/contact_to_company/to/add/"), {"other": hidden}).status_code == 404


def test_archiving_says_what_it_does_in_numbers_and_can_be_undone(people: People, ada: int) -> None:
    company = actions.write("company", [actions.Row({"name": "Lumière"})], actor=SYSTEM, origin=BY_HAND).created[0]
    actions.associate("contact_to_company", [(ada, company)], actor=SYSTEM, origin=BY_HAND)
    client = signed_in(people.alice)
    assert "1 linked record stays as it is" in client.get(url(ada, "archiving/")).text
    assert client.post(url(ada, "archive/")).headers["Location"] == "/contacts/"
    assert "This record is archived" in client.get(url(ada)).text
    assert client.post(property_url(ada, "city"), {"property-city": "Rome"}).status_code == 403
    client.post(url(ada, "restore/"))
    assert "This record is archived" not in client.get(url(ada)).text


def test_only_those_who_may_delete_archive(people: People, ada: int) -> None:
    assert signed_in(people.rita).post(url(ada, "archive/")).status_code == 403
    assert "records:ask_archive" not in signed_in(people.rita).get(url(ada)).text
    of_alice = contact(email="grace@example.com", hubspot_owner_id=str(people.alice.pk))
    assert signed_in(people.bob).post(url(of_alice, "archive/")).status_code == 403
