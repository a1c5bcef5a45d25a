"""Merging in a real browser, in French: side by side, a choice, the merged page, and the way back."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser import Live, Visitor, in_every_look

pytestmark = [pytest.mark.browser]


@pytest.fixture(scope="module")
def twins(live: Live) -> Iterator[list[str]]:
    """Two contacts that are one; their numbers."""
    with httpx.Client(base_url=live.url, cookies={cookie["name"]: cookie["value"] for cookie in live.cookies}) as client:

        def create(**values: str) -> str:
            typed = {f"property-{name}": value for name, value in values.items()}
            answer = client.post("/contacts/new/", data={**typed, "csrfmiddlewaretoken": client.cookies["csrftoken"]})
            assert answer.status_code == 302, answer.text
            return answer.headers["Location"].strip("/").split("/")[-1]

        shared = {"firstname": "Olympe", "lastname": "Vasseur"}
        yield [
            create(email="olympe@fusion.example", city="Lille", **shared),
            create(email="o.vasseur@fusion.example", city="Arras", **shared),
        ]


@in_every_look
def test_the_pages_are_open_to_everybody(visit: Visitor, twins: list[str], size: tuple[int, int], theme: str, language: str) -> None:
    paths = (
        f"/contacts/merge/?ids={','.join(twins)}",
        f"/contacts/merge/?ids={twins[0]}&q=olympe",
        "/contacts/duplicates/",
        "/contacts/archived/",
        f"/contacts/erase/?ids={twins[0]}",
        "/contacts/erasures/",
    )
    window = visit(size, theme=theme, language=language)
    troubles: dict[str, list[str]] = {}
    for path in paths:
        window.open(path)
        assert window.overflow() <= 0, path
        troubles[path] = [*window.axe(), *window.complaints]
        window.complaints.clear()
    assert {path: found for path, found in troubles.items() if found} == {}


def test_two_contacts_are_merged_in_french_and_parted_again(visit: Visitor, twins: list[str]) -> None:
    page = visit(language="fr").open(f"/contacts/merge/?ids={','.join(twins)}")
    expect(page.get_by_role("heading", name="Fusionner des contacts")).to_be_visible()
    expect(page.get_by_text("Cette fiche reste")).to_have_count(1)
    page.get_by_role("radio", name="Arras").check()
    page.get_by_role("button", name="Fusionner", exact=True).click()
    expect(page).to_have_url(re.compile(rf"/contacts/({twins[0]}|{twins[1]})/$"))
    expect(page.get_by_text("Arras").first).to_be_visible()
    expect(page.get_by_role("heading", name="Fiches fusionnées")).to_be_visible()
    page.get_by_role("button", name="Annuler la fusion").click()
    expect(page.get_by_text("La fusion est annulée")).to_be_visible()
    for number in twins:
        page.goto(page.url.split("/contacts/")[0] + f"/contacts/{number}/")
        expect(page).to_have_url(re.compile(rf"/contacts/{number}/$"))
