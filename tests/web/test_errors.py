"""What went wrong is told in a sentence: as a page of its own, or at the edge of the page that is open."""

from __future__ import annotations

from django.test import Client

from tests.people import People


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
