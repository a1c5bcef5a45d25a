"""Saved views: what a page shows, under a name; for oneself, the team or everybody; and the tabs of one person."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from jalon.accounts.access import SYSTEM
from jalon.criteria.tree import Associated, Branch, Filter, How, all_of, to_text
from jalon.records import actions, filters
from jalon.records.actions import Row
from jalon.records.models import SavedView
from jalon.records.saved_views import actions as saved_views
from jalon.records.saved_views import queries
from tests.people import People, signed_in
from tests.records.steps import BY_IMPORT

IN_PARIS = filters.one("city", "equal", "Paris")
TOASTS = {"HX-Request": "true"}


@pytest.fixture
def town(people: People, sync: Callable[[], None]) -> People:
    """Six contacts: three in Paris, of whom Bob owns one; one of the others is nobody's."""
    cities = ["Paris", "Lyon"]
    owners = [people.bob, people.alice, people.alice, people.alice, people.alice, None]
    rows = [
        Row(
            {
                "email": f"p{n}@example.com",
                "firstname": f"P{n}",
                "city": cities[n // 3],
                "hubspot_owner_id": owner and owner.pk,
            }
        )
        for n, owner in enumerate(owners)
    ]
    assert not actions.write("contact", rows, actor=SYSTEM, origin=BY_IMPORT, match="email").refused
    sync()
    return people


def save(client: Client, name: str, sharing: str = "private", **shown: str) -> str:
    """Saves what a page with these parameters shows; the key of the view."""
    answer = client.post(f"/contacts/views/new/?{urlencode(shown)}", {"name": name, "sharing": sharing})
    assert answer.status_code == 302, answer.content
    return str(answer["Location"].rpartition("=")[2])


def shown(client: Client, address: str = "/contacts/") -> tuple[str, set[str]]:
    """The open view and the names in its table."""
    answer: Any = client.get(address)
    return answer.context["current_view"].name, {line.name for line in answer.context["lines"]}


def tabs(client: Client) -> list[str]:
    answer: Any = client.get("/contacts/")
    return [tab.view.name for tab in answer.context["tabs"]]


def test_the_usual_views_show_ones_own_the_unassigned_and_what_changed(town: People) -> None:
    client = signed_in(town.bob)
    assert tabs(client) == ["All contacts", "My contacts", "Unassigned", "Recently changed"]
    assert shown(client, "/contacts/?view=mine") == ("My contacts", {"P0"})
    assert shown(client, "/contacts/?view=unassigned") == ("Unassigned", {"P5"})
    assert len(shown(client, "/contacts/?view=changed")[1]) == 6


def test_a_saved_view_shows_what_was_on_the_page_and_stands_as_a_tab(town: People) -> None:
    client = signed_in(town.bob)
    key = save(client, "Paris", criteria=IN_PARIS, sort="firstname", columns="city,email")
    answer: Any = client.get(f"/contacts/?view={key}")
    assert [line.name for line in answer.context["lines"]] == ["P0", "P1", "P2"]
    assert [heading.name for heading in answer.context["headings"]] == ["city", "email"]
    assert not answer.context["is_changed"]
    assert tabs(client)[-1] == "Paris"


def test_changes_of_a_view_are_told_and_saved_or_left(town: People) -> None:
    client = signed_in(town.bob)
    key = save(client, "Paris", criteria=IN_PARIS)
    changed = f"view={key}&criteria=&q=P4"
    answer: Any = client.get(f"/contacts/?{changed}")
    assert (answer.context["is_changed"], [line.name for line in answer.context["lines"]]) == (True, ["P4"])
    assert shown(client, answer.context["discard_url"])[1] == {"P0", "P1", "P2"}
    client.post(f"/contacts/views/{key}/save/?{changed}")
    assert shown(client, f"/contacts/?view={key}") == ("Paris", {"P4"})


def test_addresses_inside_a_view_keep_it(town: People) -> None:
    client = signed_in(town.bob)
    key = save(client, "Paris", criteria=IN_PARIS)
    answer: Any = client.get(f"/contacts/?view={key}")
    assert shown(client, answer.context["headings"][0].url) == ("Paris", {"P0", "P1", "P2"})
    assert len(shown(client, answer.context["cleared"])[1]) == 6


@pytest.mark.parametrize(("sharing", "seen_by"), [("private", set()), ("team", {"bea"}), ("everybody", {"bea", "rita", "alice"})])
def test_a_view_is_seen_by_whom_it_is_shared_with(town: People, sharing: str, seen_by: set[str]) -> None:
    key = save(signed_in(town.bob), "Paris", sharing, criteria=IN_PARIS)
    for name in ("bea", "rita", "alice"):
        client = signed_in(getattr(town, name))
        assert (shown(client, f"/contacts/?view={key}")[0] == "Paris") == (name in seen_by)


def test_a_shared_view_shows_everybody_only_what_they_may_see(town: People) -> None:
    key = save(signed_in(town.alice), "Paris", "everybody", criteria=IN_PARIS)
    assert shown(signed_in(town.charlie), f"/contacts/?view={key}") == ("Paris", set())


def test_nobody_changes_the_view_of_somebody_else(town: People) -> None:
    key = save(signed_in(town.bob), "Paris", "team", criteria=IN_PARIS)
    client = signed_in(town.bea)
    client.post(f"/contacts/views/{key}/save/?view={key}&criteria=")
    client.post(f"/contacts/views/{key}/delete/")
    assert client.post(f"/contacts/views/{key}/describe/", {"name": "Mine", "sharing": "private"}).status_code == 422
    row = SavedView.objects.get(pk=key)
    assert (row.name, row.criteria, row.archived_at) == ("Paris", IN_PARIS, None)


def test_a_private_view_of_somebody_else_is_not_there(town: People) -> None:
    key = save(signed_in(town.bob), "Paris", criteria=IN_PARIS)
    client = signed_in(town.bea)
    assert client.get(f"/contacts/views/{key}/describe/").status_code == 404
    client.post(f"/contacts/views/{key}/duplicate/")
    assert SavedView.objects.count() == 1


def test_a_copy_is_private_and_lives_on_its_own(town: People) -> None:
    key = save(signed_in(town.bob), "Paris", "everybody", criteria=IN_PARIS)
    client = signed_in(town.rita)
    client.post(f"/contacts/views/{key}/duplicate/")
    assert tabs(client)[-1] == "Copy of Paris"
    signed_in(town.bob).post(f"/contacts/views/{key}/delete/")
    assert tabs(client)[-1] == "Copy of Paris"


def test_a_deleted_view_comes_back_by_the_toast(town: People) -> None:
    client = signed_in(town.bob)
    key = save(client, "Paris", criteria=IN_PARIS)
    client.post(f"/contacts/views/{key}/delete/")
    page: Any = client.get("/contacts/")
    assert "Paris" not in [tab.view.name for tab in page.context["tabs"]]
    assert f'data-undo="/contacts/views/{key}/restore/"' in page.text
    client.post(f"/contacts/views/{key}/restore/")
    assert "Paris" in tabs(client)


def test_tabs_are_put_in_order_taken_away_and_kept_for_one_person(town: People) -> None:
    client = signed_in(town.bob)
    client.post("/contacts/views/arrange/", {"key": ["changed", "all", "no-such-view"]})
    assert tabs(client) == ["Recently changed", "All contacts"]
    client.post("/contacts/views/mine/pin/")
    client.post("/contacts/views/changed/unpin/")
    assert tabs(client) == ["All contacts", "My contacts"]
    assert tabs(signed_in(town.bea))[0] == "All contacts"


def test_the_view_that_opens_first_gives_way_to_an_address_that_says_something(town: People) -> None:
    client = signed_in(town.bob)
    client.post("/contacts/views/mine/first/")
    assert shown(client) == ("My contacts", {"P0"})
    assert shown(client, "/contacts/?" + urlencode({"criteria": IN_PARIS})) == ("All contacts", {"P0", "P1", "P2"})
    assert shown(client, "/contacts/?view=all")[0] == "All contacts"


def test_columns_of_a_saved_view_are_a_change_of_it_and_of_a_usual_one_are_remembered(town: People) -> None:
    client = signed_in(town.bob)
    key = save(client, "Paris", criteria=IN_PARIS)
    answer = client.post(f"/contacts/columns/choose/?view={key}", {"column": ["city"], "in_place": "yes"}, headers=TOASTS)
    back = json.loads(answer.headers["HX-Location"])["path"]
    page: Any = client.get(back)
    assert ([heading.name for heading in page.context["headings"]], page.context["is_changed"]) == (["city"], True)
    client.post("/contacts/columns/choose/?view=all", {"column": ["email"]})
    for view in ("all", "mine"):
        page = client.get(f"/contacts/?view={view}")
        assert [heading.name for heading in page.context["headings"]] == ["email"]


def test_widths_are_kept_for_one_person_and_saved_with_a_view(town: People) -> None:
    client = signed_in(town.bob)
    client.post("/contacts/views/all/width/", {"column": "email", "width": "333"})
    client.post("/contacts/views/all/width/", {"column": "no_such_property", "width": "333"})
    assert client.get("/contacts/").context["widths"] == {"email": 333}
    assert signed_in(town.bea).get("/contacts/").context["widths"] == {}
    key = save(client, "Wide", "everybody", view="all")
    assert signed_in(town.bea).get(f"/contacts/?view={key}").context["widths"] == {"email": 333}


def test_the_views_of_somebody_who_leaves_go_to_the_heir(town: People) -> None:
    key = save(signed_in(town.bob), "Paris", criteria=IN_PARIS)
    assert [owned.count for owned in queries.owned(town.bob.pk)] == [1]
    assert list(saved_views.hand_over(town.bob.pk, town.bea.pk, SYSTEM, "1")) == [1]
    assert shown(signed_in(town.bea), f"/contacts/?view={key}") == ("Paris", {"P0", "P1", "P2"})


def test_a_view_needs_a_name(town: People) -> None:
    answer = signed_in(town.bob).post("/contacts/views/new/", {"name": "  ", "sharing": "private"})
    assert (answer.status_code, SavedView.objects.count()) == (422, 0)


def test_a_property_is_used_in_the_views_that_show_sort_or_ask_for_it(town: People) -> None:
    client = signed_in(town.bob)
    save(client, "Paris", "everybody", criteria=IN_PARIS, columns="email")
    save(client, "Mine alone", columns="city")
    save(client, "By stage", "team", sort="-lifecyclestage", columns="email")
    assert [use.name for use in queries.uses("contact", "city")] == ["A private view", "Paris"]
    assert [use.name for use in queries.uses("contact", "lifecyclestage")] == ["By stage"]
    assert queries.uses("deal", "city") == []


def test_a_property_is_used_where_brackets_or_linked_records_ask_for_it(town: People) -> None:
    client = signed_in(town.bob)
    linked = Associated("company", (Branch(How.NOT_ANY, (Filter("domain", "equal_property", ("name",)),)),))
    save(client, "Of companies", "everybody", criteria=to_text(all_of(linked)), columns="email")
    assert [use.name for use in queries.uses("company", "domain")] == ["Of companies"]
    assert [use.name for use in queries.uses("company", "name")] == ["Of companies"]
    assert queries.uses("contact", "domain") == []
