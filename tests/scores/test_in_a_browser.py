"""A score from its rules to a record's points, in French, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser import Visitor
from tests.waiting import until

pytestmark = [pytest.mark.browser]


def test_un_score_de_ses_regles_aux_points_d_une_fiche(visit: Visitor) -> None:
    window = visit(language="fr")
    page = window.open("/settings/properties/contacts/")
    page.get_by_role("link", name="Créer un score").click()
    page.get_by_label("Libellé en français").first.fill("Proximité")
    expect(page.locator("#preview")).to_contain_text("Donnez ses filtres à chaque règle")
    page.get_by_role("button", name="Modifier les filtres").click()
    expect(page.locator("[data-picker] input")).to_be_focused()
    page.keyboard.type("E-mail")
    page.keyboard.press("Enter")
    page.locator("[name='operator:0.0']").select_option("is_known")
    page.locator("#drawer button[type=submit]").click()
    expect(page.locator("[data-rule] .chip")).to_have_text("E-mail est renseigné")
    expect(page.locator("#preview")).to_contain_text("contacts selon leurs points")
    expect(page.locator(".score-samples")).to_contain_text("+10")
    points = page.locator("[name=points]").first
    points.fill("\u22127")
    expect(page.locator(".score-samples")).to_contain_text("\u22127")
    page.get_by_role("button", name="Ajouter une règle").click()
    expect(page.locator("[data-rule]")).to_have_count(2)
    expect(page.locator("[data-rule] [data-field-editor]").last).to_be_focused()
    page.locator("[data-grip]").last.focus()
    page.keyboard.press("ArrowUp")
    expect(page.locator("[data-rule] .chip")).to_have_count(1)
    expect(page.locator("[data-rule]").last.locator(".chip")).to_have_text("E-mail est renseigné")
    page.locator("[data-remove-rule]").first.click()
    expect(page.locator("[data-rule]")).to_have_count(1)
    assert window.troubles() == []
    page.get_by_role("button", name="Créer un score").click()
    expect(page.get_by_role("heading", name="Proximité")).to_be_visible()
    expect(page.locator("#score-state")).to_contain_text("Chaque fiche a ses points")
    expect(page.locator(".score-bars a").last).to_be_visible()
    assert window.troubles() == []
    page.reload()
    page.locator(".score-samples a").last.click()
    until(lambda: page.reload() is not None and page.locator("#property-proximite .is-explained").count() == 1)
    page.locator("#property-proximite .is-explained").click()
    expect(page.locator("#drawer")).to_contain_text(re.compile("E-mail est renseigné"))
    expect(page.locator("#drawer .score-given").first).to_contain_text("\u22127")
    assert window.complaints == []  # the record page under the drawer has tests of its own
