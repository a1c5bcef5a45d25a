"""Flow, trend, time to convert, stuck contacts and the journal as readers see them."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from jalon.accounts.access import EVERYTHING, SYSTEM
from jalon.lifecycle.actions import show
from jalon.records import pages
from jalon.records.columns import Source
from tests.lifecycle.steps import follow, past
from tests.people import People, signed_in
from tests.records.steps import contact

PAGE = "/reports/lifecycle/"
NOW = timezone.now()


def ago(days: float) -> datetime:
    return (NOW - timedelta(days=days)).astimezone(UTC)


@pytest.fixture
def client(people: People, columns: None) -> Client:
    """Twelve were two days in the first stage and went on; of these, four were won, one was lost. One stands there since long."""
    for number in range(12):
        id = contact(email=f"p{number}@example.com", firstname=f"P{number}")
        past((id, "new_lead", ago(40), Source.USER), (id, "hot_lead", ago(38.5), Source.FORM))
        if number < 5:
            past((id, "cold_lead" if number == 4 else "customer", ago(30), Source.USER))
    stuck = contact(email="stuck@example.com", firstname="Stuck")
    past((stuck, "new_lead", ago(50), Source.USER))
    follow()
    return signed_in(people.alice)


def test_the_flow_tells_how_many_went_where_and_after_how_long(client: Client) -> None:
    ways = client.get(f"{PAGE}flow/").context["ways"]
    assert [target.name for target in ways.targets] == ["new_lead", "hot_lead", "customer", "cold_lead", "still_in"]
    told = {row.label: [(way.count.text, way.share) for way in row.ways if way.count.text] for row in ways.rows}
    assert told == {
        "Entry": [("13", "100%")],
        "New lead": [("12", "92%"), ("1", "8%")],
        "Hot lead": [("4", "33%"), ("1", "8%"), ("7", "58%")],
    }
    lead = next(row for row in ways.rows if row.label == "New lead")
    assert [way.time.replace("\xa0", " ") for way in lead.ways if way.time] == ["1 d 12 h"]


def test_every_way_between_stages_opens_its_journeys(client: Client) -> None:
    ways = client.get(f"{PAGE}flow/").context["ways"]
    linked = [way.count for row in ways.rows for way in row.ways if way.count.href]
    assert [int(count.text) for count in linked] == [12, 1, 4, 1, 7]
    for count in linked:
        assert client.get(count.href).context["total"] == int(count.text), count.href


def test_the_trend_adds_up_and_opens_its_journeys(client: Client) -> None:
    lines = client.get(f"{PAGE}trend/?period=last_90_days").context["lines"]
    some = [line for line in lines if line.entered.exact]
    assert sum(line.entered.exact for line in some) == 13
    assert {line.conversion.text for line in some} >= {"33.3%"}
    for line in some:
        assert client.get(line.entered.href).context["total"] == line.entered.exact


def test_the_curve_says_what_is_won_after_some_days(client: Client) -> None:
    told = client.get(f"{PAGE}time/").context["told"]
    lines = {line.label: (line.won, line.lost, line.at_risk) for line in told.lines}
    assert lines["7 days"] == ("0.0%", "0.0%", "13")
    assert lines["14 days"] == ("30.8%", "7.7%", "8")


def test_stuck_contacts_are_those_of_their_filter_and_become_a_list(client: Client) -> None:
    lines = {line.stage.name: line for line in client.get(f"{PAGE}stuck/").context["lines"]}
    first = lines["new_lead"]
    assert (first.limit, first.standing.text, first.stuck.text) == (2, "1", "1")
    assert "stuck@example.com" in client.get(first.stuck.href).content.decode()
    page = client.get(first.list_url).content.decode()
    assert "Stuck in “New lead” for more than 2 days" in page
    assert (lines["payment"].limit, lines["payment"].list_url) == (None, "")


def test_the_journal_is_narrowed_paged_and_exported(client: Client) -> None:
    page = client.get(f"{PAGE}journal/")
    assert (page.context["total"], page.context["shown"]) == (30, 30)
    assert page.context["lines"][0].to == page.context["lines"][0].to.strip() != ""
    some = client.get(f"{PAGE}journal/?from_stage=hot_lead&to_stage=customer").context
    assert (some["total"], {line.how for line in some["lines"]}) == (4, {"By hand"})
    assert client.get(f"{PAGE}journal/?how=form").context["total"] == 12
    assert client.get(f"{PAGE}journal/?from_stage=none").context["total"] == 13
    assert client.get(f"{PAGE}journal/?who=0").context["total"] == 30  # a past that came from elsewhere was made by nobody here
    sent = client.get(f"{PAGE}movements.csv?how=form")
    rows = list(csv.reader(b"".join(sent.streaming_content).decode("utf-8-sig").splitlines()))  # type: ignore[attr-defined]
    assert (len(rows), rows[1][2:4], rows[1][5]) == (13, ["New lead", "Hot lead"], "Form")


def test_the_journal_tells_who_moved_whom(client: Client, people: People) -> None:
    ada = contact(email="ada@example.com")
    client.post(f"/contacts/{ada}/properties/lifecyclestage/", {"property-lifecyclestage": "payment"})
    follow()
    page = client.get(f"{PAGE}journal/?who={people.alice.pk}").context
    assert [(line.who, line.to) for line in page["lines"]] == [(people.alice.name, "Payment")]
    assert client.get(f"{PAGE}journal/?who={people.charlie.pk}").context["total"] == 0
    sent = client.get(f"{PAGE}movements.csv?who={people.alice.pk}")
    assert b"".join(sent.streaming_content).decode("utf-8-sig").splitlines()[1].endswith(people.alice.name)  # type: ignore[attr-defined]


def test_unusual_days_stand_out_and_open_their_movements(client: Client) -> None:
    unusual = client.get(f"{PAGE}journal/").context["unusual"]
    assert {day.count for day in unusual} >= {12}
    for day in unusual:
        assert client.get(day.url).context["total"] == day.count


def test_each_reader_sees_what_they_may_see(people: People, columns: None) -> None:
    for owner, name in ((people.charlie, "charlies"), (people.alice, "alices")):
        id = contact(email=f"{name}@example.com", hubspot_owner_id=str(owner.pk))
        past((id, "new_lead", ago(4), Source.USER))
    follow()
    assert signed_in(people.alice).get(f"{PAGE}journal/").context["total"] == 2
    seen = signed_in(people.charlie).get(f"{PAGE}journal/").context
    assert (seen["total"], len(seen["lines"])) == (1, 1)
    (row,) = signed_in(people.charlie).get(f"{PAGE}flow/").context["ways"].rows[:1]
    assert row.total == "1"


def test_pages_are_whole_with_nobody_on_the_path_and_say_where_stages_are_turned_off(people: People, columns: None) -> None:
    follow()
    alice = signed_in(people.alice)
    for page in ("flow", "trend", "time", "stuck", "journal"):
        assert alice.get(f"{PAGE}{page}/?period=all_time").status_code == 200
        assert alice.get(f"{PAGE}{page}/?period=today").status_code == 200
    show(False, actor=SYSTEM)
    for page in ("flow", "trend", "time", "stuck", "journal"):
        assert "turned off" in alice.get(f"{PAGE}{page}/").content.decode()


def test_the_page_of_a_contact_tells_its_way_and_its_journeys(client: Client) -> None:
    ada = contact(email="ada@example.com", firstname="Ada")
    past((ada, "new_lead", ago(9), Source.FORM), (ada, "payment", ago(6), Source.IMPORT), (ada, "customer", ago(2), Source.USER))
    follow()
    lines, _ = pages.timeline_page(EVERYTHING, "contact", ada, kinds=["lifecycle"], before=None, limit=100)
    assert [(line.content.came_from, line.content.to) for line in lines] == [
        ("Payment", "Customer"),
        ("New lead", "Payment"),
        ("no stage", "New lead"),
    ]
    notes = [[note.replace("\xa0", " ") for note in line.content.notes] for line in lines]
    assert notes == [
        ["after 4 d", "journey ended: Won, in 7 d"],
        ["after 3 d", "not a movement: reports do not count it"],
        ["journey 1 begins"],
    ]
    page = client.get(f"/contacts/{ada}/?show=lifecycle").content.decode()
    assert "journey ended: Won" in page
    assert [line.kind for line in pages.timeline_page(EVERYTHING, "contact", ada, kinds=["stage"], before=None, limit=9)[0]] == []
