"""The builder's ways to choose contacts, and what its options make of the report's page."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from jalon.accounts.models import User
from jalon.criteria.tree import Filter, all_of, to_json, to_text
from jalon.lists.models import List
from jalon.reports import runner
from jalon.reports.models import Report
from jalon.reports.population import of_list
from tests.lists.steps import follow
from tests.people import signed_in
from tests.reports.compiling import compiled
from tests.reports.test_report_pages import OPTIONS, plot, saved, source, text, total
from tests.world import World

IN_LYON = all_of(Filter("city", "equal", ("Lyon",)))
NEW_LIST = {"population": "new", "criteria": to_text(IN_LYON), "list_name": "Lyonnais"}


@pytest.fixture
def alice(cabrelle: World) -> Client:
    User.objects.update(language="en")
    return signed_in(cabrelle.user("alice"))


def made(client: Client, **changes: str) -> str:
    """The address of a new report, compiled once the lists have been filled."""
    answer = client.post("/reports/new/contacts/create/", OPTIONS | changes)
    assert answer.status_code == 302, answer.content.decode()
    follow()
    compiled()
    return str(answer.headers["Location"])


def refused(client: Client, **changes: str) -> str:
    """The sentences of a report that is not made; nothing is saved."""
    before = Report.objects.count(), List.objects.count()
    answer = client.post("/reports/new/contacts/create/", OPTIONS | changes)
    assert answer.status_code == 422
    assert (Report.objects.count(), List.objects.count()) == before
    return unescape(answer.content.decode())


def test_a_list_made_on_the_spot_is_what_the_report_is_about(alice: Client) -> None:
    address = made(alice, **NEW_LIST)
    made_list = List.objects.get(name="Lyonnais")
    assert made_list.kind == List.Kind.DYNAMIC and made_list.criteria == to_json(IN_LYON)
    assert saved(address).definition["criteria"] == to_json(of_list(made_list.pk))
    assert 0 < total(alice, address) == made_list.size
    assert "list “Lyonnais”" in text(alice, address)
    form = source(alice, f"{address}edit/")
    assert re.search(r'value="list"[^>]* checked', form) and f'value="{made_list.pk}" selected' in form


def test_a_compile_waits_for_a_new_list_and_says_when_it_takes_too_long(alice: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "LOOKS", 1)
    monkeypatch.setattr(runner, "LOOK_MS", 1)
    address = str(alice.post("/reports/new/contacts/create/", OPTIONS | NEW_LIST).headers["Location"])
    compiled()
    assert "A list of this report is still being filled." in text(alice, address)
    follow()
    alice.post(f"{address}refresh/")
    compiled()
    assert total(alice, address) == List.objects.get(name="Lyonnais").size


def test_what_keeps_a_new_list_from_being_made_keeps_the_report_too(alice: Client) -> None:
    assert "Give the list a name." in refused(alice, **NEW_LIST | {"list_name": " "})
    assert "Add at least one filter" in refused(alice, **NEW_LIST | {"criteria": ""})
    assert "not about lists" in refused(alice, **NEW_LIST | {"as_of": "2025-12-31"})
    assert 'value="Lyonnais"' in refused(alice, **NEW_LIST | {"period": "custom"})


def test_what_a_select_does_not_offer_stays_as_it_was_chosen(alice: Client) -> None:
    address = made(alice, top="10")
    assert 'value="10" selected' in source(alice, f"{address}edit/")


def test_an_existing_list_must_be_chosen(alice: Client) -> None:
    told = refused(alice, population="list", list="", period="custom")
    assert "Choose the list whose contacts the report counts." in told
    assert told.count("A custom period needs its first and its last day.") == 1


def test_a_period_without_contacts_says_so_instead_of_drawing_nothing(alice: Client) -> None:
    preview = alice.get("/reports/preview/", OPTIONS | {"period": "custom", "first": "2001-01-01", "last": "2001-02-01"}).content.decode()
    assert "No contacts in this report" in preview and "data-plot" not in preview


def test_the_population_that_is_not_chosen_counts_for_nothing(alice: Client) -> None:
    asked = OPTIONS | {"population": "all", "criteria": to_text(IN_LYON), "list_name": "Lyonnais"}
    everybody = source(alice, "/reports/preview/?" + "&".join(f"{name}={value}" for name, value in OPTIONS.items()))
    answer = alice.get("/reports/preview/", asked)
    assert plot(answer.content.decode())["data"] == plot(everybody)["data"]


def test_a_median_stands_beside_sum_and_average_and_leaves_the_cumulative_chart(alice: Client) -> None:
    address = made(alice, median="on", measure="median")
    page = text(alice, address)
    assert "Median of Total revenue" in page and page.count(">Median</th>") == 2
    assert "half of the contacts that have a value have less" in page
    cumulative = text(alice, f"{address}?style=cumulative")
    assert "measure=median" not in cumulative.replace(f"{address}?", "")
    assert "A median does not add up" in refused(alice, median="on", measure="median", style="cumulative")


def test_the_chart_says_what_it_does_not_tell_apart(alice: Client) -> None:
    address = made(alice, breakdown="city", top="3", number="", measure="")
    page = text(alice, address)
    assert re.search(r"The chart tells the 3 largest of \d+ values apart; “Other” holds \d+ more", page)
    assert [name[:5] for name in names(plot(source(alice, address)))][3:] == ["Other", "Prope"]
    assert "is not how many values a chart can tell apart" in refused(alice, top="99")


def names(drawn: dict[str, Any]) -> list[str]:
    return list(dict.fromkeys(point["label"] for point in drawn["data"]["values"]))


def test_rows_that_add_up_to_more_than_the_contacts_say_so(alice: Client) -> None:
    page = text(alice, made(alice, breakdown="interests", number="", measure=""))
    told = re.search(r"the rows add up to ([\d,]+), for ([\d,]+) contacts", page)
    assert told
    added, contacts = (int(each.replace(",", "")) for each in told.groups())
    rows = [int(each) for each in re.findall(r'data-exact="(\d+)"', page.split('id="values"')[1].split("</table>")[0])]
    assert sum(rows[:-1]) == added > contacts == rows[-1]


def test_a_row_becomes_a_static_list_in_one_step(alice: Client) -> None:
    page = text(alice, made(alice, number="", measure=""))
    address = re.findall(r'hx-get="(/lists/add/contacts/[^"]+)"', page)[0]
    drawer = unescape(alice.get(address).content.decode())
    assert "follows" not in drawer and "Create an active list of them" not in drawer
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert f'value="{asked["name"]}"' in drawer
    wanted = int(re.findall(r"Put ([\d,]+) records? into a list", drawer)[0].replace(",", ""))
    alice.post("/lists/add/contacts/", asked)
    follow()
    assert List.objects.get(name=asked["name"]).size == wanted
    behind = unescape(alice.get("/contacts/", {"criteria": asked["criteria"]}).content.decode())
    assert "Save as a list" in behind and json.loads(asked["criteria"])
