"""The lifecycle report is saved in a real browser, in French: it stands on its own page, whoever opens it, and its options change."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser import Visitor

pytestmark = pytest.mark.browser
ITS_PAGE = re.compile(r"/reports/\d+/$")


def test_what_the_live_report_asks_becomes_a_report(visit: Visitor) -> None:
    window = visit(size=(390, 844), theme="dark", language="fr")
    page = window.open("/reports/lifecycle/?period=all_time")
    entered = page.locator(".lifecycle-head a").inner_text()
    page.get_by_role("button", name="Enregistrer comme rapport").click()
    drawer = page.locator("#drawer")
    expect(drawer.get_by_label("Titre")).to_have_attribute("placeholder", "Cycle de vie, depuis le début")
    assert window.axe() == []
    drawer.get_by_label("Titre").fill("Parcours depuis le début")
    drawer.get_by_label("Moi seulement").check()
    drawer.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page).to_have_url(ITS_PAGE)
    expect(page.locator(".title-input")).to_have_value("Parcours depuis le début")
    expect(page.locator(".lifecycle-head a")).to_have_text(entered)
    assert window.troubles() == []

    page.get_by_role("link", name="Modifier le rapport").click()
    expect(page.locator(".lifecycle-editing")).to_contain_text("«\xa0Parcours depuis le début\xa0»")
    with page.expect_response(lambda answer: "by=hs_analytics_source" in answer.url):
        page.get_by_label("Côte à côte").select_option("hs_analytics_source")
    page.get_by_role("button", name="Enregistrer les modifications").click()
    expect(page).to_have_url(ITS_PAGE)
    expect(page.locator("#values")).to_be_visible()
    number = page.locator("#values tbody tr td a").nth(1)
    counted = number.inner_text()
    number.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(counted)
    assert window.troubles() == []
