"""The pages of records in a real browser: filters by keyboard, sorting, editing in place, history, links, properties, axe."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser import Live, Visitor, in_every_look
from tests.waiting import until

pytestmark = [pytest.mark.browser]

PEOPLE = (("Ada", "Lovelace", "Paris"), ("Grace", "Hopper", "Lyon"), ("Hedy", "Lamarr", "Paris"))


@pytest.fixture(scope="module")
def ada(live: Live) -> Iterator[str]:
    """Three contacts and a company, made by hand; the address of Ada's page."""
    with httpx.Client(base_url=live.url, cookies={cookie["name"]: cookie["value"] for cookie in live.cookies}) as client:

        def create(plural: str, **values: str) -> str:
            typed = {f"property-{name}": value for name, value in values.items()}
            answer = client.post(f"/{plural}/new/", data={**typed, "csrfmiddlewaretoken": client.cookies["csrftoken"]})
            assert answer.status_code == 302, answer.text
            return answer.headers["Location"]

        pages = [
            create("contacts", email=f"{first.lower()}@browser.example", firstname=first, lastname=last, city=city)
            for first, last, city in PEOPLE
        ]
        create("companies", name="Analytical Engines")
        until(lambda: all(name in client.get("/contacts/?q=browser.example").text for name, _, _ in PEOPLE))
        until(lambda: "Analytical" in client.get("/companies/").text)
        yield pages[0]


def pick(page: Page, text: str) -> None:
    """Picks what a filter is about in the open picker, by the keyboard."""
    expect(page.get_by_role("combobox", name="Find a filter")).to_be_focused()
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name="Operator").last).to_be_focused()


def rows(page: Page) -> list[str]:
    return page.locator("table.records td.is-name-column").all_inner_texts()


@in_every_look
def test_pages_are_open_to_everybody_and_keep_the_policy(
    visit: Visitor, ada: str, size: tuple[int, int], theme: str, language: str
) -> None:
    criteria = '{"groups":[{"filters":[{"property":"city","operator":"equal","values":["Paris"]}]}]}'
    paths = ("/", f"/contacts/?criteria={criteria}", "/tickets/", ada, f"{ada}edit/", f"{ada}archiving/", "/contacts/new/")
    settings = ("/settings/properties/contacts/", "/settings/properties/contacts/new/", "/settings/properties/contacts/industry/")
    window = visit(size, theme=theme, language=language)
    troubles: dict[str, list[str]] = {}
    for path in (*paths, *settings):
        page = window.open(path)
        assert page.locator("html").get_attribute("lang") == language
        assert window.overflow() <= 0, path
        troubles[path] = [*window.axe(), *window.complaints]
        window.complaints.clear()
    assert {path: found for path, found in troubles.items() if found} == {}


@pytest.mark.parametrize("drawer", ["filters", "columns", "preview", "history", "link"])
def test_drawers_are_open_to_everybody_too(visit: Visitor, ada: str, drawer: str) -> None:
    window = visit()
    on_record = drawer in ("history", "link")
    page = window.open(ada if on_record else '/contacts/?criteria={"groups":[{"filters":[{"property":"city","operator":"is_known"}]}]}')
    button = {
        "filters": page.locator("#open-filters"),
        "columns": page.get_by_role("button", name="Columns"),
        "preview": page.get_by_role("button", name="Preview Ada Lovelace"),
        "history": page.get_by_role("button", name="History of City"),
        "link": page.get_by_role("button", name="Add: Companies"),
    }[drawer]
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#drawer h2")).to_be_visible()
    assert [*window.axe(), *window.complaints] == []
    page.keyboard.press("Escape")
    expect(page.locator("#drawer h2")).to_be_hidden()


def test_contacts_are_filtered_by_the_keyboard_alone(visit: Visitor, ada: str) -> None:
    page = visit().open("/contacts/?q=browser.example")
    page.keyboard.press("f")
    pick(page, "city")
    page.keyboard.press("Tab")
    page.keyboard.type("paris")
    expect(page.locator("#criteria-verdict")).to_contain_text("contacts match")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("criteria="))
    expect(page.get_by_text("City is equal to paris")).to_be_visible()
    assert sorted(rows(page)) == ["Ada Lovelace", "Hedy Lamarr"]
    page.get_by_role("link", name="Remove the filter").click()
    expect(page.get_by_text("City is equal to paris")).to_be_hidden()
    expect(page.locator("table.records tbody tr")).to_have_count(3)


def test_groups_are_joined_by_or_and_a_wrong_filter_is_told_beside_it(visit: Visitor, ada: str) -> None:
    page = visit().open("/contacts/")
    page.locator("#open-filters").click()
    pick(page, "lead score")
    page.get_by_role("combobox", name="Operator").select_option("greater")
    page.get_by_role("textbox", name="Value").focus()
    page.keyboard.type("a lot")
    expect(page.locator(".criteria-filter .field-error")).to_contain_text("number")
    page.keyboard.press("Control+a")
    page.keyboard.type("999999")
    expect(page.locator(".criteria-filter .field-error")).to_be_hidden()
    page.get_by_role("button", name="Add an “or” group").click()
    pick(page, "last name")
    second = page.get_by_role("group", name="Last name")
    expect(second.get_by_role("combobox", name="Operator")).to_be_focused()
    second.get_by_role("textbox", name="Value").fill("hopper")
    expect(page.locator("#criteria-verdict")).to_contain_text("1 contact matches")
    page.get_by_role("button", name="Show them").click()
    expect(page.locator(".chip-or")).to_have_text("or")
    assert rows(page) == ["Grace Hopper"]


def test_options_are_picked_from_a_list_that_can_be_searched(visit: Visitor, ada: str) -> None:
    page = visit().open("/contacts/")
    page.locator("#open-filters").click()
    pick(page, "industry")
    page.get_by_role("button", name="Choose").click()
    page.get_by_role("combobox", name="Find an option").fill("soft")
    expect(page.get_by_role("option", name="Retail")).to_be_hidden()
    page.get_by_role("option", name="Software").click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Show them").click()
    expect(page.get_by_text("Industry is any of Software")).to_be_visible()
    expect(page.get_by_role("heading", name="No contacts match")).to_be_visible()


def test_the_search_narrows_while_typing_and_keeps_the_focus(visit: Visitor, ada: str) -> None:
    page = visit().open("/contacts/")
    page.get_by_role("searchbox", name="Search contacts").click()
    page.keyboard.type("lamarr", delay=20)
    expect(page.locator("table.records tbody tr")).to_have_count(1)
    expect(page).to_have_url(re.compile("q=lamarr"))
    expect(page.get_by_role("searchbox", name="Search contacts")).to_be_focused()
    page.reload()
    expect(page.locator("table.records tbody tr")).to_have_count(1)


def test_a_heading_sorts_and_back_undoes_it(visit: Visitor, ada: str) -> None:
    page = visit().open("/contacts/?q=browser.example")
    name = page.locator("th[data-column=name]")
    name.get_by_role("link").click()
    expect(name).to_have_attribute("aria-sort", "ascending")
    assert rows(page) == ["Ada Lovelace", "Grace Hopper", "Hedy Lamarr"]
    name.get_by_role("link").click()
    expect(name).to_have_attribute("aria-sort", "descending")
    page.go_back()
    expect(name).to_have_attribute("aria-sort", "ascending")


def test_columns_are_added_and_moved_by_keyboard(visit: Visitor, ada: str) -> None:
    page = visit().open("/companies/")
    page.get_by_role("button", name="Columns").click()
    page.get_by_role("searchbox", name="Add a column").fill("phone")
    page.get_by_role("checkbox", name="Phone").first.check()
    page.get_by_role("button", name="Move Phone").first.press("ArrowUp")
    page.get_by_role("button", name="Show these columns").click()
    expect(page.locator("thead th").nth(-3)).to_have_text("Phone")


def test_a_selection_shows_its_bar(visit: Visitor, ada: str) -> None:
    page = visit().open("/contacts/?q=browser.example")
    page.get_by_role("checkbox", name="Select Ada Lovelace").check()
    bar = page.get_by_role("region", name="Selection")
    expect(bar).to_contain_text("Selected: 1")
    page.get_by_role("checkbox", name="Select the records of this page").check()
    expect(bar.get_by_role("button", name="Select all")).to_be_visible()
    bar.get_by_role("button", name="Export", exact=True).click()
    with page.expect_download() as download:
        bar.get_by_role("button", name="As CSV").click()
    assert download.value.suggested_filename == "Contacts.csv"


def test_a_property_is_edited_in_place_and_shown_everywhere_at_once(visit: Visitor, ada: str) -> None:
    page = visit().open(ada)
    page.get_by_role("button", name="Edit Job title").click()
    field = page.get_by_role("textbox", name="Job title")
    expect(field).to_be_focused()
    page.keyboard.type("Mathematician")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Edit Job title: Mathematician")).to_be_focused()
    expect(page.locator(".timeline").first).to_contain_text("Mathematician")
    page.goto(page.url.split("/contacts/")[0] + "/contacts/?q=lovelace&columns=jobtitle")
    expect(page.locator("table.records tbody tr")).to_contain_text("Mathematician")


def test_escape_leaves_a_property_as_it_was_and_a_mistake_is_told_beside_it(visit: Visitor, ada: str) -> None:
    page = visit().open(ada)
    page.get_by_role("button", name="Edit E-mail").click()
    page.get_by_role("textbox", name="E-mail").fill("nonsense")
    page.keyboard.press("Enter")
    expect(page.locator("#property-email .field-error")).to_contain_text("is not an e-mail address")
    page.get_by_role("textbox", name="E-mail").press("Escape")
    expect(page.get_by_role("button", name="Edit E-mail: ada@browser.example")).to_be_visible()


def test_the_history_of_a_property_opens_in_the_drawer(visit: Visitor, ada: str) -> None:
    page = visit().open(ada)
    page.locator("#property-city").hover()
    page.get_by_role("button", name="History of City").click()
    drawer = page.locator("#drawer")
    expect(drawer.get_by_role("heading", name="City")).to_be_visible()
    expect(drawer).to_contain_text("By hand · Alice")


def test_a_company_is_found_linked_and_unlinked(visit: Visitor, ada: str) -> None:
    page = visit().open(ada)
    panel = page.get_by_role("region", name="Companies", exact=True)
    page.get_by_role("button", name="Add: Companies").click()
    expect(page.get_by_role("searchbox", name="Search", exact=True)).to_be_focused()
    page.keyboard.type("analyt")
    expect(page.locator("#link-hits li")).to_have_count(1)
    page.locator("#link-hits ul:not(.htmx-added)").get_by_role("button", name="Link Analytical Engines").click()
    expect(panel.get_by_role("link", name="Analytical Engines")).to_be_visible()
    expect(page.locator("#drawer h2")).to_be_hidden()
    panel.get_by_role("button", name="More for Analytical Engines").click()
    panel.get_by_role("button", name="Take the link away").click()
    expect(panel).to_contain_text("None yet.")


def test_a_property_with_options_is_created_and_used_in_french(visit: Visitor, ada: str) -> None:
    page = visit(language="fr").open("/settings/properties/contacts/new/")
    page.get_by_label("Libellé en français").first.fill("Taille")
    page.get_by_label("Type").select_option("select")
    page.get_by_label("Libellé en français").nth(1).fill("Petite")
    page.get_by_label("Libellé en français").nth(1).press("Enter")
    page.keyboard.type("Small")
    page.keyboard.press("Tab")
    page.keyboard.type("Grande")
    page.get_by_role("button", name="Créer une propriété").click()
    expect(page.get_by_text("La propriété « Taille » est créée.")).to_be_visible()
    page.goto(page.url.split("/settings/")[0] + ada)
    page.get_by_role("button", name="Modifier Taille").click()
    page.get_by_role("combobox", name="Taille").select_option(label="Grande")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("button", name="Modifier Taille : Grande")).to_be_visible()
