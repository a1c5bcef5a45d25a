"""The frame in a real browser: keyboard, phone, dark and light, both languages, the strict policy, axe."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Dialog, Route, expect

from tests.browser import DESKTOP, PHONE, Visitor, in_every_look

pytestmark = [pytest.mark.browser]

SIGNED_IN = (
    "/",
    "/contacts/",
    "/contacts/new/",
    "/companies/",
    "/import/",
    "/settings/account/",
    "/settings/users/",
    "/settings/users/invite/",
    "/settings/properties/contacts/",
    "/settings/profile/",
    "/nothing/",
)
SIGNED_OUT = ("/sign-in/", "/invitation/unknown/")


@in_every_look
def test_pages_are_open_to_everybody_and_keep_the_policy(visit: Visitor, size: tuple[int, int], theme: str, language: str) -> None:
    troubles: dict[str, list[str]] = {}
    for paths, signed_in in ((SIGNED_IN, True), (SIGNED_OUT, False)):
        window = visit(size, theme=theme, language=language, signed_in=signed_in)
        for path in paths:
            page = window.open(path)
            assert page.locator("html").get_attribute("lang") == language
            assert page.locator("html").get_attribute("data-bs-theme") == theme
            troubles[path] = window.troubles()
    assert {path: found for path, found in troubles.items() if found} == {}


def test_a_record_is_open_to_everybody_too(visit: Visitor) -> None:
    for size in (DESKTOP, PHONE):
        window = visit(size)
        window.open("/contacts/").locator("tbody a").first.click()
        expect(window.page).to_have_url(re.compile(r"/contacts/\d+/"))
        assert window.troubles() == []


def test_the_palette_goes_anywhere_by_keyboard(visit: Visitor) -> None:
    page = visit().open("/settings/users/")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Search or run a command")).to_be_focused()
    page.keyboard.type("profi")
    expect(page.get_by_role("option", name="Your profile")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/settings/profile/$"))


def test_the_palette_says_when_nothing_fits_and_closes_by_escape(visit: Visitor) -> None:
    page = visit().open("/settings/users/")
    page.get_by_role("button", name="Search or run a command").click()
    page.keyboard.type("zzzz")
    expect(page.get_by_text("Nothing is called that.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_a_menu_opens_and_moves_by_keyboard(visit: Visitor) -> None:
    page = visit().open("/settings/users/")
    page.get_by_role("button", name="Actions for Alice Moreau").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="Edit rights")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("button", name="Make a password link")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Edit rights")).to_be_hidden()


def test_the_first_tab_leads_past_the_menu(visit: Visitor) -> None:
    page = visit().open("/settings/users/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()


def test_the_rail_folds_and_remembers_it(visit: Visitor) -> None:
    page = visit().open("/settings/users/")
    settings = page.locator("#rail").get_by_text("Settings")
    page.get_by_role("button", name="Collapse the menu").click()
    expect(settings).to_be_hidden()
    page.reload()
    expect(settings).to_be_hidden()
    page.get_by_role("button", name="Collapse the menu").click()
    expect(settings).to_be_visible()


def test_on_a_phone_the_rail_is_a_drawer(visit: Visitor) -> None:
    page = visit(PHONE).open("/settings/users/")
    rail = page.locator("#rail")
    expect(rail).to_be_hidden()
    page.get_by_role("button", name="Open the menu").click()
    expect(rail.get_by_role("button", name="Close the menu")).to_be_focused()
    page.keyboard.press("Escape")
    expect(rail).to_be_hidden()
    expect(page.get_by_role("button", name="Open the menu")).to_be_focused()


def test_theme_and_language_are_switched_in_the_user_menu(visit: Visitor) -> None:
    page = visit().open("/settings/users/")
    page.get_by_role("button", name="Menu of Alice Moreau").click()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.get_by_role("button", name="Menu of Alice Moreau").click()
    page.get_by_role("button", name="As the system").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "light")
    page.get_by_role("button", name="Menu of Alice Moreau").click()
    page.get_by_role("button", name="Français").click()
    expect(page.get_by_role("heading", name="Utilisateurs")).to_be_visible()


def test_unsaved_changes_are_guarded(visit: Visitor) -> None:
    window = visit()
    page = window.open("/settings/account/")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.get_by_label("Account name").fill("Another name")
    page.get_by_role("link", name="Users", exact=True).first.click(no_wait_after=True)
    expect(page).to_have_url(re.compile("/settings/account/$"))
    assert asked == ["beforeunload"]


def test_a_saved_form_says_so_and_the_message_can_be_dismissed(visit: Visitor) -> None:
    page = visit().open("/settings/profile/")
    page.get_by_role("button", name="Save").click()
    message = page.get_by_text("Your profile is saved.")
    expect(message).to_be_visible()
    message.get_by_role("button", name="Dismiss").click()
    expect(message).to_be_hidden()


def test_the_set_of_a_role_shows_its_permissions_and_scopes(visit: Visitor) -> None:
    page = visit().open("/settings/permissions/")
    page.get_by_role("main").get_by_role("link", name="Reader", exact=True).click()
    expect(page.get_by_role("checkbox", name="Import files")).not_to_be_checked()
    expect(page.get_by_role("combobox", name="All records: Edit")).to_have_value("none")
    page = visit().open("/settings/permissions/")
    page.get_by_role("main").get_by_role("link", name="Sales", exact=True).click()
    expect(page.get_by_role("checkbox", name="Import files")).to_be_checked()
    expect(page.get_by_role("combobox", name="All records: Edit")).to_have_value("team+unassigned")


def test_somebody_is_invited_and_signs_in_by_the_link(visit: Visitor) -> None:
    page = visit().open("/settings/users/invite/")
    page.get_by_label("E-mail addresses").fill("dora@cabrelle.example")
    page.get_by_role("radio", name="Reader").check()
    page.get_by_role("button", name="Make the links").click()
    link = page.get_by_label("dora@cabrelle.example", exact=True).input_value()
    guest = visit(signed_in=False)
    guest.page.goto(link)
    guest.page.get_by_label("Your name").fill("Dora")
    guest.page.get_by_label("Password").fill("a garden wall 42")
    guest.page.get_by_role("button", name="Join and sign in").click()
    guest.open("/settings/profile/")
    expect(guest.page.get_by_role("button", name="Menu of Dora")).to_be_visible()


def test_a_form_with_problems_says_them_at_the_top_and_at_the_field(visit: Visitor) -> None:
    page = visit().open("/settings/users/invite/")
    page.get_by_label("E-mail addresses").fill("dora.moreau.example")
    page.get_by_role("radio", name="Reader").check()
    page.get_by_role("button", name="Make the links").click()
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("alert").get_by_role("link", name="E-mail addresses").click()
    field = page.get_by_label("E-mail addresses")
    expect(field).to_have_value("dora.moreau.example")
    expect(field).to_have_attribute("aria-invalid", "true")
    page = visit().open("/settings/users/invite/")
    page.get_by_role("button", name="Make the links").click()
    page.get_by_role("alert").get_by_role("link", name="What they may do").click()
    expect(page.get_by_role("radio", name="Super admin")).to_be_focused()


def test_rows_turn_grey_while_a_slow_server_finds_their_successors(visit: Visitor) -> None:
    page = visit().open("/contacts/")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(re.compile(r"/contacts/\?"), hold)
    page.get_by_role("link", name="Next").click()
    expect(page.locator("table.data")).to_have_class(re.compile("is-loading"))
    held[0].continue_()
    expect(page).to_have_url(re.compile(r"/contacts/\?.*after="))
    expect(page.locator("table.data")).not_to_have_class(re.compile("is-loading"))
    expect(page.locator("tbody tr").first).to_be_visible()


def test_the_rail_stays_when_a_long_page_is_scrolled(visit: Visitor) -> None:
    page = visit().open("/contacts/?limit=100")
    page.get_by_role("link").filter(has_text=re.compile("@")).or_(page.locator("tbody a")).first.click()
    page.wait_for_url(re.compile(r"/contacts/\d+/"))
    page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
    assert page.evaluate("window.scrollY") > 0
    expect(page.locator("nav.rail")).to_be_in_viewport(ratio=1)


def test_selected_rows_bring_up_their_bar(visit: Visitor) -> None:
    page = visit().open("/contacts/")
    bar = page.get_by_role("region", name="Selection")
    page.locator("tbody input[type=checkbox]").first.check()
    expect(bar).to_contain_text("Selected: 1")
    page.locator("[data-select-page]").check()
    bar.get_by_role("button", name=re.compile("Select all")).click()
    expect(bar).to_contain_text(f"Selected: {bar.get_attribute('data-total')}")  # other tests may have added some
    bar.get_by_role("button", name="Clear the selection").click()
    expect(bar).to_be_hidden()


def test_rows_are_walked_and_selected_by_keyboard(visit: Visitor) -> None:
    page = visit().open("/contacts/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("tbody tr").nth(1).locator("a").first).to_be_focused()
    page.keyboard.press("x")
    expect(page.locator("tbody tr").nth(1).locator("input[type=checkbox]")).to_be_checked()


def test_the_drawer_opens_beside_the_list_and_closes_by_escape(visit: Visitor) -> None:
    page = visit().open("/contacts/")
    page.locator("tbody tr").first.hover()
    page.get_by_role("button", name=re.compile("^Preview")).first.click()
    drawer = page.get_by_role("complementary", name="Details")
    expect(drawer).to_be_visible()
    expect(page.locator("tbody tr").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
