"""Second factors in a real browser and in French: an app with codes, a passkey, and what the bell tells of it."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from jalon.accounts.safety import codes
from jalon.demo.company import PASSWORD
from tests.browser import DESKTOP, PHONE, Live, Visit, new_context

pytestmark = [pytest.mark.browser]

PAGE = "/settings/profile/safety/"


@pytest.fixture
def window(live: Live, browser: Browser) -> Iterator[Visit]:
    """Bruno at his desk, in French, under a name for which browsers use passkeys."""
    with new_context(browser, DESKTOP, "light", "fr") as context:
        yield Visit(context.new_page(), live.url.replace("127.0.0.1", "localhost"))


def give_password(window: Visit, who: str) -> Page:
    page = window.open("/sign-in/")
    page.get_by_label("Adresse e-mail").fill(f"{who}@cabrelle.example")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter", exact=True).click()
    return page


def sign_out(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Menu de")).click()
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page).to_have_url(re.compile("/sign-in/"))


def code(secret: str, later: int = 0) -> str:
    return codes.code_at(secret, int(time.time()) // codes.STEP + later)


def test_somebody_sets_up_the_app_and_signs_in_with_its_code(window: Visit) -> None:
    page = give_password(window, "bruno")
    window.open(PAGE)
    assert window.troubles() == []
    page.get_by_role("link", name="Configurer").click()
    expect(page.get_by_role("img", name="QR code pour votre application")).to_be_visible()
    assert window.troubles() == []
    secret = page.locator("#secret").inner_text().replace(" ", "")
    page.get_by_role("textbox", name="Code").fill(code(secret))
    page.get_by_role("button", name="Activer").click()
    expect(page.get_by_role("heading", name="Conservez ces codes de secours")).to_be_visible()
    recovery = page.locator("#codes").inner_text().split()
    assert window.troubles() == []
    window.open(PAGE)
    expect(page.get_by_text("Il en reste 10.")).to_be_visible()
    sign_out(page)
    give_password(window, "bruno")
    expect(page.get_by_role("heading", name="Encore une étape")).to_be_visible()
    assert window.troubles() == []
    page.get_by_role("textbox", name="Code").fill("000000")
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("alert").first).to_contain_text("Ce code n’est pas le bon.")
    page.get_by_role("textbox", name="Code").fill(code(secret, later=1))
    page.get_by_role("button", name="Se connecter").click()
    expect(page).to_have_url(re.compile("/$"))
    sign_out(page)
    give_password(window, "bruno")
    page.get_by_role("textbox", name="Code").fill(recovery[0])
    page.get_by_role("button", name="Se connecter").click()
    expect(page).to_have_url(re.compile("/$"))
    page.locator(".bell").click()
    expect(page.locator("#notices-list")).to_contain_text("Un code de secours a servi à se connecter en votre nom. Il en reste 9.")
    assert window.troubles() == []
    page.get_by_role("button", name="Tout marquer comme lu").click()
    expect(page.locator("#bell-count")).to_be_empty()


def test_somebody_signs_in_with_a_passkey_alone(window: Visit) -> None:
    devices = window.page.context.new_cdp_session(window.page)
    devices.send("WebAuthn.enable")
    device = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    device |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": device})
    page = give_password(window, "chloe")
    window.open(PAGE)
    page.get_by_label("Nom de la clé d’accès").fill("Portable de Chloé")
    page.get_by_role("button", name="Ajouter").click()
    expect(page.get_by_text("est ajoutée.")).to_contain_text("Portable de Chloé")
    assert window.troubles() == []
    sign_out(page)
    page.get_by_role("button", name="Se connecter avec une clé d’accès").click()
    expect(page).to_have_url(re.compile("/$"))
    expect(page.get_by_role("button", name=re.compile("^Menu de Chloé"))).to_be_visible()
    sign_out(page)
    give_password(window, "chloe")
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    expect(page).to_have_url(re.compile("/$"))


def test_the_rules_of_passwords_are_ticked_off_while_one_types(window: Visit) -> None:
    page = give_password(window, "david")
    window.open(PAGE)
    new = page.get_by_label("Nouveau mot de passe")
    new.press_sequentially("david")
    missed = page.locator("#password-rules .is-missed")
    expect(missed).to_have_count(3)
    new.fill("quelques mots sans suite")
    expect(page.locator("#password-rules .is-kept")).to_have_count(4)
    expect(missed).to_have_count(0)


def test_somebody_makes_a_token_and_a_program_uses_it(live: Live, window: Visit) -> None:
    page = give_password(window, "alice")
    window.open("/settings/tokens/new/")
    assert window.troubles() == []
    page.get_by_label("Nom").fill("Site web")
    page.get_by_role("button", name="Créer le jeton").click()
    token = page.get_by_label("Jeton", exact=True).input_value()
    assert window.troubles() == []
    answer = page.context.request.get(f"{live.url}/api/whoami", headers={"Authorization": f"Bearer {token}"})
    assert answer.json()["token"] == "Site web"
    window.open("/settings/tokens/")
    expect(page.get_by_role("row", name=re.compile("Site web"))).to_contain_text("127.0.0.1")


@pytest.mark.parametrize(("size", "theme", "language"), [(PHONE, "dark", "fr"), (DESKTOP, "dark", "en"), (PHONE, "light", "en")])
def test_the_pages_of_safety_are_open_to_everybody(live: Live, browser: Browser, size: tuple[int, int], theme: str, language: str) -> None:
    with new_context(browser, size, theme, language) as context:
        context.add_cookies(live.cookies)  # type: ignore[arg-type]
        window = Visit(context.new_page(), live.url)
        paths = ("/settings/profile/notices/", "/settings/sign-in/", "/settings/tokens/", "/settings/outbox/", "/notices/", PAGE)
        troubles: dict[str, list[str]] = {}
        for path in paths:
            window.open(path)
            troubles[path] = window.troubles()
        assert {path: found for path, found in troubles.items() if found} == {}
