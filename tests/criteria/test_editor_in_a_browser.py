"""The criteria editor in a real browser: nested criteria by the keyboard alone, the cursor never lost, open to everybody."""

from __future__ import annotations

import os
import subprocess
import sys
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from jalon.criteria import tree
from jalon.criteria.tree import Associated, Branch, Count, Criteria, Fact, Filter, Group, How
from tests.browser import Live, Visitor, held, in_every_look
from tests.spawned import PATH

pytestmark = [pytest.mark.browser]

NOT_PARIS = Branch(How.NOT_ANY, (Filter("city", "equal", ("Paris",)),))
RICH = Associated("deal", (Filter("amount", "greater", ("1000",)),), count=Count(2))
LATELY = Filter("createdate", "less_than_days_ago", ("30",))


@pytest.fixture(scope="module")
def salon(live: Live) -> str:
    """A list that is in the house, by its name."""
    name = "Salon de Lyon"
    environment = {**os.environ, "JALON_HOME": str(live.home), "PYTHONPATH": PATH}
    subprocess.run([sys.executable, "-m", "jalon", "list", "create", name], env=environment, cwd=live.home, check=True)
    return name


def address(*groups: tuple[tree.Node, ...], page: str = "/contacts/") -> str:
    """An index page with these criteria, their editor open."""
    return f"{page}?panel=filters&criteria={quote(tree.to_text(Criteria(tuple(Group(group) for group in groups))))}"


def pick(page: Page, text: str) -> None:
    """Types into the open picker, and takes what it marks."""
    expect(page.locator("[data-picker] input")).to_be_focused()
    take(page, text, typed=text)


def take(page: Page, text: str, *, typed: str) -> None:
    page.keyboard.type(typed)
    expect(page.locator("[data-picker] .is-active")).to_contain_text(text, ignore_case=True)
    page.keyboard.press("Enter")


def reach(page: Page, goal: Locator, key: str = "Tab") -> None:
    """Moves on until the cursor is there; it may never fall out of the drawer on the way."""
    for _ in range(40):
        if goal.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press(key)
        assert page.evaluate("document.activeElement.closest('#drawer') !== null"), "the cursor left the editor"
    raise AssertionError(f"{goal} cannot be reached by {key}")


def walk(page: Page, menu: Locator, value: str) -> None:
    """Walks a menu by the arrow keys to one of its lines, the cursor staying in it."""
    expect(menu).to_be_focused()
    for _ in range(30):
        if menu.input_value() == value:
            return
        page.keyboard.press("ArrowDown")
        expect(menu).to_be_focused()
    raise AssertionError(f"{value} is not in the menu")


def test_nested_criteria_are_built_by_the_keyboard_alone(visit: Visitor, salon: str) -> None:
    page = visit(language="fr").open("/contacts/")
    page.keyboard.press("f")
    pick(page, "secteur d’activité")
    expect(page.locator("[name='operator:0.0']")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("l")
    expect(page.get_by_role("combobox", name="Trouver une option")).to_be_focused()
    take(page, "logiciel", typed="ogiciel")
    pick(page, "commerce de détail")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Choisir…")).to_be_focused()

    in_first_group = page.locator("[data-group='0'] > [data-holder] > [data-add-filter]")
    reach(page, in_first_group)
    page.keyboard.press("Enter")
    pick(page, "aucune")
    pick(page, "ville")
    expect(page.locator("[name='operator:0.1.0']")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("Paris")

    reach(page, in_first_group)
    page.keyboard.press("Enter")
    pick(page, "transactions")
    pick(page, "montant")
    walk(page, page.locator("[name='operator:0.2.0']"), "greater")
    reach(page, page.locator("[name='value:0.2.0']"))
    page.keyboard.type("1000")
    reach(page, page.locator("[name='refine:0.2']"), "Shift+Tab")
    walk(page, page.locator("[name='refine:0.2']"), "count:at_least")
    reach(page, page.locator("[name='times:0.2']"))
    page.keyboard.type("2")

    reach(page, page.get_by_role("button", name="Ajouter un groupe « ou »"))
    page.keyboard.press("Enter")
    pick(page, "appartenance à une liste")
    expect(page.locator("[name='operator:1.0']")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    pick(page, salon)
    page.keyboard.press("Escape")
    members = page.locator("[name='value:1.0']").input_value()
    expect(page.locator("#criteria-verdict")).to_contain_text("correspond")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/contacts/?criteria=*")
    industries = Filter("industry", "any_of", ("software", "retail"))
    told = tree.from_text(parse_qs(urlsplit(page.url).query)["criteria"][0])
    assert told == Criteria((Group((industries, NOT_PARIS, RICH)), Group((Fact("list", "in", (members,)),))))
    expect(page.locator(".chip")).to_have_count(4)


def test_the_cursor_and_what_was_typed_stay_when_the_inputs_come_late(visit: Visitor) -> None:
    page = visit().open(address((Filter("city", "equal", ("Paris",)),)))
    menu, value = page.locator("[name='operator:0.0']"), page.locator("[name='value:0.0']")
    value.evaluate("input => (input.ofBefore = true)")
    with held(page, "/criteria/contacts/asked/") as release:
        menu.focus()
        menu.select_option("not_equal")
        page.keyboard.press("Tab")
        expect(value).to_be_focused()
        release()
        page.wait_for_function("() => !document.querySelector(\"[name='value:0.0']\").ofBefore")
    expect(value).to_be_focused()
    with held(page, "/criteria/contacts/asked/") as release:
        menu.select_option("equal")
        value.focus()
        page.keyboard.press("End")
        page.keyboard.type("-Nord")
        value.evaluate("input => (input.ofBefore = true)")
        release()
        page.wait_for_function("() => !document.querySelector(\"[name='value:0.0']\").ofBefore")
    expect(value).to_be_focused()
    expect(value).to_have_value("Paris-Nord")


def test_filters_are_walked_and_taken_away_by_keys(visit: Visitor) -> None:
    page = visit().open(address((LATELY, NOT_PARIS), (Filter("city", "is_known"),)))
    first, inside, last = (page.locator(f"#subject-{key}") for key in ("0-0", "0-1-0", "1-0"))
    first.focus()
    page.keyboard.press("ArrowDown")  # to the brackets, whose head is their menu
    expect(page.locator("[name='operator:0.1']")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(inside).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(last).to_be_focused()
    page.keyboard.press("Delete")
    expect(first).to_be_focused()
    expect(page.locator("[data-group]")).to_have_count(1)
    page.keyboard.press("Delete")
    expect(page.locator("[name='operator:0.1']")).to_be_focused()
    reach(page, inside)
    page.keyboard.press("Delete")
    expect(page.locator("[data-filter='0.1'] [data-add-filter]")).to_be_focused()
    expect(page.locator("[data-filter]")).to_have_count(1)
    expect(page.locator("#criteria-verdict")).to_contain_text("Fill in the filter")


def test_a_value_that_was_picked_is_taken_back_by_a_key(visit: Visitor) -> None:
    page = visit().open(address((Filter("industry", "any_of", ("software", "retail")),)))
    choose = page.get_by_role("button", name="Choose…")
    choose.focus()
    page.keyboard.press("Backspace")
    expect(page.locator("[data-token]")).to_have_text(["Software"])
    page.keyboard.press("Backspace")
    expect(page.locator("[data-token]")).to_have_count(0)
    expect(choose).to_be_focused()


def test_the_words_of_a_filter_lead_to_it(visit: Visitor) -> None:
    page = visit().open(address(*((LATELY, NOT_PARIS) for _ in range(20))).replace("panel=filters&", ""))
    expect(page.locator(".chip")).to_have_count(10)
    page.locator(".chip-words").nth(8).click()
    expect(page.locator("#subject-4-0")).to_be_focused()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="and 30 more").click()
    expect(page.locator("[data-groups] [data-filter]")).to_have_count(60)


def test_a_report_takes_nested_filters_into_its_form(visit: Visitor) -> None:
    page = visit().open("/reports/new/contacts/")
    page.get_by_role("radio", name="Filters of this report only").check()
    page.get_by_role("button", name="Edit the filters").click()
    pick(page, "deals")
    pick(page, "amount")
    page.locator("[name='operator:0.0.0']").select_option("is_known")
    page.get_by_role("button", name="Use these filters").click()
    expect(page.locator(".criteria-field .chip")).to_have_text("Linked deals: at least one where Amount is known")
    assert tree.from_text(page.locator("#report_criteria").input_value()).count() == 1
    expect(page.locator("#preview")).to_be_visible()


@in_every_look
def test_the_editor_is_open_to_everybody(visit: Visitor, size: tuple[int, int], theme: str, language: str) -> None:
    wrong = Filter("total_revenue", "between", ("50", "10"))
    owned = Filter("hubspot_owner_id", "none_of", ("1",), include_blank=True)
    window = visit(size, theme=theme, language=language)
    page = window.open(address((LATELY, owned, NOT_PARIS, RICH), (wrong, Filter("city", "equal_any", ("Lyon", "Lille")))))
    expect(page.locator("#criteria-verdict")).to_contain_text("1 ")
    expect(page.locator("#problems-1-0 .field-error")).to_be_visible()
    assert window.troubles() == []
    page.locator("#filter-0-1 [data-choose]").click()
    expect(page.locator("[data-picker] [role=option]").first).to_be_visible()
    assert window.troubles() == []
    page.keyboard.press("Escape")
    page.locator("[data-add-filter]").last.click()
    expect(page.locator("[data-picker] [role=option]").first).to_be_visible()
    assert window.troubles() == []
