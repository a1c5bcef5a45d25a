"""The stages of the lifecycle in a real browser, in French: one is added, put into its place with the arrows, and deleted again."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser import Visitor
from tests.waiting import until

pytestmark = pytest.mark.browser


def path(page: Page) -> list[str]:
    return [" ".join(text.split()) for text in page.locator("[data-order] h3").all_inner_texts()]


def test_a_stage_is_added_moved_and_deleted(visit: Visitor) -> None:
    window = visit(language="fr")
    page = window.open("/settings/lifecycle/")
    page.get_by_role("button", name="Ajouter une étape", exact=True).click()
    page.get_by_label("Nom en français").fill("Essai gratuit")
    page.locator("#drawer").get_by_title("Vert").click()
    page.locator("#drawer").get_by_role("button", name="Ajouter une étape").click()
    expect(page.locator("[data-order] h3")).to_have_count(4)
    assert path(page)[-1] == "Essai gratuit"
    assert window.axe() == []
    grip = page.get_by_role("button", name="Déplacer Essai gratuit")
    grip.focus()
    with page.expect_response(lambda answer: answer.url.endswith("/order/")):
        grip.press("ArrowUp")
    page.reload()
    assert path(page)[2] == "Essai gratuit"
    page.get_by_role("button", name="Essai gratuit", exact=True).click()
    page.get_by_role("button", name="Supprimer", exact=True).click()
    expect(page.locator("#drawer")).to_contain_text("Aucun contact ne s’y trouve.")
    page.locator("#drawer").get_by_role("button", name="Supprimer").click()
    expect(page.get_by_text("est en cours de suppression en arrière-plan")).to_be_visible()

    def gone() -> bool:
        page.goto(page.url)
        return "Essai gratuit" not in path(page)

    until(gone)
