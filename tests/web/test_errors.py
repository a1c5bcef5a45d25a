"""What went wrong is told in a sentence: as a page of its own, or at the edge of the page that is open."""

from __future__ import annotations

import pytest
from django.test import Client

from jalon.web.numbers import whole
from tests.people import People

FORM = "application/x-www-form-urlencoded"


def test_an_unknown_address_is_told_on_a_whole_page(people: People) -> None:
    client = Client()
    client.force_login(people.alice)
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert "There is nothing at this address" in answer.content.decode()
    assert "<nav" in answer.content.decode()


def test_a_refused_part_of_a_page_answers_with_the_sentence_alone(people: People) -> None:
    client = Client()
    client.force_login(people.rita)
    answer = client.post("/reports/new/contacts/create/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (403, "text/plain; charset=utf-8")
    assert answer.content.decode().startswith("You do not have the right to do this.")


@pytest.mark.parametrize(
    ("address", "form"),
    [("/lists/?q=a%00b", None), ("/contacts/?a%00b=1", None), ("/invitation/a%00b/", None), ("/appearance/", {"theme": "a\x00b"})],
)
def test_a_nul_byte_gets_a_sentence_wherever_it_is_sent(people: People, address: str, form: dict[str, str] | None) -> None:
    """PostgreSQL keeps none, so that every search and every text would fail of it."""
    client = Client()
    client.force_login(people.alice)
    answer = client.get(address) if form is None else client.post(address, form)
    assert answer.status_code == 400
    assert "characters that cannot be stored" in answer.content.decode()


@pytest.mark.parametrize("number", ["²", "١٢", "-1", "9" * 40, "a", ""])
def test_what_is_no_number_names_nothing(people: People, number: str) -> None:
    """Digits of other scripts and raised ones are digits to Python, and no numbers to it or to the database."""
    client = Client()
    client.force_login(people.alice)
    assert whole(number) is None
    assert client.post("/contacts/duplicates/deny/", {"first": number, "second": number}).status_code == 404


@pytest.mark.parametrize(
    "address", ["²", '{"groups":5}', "https://example.org/", "//example.org", "javascript:alert(1)", "reports:home", "x"]
)
def test_nobody_is_led_away_or_to_what_is_no_address(people: People, address: str) -> None:
    client = Client()
    client.force_login(people.alice)
    assert client.post("/appearance/", {"theme": "dark", "next": address}).headers["Location"] == "/"
    assert client.post("/appearance/", {"theme": "dark", "next": "/lists/?q=1"}).headers["Location"] == "/lists/?q=1"


def test_a_form_of_many_megabytes_gets_a_sentence(people: People) -> None:
    client = Client()
    client.force_login(people.alice)
    answer = client.post("/appearance/", "theme=" + "x" * 3_000_000, headers={"HX-Request": "true"}, content_type=FORM)
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert answer.content.decode().startswith("This is too much for one form.")
