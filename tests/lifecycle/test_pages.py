"""The settings page of stages: what it shows, what it refuses, and what a deletion tells beforehand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from jalon.accounts.audit import queries as audit
from jalon.accounts.queries import access_of
from jalon.criteria.tree import Associated, Filter, all_of
from jalon.jobs import queries as jobs
from jalon.jobs import runner
from jalon.lifecycle import actions, queries
from jalon.lifecycle.actions import StageDraft
from jalon.lifecycle.columns import StageKind
from jalon.lifecycle.filters import longer_than
from jalon.lists import actions as lists
from jalon.lists.models import List
from jalon.records.columns import Source
from jalon.reports import actions as reports
from jalon.reports.kinds.definition import Definition
from jalon.reports.models import Report
from jalon.reports.sharing import actions as sharing
from tests.lifecycle.steps import follow, journeys, movements, past
from tests.people import People, signed_in
from tests.records.steps import contact, values

PAGE = "/settings/lifecycle/"


@pytest.fixture
def alice(people: People) -> Client:
    return signed_in(people.alice)


def names(kind: StageKind) -> list[str]:
    return [stage.name for stage in queries.stages() if stage.kind is kind]


def test_the_page_shows_the_path_with_who_stands_where(alice: Client) -> None:
    contact(email="ada@example.com", lifecyclestage="hot_lead")
    follow()
    page = alice.get(PAGE)
    assert [(line.label, line.count) for line in page.context["path"]] == [("New lead", 0), ("Hot lead", 1), ("Payment", 0)]
    assert (page.context["won"].label, [line.label for line in page.context["lost"]]) == (
        "Customer",
        ["Cold lead", "No budget", "Not interested"],
    )
    (line,) = (line for line in page.context["path"] if line.count)
    assert "ada@example.com" in alice.get(line.url).content.decode()


def test_a_stage_is_added_before_won_and_a_lost_one_apart(alice: Client) -> None:
    alice.post(f"{PAGE}new/primary/", {"label_en": "Trial", "label_fr": "Essai", "emoji": "🧪", "color": "green"})
    alice.post(f"{PAGE}new/lost/", {"label_fr": "Parti"})
    assert (names(StageKind.PRIMARY)[-1], names(StageKind.LOST)[-1]) == ("trial", "parti")
    assert "🧪" in alice.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({}, "Give the stage a name"),
        ({"label_en": "hot LEAD"}, "There is a stage called “hot LEAD” already."),
        ({"label_en": "X", "emoji": "🧪🧪🧪🧪🧪🧪🧪🧪🧪"}, "One emoji is enough."),
    ],
)
def test_what_does_not_fit_is_told_in_the_drawer(alice: Client, typed: dict[str, str], told: str) -> None:
    answer = alice.post(f"{PAGE}new/primary/", typed)
    assert (answer.status_code, told in answer.content.decode()) == (422, True)


def test_won_is_called_otherwise_but_not_deleted(alice: Client) -> None:
    alice.post(f"{PAGE}stage/customer/", {"label_en": "Client", "label_fr": "Client", "description": "Has paid"})
    assert [(one.label_en, one.description) for one in queries.stages() if one.is_locked] == [("Client", "Has paid")]
    assert alice.get(f"{PAGE}stage/customer/delete/").status_code == 404


def test_the_path_is_put_in_order_and_won_stays_the_last(alice: Client) -> None:
    alice.post(f"{PAGE}order/", {"name": ["customer", "payment", "new_lead", "hot_lead"]})
    assert [stage.name for stage in queries.stages()][:4] == ["payment", "new_lead", "hot_lead", "customer"]
    assert "Until" in alice.get(PAGE).content.decode()  # the notice that asks to read figures with care


def test_one_stage_is_that_of_new_contacts(alice: Client) -> None:
    alice.post(f"{PAGE}default/", {"name": "new_lead"})
    alice.post(f"{PAGE}default/", {"name": "hot_lead"})
    assert [stage.name for stage in queries.stages() if stage.is_default] == ["hot_lead"]
    alice.post(f"{PAGE}default/", {"name": ""})
    assert queries.default_stage() is None


def test_the_switch_hides_and_shows(alice: Client) -> None:
    alice.post(f"{PAGE}shown/", {"shown": "no"})
    assert (queries.is_shown(), "turned off" in alice.get(PAGE).content.decode()) == (False, True)
    alice.post(f"{PAGE}shown/", {"shown": "yes"})
    assert queries.is_shown()


def test_a_deletion_tells_what_vanishes_wants_a_place_for_the_contacts_and_the_name_typed(alice: Client) -> None:
    ada = contact(email="ada@example.com")
    at = datetime(2026, 1, 5, tzinfo=UTC)
    past((ada, "new_lead", at, Source.USER), (ada, "hot_lead", at + timedelta(days=1), Source.USER))
    follow()
    address = f"{PAGE}stage/hot_lead/delete/"
    told = alice.get(address).content.decode()
    assert all(words in told for words in ("1 movement to or from", "1 journey changes", "1 contact stands in it"))
    refused = alice.post(address, {"typed": "hot"}).content.decode()
    assert "Choose where its contacts go." in refused
    assert "Type the name of the stage" in refused
    alice.post(address, {"typed": "Hot lead", "to": "payment"})
    assert [stage.name for stage in queries.stages() if stage.is_leaving] == ["hot_lead"]
    (job,) = jobs.running()
    runner.run(job.id)
    follow()
    assert "hot_lead" not in names(StageKind.PRIMARY)
    assert (values(ada)["lifecyclestage"], journeys("furthest")) == ("payment", [(1,)])
    assert "“Hot lead” was deleted" in alice.get(PAGE).content.decode()


def test_another_set_keeps_the_stages_that_contacts_stand_in(alice: Client) -> None:
    contact(email="ada@example.com", lifecyclestage="hot_lead")
    shown = alice.get(f"{PAGE}preset/marketing/")
    assert (shown.context["staying"], "Payment" in shown.context["going"]) == (["Hot lead"], True)
    alice.post(f"{PAGE}preset/marketing/")
    assert names(StageKind.PRIMARY) == ["subscriber", "lead", "marketingqualifiedlead", "salesqualifiedlead", "opportunity", "hot_lead"]
    assert (names(StageKind.WON), names(StageKind.OUTSIDE)) == (["customer"], ["evangelist", "other"])


def test_a_deleted_stage_that_a_set_brings_back_has_another_past(alice: Client, people: People) -> None:
    ada = contact(email="ada@example.com")
    past((ada, "hot_lead", datetime(2026, 1, 5, tzinfo=UTC), Source.USER), (ada, "payment", datetime(2026, 1, 6, tzinfo=UTC), Source.USER))
    actions.finish_deletion("hot_lead", actor=people.access(people.alice).actor)
    alice.post(f"{PAGE}preset/sales/")
    follow()
    assert names(StageKind.PRIMARY) == ["new_lead", "hot_lead_2", "payment"]
    assert movements() == []


def test_every_change_stands_in_the_audit_log_and_among_the_changes(alice: Client, people: People) -> None:
    actor = people.access(people.alice).actor
    actions.add(StageDraft("Trial", "Essai"), actor=actor)
    actions.change("trial", StageDraft("Test", "Test"), actor=actor)
    assert [(one.what, one.label_en) for one in queries.changes(2)] == [("changed", "Test"), ("added", "Trial")]
    lines = [line.sentence for line in audit.page(audit.Wanted(subject="lifecycle")).lines]
    assert lines[0] == "Alice changed the lifecycle stage “Test”."


def test_a_reader_does_not_come_here(people: People) -> None:
    assert signed_in(people.rita).get(PAGE).status_code == 403


def test_a_deletion_tells_beforehand_what_asks_for_the_stage(alice: Client, people: People) -> None:
    hot, actor = Filter("lifecyclestage", "any_of", ("hot_lead",)), access_of(people.alice.pk).actor
    asking = (
        ("contact", all_of(hot)),
        ("contact", longer_than("hot_lead", 30)),
        ("company", all_of(Associated("contact", (hot,)))),
        ("contact", all_of(Filter("lifecyclestage", "any_of", ("payment",)))),
    )
    found = [lists.create(f"List {place}", of, List.Kind.DYNAMIC, criteria, actor=actor).id for place, (of, criteria) in enumerate(asking)]
    report = reports.create(Definition(criteria=all_of(Filter("hs_v2_date_entered_hot_lead", "is_known"))), actor=actor)
    sharing.share(report, Report.Sharing.EVERYBODY, edits=False, chosen=(), actor=actor)
    told = {use.url for use in alice.get(f"{PAGE}stage/hot_lead/delete/").context["uses"]}
    assert told == {*(f"/lists/{id}/" for id in found[:3]), f"/reports/{report}/"}
    assert not alice.get(f"{PAGE}stage/no_budget/delete/").context["uses"]
