"""The page of the lifecycle report: its figures, whom it counts, where its numbers lead, what is kept and exported."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from jalon.criteria.tree import Filter, all_of
from jalon.jobs.console import CommandFailed, writing_to
from jalon.lifecycle import actions as stages
from jalon.lifecycle.actions import StageDraft
from jalon.lifecycle.columns import StageKind
from jalon.lists import actions as lists
from jalon.lists.models import List
from jalon.records import queries
from jalon.records.columns import Source
from jalon.reports import commands
from jalon.warehouse import current
from tests.accounts.test_user_command import Paper
from tests.engines import open_engine
from tests.lifecycle.steps import follow, past
from tests.people import People, signed_in
from tests.records.steps import contact

PAGE = "/reports/lifecycle/"
USER = Source.USER


class Sheet(Paper):
    wants_json = False


@pytest.fixture
def columns(house: None, tmp_path: Path) -> Iterator[None]:
    queries.forget_catalogs()
    with open_engine("duckdb", tmp_path) as engine:
        current.install(engine)
        yield
        current.close()
    queries.forget_catalogs()


@pytest.fixture
def alice(columns: None, people: People) -> Client:
    """Alice, and five contacts that entered: two won, one lost by Charlie, one that came back, one long ago."""
    ada, bea, cyd, dan, eva = (
        contact(email=f"{name}@example.com", hubspot_owner_id=str(owner.pk) if owner else "", hs_analytics_source=source, city=city)
        for name, owner, source, city in (
            ("ada", people.charlie, "OFFLINE", "Lyon"),
            ("bea", None, "OFFLINE", "lyon"),
            ("cyd", people.charlie, "EMAIL_MARKETING", "Paris"),
            ("dan", None, "", ""),
            ("eva", None, "", ""),
        )
    )
    past(
        *moves(ada, (9, "new_lead"), (7, "customer")),
        *moves(bea, (9, "new_lead"), (8, "hot_lead"), (5, "customer")),
        *moves(cyd, (6, "new_lead"), (3, "no_budget")),
        *moves(dan, (12, "new_lead"), (10, "cold_lead"), (2, "hot_lead")),
        *moves(eva, (20, "new_lead")),
    )
    follow()
    return signed_in(people.alice)


def moves(contact: int, *steps: tuple[int, str]) -> list[tuple[int, str, datetime, Source]]:
    """Stages, each so many days ago."""
    noon = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0).astimezone(UTC)
    return [(contact, stage, noon - timedelta(days=days), USER) for days, stage in steps]


def sheet(client: Client, query: str = "") -> Any:
    return client.get(PAGE + query).context["sheet"]


def text(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return unescape(answer.content.decode())


def test_the_last_14_days_are_compared_with_those_before(alice: Client) -> None:
    page = alice.get(PAGE)
    shown = page.context["sheet"]
    assert page.context["asked"].period.preset == "last_14_days"
    assert (shown.entered.exact, shown.entered_told) == (5, "of 4 contacts")
    cards = [(card.value.replace("\N{NO-BREAK SPACE}", " "), card.note, card.shift.text) for card in shown.cards]
    assert cards == [
        ("40.0%", "2 of 5 journeys", "n/a"),
        ("3 d", "mean of 2 journeys", "n/a"),
        ("40.0%", "2 of 5 journeys", "n/a"),
        ("2 d 12 h", "mean of 2 journeys", "n/a"),
    ]
    assert [step.bars[0].count.exact for step in shown.funnel] == [5, 5, 3, 2, 2]
    assert [(line.stage.label, line.cells[0].parts[0].shown.text) for line in shown.lost][:2] == [("Cold lead", "1"), ("No budget", "1")]
    assert "however late they were won" in page.content.decode()
    assert "had longer to convert" in page.content.decode()


def opened(shown: Any) -> Iterator[tuple[int, str]]:
    """Every count of the report that leads somewhere, and every card with the number of its note."""
    yield shown.entered.exact, shown.entered.href
    cells = [part.shown for line in (*shown.stages, *shown.lost) for cell in line.cells for part in cell.parts]
    bars = [bar.count for step in shown.funnel for bar in step.bars]
    apart = [number for section in shown.sections for row in section.rows for number in (row.whole, *row.parts)]
    for number in (*cells, *bars, *apart, *(part.shown for part in shown.rest)):
        if number.href and number.text == str(number.exact):
            yield number.exact, number.href
    for card in shown.cards:
        if card.url:
            yield int(re.findall(r"\d+", card.note)[0]), card.url


@pytest.mark.parametrize("query", ["?period=all_time&by=city", "?period=last_14_days&source=OFFLINE"])
def test_every_number_opens_its_journeys_and_their_contacts(alice: Client, query: str) -> None:
    alice.post(f"{PAGE}columns/", {"column": ["reached", "idle", "skipped", "lost_before", "destinations"]})
    numbers = set(opened(sheet(alice, query)))
    assert len(numbers) > 8
    for number, url in numbers:
        behind = alice.get(url).context
        assert (behind["found"].total, len(behind["lines"])) == (number, number), url
        people = alice.get(behind["contacts_url"]).context
        assert not people["narrowing"].problems, (url, people["narrowing"].problems)
        assert people["total"] == behind["found"].contacts, url


def test_who_sees_only_their_own_contacts_counts_only_these(alice: Client, people: People) -> None:
    charlie = signed_in(people.charlie)
    shown = sheet(charlie)
    assert (shown.entered.exact, [card.value for card in shown.cards][::2]) == (2, ["50.0%", "50.0%"])
    link = sheet(alice).entered.href
    assert (alice.get(link).context["found"].total, charlie.get(link).context["found"].total) == (5, 2)
    assert "ada@example.com" in text(charlie, link)
    assert "bea@example.com" not in text(charlie, link)


def test_filters_and_periods_narrow_the_journeys(alice: Client, people: People) -> None:
    criteria = '{"version":2,"groups":[{"filters":[{"property":"city","operator":"is_known"}]}]}'
    entered = {
        query: sheet(alice, query).entered.exact
        for query in (
            "?period=last_30_days",
            "?period=last_7_days",
            f"?owner={people.charlie.pk}",
            "?source=OFFLINE",
            f"?criteria={criteria}",
        )
    }
    assert list(entered.values()) == [6, 2, 2, 2, 3]


def test_an_address_that_names_a_list_or_a_user_that_is_gone_tells_so_and_counts_without_it(alice: Client, people: People) -> None:
    query = "?period=last_30_days"
    for gone in ("list=99999999999999999999", f"list={_deleted_list(people)}", "owner=99999999999999999999"):
        answer = alice.get(f"{PAGE}{query}&{gone}")
        assert answer.status_code == 200 and len(answer.context["asked"].problems) == 1, gone
        assert answer.context["sheet"].entered.exact == sheet(alice, query).entered.exact
        assert not answer.context["asked"].problems[0].startswith("Group")


def _deleted_list(people: People) -> int:
    actor = people.access(people.alice).actor
    made = lists.create("Salon", "contact", List.Kind.DYNAMIC, all_of(Filter("city", "is_known")), actor=actor)
    lists.delete(made.id, actor=actor)
    return made.id


def test_days_of_ones_own_begin_with_the_usual_ones_and_may_be_typed_in_either_order(alice: Client) -> None:
    asked = [
        alice.get(f"{PAGE}?period=custom{days}").context["asked"].period
        for days in ("", "&first=2026-02-02", "&first=2026-02-02&last=2026-01-01", "&first=soon&last=2026-01-01")
    ]
    assert asked[0].preset == "custom"
    assert (asked[0].last - asked[0].first).days == 13
    found = [(str(one.first), str(one.last)) for one in asked[1:]]
    assert found == [("2026-02-02", "2026-02-02"), ("2026-01-01", "2026-02-02"), ("2026-01-01", "2026-01-01")]


def test_by_a_text_values_that_differ_in_case_only_are_one(alice: Client) -> None:
    shown = sheet(alice, "?period=all_time&by=city")
    entered = {value.label.casefold(): number.exact for value, number in zip(shown.values, shown.sections[0].rows[0].parts, strict=True)}
    assert entered == {"lyon": 2, "paris": 1, "property not set": 3}


def test_columns_are_kept_and_files_have_them(alice: Client) -> None:
    drawer = alice.get(f"{PAGE}columns/")
    assert "Skipped before drop-off" in drawer.content.decode()
    alice.post(f"{PAGE}columns/", {"column": ["mean", "conversion", "nonsense"]})
    rows = b"".join(alice.get(f"{PAGE}stages.csv")).decode("utf-8-sig").splitlines()
    assert rows[0] == "Stage,Average time (seconds),Average time,Conversion"
    assert rows[1] == "New lead,172800,2\N{NO-BREAK SPACE}d,0.6"
    assert rows[4] == "Customer,,,"
    lost = b"".join(alice.get(f"{PAGE}lost.csv")).decode("utf-8-sig").splitlines()
    assert lost[:3] == ["Lost stage,Journeys,Share of all drop-offs", "Cold lead,1,0.5", "No budget,1,0.5"]
    assert alice.get(f"{PAGE}funnel.xlsx").headers["Content-Type"].endswith("spreadsheetml.sheet")
    assert alice.get(f"{PAGE}values.csv?by=city").status_code == 200
    assert alice.get(f"{PAGE}nothing.csv").status_code == 404


def test_a_change_of_the_stages_is_marked_and_told(alice: Client, people: People) -> None:
    stages.add(StageDraft("Moved away", "Déménagé", kind=StageKind.LOST), actor=people.access(people.alice).actor)
    page = alice.get(PAGE)
    assert any("“Moved away” was added." in note for note in page.context["sheet"].notes)
    assert "read the figures of the lifecycle with care" in page.content.decode()


def test_turned_off_there_is_no_report_and_no_line_in_the_rail(alice: Client, people: People) -> None:
    assert f'href="{PAGE}"' in text(alice, "/")
    stages.show(False, actor=people.access(people.alice).actor)
    assert "Lifecycle stages are turned off" in text(alice, PAGE)
    assert f'href="{PAGE}"' not in text(alice, "/")
    assert alice.get(f"{PAGE}stages.csv").status_code == 404


@pytest.fixture
def definition(alice: Client, tmp_path: Path) -> Path:
    """What the page gives away of its question."""
    path = tmp_path / "lifecycle.json"
    path.write_bytes(alice.get(f"{PAGE}definition.json?period=all_time&by=hs_analytics_source&owner=none").content)
    return path


def test_the_command_tells_the_figures_of_a_definition(definition: Path) -> None:
    with writing_to(paper := Paper()):
        commands.run(definition)
    (figures,) = paper.values
    assert (figures["all"]["entered"], figures["contacts"], figures["before"]) == (4, 3, None)
    assert figures["all"]["outcomes"] == {"open": 2, "won": 1, "lost": 1, "cleared": 0, "unlogged": 0}
    assert (figures["all"]["conversion_rate"], figures["all"]["convert_seconds"]) == (0.25, 4 * 86_400)
    assert [stage["reached"] for stage in figures["all"]["stages"]] == [4, 2, 1, 1]
    assert {one["value"]: one["entered"] for one in figures["values"]} == {"OFFLINE": 1, None: 3}


def test_the_command_refuses_what_is_no_lifecycle_report(columns: None, people: People, tmp_path: Path) -> None:
    path = tmp_path / "wrong.json"
    path.write_text('{"kind": "lifecycle", "grouping": "month", "period": "soon", "breakdown": "createdate"}')
    with writing_to(Paper()), pytest.raises(CommandFailed) as failed:
        commands.run(path)
    told = str(failed.value)
    assert "“grouping” is not an option of a lifecycle report." in told
    assert "“soon” is not a possible value of “period”." in told
    assert "does not give a contact one value" in told


def test_the_command_writes_the_stages_into_a_file(definition: Path, tmp_path: Path) -> None:
    with writing_to(Sheet()):
        commands.run(definition, file=tmp_path / "stages.csv")
    rows = (tmp_path / "stages.csv").read_text(encoding="utf-8-sig").splitlines()
    assert [row.split(",")[:3] for row in rows[:2]] == [["Stage", "Reached", "Conversion"], ["New lead", "4", "0.5"]]


def test_the_command_writes_any_table_and_the_journeys(definition: Path, tmp_path: Path) -> None:
    rows = {}
    for name in ("funnel", "lost", "values", "journeys"):
        wanted: dict[str, Any] = {"journeys": True} if name == "journeys" else {"table": name}
        with writing_to(Sheet()):
            commands.run(definition, **wanted, file=tmp_path / f"{name}.csv")
        rows[name] = len((tmp_path / f"{name}.csv").read_text(encoding="utf-8-sig").splitlines()) - 1
    assert rows == {"funnel": 5, "lost": 3, "values": 18, "journeys": 4}
    refused: list[tuple[dict[str, Any], str]] = [
        ({"table": "stuck"}, "no table “stuck”"),
        ({"contacts": True}, "“lifecycle” has no --contacts"),
    ]
    for wrong, sentence in refused:
        with writing_to(Paper()), pytest.raises(CommandFailed) as failed:
            commands.run(definition, **wrong)
        assert sentence in str(failed.value)
