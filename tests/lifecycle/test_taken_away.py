"""What of the lifecycle is taken away: the journeys behind a number, the tables, the funnel as a picture."""

from __future__ import annotations

import csv
import re
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from jalon.accounts.queries import account
from jalon.exports.reading import lines
from jalon.exports.sheet import Format
from jalon.records.columns import Source
from jalon.reports.kinds.journeys import Cell
from jalon.reports.kinds.lifecycle import Definition
from jalon.reports.lifecycle import behind, queries
from tests.lifecycle.steps import follow, past
from tests.people import People, signed_in
from tests.records.steps import contact

PAGE = "/reports/lifecycle/"
NOON = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0).astimezone(UTC)


def ago(days: float) -> datetime:
    return NOON - timedelta(days=days)


def world(people: People) -> Client:
    """Ada was won, Bea lost from the second stage, Cyd came and went and came again, Dan was lost at once."""
    ada = contact(email="ada@example.com", firstname="=1+1", hubspot_owner_id=str(people.charlie.pk))
    bea, cyd, dan = (contact(email=f"{name}@example.com", firstname=name.title()) for name in ("bea", "cyd", "dan"))
    moves = (
        (ada, "new_lead", 9),
        (ada, "customer", 6.75),
        (bea, "new_lead", 8),
        (bea, "hot_lead", 7),
        (bea, "no_budget", 5),
        (cyd, "new_lead", 7),
        (cyd, "cold_lead", 6),
        (cyd, "hot_lead", 2),
        (dan, "cold_lead", 4),
    )
    past(*((who, stage, ago(days), Source.USER) for who, stage, days in moves))
    follow()
    return signed_in(people.alice)


@pytest.fixture
def client(people: People, columns: None) -> Client:
    return world(people)


def rows(client: Client, address: str) -> list[dict[str, str]]:
    answer: Any = client.get(address)
    assert answer.status_code == 200, address
    return list(csv.DictReader(b"".join(answer).decode("utf-8-sig").splitlines()))


def file_of(href: str, form: str = "csv") -> str:
    return href.replace("/journeys/", f"/journeys.{form}")


# The journeys behind a number


def test_the_file_behind_a_number_tells_each_of_its_journeys(people: People, every_engine: None) -> None:
    client = world(people)
    shown = client.get(PAGE).context["sheet"]
    told = {(row["E-mail"], row["Journey"]): row for row in rows(client, file_of(shown.entered.href))}
    assert list(told) == [
        ("cyd@example.com", "2"),
        ("dan@example.com", "1"),
        ("cyd@example.com", "1"),
        ("bea@example.com", "1"),
        ("ada@example.com", "1"),
    ]
    ada, bea, again, dan = (
        told[f"{name}@example.com", number] for name, number in (("ada", "1"), ("bea", "1"), ("cyd", "2"), ("dan", "1"))
    )
    assert ada["First name"] == "'=1+1"  # a spreadsheet must not run it
    found = [(row["Outcome"], row["Lost stage"], row["Came as far as"], row["Last stage of the path"]) for row in (ada, bea, again, dan)]
    assert found == [
        ("Won", "", "Customer", "New lead"),
        ("Lost", "No budget", "Hot lead", "Hot lead"),
        ("Still on the path", "", "Hot lead", "Hot lead"),
        ("Lost", "Cold lead", "", ""),
    ]
    assert (ada["Time (seconds)"], ada["Time"].replace("\N{NO-BREAK SPACE}", " ")) == ("194400", "2 d 6 h")
    assert (again["Ended on"], again["Time (seconds)"], again["Time"]) == ("", "", "")
    assert bea["Entered on"] == ago(8).astimezone(account().tz).strftime("%Y-%m-%d %H:%M:%S")


def test_as_many_rows_as_the_number_said_in_both_formats(client: Client, tmp_path: Path) -> None:
    shown = client.get(PAGE).context["sheet"]
    cells = [part.shown for line in (*shown.stages, *shown.lost) for cell in line.cells for part in cell.parts]
    counted = [number for number in cells if number.href and number.text == str(number.exact)]
    assert len(counted) > 8
    for number in counted:
        assert len(rows(client, file_of(number.href))) == number.exact
    book = tmp_path / "journeys.xlsx"
    answer: Any = client.get(file_of(shown.entered.href, "xlsx"))
    book.write_bytes(b"".join(answer))
    assert len(list(lines(book, Format.XLSX))) == 1 + shown.entered.exact


@pytest.mark.parametrize("order", ["contact", "-length_ms", "entry_stage"])
def test_the_file_has_the_order_of_the_page(client: Client, order: str) -> None:
    href = f"{client.get(PAGE).context['sheet'].entered.href}&sort={order}"
    page = [(line.url.rstrip("/").rpartition("/")[2], str(line.number)) for line in client.get(href).context["lines"]]
    assert [(row["Record ID"], row["Journey"]) for row in rows(client, file_of(href))] == page


def test_the_contacts_behind_a_number_are_a_file_of_their_index_page(client: Client) -> None:
    link = client.get(client.get(PAGE).context["sheet"].entered.href).context["contacts_url"]
    assert len(rows(client, link.replace("/contacts/", "/contacts/export/") + "&format=csv")) == 4


def test_who_sees_only_their_own_contacts_takes_only_these_away(client: Client, people: People) -> None:
    sheet = behind.sheet(queries.ask(people.access(people.charlie), Definition()), Cell(outcome="won"))
    (batch,) = sheet.batches
    assert (sheet.total, len(batch)) == (1, 1)
    assert behind.sheet(queries.ask(people.access(people.charlie), Definition()), Cell(outcome="lost")).total == 0


@pytest.mark.parametrize("address", ["journeys.pdf?of=all", "journeys.csv?of=nonsense", "journeys.csv?of=all&criteria={"])
def test_what_no_number_leads_to_is_no_file(client: Client, address: str) -> None:
    assert client.get(PAGE + address).status_code == 404


# The tables and the funnel


@pytest.mark.parametrize("query", ["", "?by=hubspot_owner_id"])
def test_the_funnel_is_a_picture_that_tells_its_numbers(client: Client, query: str) -> None:
    assert client.get(f"{PAGE}chart.png{query}").content[:4] == b"\x89PNG"
    drawn = client.get(f"{PAGE}chart.svg{query}").content.decode()
    told = re.findall(r"<text[^>]*>([^<]*)</text>", drawn)
    shown = client.get(f"{PAGE}{query}").context["sheet"]
    wanted = [text for step in shown.funnel for text in (step.label, *(word for bar in step.bars for word in (bar.count.text, bar.share)))]
    assert [text for text in told if text in set(wanted)] == wanted
    assert {value.label for value in shown.values} <= set(told)


def test_every_figure_is_taken_away_as_json(client: Client) -> None:
    told = client.get(f"{PAGE}figures.json").json()
    assert (told["all"]["entered"], told["all"]["outcomes"]["lost"], told["all"]["lost"]["cold_lead"]) == (5, 3, 2)


def plain(text: str) -> str:
    return re.sub(r"\s", " ", text)


def test_the_whole_report_goes_onto_paper(client: Client) -> None:
    """With its cards, every stage and every lost stage, on a second sheet where the first is full."""
    whole, apart = (PdfReader(BytesIO(client.get(f"{PAGE}chart.pdf{query}").content)) for query in ("", "?by=hubspot_owner_id"))
    assert (len(whole.pages), len(apart.pages)) == (1, 2)
    told = plain(whole.pages[0].extract_text())
    shown = client.get(PAGE).context["sheet"]
    cells = [part.shown.text for line in (*shown.stages, *shown.lost) for cell in line.cells for part in cell.parts]
    for words in (*(card.value for card in shown.cards), *(step.label for step in shown.funnel), "Lost-stage breakdown", *cells):
        assert plain(words) in told, words
    assert "Page 2 of 2" in apart.pages[1].extract_text()
