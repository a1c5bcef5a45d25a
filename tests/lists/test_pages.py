"""The pages of lists: what each shows, to whom, and that every number opens its records."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone

from jalon.accounts.access import SYSTEM, Scope
from jalon.accounts.actions import create_user
from jalon.folders import actions as folders
from jalon.lists import actions, queries
from jalon.lists.membership import actions as membership
from jalon.lists.models import List
from jalon.records.actions import archive
from tests.lists.steps import active, city, follow, member_of, members, static, view
from tests.people import PASSWORD, People, granted, signed_in
from tests.records.steps import BY_HAND, contact, write

TOTAL = re.compile(r'class="pager-total">(?:\d+ of )?(\d+)<')


@pytest.fixture
def client(people: People, columns: None) -> Client:
    return signed_in(people.alice)


def total(client: Client, address: str) -> int:
    """How many records stand in the table of an address."""
    found = TOTAL.search(client.get(address).text)
    return int(found.group(1)) if found else 0


def test_the_list_of_lists_shows_folders_kinds_sizes_and_finds_by_name(client: Client) -> None:
    marketing = folders.create("lists", "Marketing", actor=SYSTEM)
    fairs = folders.create("lists", "Fairs", marketing, actor=SYSTEM)
    actions.create("Visitors of Lyon", "contact", "MANUAL", folder=fairs, actor=SYSTEM)
    contact(city="Lyon")
    active("People of Lyon", city("Lyon"))
    follow()
    page = client.get("/lists/").text
    assert all(
        words in page for words in ("Visitors of Lyon", "People of Lyon", "Marketing / Fairs", "Active", "Static, by hand", "up to date")
    )
    inside = client.get(f"/lists/?folder={marketing}").text  # a folder holds what lies in those inside it
    assert "Visitors of Lyon" in inside and "People of Lyon" not in inside
    assert "No list is like that" in client.get("/lists/?q=bordeaux").text
    assert "Visitors of Lyon" not in client.get("/lists/?kind=DYNAMIC").text


def test_a_deleted_folder_leaves_its_lists_where_it_lay(client: Client) -> None:
    outer = folders.create("lists", "Marketing", actor=SYSTEM)
    inner = folders.create("lists", "Fairs", outer, actor=SYSTEM)
    made = actions.create("Visitors", "contact", "MANUAL", folder=inner, actor=SYSTEM).id
    assert client.post(f"/lists/folders/{inner}/delete/").status_code == 302
    assert view(made).folder_id == outer
    refused = client.post(f"/lists/folders/{outer}/", {"name": " ", "parent": ""})
    assert refused.status_code == 422 and "Give the folder a name." in refused.text


def test_the_members_are_searched_filtered_and_sorted_by_joining(client: Client) -> None:
    ids = [contact(firstname=name, city="Lyon") for name in ("Ann", "Bob", "Cid")]
    made = static("Friends")
    for id in ids:
        actions.add(made, [id], actor=SYSTEM)
        follow()
    shown = [int(id) for id in re.findall(r'<tr data-record="(\d+)"', client.get(f"/lists/{made}/").text)]
    assert shown == ids[::-1]  # who joined last stands first
    assert total(client, f"/lists/{made}/?q=bob") == 1
    criteria = quote('{"version":2,"groups":[{"filters":[{"property":"firstname","operator":"equal","values":["Cid"]}]}]}')
    page = client.get(f"/lists/{made}/?criteria={criteria}").text
    assert TOTAL.search(page) and "&quot;kind&quot;:&quot;list&quot;" in page  # what acts on all that match, acts on members


def test_each_reader_sees_of_a_list_what_they_may_see(people: People, columns: None) -> None:
    mine, foreign = (contact(city="Lyon", hubspot_owner_id=str(user.pk)) for user in (people.bob, people.alice))
    made = active("People of Lyon", city("Lyon"))
    follow()
    bob = signed_in(people.bob)
    assert members(made) == {mine, foreign}
    assert total(signed_in(people.alice), f"/lists/{made}/") == 2
    reach = queries.size(people.access(people.bob), view(made))
    assert total(bob, f"/lists/{made}/") == reach
    for part in ("", "growth/", "history/"):
        assert bob.get(f"/lists/{made}/{part}").status_code == 200
    assert signed_in(people.charlie).get(f"/lists/{made}/").status_code == 403
    file = cast(Any, signed_in(people.alice).get(f"/lists/{made}/export/?format=csv"))
    assert len(b"".join(file.streaming_content).splitlines()) == 3


def test_who_sees_only_some_linked_records_is_told_that_lists_look_at_all_of_them(people: People, columns: None) -> None:
    scopes = {"*.view": Scope.ALL, "deal.view": Scope.OWN}
    dora = create_user(
        "dora@moreau.example", name="Dora", password=PASSWORD, grant=granted("Own deals", ("lists.edit",), scopes), actor=SYSTEM
    )
    told = [signed_in(user).get("/lists/new/criteria/?object_type=contact").text for user in (people.alice, dora)]
    assert ["linked records (Deals). Filters on them count those that you see" in text for text in told] == [False, True]


def test_every_number_of_the_growth_opens_its_records(client: Client) -> None:
    early, late, gone = (contact(firstname=name) for name in ("Early", "Late", "Gone"))
    follow()
    made = static("Friends")
    days = {datetime(2026, 3, day, 12, tzinfo=UTC): ids for day, ids in ((2, [early, gone]), (5, [late]))}
    membership.begin_with(made, days, why="user")
    follow()
    actions.remove(made, [gone], actor=SYSTEM)
    follow()
    assert total(client, f"/lists/{made}/?on=2026-03-01") == 0
    assert total(client, f"/lists/{made}/?on=2026-03-03") == 2
    assert total(client, f"/lists/{made}/?on=2026-03-05") == 3
    editor = client.get(f"/lists/{made}/?on=2026-03-03").context["editor"]  # what is filtered there is asked of that day
    gone_ones = {"filter": "0.0", "about:0.0": "property:firstname", "operator:0.0": "equal", "value:0.0": "Gone"}
    narrowed = client.post(editor.replace("/criteria/contacts/", "/criteria/contacts/apply/"), gone_ones).headers["HX-Redirect"]
    assert narrowed.startswith(f"/lists/{made}/?on=2026-03-03&")
    assert total(client, narrowed) == 1
    assert total(client, f"/lists/{made}/") == 2
    assert total(client, f"/lists/{made}/history/?way=in&since=2026-03-05&until=2026-03-05") == 1
    today = timezone.localdate().isoformat()
    assert total(client, f"/lists/{made}/history/?way=out&since={today}&until={today}") == 1
    page = client.get(f"/lists/{made}/growth/?days=30").text
    assert f"/lists/{made}/history/?way=out" in page and "data-plot" in page
    archive("contact", [early], actor=SYSTEM, origin=BY_HAND)
    follow()
    assert "1 is not there any more." in client.get(f"/lists/{made}/?on=2026-03-03").text


def test_the_history_says_who_came_and_went_and_why(client: Client) -> None:
    id = contact(firstname="Ann", lastname="Gauthier", city="Lyon")
    made = active("People of Lyon", city("Lyon"))
    follow()
    write({"id": id, "city": "Paris"}, match="id")
    follow()
    page = client.get(f"/lists/{made}/history/").text
    assert page.count("Ann Gauthier") == 2 and "By the criteria" in page
    assert total(client, f"/lists/{made}/history/?why=clock") == 0


def test_criteria_are_typed_and_a_record_is_tested_against_them(client: Client, people: People) -> None:
    id = contact(firstname="Ann", city="Lyon")
    follow()
    fields = {"filter": "0.0", "about:0.0": "property:city", "operator:0.0": "equal", "value:0.0": "Lyon"}
    told = client.post(f"/lists/test/contacts/{id}/", fields).text
    assert "Ann would be in the list" in told and "1 of 1 filter holds." in told
    assert "would not be in the list" in client.post(f"/lists/test/contacts/{id}/", {**fields, "value:0.0": "Paris"}).text
    new = {**fields, "object_type": "contact", "kind": "DYNAMIC", "name": "People of Lyon", "description": "", "folder": ""}
    answer = client.post("/lists/new/criteria/", new)
    assert answer.status_code == 302, answer.text
    made = List.objects.get(name="People of Lyon").pk
    follow()
    assert members(made) == {id}
    assert client.post(f"/lists/{made}/edit/", {**fields, "value:0.0": "Paris"}).status_code == 302
    follow()
    assert members(made) == set()
    assert "changed the criteria" in client.get(f"/lists/{made}/settings/").text


def test_bad_input_gets_sentences(client: Client) -> None:
    made = active("People of Lyon", city("Lyon"))
    follow()
    taken = client.post("/lists/new/", {"name": "people of lyon", "object_type": "contact", "kind": "MANUAL"})
    assert taken.status_code == 422 and "There is a list called “people of lyon” already." in taken.text
    empty = client.post(f"/lists/{made}/edit/", {})
    assert empty.status_code == 422 and "Add at least one filter" in empty.text
    around = {"filter": "0.0", "about:0.0": "fact:list", "operator:0.0": "in", "value:0.0": str(made)}
    circle = client.post(f"/lists/{made}/edit/", around)
    assert circle.status_code == 422 and "a list cannot depend on itself" in circle.text
    assert "Choose when" in client.post(f"/lists/{made}/conversion/", {}).text
    assert "This moment is over" in client.post(f"/lists/{made}/conversion/", {"when": "at", "day": "2001-01-01"}).text


def test_a_list_in_trouble_says_so_and_keeps_its_members(client: Client) -> None:
    id = contact(city="Lyon")
    inner = active("People of Lyon", city("Lyon"))
    outer = active("The same", member_of(inner))
    follow()
    assert "1 member" in client.get(f"/lists/{inner}/deleting/").text and "The same" in client.get(f"/lists/{inner}/deleting/").text
    refused = client.post(f"/lists/{inner}/delete/", {})
    assert refused.status_code == 422 and "is used elsewhere" in refused.text
    client.post(f"/lists/{inner}/delete/", {"even_if_used": "yes"})
    follow()
    page = client.get(f"/lists/{outer}/").text
    assert "does not exist any more" in page and "keeps its last members" in page
    assert members(outer) == {id}
    assert "People of Lyon" in client.get("/lists/deleted/").text
    client.post(f"/lists/{inner}/restore/")
    follow()
    assert view(inner).deleted_at is None and "does not exist any more" not in client.get(f"/lists/{outer}/").text


def test_a_list_is_renamed_moved_cloned_and_converted(client: Client) -> None:
    contact(city="Lyon")
    made = active("People of Lyon", city("Lyon"))
    follow()
    client.post(f"/lists/{made}/rename/", {"name": "Lyonnais"})
    client.post(f"/lists/{made}/describe/", {"name": "Lyonnais", "description": "For the fair", "folder": ""})
    assert (view(made).name, view(made).description) == ("Lyonnais", "For the fair")
    client.post(f"/lists/{made}/clone/")
    assert List.objects.filter(name="Copy of Lyonnais", kind="DYNAMIC").exists()
    client.post(f"/lists/{made}/conversion/", {"when": "after", "days": "30"})
    assert "no record has joined or left for 30 days" in client.get(f"/lists/{made}/").text
    client.post(f"/lists/{made}/conversion/cancel/")
    client.post(f"/lists/{made}/conversion/", {"when": "now"})
    assert view(made).kind == "SNAPSHOT"
