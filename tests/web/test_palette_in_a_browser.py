"""Ctrl-K in a real browser, in French: found while one types, opened by keyboard, without a page that jumps or complains."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser import PHONE, Visitor


def _typed(page: Page, words: str) -> None:
    page.keyboard.press("Control+k")
    page.locator("#palette-input").fill(words)


def test_records_are_found_and_opened_by_keyboard(visit: Visitor) -> None:
    here = visit(language="fr")
    page = here.open("/contacts/")
    name = page.locator("tbody tr").first.locator("a[href^='/contacts/']").first.inner_text()
    _typed(page, name.split()[-1].upper())
    group = page.get_by_role("group", name="Contacts", exact=True)
    expect(group.get_by_role("option").first).to_be_visible()
    assert here.troubles() == []
    page.keyboard.press("Enter")
    page.wait_for_url("**/contacts/*/")
    expect(page.get_by_role("heading", level=1)).to_contain_text(name.split()[-1])
    opened = page.url
    page.goto(f"{here.url}/")
    page.keyboard.press("Control+k")
    lately = page.get_by_role("group", name="Consultés récemment")
    expect(lately.get_by_role("option").first).to_have_attribute("href", opened.removeprefix(here.url))
    with page.context.expect_page() as tab:
        page.keyboard.press("Control+Enter")
    assert tab.value.url == opened
    assert here.troubles() == []


def test_commands_are_run_and_nothing_found_is_said(visit: Visitor) -> None:
    here = visit(language="fr")
    page = here.open("/")
    _typed(page, "creer contact")
    page.keyboard.press("Enter")
    page.wait_for_url("**/contacts/new/**")
    _typed(page, "theme somb")
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    _typed(page, "sante")
    page.keyboard.press("Enter")
    page.wait_for_url("**/settings/health/")
    assert here.troubles() == []
    _typed(page, "zzqqxxyy")
    expect(page.get_by_text("Rien ne porte ce nom", exact=False)).to_be_visible()
    _typed_on_a_phone(visit)


def _typed_on_a_phone(visit: Visitor) -> None:
    here = visit(size=PHONE, language="fr")
    page = here.open("/")
    page.locator("[data-palette-open]").first.click()
    page.locator("#palette-input").fill("martin")
    expect(page.locator("#palette-found .palette-line").first).to_be_visible()
    assert here.troubles() == []
    page.get_by_role("button", name="Fermer").first.click()
    expect(page.locator("#palette")).to_be_hidden()
