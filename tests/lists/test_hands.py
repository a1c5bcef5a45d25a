"""Records put into static lists and taken out: from the list, from a selection, from a record, by an import, by commands."""

from __future__ import annotations

import pytest
from django.test import Client

from jalon.accounts.access import EVERYTHING, SYSTEM
from jalon.imports import actions as imports
from jalon.imports import queries
from jalon.imports.actions import Upload
from jalon.imports.listing import actions as listing
from jalon.imports.undoing import actions as undoing
from jalon.jobs import runner
from jalon.jobs.models import Job
from jalon.lists import actions
from jalon.lists.actions import ListError
from jalon.lists.hands import actions as hands
from jalon.lists.models import List
from jalon.records import pages
from tests.lists.steps import active, city, follow, members, static, story
from tests.people import People, signed_in
from tests.records.steps import contact


@pytest.fixture
def client(people: People, columns: None) -> Client:
    return signed_in(people.alice)


def test_a_record_is_found_and_put_in_on_the_list_s_page(client: Client) -> None:
    id = contact(firstname="Ann", lastname="Gauthier")
    follow()
    made = static("Friends")
    assert "Ann Gauthier" in client.get(f"/lists/{made}/add/?find=gauth").text
    assert "in the list" in client.post(f"/lists/{made}/add/{id}/").text
    follow()
    assert members(made) == {id}
    assert "joined the list" in client.get(f"/contacts/{id}/?show=list").text


def test_a_selection_goes_into_a_new_list_and_out_again(client: Client) -> None:
    ann, bob = contact(firstname="Ann"), contact(firstname="Bob")
    follow()
    assert "Put 2 records into a list" in client.get(f"/lists/add/contacts/?ids={ann},{bob}").text
    client.post("/lists/add/contacts/", {"ids": f"{ann},{bob}", "how": "new", "name": "Friends"})
    follow()
    made = List.objects.get(name="Friends").pk
    assert members(made) == {ann, bob}
    assert "Take 1 record out of the list" in client.get(f"/lists/{made}/take-out/?ids={ann}").text
    client.post(f"/lists/{made}/take-out/", {"ids": str(ann)})
    follow()
    assert members(made) == {bob}
    nothing = client.post("/lists/add/contacts/", {"ids": str(ann), "how": "known"})
    assert nothing.status_code == 422 and "Choose a list." in nothing.text


def test_all_that_match_go_in_by_a_background_job_where_they_are_many(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = {contact(city="Lyon") for _ in range(5)}
    contact(city="Paris")
    follow()
    made = static("People of Lyon")
    monkeypatch.setattr(hands, "AT_ONCE", 3)
    monkeypatch.setattr(hands, "SLICE", 2)
    criteria = '{"version":2,"groups":[{"filters":[{"property":"city","operator":"equal","values":["Lyon"]}]}]}'
    client.post("/lists/add/contacts/", {"all": "yes", "criteria": criteria, "how": "known", "list": str(made)})
    runner.run(Job.objects.get(kind=hands.KIND).pk)
    follow()
    assert members(made) == ids
    assert "The list “People of Lyon”: 5 records were put in." in client.get("/notices/").text


def test_an_active_list_takes_no_hands(client: Client) -> None:
    id = contact(city="Paris")
    made = active("People of Lyon", city("Lyon"))
    follow()
    assert "is an active list" in client.post("/lists/add/contacts/", {"ids": str(id), "how": "known", "list": str(made)}).text
    assert "is an active list" in client.post(f"/lists/of/contacts/{id}/join/{made}/").text
    assert members(made) == set()


def test_the_page_of_a_record_tells_its_lists_and_changes_the_static_ones(client: Client) -> None:
    id = contact(city="Lyon")
    follows, by_hand = active("People of Lyon", city("Lyon")), static("Friends")
    follow()
    assert "lists:panel" in [panel.url_name for panel in pages.record_panels(EVERYTHING, "contact")]
    client.post(f"/lists/of/contacts/{id}/join/{by_hand}/")
    follow()
    panel = client.get(f"/lists/of/contacts/{id}/").text
    assert "People of Lyon" in panel and "Friends" in panel
    assert f"/leave/{by_hand}/" in panel and f"/leave/{follows}/" not in panel
    client.post(f"/lists/of/contacts/{id}/leave/{by_hand}/")
    follow()
    assert members(by_hand) == set()


def test_an_import_puts_its_records_into_a_list_and_its_undo_takes_them_out(columns: None) -> None:
    kept = contact(email="ann@a.example", firstname="Ann")
    import_id = imports.take(
        [Upload("visitors.csv", [b"email,city\nann@a.example,Lyon\nbob@b.example,Paris\n"], "contact")], access=EVERYTHING
    )
    listing.choose(import_id, 0, listing.NEW, "Visitors", access=EVERYTHING)
    runner.run(imports.try_out(import_id, access=EVERYTHING))
    assert not List.objects.exists()  # a dry run makes no list
    runner.run(imports.begin(import_id, access=EVERYTHING))
    follow()
    made = List.objects.get(name="Visitors").pk
    assert len(members(made)) == 2 and kept in members(made)
    assert {why for _, why, _ in story(made)} == {"import"}
    runner.run(undoing.begin(import_id, access=EVERYTHING))
    follow()
    assert members(made) == set()


def test_an_import_goes_on_where_its_list_takes_nobody_any_more(columns: None) -> None:
    made = static("Visitors")
    import_id = imports.take([Upload("visitors.csv", [b"email\nann@a.example\n"], "contact")], access=EVERYTHING)
    listing.choose(import_id, 0, str(made), access=EVERYTHING)
    actions.delete(made, actor=SYSTEM)
    runner.run(imports.begin(import_id, access=EVERYTHING))
    found = queries.one(EVERYTHING, import_id)
    assert found is not None and (found.state, found.created) == ("done", 1)
    assert "This list is not there any more." in queries.first_notes(found, refusals=False)[0].sentences[0]
    with pytest.raises(ListError, match="active list"):
        listing.choose(import_id, 0, str(active("Lyon", city("Lyon"))), access=EVERYTHING)
