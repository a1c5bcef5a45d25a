"""What S1 (“rapports sur le cycle de vie”) tells to do, step by step in French in a real browser; every card opens as many journeys."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import DESKTOP, PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
NUMBER = re.compile(r"\d[\d\s]*")
ADDRESS = "/reports/lifecycle/"
DAYS = "period=last_90_days"
PAGES = (
    f"{ADDRESS}?{DAYS}",
    f"{ADDRESS}?{DAYS}&by=hs_analytics_source",
    f"{ADDRESS}flow/?{DAYS}",
    f"{ADDRESS}trend/?{DAYS}",
    f"{ADDRESS}time/?{DAYS}",
    f"{ADDRESS}stuck/",
    f"{ADDRESS}journal/?{DAYS}",
    f"{ADDRESS}journeys/?of=all",
    "/settings/lifecycle/",
)


def test_the_lifecycle_report_is_read_as_the_instructions_say(visit: Visitor) -> None:
    window = visit(language="fr")
    page = window.open("/settings/lifecycle/")
    turn_off_and_on(page)
    page.locator(f'nav a[href="{ADDRESS}"]').click()
    expect(page.get_by_role("heading", name="Rapport du cycle de vie", level=1)).to_be_visible()
    choose_the_days(page)
    read_the_cards(page)
    open_the_cards(page)
    read_the_funnel(page)
    read_the_lost_stages(page)
    read_the_breakdown(page)
    side_by_side(page)
    choose_a_column(page)
    take_the_files(page)
    look_for_spikes(page)
    assert window.complaints == []


def turn_off_and_on(page: Page) -> None:
    """“Activez le bouton Afficher/Masquer les étapes du cycle de vie”."""
    switch = page.get_by_role("switch", name="Afficher/Masquer les étapes du cycle de vie")
    for after in ("false", "true"):
        switch.click()
        expect(switch).to_have_attribute("aria-checked", after)
        expect(page.get_by_text("Les étapes du cycle de vie sont désactivées")).to_have_count(1 if after == "false" else 0)


def choose_the_days(page: Page) -> None:
    """“Aujourd’hui, Hier, Les 7 derniers jours, Les 14 derniers jours, Les 30 derniers jours, etc.”"""
    period = page.get_by_label("Entrés", exact=True)
    expect(period).to_have_value("last_14_days")
    offered = [words.lower() for words in period.locator("option").all_inner_texts()]
    assert offered[:5] == ["aujourd’hui", "hier", "7 derniers jours", "14 derniers jours", "30 derniers jours"]
    choose(page, "Entrés", "last_90_days", DAYS)


def choose(page: Page, label: str, value: str, option: str) -> None:
    """A menu of the toolbar; what it says is in the address then."""
    page.get_by_label(label, exact=True).select_option(value)
    page.wait_for_url(f"**{option}*")
    page.wait_for_load_state("networkidle")


def caption(page: Page, of: Locator) -> str:
    """“Passez la souris sur les graphiques et les cartes pour obtenir des légendes”."""
    of.hover()
    shown = page.get_by_role("tooltip")
    expect(shown).to_be_visible()
    expect(of).to_have_attribute("aria-describedby", "caption")
    return shown.inner_text()


def read_the_cards(page: Page) -> None:
    """Conversion, drop-off and their times: each with its change against the period before, and a caption that tells formula and bias."""
    cards = page.locator(".kpis .kpi")
    labels = ["Taux de conversion", "Temps moyen de conversion", "Taux d’abandon", "Temps moyen avant abandon"]
    expect(cards.locator(".kpi-label")).to_have_text(labels)
    for place in range(4):
        card = cards.nth(place)
        assert "%" in card.locator(".kpi-change").inner_text()
        assert ("pts" in card.locator(".kpi-change").inner_text()) is (place in (0, 2))
        told = caption(page, card)
        assert "parcours" in told.lower() and "comparaison" in told
    expect(page.get_by_text("par rapport au")).to_be_visible()


def open_the_cards(page: Page) -> None:
    """As many journeys as the card counts, and of these as many contacts as their page says."""
    for place in range(4):
        card = page.locator(".kpis a.kpi").nth(place)
        counted = first_number(card.locator(".kpi-note"))
        card.click()
        open_behind(page, counted, with_contacts=place in (0, 2))
    behind = page.locator("ol.funnel a.funnel-line").first
    counted = first_number(behind.locator("b"))
    behind.click()
    open_behind(page, counted, with_contacts=True)


def first_number(of: Locator) -> int:
    found = NUMBER.search(of.inner_text())
    assert found
    return int(re.sub(r"\s", "", found.group()))


def open_behind(page: Page, counted: int, *, with_contacts: bool = False) -> None:
    """The page of the journeys, with their number as its heading; and back."""
    page.wait_for_url("**/journeys/*")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("parcours")
    assert first_number(heading) == counted
    if with_contacts:
        contacts = page.get_by_role("link", name=re.compile("Afficher les .* contacts"))
        known = first_number(contacts)
        contacts.click()
        page.wait_for_url("**/contacts/?criteria=*")
        expect(page.get_by_role("group", name="Filtres")).to_contain_text("Parcours")
        expect(page.locator("#records [data-total], #records .table-foot").first).to_contain_text(str(known))
        page.go_back()
    page.go_back()
    expect(page.get_by_label("Entrés", exact=True)).to_have_value("last_90_days")


def read_the_funnel(page: Page) -> None:
    """How many came to each stage: they never rise, and what is lost between two stages opens."""
    expect(page.get_by_role("heading", name="Entonnoir du parcours de cycle de vie")).to_be_visible()
    lines = page.locator("ol.funnel a.funnel-line")
    counts = [first_number(lines.nth(place).locator("b")) for place in range(lines.count())]
    assert counts == sorted(counts, reverse=True) and counts[0] == counts[1]
    assert "Lead chaud" in caption(page, lines.nth(2))
    lost = page.locator("ol.funnel .funnel-passed a").first
    counted = first_number(lost)
    lost.click()
    open_behind(page, counted)


def section(page: Page, heading: str) -> Locator:
    return page.locator("section", has=page.get_by_role("heading", name=heading))


def read_the_lost_stages(page: Page) -> None:
    """The most frequent first; together they are the card's drop-offs."""
    lost = section(page, "Répartition des étapes perdues").locator("tbody tr")
    counts = [first_number(lost.nth(place).locator("td.is-number").first) for place in range(lost.count())]
    assert counts == sorted(counts, reverse=True)
    assert sum(counts) == first_number(page.locator(".kpi-note").nth(2))
    lost.first.locator("a").first.click()
    open_behind(page, counts[0])


def read_the_breakdown(page: Page) -> None:
    """“Taux de conversion par étape, temps moyen passé à chaque étape, destinations de dépôt, raisons courantes d’abandon”."""
    details = section(page, "Répartition détaillée")
    for heading in ("Conversion", "Abandon", "Temps moyen", "Encore à l’étape", "Perdus vers"):
        expect(details.get_by_role("columnheader", name=heading, exact=True)).to_be_visible()
    first = details.locator("tbody tr").first
    expect(first.locator("td.is-list")).to_contain_text("Pas de budget")
    assert "÷" in caption(page, details.get_by_role("columnheader", name="Conversion", exact=True))
    idle = first.locator("td").nth(5)
    counted = first_number(idle)
    idle.locator("a").click()
    open_behind(page, counted)


def side_by_side(page: Page) -> None:
    choose(page, "Côte à côte", "hs_analytics_source", "by=hs_analytics_source")
    expect(page.get_by_role("heading", name=re.compile("Côte à côte"))).to_be_visible()
    expect(page.locator("ol.funnel .funnel-step").first.locator(".funnel-line").nth(1)).to_be_visible()
    page.get_by_label("Côte à côte", exact=True).select_option("")
    page.wait_for_url(lambda url: "by=" not in url)
    page.wait_for_load_state("networkidle")


def choose_a_column(page: Page) -> None:
    """“Personnalisez les colonnes selon vos besoins”."""
    details = section(page, "Répartition détaillée")
    details.get_by_role("button", name="Télécharger ou choisir").click()
    details.get_by_role("button", name="Choisir les colonnes").click()
    page.locator("#drawer").get_by_label(re.compile("^Sautée avant abandon")).check()
    page.locator("#drawer").get_by_role("button", name="Afficher ces colonnes").click()
    expect(page.get_by_role("columnheader", name="Sautée avant abandon")).to_be_visible()


def take_the_files(page: Page) -> None:
    """“L’option d’exportation disponible dans les tableaux de répartition (accessibles via le menu kebab)”: days and columns as chosen."""
    for heading, begin in (("Répartition des étapes perdues", "Étape perdue,Parcours,"), ("Répartition détaillée", "Étape,Atteinte,")):
        table = section(page, heading)
        table.get_by_role("button", name="Télécharger ou choisir").click()
        with page.expect_download() as taken:
            table.get_by_role("link", name="Télécharger en CSV").click()
        written = taken.value.path().read_text(encoding="utf-8-sig")
        assert written.startswith(begin)
        page.keyboard.press("Escape")
    assert "Sautée avant abandon" in written.splitlines()[0]


def look_for_spikes(page: Page) -> None:
    """“Inspectez l’historique de journalisation pour voir s’il y a des pics ou des baisses soudaines”."""
    page.get_by_role("link", name="Journal", exact=True).click()
    page.wait_for_url(f"**/journal/*{DAYS}*")
    expect(page.get_by_role("heading", name="Mouvements par jour")).to_be_visible()


@pytest.mark.parametrize(("size", "theme"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["desk", "phone"])
def test_every_page_of_the_lifecycle_is_whole_for_everybody(visit: Visitor, size: tuple[int, int], theme: str) -> None:
    window = visit(size, theme=theme, language="fr")
    for address in PAGES:
        window.open(address).wait_for_load_state("networkidle")
        assert window.troubles() == [], address
