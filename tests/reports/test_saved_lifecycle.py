"""A saved lifecycle report: what its compile found stays, whatever moves afterwards, and each number opens what it counted."""

from __future__ import annotations

import json
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from jalon.accounts.access import EVERYTHING, SYSTEM
from jalon.jobs import runner as jobs
from jalon.jobs.console import CommandFailed, writing_to
from jalon.lifecycle import actions as stages
from jalon.records.erasing import actions as erasing
from jalon.reports import commands, queries
from jalon.reports.columns import FROZEN_JOURNEYS, FROZEN_VALUES, FROZEN_VISITS
from jalon.reports.models import Snapshot, SnapshotPart
from jalon.reports.snapshots import actions as snapshots
from jalon.reports.snapshots.queries import laid_down, let_go
from jalon.reports.snapshots.rows import unpacked
from jalon.warehouse import current, query
from tests.accounts.test_user_command import Paper
from tests.lifecycle.steps import follow, move, past
from tests.people import People, signed_in
from tests.records.steps import contact
from tests.reports.compiling import compiled
from tests.reports.test_lifecycle_report import columns as columns
from tests.reports.test_lifecycle_report import moves, opened

PAGE = "/reports/lifecycle/"
OPTIONS = "?period=last_30_days&by=city"


@pytest.fixture
def contacts(columns: None, people: People) -> dict[str, int]:
    """Two won, one of them by Charlie, one lost by Charlie, one that came back."""
    told = (("ada", people.charlie, "Lyon"), ("bea", None, "lyon"), ("cyd", people.charlie, "Paris"), ("dan", None, ""))
    found = {
        name: contact(email=f"{name}@example.com", hubspot_owner_id=str(owner.pk) if owner else "", city=city) for name, owner, city in told
    }
    past(
        *moves(found["ada"], (9, "new_lead"), (7, "customer")),
        *moves(found["bea"], (9, "new_lead"), (8, "hot_lead"), (5, "customer")),
        *moves(found["cyd"], (6, "new_lead"), (3, "no_budget")),
        *moves(found["dan"], (12, "new_lead"), (10, "cold_lead"), (2, "hot_lead")),
    )
    follow()
    return found


@pytest.fixture
def alice(contacts: dict[str, int], people: People) -> Client:
    return signed_in(people.alice)


@pytest.fixture
def report(alice: Client) -> int:
    """Saved from the live page, side by side by city, and compiled."""
    answer = alice.post(f"{PAGE}save/{OPTIONS}", {"title": "From lead to customer", "folder": "", "sharing": "everybody"})
    compiled()
    return int(answer.headers["Location"].split("/")[2])


def sheet(client: Client, report: int) -> Any:
    return client.get(f"/reports/{report}/").context["sheet"]


def figures(shown: Any) -> dict[str, Any]:
    """All that a sheet tells, without addresses."""
    lines = {line.stage.label: [part.shown.text for cell in line.cells for part in cell.parts] for line in (*shown.stages, *shown.lost)}
    return {
        "cards": [(card.label, card.value, card.note, card.shift and card.shift.text) for card in shown.cards],
        "funnel": [[(bar.label, bar.count.text, bar.share) for bar in step.bars] for step in shown.funnel],
        "lines": lines,
        "apart": [(row.label, row.whole.text, [part.text for part in row.parts]) for part in shown.sections for row in part.rows],
        "rest": [(part.label, part.shown.text) for part in shown.rest],
        "entered": (shown.entered.text, shown.entered_told, shown.entered_shift and shown.entered_shift.text),
    }


def everything_moves(contacts: dict[str, int]) -> None:
    """Nobody stands where they stood, and the stages are called otherwise."""
    for name, stage in (("ada", "new_lead"), ("bea", None), ("cyd", "customer"), ("dan", "customer")):
        move(contacts[name], stage)
    move(contact(email="eva@example.com", city="Lyon"), "new_lead")
    follow()


def test_what_was_compiled_is_what_the_live_report_told(alice: Client, report: int, contacts: dict[str, int]) -> None:
    live = figures(alice.get(PAGE + OPTIONS).context["sheet"])
    assert live["entered"][0] == "5"
    assert figures(sheet(alice, report)) == live
    everything_moves(contacts)
    assert figures(sheet(alice, report)) == live
    assert figures(alice.get(PAGE + OPTIONS).context["sheet"]) != live
    let_go(laid_down())  # as after a rebuild: the columns are filled again of what PostgreSQL keeps
    assert figures(sheet(alice, report)) == live


def test_every_number_opens_the_journeys_that_it_counted(alice: Client, report: int, contacts: dict[str, int]) -> None:
    alice.post(f"{PAGE}columns/", {"column": ["reached", "idle", "skipped", "lost_before", "destinations"]})
    everything_moves(contacts)
    numbers = set(opened(sheet(alice, report)))
    assert len(numbers) > 12
    for number, url in numbers:
        behind = alice.get(url).context
        assert (behind["found"].total, len(behind["lines"])) == (number, number), url
        people = alice.get(behind["contacts_url"]).context
        assert not people["narrowing"].problems, (url, people["narrowing"].problems)
        assert people["total"] == behind["found"].contacts, url
    _, link = max(numbers)
    file = b"".join(alice.get(link.replace("/journeys/", "/journeys.csv"))).decode("utf-8-sig")
    assert len(file.splitlines()) == 1 + 5


def test_a_number_of_a_value_says_whose_it_is(alice: Client, report: int) -> None:
    shown = sheet(alice, report)
    place = [value.label for value in shown.values].index("Paris")
    (paris,) = (row.parts[place] for row in shown.sections[0].rows if row.label == "Entered")
    page = unescape(alice.get(paris.href).content.decode())
    assert "City: Paris" in page
    assert f'href="/reports/{report}/">From lead to customer</a>' in page
    people = alice.get(alice.get(paris.href).context["contacts_url"])
    assert "Behind “From lead to customer”" in unescape(people.content.decode())


def test_each_reader_counts_the_contacts_that_they_see(alice: Client, report: int, people: People) -> None:
    charlie = signed_in(people.charlie)
    shown, link = sheet(charlie, report), sheet(alice, report).entered.href
    assert (shown.entered.exact, [card.value for card in shown.cards][::2]) == (2, ["50.0%", "50.0%"])
    assert "Only the contacts that you may see are counted" in charlie.get(f"/reports/{report}/").content.decode()
    assert charlie.get(link).context["found"].total == 2
    alice.post(f"/reports/{report}/share/", {"sharing": "private"})
    assert charlie.get(f"/reports/{report}/").status_code == charlie.get(link).status_code == 404
    contacts_url = alice.get(link).context["contacts_url"]
    assert "does not exist any more" in charlie.get(contacts_url).content.decode()


def test_its_stages_stay_as_they_were_until_it_is_refreshed(alice: Client, report: int, contacts: dict[str, int]) -> None:
    jobs.run(stages.delete("no_budget", "cold_lead", actor=SYSTEM).pk)
    follow()
    assert [line.stage.label for line in sheet(alice, report).lost if line.cells[0].parts[0].shown.exact] == ["Cold lead", "No budget"]
    everything_moves(contacts)
    alice.post(f"/reports/{report}/refresh/")
    compiled()
    shown = sheet(alice, report)
    assert "No budget" not in [line.stage.label for line in shown.lost]
    assert figures(shown) == figures(alice.get(PAGE + OPTIONS).context["sheet"])


def kept_of(contact: int) -> int:
    """Rows of theirs in PostgreSQL, and in the columns."""
    rows = [unpacked(bytes(part.rows)).column("record_id").to_pylist() for part in SnapshotPart.objects.all()]
    laid = [
        query.select(query.column("record_id")).from_(query.table(table.name)) for table in (FROZEN_JOURNEYS, FROZEN_VISITS, FROZEN_VALUES)
    ]
    return int(sum(ids.count(contact) for ids in rows)) + sum((contact,) in current.engine().rows(tree) for tree in laid)


def test_an_erased_person_leaves_it(alice: Client, report: int, contacts: dict[str, int]) -> None:
    before, cyd = sheet(alice, report).entered.exact, contacts["cyd"]
    assert kept_of(cyd) > 3
    erasing.erase("contact", [cyd], actor=SYSTEM)
    assert snapshots.forget([cyd]) == 1
    assert kept_of(cyd) == 0
    assert sheet(alice, report).entered.exact == before - 1
    assert Snapshot.objects.get().rows == 4


def test_its_options_are_changed_on_the_live_page(alice: Client, report: int, people: People) -> None:
    edit = alice.get(f"/reports/{report}/edit/").headers["Location"]
    page = alice.get(edit)
    assert "You are changing the options of “From lead to customer”" in unescape(page.content.decode())
    assert page.context["asked"].definition.breakdown == "city"
    alice.post(f"/reports/{report}/lifecycle/change/?period=last_7_days&owner={people.charlie.pk}")
    compiled()
    shown = sheet(alice, report)
    assert (shown.entered.exact, shown.values) == (1, ())
    rita = signed_in(people.rita)
    assert rita.post(f"/reports/{report}/lifecycle/change/?period=today").status_code == 403
    assert "You are changing" not in rita.get(f"{PAGE}?report={report}").content.decode()


def test_it_stands_among_the_reports_with_its_kind(alice: Client, report: int, people: People) -> None:
    alice.post(f"/pinned/{report}/pin/", {"wanted": "1"})
    assert "funnel-step" in alice.get(f"/pinned/{report}/").content.decode()
    home = alice.get("/reports/?kind=lifecycle")
    assert [(line.title, line.kind) for line in home.context["lines"]] == [("From lead to customer", "Lifecycle report")]
    assert PAGE in alice.get("/reports/new/").content.decode()
    alice.post(f"/reports/{report}/title/", {"title": ""})
    assert alice.get(f"/reports/{report}/").context["title"] == "Lifecycle, last 30 days by City"
    alice.post(f"/reports/{report}/duplicate/")
    assert len(alice.get("/reports/?kind=lifecycle").context["lines"]) == 2
    alice.post(f"/reports/{report}/delete/")
    assert alice.get(f"/reports/{report}/").status_code == 404


@pytest.mark.parametrize("name", ["funnel", "lost", "stages", "values"])
def test_its_tables_are_files(alice: Client, report: int, name: str) -> None:
    live = b"".join(alice.get(f"{PAGE}{name}.csv{OPTIONS}"))
    assert b"".join(alice.get(f"/reports/{report}/tables/{name}.csv")) == live
    assert alice.get(f"/reports/{report}/export/").status_code == alice.get(f"/reports/{report}/contacts.csv").status_code == 404


def test_the_command_tells_what_was_compiled(report: int, contacts: dict[str, int], tmp_path: Path) -> None:
    everything_moves(contacts)
    with writing_to(paper := Paper()):
        commands.run(report="from lead to CUSTOMER")
        commands.run(report=str(report), journeys=True, file=tmp_path / "journeys.csv")
    told, written = paper.values
    assert (told["all"]["entered"], told["contacts"], written["rows"]) == (5, 4, 5)
    assert {one["value"]: one["entered"] for one in told["values"]} == {"Paris": 1, "lyon": 2, None: 2}
    with writing_to(Paper()), pytest.raises(CommandFailed) as failed:
        commands.run()
    assert "Say what to run" in str(failed.value)


def test_it_travels_as_a_file(alice: Client, report: int, tmp_path: Path) -> None:
    file = tmp_path / "lifecycle.json"
    file.write_bytes(alice.get(f"/reports/{report}/definition.json").content)
    raw = json.loads(file.read_text())
    assert raw["definition"] == {"kind": "lifecycle", "version": 1, "period": "last_30_days", "breakdown": "city"}
    alice.post(f"/reports/{report}/delete/")
    with writing_to(Paper()):
        commands.bring_in([file])
    compiled()
    (found,) = queries.reports(EVERYTHING)
    assert (found.kind, found.title, found.snapshot and found.snapshot.rows) == ("lifecycle", "From lead to customer", 5)
