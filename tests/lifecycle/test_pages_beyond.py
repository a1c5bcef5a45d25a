"""Flow, trend, time to convert, stuck contacts and the journal as readers see them."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from jalon.accounts.access import EVERYTHING, SYSTEM
from jalon.figures.periods import Unit
from jalon.lifecycle import actions as stages
from jalon.lifecycle.actions import StageDraft, show
from jalon.lifecycle.columns import StageKind
from jalon.records import pages
from jalon.records.columns import Source
from jalon.reports.travels import files, trends
from tests.criteria.fields import of_html
from tests.lifecycle.steps import follow, past
from tests.lists import steps as lists
from tests.people import People, signed_in
from tests.records.steps import contact, write

PAGE = "/reports/lifecycle/"
PAGES = ("", "flow/", "trend/", "time/", "stuck/", "journal/")
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


def opened(client: Client, href: str) -> int:
    """How many journeys are behind a number."""
    total: int = client.get(href).context["total"]
    return total


def test_the_flow_tells_how_many_went_where_and_after_how_long(client: Client) -> None:
    ways = client.get(f"{PAGE}flow/").context["ways"]
    assert [target.name for target in ways.targets] == ["new_lead", "hot_lead", "customer", "cold_lead", "still_in"]
    told = {row.source.label: [(way.count.text, way.share) for way in row.ways if way] for row in ways.rows}
    assert told == {
        "Entry": [("13", "100%")],
        "New lead": [("12", "92%"), ("1", "8%")],
        "Hot lead": [("4", "33%"), ("1", "8%"), ("7", "58%")],
    }
    lead = next(row for row in ways.rows if row.source.label == "New lead")
    assert [way.median.replace("\xa0", " ") for way in lead.ways if way and way.median] == ["1 d 12 h"]
    words = next(way.told for way in lead.ways if way)
    assert (words[0], words[-1].replace("\xa0", " ")) == ("New lead → Hot lead", "half of them within 1 d 12 h")


def test_every_band_and_every_stop_of_the_flow_opens_its_journeys(client: Client) -> None:
    """One goes to and fro, one is cleared, one is moved on by an import, one is won at once."""
    winding, cleared, untold, at_once = (contact(email=f"{name}@example.com") for name in ("winding", "cleared", "untold", "at-once"))
    to_and_fro = ("new_lead", "hot_lead", "new_lead", "hot_lead", "customer")
    past(*((winding, stage, ago(30 - 3 * place), Source.USER) for place, stage in enumerate(to_and_fro)))
    past((cleared, "new_lead", ago(9), Source.USER), (cleared, None, ago(8), Source.USER))
    past((untold, "new_lead", ago(9), Source.USER), (untold, "hot_lead", ago(8), Source.IMPORT), (untold, "payment", ago(7), Source.USER))
    past((at_once, "customer", ago(6), Source.USER))
    follow()
    context = client.get(f"{PAGE}flow/").context
    ways = {(way.edge.source, way.edge.target): way for row in context["ways"].rows for way in row.ways if way}
    assert (ways["new_lead", "hot_lead"].edge.count, ways["new_lead", "hot_lead"].edge.journeys) == (14, 13)
    assert {("new_lead", "cleared"), ("new_lead", "untold"), ("entry", "customer"), ("hot_lead", "new_lead")} <= ways.keys()
    for way in ways.values():
        assert opened(client, way.count.href) == way.edge.journeys, way.told
    assert "14 times in all" in client.get(ways["new_lead", "hot_lead"].count.href).content.decode()
    bands = {band.href: band for band in (*context["wide"].bands, *context["upright"].bands)}
    assert bands.keys() == {way.count.href for way in ways.values()}
    stops = {node.told: node for node in context["wide"].nodes}
    assert {told.split("\n")[0] for told in stops} == {
        "Entry",
        "New lead",
        "Hot lead",
        "Payment",
        "Customer",
        "Cold lead",
        "Cleared",
        "Gone without a movement",
    }
    for node in stops.values():
        told = node.told.split("\n")[-1]
        assert opened(client, node.href) == int("".join(letter for letter in told if letter.isdigit())), node.told
    for end in context["ends"]:
        assert opened(client, end.href) == int(end.number), end


def test_journeys_are_sorted_by_their_headings(client: Client) -> None:
    href = client.get(f"{PAGE}flow/").context["ways"].rows[0].total.href
    page = client.get(href).context
    assert [heading.name for heading in page["headings"] if heading.direction == "descending"] == ["entered_at"]
    by_name = next(heading for heading in page["headings"] if heading.name == "contact")
    names = [line.contact for line in client.get(href.partition("?")[0] + by_name.url).context["lines"]]
    assert names == sorted(names)
    longest = client.get(f"{href}&sort=-length_ms").context["lines"]
    assert [line.length_ms is None for line in longest] == [False] * 5 + [True] * 8


def test_the_trend_adds_up_and_opens_its_journeys(client: Client) -> None:
    context = client.get(f"{PAGE}trend/?period=last_90_days").context
    names = list(trends.METRICS)
    some = [dict(zip(names, line.numbers, strict=True)) for line in context["lines"] if line.numbers[0].exact]
    assert sum(line["entered"].exact for line in some) == 13
    assert {line["conversion"].text for line in some} >= {"33.3%"}
    for line in some:
        assert opened(client, line["entered"].href) == line["entered"].exact
        for rate in ("conversion", "drop_off", "still_open", "soon"):
            if line[rate].href:
                assert opened(client, line[rate].href) == round(line[rate].exact * line["entered"].exact), rate


def test_the_share_won_soon_is_told_where_everybody_has_had_the_days(client: Client) -> None:
    told = client.get(f"{PAGE}trend/?period=last_90_days&unit=day").context["trend"]
    assert (told.soon, len(told.weeks)) == (30, 90)
    assert [week.soon for week in told.weeks[-30:]] == [None] * 30
    assert sum(week.soon for week in told.weeks[:-31]) == 4
    weekly = client.get(f"{PAGE}trend/?period=last_90_days&unit=week").context["trend"]
    assert (weekly.soon, {week.bucket.unit for week in weekly.weeks}) == (30, {Unit.WEEK})


def test_a_change_of_the_stages_is_marked_on_the_axis_of_the_trend(client: Client) -> None:
    stages.add(StageDraft("Moved away", "Déménagé", kind=StageKind.LOST), actor=SYSTEM)
    context = client.get(f"{PAGE}trend/?period=last_90_days").context
    assert "“Moved away” was added." in [mark.sentence for mark in context["marks"]]
    drawn = json.loads(context["outcomes"]["plot"])
    (marks,) = [layer["data"]["values"] for layer in drawn["layer"] if layer.get("data", {}).get("name") == "marks"]
    assert marks[-1]["tick"] == context["trend"].weeks[-1].bucket.key
    assert "“Moved away” was added." in marks[-1]["told"]


def test_the_curve_says_what_is_won_after_some_days_and_opens_it(client: Client) -> None:
    context = client.get(f"{PAGE}time/").context
    lines = {line.label: (line.won.text, line.share.text, line.lost.text, line.at_risk.text) for line in context["lines"]}
    assert lines["7 days"] == ("0", "0.0%", "0.0%", "13")
    assert lines["14 days"] == ("4", "30.8%", "7.7%", "8")
    for line in context["lines"]:
        for number in (line.won, line.at_risk):
            assert (opened(client, number.href) if number.href else 0) == number.exact, line.label
    cards = {card.label: (card.value, card.note) for card in context["cards"]}
    assert cards["Won within 30 days"][0] == "30.8%"
    assert cards["Half of the conversions within"] == ("10 days", "never half of all: 30.8% in the end")


@pytest.fixture
def cities(client: Client) -> Client:
    """Those of the first page, half of them of Lyon."""
    for person in (f"p{number}@example.com" for number in range(0, 12, 2)):
        write({"email": person, "city": "Lyon"}, match="email")
    write({"email": "stuck@example.com", "city": "Paris"}, match="email")
    follow()
    return client


def test_side_by_side_stand_the_values_with_their_own_trend_and_curve(cities: Client) -> None:
    context = cities.get(f"{PAGE}trend/?period=last_90_days&by=city&metric=entered").context
    labels = ["All contacts", *(one.value.label for one in context["trend"].apart)]
    whole, *each = zip(*(line.numbers for line in context["apart_lines"]), strict=True)
    sums = {label: sum(number.exact for number in numbers) for label, numbers in zip(labels, (whole, *each), strict=True)}
    assert sums == {"All contacts": 13, "Lyon": 6, "Property not set": 6, "Paris": 1}
    for number in (number for numbers in each for number in numbers if number.exact):
        assert opened(cities, number.href) == number.exact
    lines = {line.label: line for line in cities.get(f"{PAGE}time/?by=city").context["apart_lines"]}
    assert {label: (line.journeys.exact, line.shares[1].text) for label, line in lines.items()} == {
        "All contacts": (13, "30.8%"),
        "Lyon": (6, "33.3%"),
        "Property not set": (6, "33.3%"),
        "Paris": (1, "0.0%"),
    }
    assert opened(cities, lines["Lyon"].shares[1].href) == 2


def test_side_by_side_those_who_are_stuck_are_counted_and_opened(cities: Client) -> None:
    told = cities.get(f"{PAGE}stuck/?by=city").context["told"]
    line = told.lines[0]
    found = {value.label: two for value, two in zip(told.values, line.apart, strict=True)}
    counts = {label: tuple(number.exact for number in two) for label, two in found.items()}
    assert counts == {"Lyon": (0, 0), "Property not set": (0, 0), "Paris": (1, 1)}
    assert cities.get(found["Paris"][1].href).context["total"] == 1


def test_stuck_contacts_become_a_list_in_two_clicks_that_holds_exactly_these(client: Client) -> None:
    lines = {line.stage.name: line for line in client.get(f"{PAGE}stuck/").context["told"].lines}
    first = lines["new_lead"]
    assert (first.limit, first.standing.text, first.stuck.text) == (2, "1", "1")
    assert opened(client, first.moved_on.href) == first.moved_on.exact == first.journeys
    assert "stuck@example.com" in client.get(first.stuck.href).content.decode()
    page = client.get(first.list_url)
    assert "Stuck in “New lead” for more than 2 days" in page.content.decode()
    made = client.post("/lists/new/criteria/", of_html(page.content.decode()).dict())
    assert made.status_code == 302
    lists.follow()
    members = client.get(made.headers["Location"])
    assert (members.context["total"], "stuck@example.com" in members.content.decode()) == (1, True)
    assert (lines["payment"].limit, lines["payment"].list_url) == (None, "")


def test_files_and_pictures_have_what_the_pages_show(cities: Client) -> None:
    told = {
        name: list(csv.reader(b"".join(cities.get(f"{PAGE}tables/{name}.csv?by=city")).decode("utf-8-sig").splitlines()))
        for name in files.TABLES
    }
    assert [row[:5] for row in told["flow"][2:3]] == [["New lead", "Hot lead", "12", "12", "0.923077"]]
    assert sum(int(row[2]) for row in told["trend"][1:]) == 13
    assert {row[0] for row in told["trend-values"][1:]} == {"Lyon", "Paris", "Property not set"}
    assert [row[:3] for row in told["time"] if row[0] == "14"] == [["14", "4", "0.307692"]]
    assert told["time-values"][1][:2] == ["All contacts", "13"]
    assert told["stuck"][1] == ["New lead", "12", "2", "2", "1", "1"]
    assert ["New lead", "Paris", "1", "1"] in told["stuck-values"]
    drawn = cities.get(f"{PAGE}pictures/flow.svg").content.decode()
    assert "Hot lead" in drawn and "<path" in drawn
    assert cities.get(f"{PAGE}pictures/time.png?by=city").content[:4] == b"\x89PNG"
    assert cities.get(f"{PAGE}tables/flow.xlsx").headers["Content-Type"].endswith("spreadsheetml.sheet")
    for missing in ("tables/nothing.csv", "tables/flow.pdf", "pictures/nothing.png", "pictures/flow.gif"):
        assert cities.get(PAGE + missing).status_code == 404


def test_what_is_chosen_on_one_page_is_kept_from_tab_to_tab(client: Client) -> None:
    chosen = "?period=last_90_days&source=OFFLINE&by=city&unit=week&metric=drop_off&from_stage=hot_lead"
    for page in PAGES:
        answer = client.get(f"{PAGE}{page}{chosen}")
        text = unescape(answer.content.decode())
        for tab in PAGES:
            assert f'href="{PAGE}{tab}{chosen}"' in text, (page, tab)
        sent = of_html(text[text.index('id="lifecycle-asked"') :].partition("</form>")[0])
        kept = {name: sent.get(name) for name in ("period", "source", "by", "unit", "metric", "from_stage")}
        assert kept == {
            "period": "last_90_days",
            "source": "OFFLINE",
            "by": "city",
            "unit": "week",
            "metric": "drop_off",
            "from_stage": "hot_lead",
        }, page


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
    assert row.total.text == "1"


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
