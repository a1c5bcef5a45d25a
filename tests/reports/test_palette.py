"""Ctrl-K finds reports and lists by parts of their names, those alone that somebody may see."""

from __future__ import annotations

import pytest

from jalon.accounts.pages import find, recall
from jalon.criteria.tree import EMPTY
from jalon.demo import settling
from jalon.lists import actions as lists
from jalon.lists.models import List
from jalon.reports import actions as reports
from jalon.reports.kinds import starting
from jalon.reports.models import Report
from jalon.reports.queries import contacts_catalog
from jalon.reports.sharing.actions import share
from tests.people import People


@pytest.fixture(autouse=True)
def columns(house: None) -> None:
    settling.catch_up()


def found(people: People, who: str, typed: str) -> dict[str, list[str]]:
    access = people.access(getattr(people, who))
    return {group.label: [hit.label for hit in group.hits] for group in find(access, typed)}


def test_a_report_and_a_list_are_found_without_their_accents(people: People) -> None:
    alice = people.access(people.alice).actor
    reports.create(starting.beginning("", contacts_catalog()), actor=alice, title="Événements par région")
    lists.create("Régions du salon", "contact", List.Kind.MANUAL, EMPTY, actor=alice)
    assert found(people, "rita", "region") == {"Lists": ["Régions du salon"], "Reports": ["Événements par région"]}
    assert found(people, "rita", "evenements region") == {"Reports": ["Événements par région"]}
    assert found(people, "rita", "regiment") == {}


def test_a_private_report_is_found_and_recalled_by_its_owner_alone(people: People) -> None:
    bob = people.access(people.bob).actor
    id = reports.create(starting.beginning("", contacts_catalog()), actor=bob, title="Only for Bob")
    share(id, Report.Sharing.PRIVATE, edits=False, chosen=(), actor=bob)
    path = f"/reports/{id}/"
    assert [hit.label for hit in recall(people.access(people.bob), [path])] == ["Only for Bob"]
    assert found(people, "bob", "only for") == {"Reports": ["Only for Bob"]}
    assert found(people, "rita", "only for") == {}
    assert recall(people.access(people.rita), [path]) == []
