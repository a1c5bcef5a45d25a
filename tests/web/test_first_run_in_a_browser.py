"""An empty home opens with its first-run page, and that page is all it takes."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import DESKTOP, PHONE, Visit, new_context, new_home, serving
from tests.people import PASSWORD

pytestmark = [pytest.mark.browser]


@pytest.fixture
def empty() -> Iterator[str]:
    """The address of a Jalon that nobody has set up."""
    with new_home() as home, serving(home) as url:
        yield url


def test_somebody_sets_up_a_jalon_in_the_browser(empty: str, browser: Browser) -> None:
    for size, theme, language in ((PHONE, "dark", "en"), (DESKTOP, "light", "fr")):
        with new_context(browser, size, theme, language) as context:
            window = Visit(context.new_page(), empty)
            page = window.open("/contacts/")
            expect(page.locator("html")).to_have_attribute("lang", language)
            assert window.troubles() == []
    with new_context(browser, DESKTOP, "light", "fr") as context:
        window = Visit(context.new_page(), empty)
        page = window.open("/")
        page.get_by_label("Nom du compte").fill("Atelier Moreau")
        page.get_by_label("Votre nom").fill("Claire")
        page.get_by_label("Votre adresse e-mail").fill("claire@moreau.example")
        page.get_by_label("Mot de passe").fill(PASSWORD)
        page.get_by_role("radio", name="Marketing et ventes").check()
        page.get_by_role("button", name="Configurer Jalon").click()
        expect(page).to_have_url(re.compile("/$"))
        expect(page.get_by_role("button", name="Menu de Claire")).to_be_visible()
        expect(page.get_by_role("link", name="Atelier Moreau")).to_be_visible()
        assert window.troubles() == []
