"""The reports home: folders, favorites, what is asked in the address, where a report begins; and Home with what is pinned to it."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest
from django.test import Client

from jalon.accounts.access import SYSTEM, Actor
from jalon.accounts.models import User
from jalon.demo.settling import catch_up
from jalon.folders import actions as folders
from jalon.reports import actions
from jalon.reports.kinds.definition import Definition
from jalon.reports.models import Report
from jalon.reports.sharing import actions as sharing
from tests.people import People, signed_in
from tests.records.steps import contact
from tests.reports.compiling import compiled

NAMED = re.compile(r'class="is-name" href="/reports/\d+/"[^>]*>([^<]+)<')


def made(owner: User, title: str) -> int:
    return actions.create(Definition(), actor=Actor(owner.pk, owner.name), title=title)


def names(client: Client, address: str) -> list[str]:
    return NAMED.findall(client.get(address).text)


@pytest.fixture
def client(people: People) -> Client:
    return signed_in(people.bob)


def test_reports_are_found_narrowed_and_put_in_order_by_the_address(people: People, client: Client) -> None:
    fairs, zebra = made(people.alice, "Fairs in Léon"), made(people.bob, "Zebra")
    made(people.bob, "apples")
    assert names(client, "/reports/") == ["apples", "Fairs in Léon", "Zebra"]
    assert names(client, "/reports/?sort=-name") == ["Zebra", "Fairs in Léon", "apples"]
    assert names(client, "/reports/?sort=-edited&page=1") == ["apples", "Zebra", "Fairs in Léon"]
    assert names(client, "/reports/?q=leon") == names(client, f"/reports/?owner={people.alice.pk}") == ["Fairs in Léon"]
    assert names(client, "/reports/?kind=contacts&q=z") == ["Zebra"]
    assert "No report is like that" in client.get("/reports/?q=nowhere").text
    assert client.post(f"/reports/{zebra}/star/", {"wanted": "1"}).status_code == 302
    assert names(client, "/reports/?favorite=1") == ["Zebra"]
    assert names(signed_in(people.bea), "/reports/?favorite=1") == []  # favorites are one's own
    client.post(f"/reports/{zebra}/star/", {})
    assert names(client, "/reports/?favorite=1") == [] and Report.objects.filter(pk=fairs).exists()


def test_folders_are_made_nested_renamed_and_deleted_and_hold_what_lies_in_those_inside(people: People, client: Client) -> None:
    report = made(people.bob, "Fairs")
    outer = int(client.post("/reports/folders/new/", {"name": "Marketing"}).headers["Location"].rpartition("=")[2])
    inner = int(client.post("/reports/folders/new/", {"name": "Fairs", "parent": outer}).headers["Location"].rpartition("=")[2])
    client.post(f"/reports/{report}/move/", {"folder": inner})
    assert names(client, f"/reports/?folder={outer}") == names(client, f"/reports/?folder={inner}") == ["Fairs"]
    assert names(client, "/reports/?folder=none") == []
    assert "Marketing / Fairs" in client.get("/reports/").text
    refused = client.post(f"/reports/folders/{outer}/", {"name": "Marketing", "parent": inner})
    assert names(client, f"/reports/?folder={inner}") == ["Fairs"] and refused.status_code == 422
    client.post(f"/reports/folders/{inner}/", {"name": "Trade fairs", "parent": outer})
    assert "Marketing / Trade fairs" in client.get("/reports/").text
    client.post(f"/reports/folders/{inner}/delete/")
    assert Report.objects.get(pk=report).folder_id == outer


def test_a_folder_of_lists_takes_no_reports(people: People, client: Client) -> None:
    report, of_lists = made(people.bob, "Fairs"), folders.create("lists", "Marketing", actor=SYSTEM)
    client.post(f"/reports/{report}/move/", {"folder": of_lists})
    assert Report.objects.get(pk=report).folder_id is None
    assert client.get(f"/reports/folders/{of_lists}/").status_code == 404
    assert "Marketing" not in client.get("/reports/").text


def test_a_report_begins_with_its_kind_and_then_with_a_starting_point(client: Client) -> None:
    assert 'href="/reports/new/contacts/begin/"' in client.get("/reports/new/").text
    page = client.get("/reports/new/contacts/begin/").text
    assert all(f"/reports/new/contacts/?from={name}" in page for name in ("scratch", "stages"))


def test_a_pinned_report_stands_on_ones_home_counting_ones_own_contacts(people: People, client: Client) -> None:
    contact(email="ann@example.com", hubspot_owner_id=str(people.charlie.pk))
    contact(email="ben@example.com")
    catch_up()
    report = made(people.alice, "Fairs")
    compiled()
    charlie = signed_in(people.charlie)
    for one in (client, charlie):
        assert one.post(f"/pinned/{report}/pin/", {"wanted": "1", "next": "/reports/"}).headers["Location"] == "/reports/"
        assert f'hx-get="/pinned/{report}/"' in one.get("/").text
    assert "Home" in client.get("/reports/").text
    drawn = [sum(point["value"] for point in _points(one, report)) for one in (client, charlie)]
    assert drawn == [2, 1]
    sharing.share(report, Report.Sharing.PRIVATE, edits=False, chosen=(), actor=SYSTEM)
    assert "/pinned/" not in client.get("/").text and client.get(f"/pinned/{report}/").status_code == 404
    sharing.share(report, Report.Sharing.EVERYBODY, edits=False, chosen=(), actor=SYSTEM)
    client.post(f"/pinned/{report}/pin/", {})
    assert "/pinned/" not in client.get("/").text and "/pinned/" in charlie.get("/").text


def _points(client: Client, report: int) -> list[dict[str, float]]:
    found = re.search(r'data-plot="([^"]+)"', client.get(f"/pinned/{report}/").text)
    assert found is not None
    values: list[dict[str, float]] = json.loads(unescape(found.group(1)))["data"]["values"]
    return values
