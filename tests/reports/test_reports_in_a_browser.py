"""Reports in a real browser, in French: made from a starting point, looked at, filtered, opened down to the contacts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import PHONE, Visit, Visitor

pytestmark = pytest.mark.browser
NUMBER = re.compile(r"\D")


def drawn(page: Page) -> None:
    """The chart stands, and nothing is on its way: htmx complains of a request that a click cuts off."""
    page.wait_for_load_state("networkidle")
    expect(page.locator("[data-plot][data-drawn] canvas")).to_be_visible(timeout=30_000)


def stages(window: Visit) -> Page:
    """A new report of lifecycle stages."""
    page = window.open("/reports/")
    page.wait_for_load_state("networkidle")
    page.get_by_role("main").get_by_role("link", name="Créer un rapport").first.click()
    page.wait_for_load_state("networkidle")
    page.get_by_role("link", name="Répartition des étapes du cycle de vie").click()
    drawn(page)
    page.get_by_label("Période", exact=True).select_option("all_time")
    drawn(page)
    page.get_by_role("main").get_by_role("button", name="Créer un rapport").click()
    expect(page.get_by_text("Détails du rapport")).to_be_visible()
    drawn(page)
    return page


def total(page: Page) -> int:
    return int(NUMBER.sub("", page.locator("#values tfoot a").first.inner_text()))


def test_a_report_is_made_and_each_number_opens_its_contacts(visit: Visitor) -> None:
    window = visit(language="fr")
    page = stages(window)
    expect(page.get_by_role("heading", level=1)).to_contain_text(
        "Contacts par Date de création, depuis le début, par Étape du cycle de vie"
    )
    expect(page.locator("#values")).to_contain_text("Propriété non définie")
    assert window.axe() == []
    link = page.locator("#values tbody a").first
    number = int(NUMBER.sub("", link.inner_text()))
    link.click()
    page.wait_for_url("**/contacts/?criteria=*")
    expect(page.locator(".pager-total")).to_have_text(re.compile(rf"{number:,}".replace(",", r"\D?") + r"\s*$"))
    assert window.complaints == []


def test_cumulative_is_a_switch_in_the_address(visit: Visitor) -> None:
    page = stages(visit(language="fr"))
    page.get_by_role("link", name="Cumulatif").click()
    page.wait_for_url("**style=cumulative*")
    expect(page.get_by_role("link", name="Cumulatif")).to_have_attribute("aria-current", "true")
    drawn(page)
    page.reload()
    drawn(page)
    expect(page.get_by_role("link", name="Cumulatif")).to_have_attribute("aria-current", "true")


def test_a_click_on_the_chart_opens_the_contacts_of_that_bar(visit: Visitor) -> None:
    page = stages(visit(language="fr"))
    box = page.locator("[data-plot] canvas").bounding_box()
    assert box
    plot = page.locator("[data-plot]")
    plot.scroll_into_view_if_needed()
    for share in (0.95, 0.9, 0.85, 0.8):  # wherever a bar stands near the axis
        page.mouse.click(box["x"] + box["width"] * share, box["y"] + box["height"] * 0.8)
        if "/contacts/" in page.url:
            break
    page.wait_for_url("**/contacts/?criteria=*")


def test_the_table_is_filtered_without_changing_the_totals(visit: Visitor) -> None:
    page = stages(visit(language="fr"))
    before = total(page)
    page.get_by_placeholder("Filtrer le tableau…").fill("propriete")
    expect(page.locator("#values tbody tr:visible")).to_have_count(1)
    assert total(page) == before
    page.get_by_placeholder("Filtrer le tableau…").fill("xyz")
    expect(page.get_by_text("Aucune valeur ne contient ce texte.")).to_be_visible()


def test_the_title_is_edited_in_place_by_the_keyboard(visit: Visitor) -> None:
    page = stages(visit(language="fr"))
    title = page.get_by_role("textbox", name="Titre")
    title.fill("Mes étapes")
    title.press("Enter")
    expect(page).to_have_title(re.compile("Mes étapes"))
    expect(page.get_by_role("textbox", name="Titre")).to_have_value("Mes étapes")


def test_it_fits_a_phone_in_the_dark(visit: Visitor) -> None:
    window = visit(PHONE, theme="dark", language="fr")
    stages(window)
    assert window.overflow() <= 0
    assert window.axe() == []
    assert window.complaints == []
