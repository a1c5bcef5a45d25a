"""The index page as people live in it, in French: a saved view, a change of many with its way back, a card that is dragged."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import DESKTOP, PHONE, Visitor, held

pytestmark = [pytest.mark.browser]


def drag(page: Page, source: Locator, target: Locator) -> None:
    """As a hand does it: press, move in steps, let go."""
    start, end = source.bounding_box(), target.bounding_box()
    assert start is not None
    assert end is not None
    page.mouse.move(start["x"] + 20, start["y"] + start["height"] - 10)
    page.mouse.down()
    page.mouse.move(start["x"] + 60, start["y"] + start["height"] - 6, steps=4)
    page.mouse.move(end["x"] + end["width"] - 20, end["y"] + min(40, end["height"] / 2), steps=10)
    page.mouse.up()


@contextmanager
def table_anew(page: Page) -> Iterator[None]:
    """Leaves when the server's table has come: the headings move before it does."""
    page.locator("table.records").evaluate("table => { table.dataset.old = 'yes'; }")
    yield
    expect(page.locator("table[data-old]")).to_have_count(0)
    expect(page.locator("table.records")).to_be_visible()


def test_a_menu_that_is_opened_before_the_table_comes_stays_open(visit: Visitor) -> None:
    window = visit(language="fr")
    page = window.open("/companies/?view=all&columns=city,domain,industry")
    with table_anew(page), held(page, "/columns/choose/") as release:
        page.get_by_role("button", name="Colonne Ville").click()
        page.get_by_role("button", name="Déplacer à droite").click()
        page.get_by_role("button", name="Colonne Nom de domaine").click()
        release()
    expect(page.get_by_role("button", name="Masquer la colonne")).to_be_visible()
    with table_anew(page):
        page.get_by_role("button", name="Déplacer à droite").click()
    expect(page.locator("th.is-movable a").nth(1)).to_contain_text("Nom de domaine")
    assert window.troubles() == []


def test_a_view_is_saved_changed_and_deleted_with_a_way_back(visit: Visitor) -> None:
    window = visit(language="fr")
    page = window.open("/contacts/?sort=firstname")
    page.get_by_role("button", name="Enregistrer comme vue").click()
    page.get_by_label("Nom", exact=True).fill("Par prénom")
    page.get_by_text("Votre équipe").click()
    page.get_by_role("button", name="Enregistrer la vue").click()
    expect(page.get_by_role("link", name="Par prénom")).to_have_attribute("aria-current", "page")
    expect(page).to_have_url(re.compile(r"view=\d+$"))
    page.get_by_role("searchbox", name="Rechercher parmi les contacts").fill("a")
    expect(page.get_by_text("Modifications non enregistrées")).to_be_visible()
    page.get_by_role("link", name="Abandonner").click()
    expect(page.get_by_text("Modifications non enregistrées")).to_be_hidden()
    page.get_by_role("button", name="Actions de la vue « Par prénom »").click()
    page.get_by_role("button", name="Supprimer pour tous").click()
    expect(page.get_by_role("link", name="Par prénom")).to_be_hidden()
    page.get_by_role("button", name="Annuler", exact=True).click()
    expect(page.get_by_role("link", name="Par prénom")).to_be_visible()
    assert window.troubles() == []


def test_many_contacts_are_changed_and_taken_back(visit: Visitor) -> None:
    window = visit(language="fr")
    page = window.open("/contacts/?columns=city&sort=createdate")
    cities = page.locator("table.records tbody td:nth-child(3)")
    before = cities.all_inner_texts()
    for place in range(3):
        page.locator("tbody input[name=id]").nth(place).check()
    page.get_by_role("region", name="Sélection").get_by_role("button", name="Modifier").click()
    drawer = page.locator("#drawer form:not(.htmx-added)")  # htmx listens to what it added once that class is gone
    drawer.get_by_label("Propriété", exact=True).select_option(label="Ville")
    page.locator("#bulk-value [data-bulk-input]:not(.htmx-added)").get_by_label("Ville", exact=True).fill("Chamonix-Mont-Blanc")
    expect(page.get_by_text("3 fiches seront modifiées.")).to_be_visible()
    assert window.axe() == []
    page.get_by_role("button", name="Modifier 3 fiches").click()
    expect(page.get_by_text("3 fiches sont modifiées.")).to_be_visible()
    expect(cities.nth(2)).to_have_text("Chamonix-Mont-Blanc")
    page.get_by_role("button", name="Annuler", exact=True).click()
    expect(page.get_by_text("La modification est annulée.")).to_be_visible()
    expect(cities.nth(2)).to_have_text(before[2])
    assert cities.all_inner_texts() == before
    assert window.troubles() == []


def test_a_card_is_dragged_to_another_stage_and_back(visit: Visitor) -> None:
    window = visit(language="fr")
    page = window.open("/deals/?layout=board")
    here, there = page.locator('[data-stage="appointmentscheduled"]'), page.locator('[data-stage="qualifiedtobuy"]')
    card = here.locator("[data-card]").first
    id = card.get_attribute("data-card")
    count = int(there.locator('[data-figure="count"]').inner_text())
    drag(page, card, there.locator("[data-cards]"))
    expect(there.locator(f'[data-card="{id}"]')).to_be_visible()
    expect(there.locator('[data-figure="count"]')).to_have_text(str(count + 1))
    page.get_by_role("button", name="Annuler", exact=True).click()
    expect(here.locator(f'[data-card="{id}"]')).to_be_visible()
    expect(there.locator('[data-figure="count"]')).to_have_text(str(count))
    here.locator(f'[data-card="{id}"] a').focus()
    page.keyboard.press("]")
    expect(there.locator(f'[data-card="{id}"]')).to_be_visible()
    expect(there.locator('[data-figure="count"]')).to_have_text(str(count + 1))
    page.keyboard.press("[")
    expect(there.locator('[data-figure="count"]')).to_have_text(str(count))
    assert window.troubles() == []


def test_columns_move_by_hand_and_by_the_menu_and_keep_their_width(visit: Visitor) -> None:
    window = visit(language="fr")
    page = window.open("/companies/?view=all&columns=city,domain,industry")
    headings = page.locator("th.is-movable a")
    with table_anew(page):
        drag(page, page.locator("th.is-movable").nth(0), page.locator("th.is-movable").nth(1))
    expect(headings.nth(0)).to_contain_text("Nom de domaine")
    page.get_by_role("button", name="Colonne Secteur d’activité").click()
    with table_anew(page):
        page.get_by_role("button", name="Déplacer à gauche").click()
    expect(headings.nth(1)).to_contain_text("Secteur d’activité")
    page.get_by_role("button", name="Colonne Nom de domaine").click()
    with page.expect_response(re.compile("/width/")):
        page.get_by_role("button", name="Élargir").click()
    width = page.locator("th.is-movable").nth(0).bounding_box()
    page.reload()
    assert page.locator("th.is-movable").nth(0).bounding_box() == width
    assert window.troubles() == []


def test_the_preview_stands_in_the_address(visit: Visitor) -> None:
    page = visit(language="fr").open("/contacts/?sort=createdate")
    page.keyboard.press("j")
    name = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("e")
    expect(page.locator("#drawer h2")).to_have_text(name)
    expect(page).to_have_url(re.compile(r"sort=createdate&open=\d+"))
    page.reload()
    expect(page.locator("#drawer h2")).to_have_text(name)
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile(r"sort=createdate$"))


@pytest.mark.parametrize(("size", "theme"), [(DESKTOP, "dark"), (DESKTOP, "light"), (PHONE, "light")])
def test_board_history_and_settings_are_open_to_everybody(visit: Visitor, size: tuple[int, int], theme: str) -> None:
    window = visit(size, theme=theme, language="fr")
    paths = (
        "/deals/?layout=board",
        "/tickets/?layout=board",
        "/contacts/bulk/",
        "/settings/pipelines/deals/",
        "/settings/pipelines/deals/default/",
    )
    troubles = {}
    for path in paths:
        window.open(path)
        troubles[path] = window.troubles()
    assert {path: found for path, found in troubles.items() if found} == {}
