"""Lists in a real browser, in French: made with the editor, followed through a change, converted, filled by hand."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import Visitor
from tests.waiting import until

pytestmark = pytest.mark.browser


def named(page: Page, kind: str, name: str) -> None:
    """The first step: the kind and the name."""
    page.get_by_role("radio", name=kind).check()
    page.get_by_label("Nom", exact=True).fill(name)
    page.get_by_role("button", name="Continuer").click()


def created(page: Page, name: str) -> int:
    """A contact of Brest, made as somebody makes one; its number."""
    page.get_by_label("E-mail", exact=True).fill(f"{name.lower()}@finistere.example")
    page.get_by_label("Prénom", exact=True).fill(name)
    page.get_by_role("main").get_by_role("button", name=re.compile("Créer")).first.click()
    expect(page).to_have_url(re.compile(r"/contacts/\d+/"))
    return int(page.url.rstrip("/").rpartition("/")[2])


def shows(page: Page, url: str, words: str) -> None:
    """Lists follow within a moment, which a page that is open does not see."""

    def told() -> bool:
        page.goto(url)
        return page.get_by_text(words).count() > 0

    until(told)


def test_a_list_is_made_followed_converted_and_another_filled_by_hand(visit: Visitor) -> None:
    window = visit(language="fr")
    page = window.open("/contacts/new/")
    id = created(page, "Azenor")
    window.open("/lists/new/")
    named(page, "Active", "Les Azenor du Finistère")
    page.wait_for_load_state("networkidle")
    page.get_by_role("combobox", name="Trouver un filtre").fill("prénom")
    page.get_by_role("option", name="Prénom", exact=True).click()
    page.get_by_label("Valeur", exact=True).fill("Azenor")
    expect(page.locator("#criteria-verdict strong")).to_have_text("1")
    page.get_by_role("searchbox", name="Fiche à tester").fill("azenor")
    page.locator("#candidates").get_by_role("button", name="Azenor").click()
    expect(page.locator("#tested")).to_contain_text("serait dans la liste")
    assert window.axe() == []
    page.get_by_role("button", name="Créer une liste").click()
    expect(page.locator("table.records")).to_contain_text("Azenor")
    follows = page.url
    assert window.axe() == []

    window.open(f"/contacts/{id}/")
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="Modifier", exact=True).click()
    page.locator("#drawer").get_by_label("Prénom", exact=True).fill("Bleuenn")
    page.locator("#drawer").get_by_role("button", name="Enregistrer").click()
    expect(page.locator("#record-name")).to_contain_text("Bleuenn")
    shows(page, follows, "Aucune fiche ne répond aux critères pour l’instant")

    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="Autres actions").click()
    page.get_by_role("button", name="Convertir en liste statique").click()
    page.get_by_role("button", name="Convertir", exact=True).click()
    expect(page.locator(".list-lead")).to_contain_text("Statique, par critères")

    window.open("/lists/new/")
    named(page, "Statique, à la main", "Invités")
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="Ajouter des fiches").click()
    page.wait_for_load_state("networkidle")
    page.locator("#hand-find").press_sequentially("bleuenn", delay=40)
    page.locator("#hand-hits").get_by_role("button", name=re.compile("Ajouter")).first.click()
    expect(page.locator("#hand-hits")).to_contain_text("dans la liste")
    expect(page.locator("table.records")).to_contain_text("Bleuenn")  # without a reload
    assert window.troubles() == []
    window.open(f"/contacts/{id}/?show=list")
    expect(page.locator("#lists-panel")).to_contain_text("Invités")
    expect(page.locator("#timeline")).to_contain_text("est sortie de la liste")
