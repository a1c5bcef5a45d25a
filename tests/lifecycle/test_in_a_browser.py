"""The stages of the lifecycle in a real browser, in French: one is added, put into its place by keys and by mouse, and deleted again."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Response, expect

from tests.browser import Visitor

pytestmark = pytest.mark.browser


def path(page: Page) -> list[str]:
    named = "headings => headings.map((heading) => heading.firstChild.textContent.trim())"  # without the tags behind the name
    return list(page.locator("[data-order] h3").evaluate_all(named))


def kept(answer: Response) -> bool:
    """The order is written down."""
    return answer.url.endswith("/order/")


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
    with page.expect_response(kept):
        grip.press("ArrowUp")
    with page.expect_response(kept):
        page.get_by_role("button", name="Déplacer Nouveau lead").drag_to(grip)
    page.reload()
    assert path(page) == ["Lead chaud", "Essai gratuit", "Nouveau lead", "Paiement"]
    with page.expect_response(kept):
        page.get_by_role("button", name="Déplacer Nouveau lead").drag_to(page.get_by_role("button", name="Déplacer Lead chaud"))
    page.get_by_role("button", name="Essai gratuit", exact=True).click()
    page.get_by_role("button", name="Supprimer", exact=True).click()
    expect(page.locator("#drawer")).to_contain_text("Aucun contact ne s’y trouve.")
    page.locator("#drawer").get_by_role("button", name="Supprimer").click()
    expect(page.get_by_text("est en cours de suppression en arrière-plan")).to_be_visible()
    expect(page.get_by_role("heading", name="Essai gratuit")).to_have_count(0)  # the page itself tells when it is gone
    assert path(page) == ["Nouveau lead", "Lead chaud", "Paiement"]
    assert window.complaints == []
