"""What S1 (“rapports sur le cycle de vie”) tells to do, step by step in French in a real browser; every card opens as many journeys."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
NUMBER = re.compile(r"\d+")
ADDRESS = "/reports/lifecycle/"


def switch(page: Page, words: str) -> None:
    """The switch of the stages, in the menu of their settings."""
    page.get_by_role("button", name="Autres actions").first.click()
    page.get_by_role("button", name=words).first.click()
    expect(page.get_by_text("Les étapes du cycle de vie sont désactivées")).to_have_count(1 if words.startswith("Masquer") else 0)


def choose(page: Page, label: str, value: str, option: str) -> None:
    """A menu of the toolbar; what it says is in the address then."""
    page.get_by_label(label, exact=True).select_option(value)
    page.wait_for_url(f"**{option}*")
    page.wait_for_load_state("networkidle")


def test_the_lifecycle_report_is_read_as_the_instructions_say(visit: Visitor) -> None:
    window = visit(language="fr")
    page = window.open("/settings/lifecycle/")
    switch(page, "Masquer les étapes du cycle de vie")
    switch(page, "Afficher les étapes du cycle de vie")
    page.locator(f'nav a[href="{ADDRESS}"]').click()
    expect(page.get_by_role("heading", name="Rapport du cycle de vie", level=1)).to_be_visible()
    period = page.get_by_label("Entrés", exact=True)
    expect(period).to_have_value("last_14_days")
    offered = period.locator("option").all_inner_texts()
    assert [words.lower() for words in offered[:5]] == ["aujourd’hui", "hier", "7 derniers jours", "14 derniers jours", "30 derniers jours"]
    choose(page, "Entrés", "last_90_days", "period=last_90_days")
    expect(page.get_by_role("heading", name="Entonnoir du parcours de cycle de vie")).to_be_visible()
    assert window.axe() == []
    open_the_cards(page)
    side_by_side(page)
    choose_a_column(page)
    take_the_file(page)
    assert window.complaints == []


def open_the_cards(page: Page) -> None:
    """Each has its formula as a caption, and opens the journeys that it counts."""
    for place in range(4):
        card = page.locator(".kpis a.kpi").nth(place)
        assert "parcours" in (card.get_attribute("title") or "").lower()
        counted = NUMBER.findall(card.locator(".kpi-note").inner_text())[0]
        card.click()
        page.wait_for_url("**/journeys/*")
        expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(rf"^\s*{counted} parcours\s*$"))
        page.go_back()
        expect(page.get_by_label("Entrés", exact=True)).to_have_value("last_90_days")
    page.locator("ol.funnel a").first.click()
    page.get_by_role("link", name=re.compile("Afficher les .* contacts")).click()
    page.wait_for_url("**/contacts/?criteria=*")
    expect(page.get_by_role("group", name="Filtres")).to_contain_text("Parcours")
    page.go_back()
    page.go_back()


def side_by_side(page: Page) -> None:
    choose(page, "Côte à côte", "hs_analytics_source", "by=hs_analytics_source")
    expect(page.get_by_role("heading", name=re.compile("Côte à côte"))).to_be_visible()
    expect(page.locator("ol.funnel .funnel-step").first.locator(".funnel-line").nth(1)).to_be_visible()
    page.get_by_label("Côte à côte", exact=True).select_option("")
    page.wait_for_url(lambda url: "by=" not in url)
    page.wait_for_load_state("networkidle")


def choose_a_column(page: Page) -> None:
    details = page.locator("section", has=page.get_by_role("heading", name="Répartition détaillée"))
    details.get_by_role("button", name="Télécharger ou choisir").click()
    details.get_by_role("button", name="Choisir les colonnes").click()
    page.locator("#drawer").get_by_label(re.compile("^Sautée avant abandon")).check()
    page.locator("#drawer").get_by_role("button", name="Afficher ces colonnes").click()
    expect(page.get_by_role("columnheader", name="Sautée avant abandon")).to_be_visible()


def take_the_file(page: Page) -> None:
    """The menu of the table of lost stages."""
    lost = page.locator("section", has=page.get_by_role("heading", name="Répartition des étapes perdues"))
    lost.get_by_role("button", name="Télécharger ou choisir").click()
    with page.expect_download() as taken:
        lost.get_by_role("link", name="Télécharger en CSV").click()
    assert taken.value.path().read_text(encoding="utf-8-sig").startswith("Étape perdue,Parcours,")


def test_report_and_journeys_fit_a_phone_in_the_dark(visit: Visitor) -> None:
    window = visit(PHONE, theme="dark", language="fr")
    page = window.open(f"{ADDRESS}?period=last_90_days&by=hs_analytics_source")
    expect(page.locator("ol.funnel")).to_be_visible()
    assert window.troubles() == []
    page.locator("ol.funnel a").first.click()
    page.wait_for_url("**/journeys/*")
    assert window.troubles() == []
