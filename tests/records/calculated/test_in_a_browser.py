"""A calculated property from its formula to its value, in French, in a real browser."""

from __future__ import annotations

import re

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser import Live, Visitor
from tests.waiting import until

pytestmark = [pytest.mark.browser]


def test_une_propriete_calculee_de_sa_formule_a_sa_valeur(visit: Visitor, live: Live) -> None:
    with httpx.Client(base_url=live.url, cookies={cookie["name"]: cookie["value"] for cookie in live.cookies}) as client:
        typed = {"property-dealname": "Tentes", "property-amount": "50", "csrfmiddlewaretoken": client.cookies["csrftoken"]}
        deal = client.post("/deals/new/", data=typed).headers["Location"]
        until(lambda: "Tentes" in client.get("/deals/").text)
    window = visit(language="fr")
    page = window.open("/settings/properties/deals/new/")
    page.get_by_label("Libellé en français").first.fill("Commission")
    page.get_by_label("Type").select_option("calculated")
    formula = page.get_by_label("Formule")
    formula.fill("amout * 0.2")
    expect(page.locator("#formula-check")).to_contain_text("Vouliez-vous dire «\u00a0amount\u00a0»")
    formula.fill("")
    page.get_by_text("Propriétés", exact=False).locator("visible=true").last.click()
    page.get_by_role("button", name=re.compile("^Montant amount$")).click()
    expect(formula).to_have_value("amount")
    formula.press_sequentially(" * 0.2")
    expect(page.locator("#formula-check")).to_contain_text("La formule donne un nombre.")
    expect(page.locator("#formula-check")).to_contain_text("Tentes")
    assert [*window.axe(), *window.complaints] == []
    page.get_by_role("button", name="Créer une propriété").click()
    expect(page.get_by_role("link", name="Commission")).to_be_visible()
    until(lambda: "10" in window.open(deal).locator("#property-commission").inner_text())
    page = window.open("/settings/properties/deals/commission/")
    expect(page.get_by_text("La propriété a été créée.")).to_be_visible()
    assert [*window.axe(), *window.complaints] == []
