"""A day with a record in a real browser, in French: a note and a task on it, a label on a link, an object of one's own."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser import PHONE, Visitor, held

pytestmark = pytest.mark.browser


def test_a_task_is_written_on_a_contact_done_by_keyboard_and_told_in_the_timeline(visit: Visitor) -> None:
    window = visit(language="fr")
    page = window.open("/contacts/")
    page.locator("table.records tbody tr a.is-name").first.click()
    page.get_by_role("button", name="Tâche", exact=True).click()
    page.get_by_label("Tâche", exact=True).fill("Rappeler pour le devis")
    page.locator("#composer").get_by_role("button", name="Enregistrer").click()
    to_do = page.get_by_role("region", name="À faire")
    expect(to_do).to_contain_text("Rappeler pour le devis")
    page.get_by_role("button", name="Note", exact=True).click()
    expect(page).to_have_url(re.compile(r"\?write=note$"))
    page.reload()
    page.locator(".rich-area").click()
    page.keyboard.type("Préfère être appelé le matin")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".timeline .activity").filter(has_text="Préfère être appelé le matin")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/\d+/$"))
    assert window.troubles() == []
    page.get_by_role("navigation", name="N’afficher que").get_by_role("link", name="Notes").click()
    expect(page).to_have_url(re.compile(r"\?show=note$"))
    record = page.url
    page = window.open("/my-tasks/?view=upcoming")
    expect(page.locator("[data-task]").filter(has_text="Rappeler pour le devis")).to_be_visible()
    assert window.troubles() == []
    row = page.locator("[data-task]").filter(has_text="Rappeler pour le devis")
    row.focus()
    page.keyboard.press("c")
    expect(page.get_by_text("« Rappeler pour le devis » est terminée.")).to_be_visible()
    page.goto(record.replace("show=note", "show=task"))
    expect(page.locator(".timeline .activity.is-done")).to_contain_text("Rappeler pour le devis")


def test_a_note_is_deleted_and_brought_back(visit: Visitor) -> None:
    window = visit()
    page = window.open("/contacts/")
    page.locator("table.records tbody tr a.is-name").nth(1).click()
    page.get_by_role("button", name="Note", exact=True).click()
    page.locator(".rich-area").click()
    page.keyboard.type("Only for a moment")
    page.locator("#composer").get_by_role("button", name="Save").click()
    note = page.locator(".timeline .activity").filter(has_text="Only for a moment")
    note.get_by_role("button", name="More for Note").click()
    note.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Note deleted.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(note).to_be_visible()


def test_a_company_is_created_and_linked_in_one_step_and_made_the_primary_one(visit: Visitor) -> None:
    window = visit(language="fr")
    page = window.open("/contacts/")
    page.locator("table.records tbody tr a.is-name").nth(2).click()
    panel = page.get_by_role("region", name="Entreprises")
    panel.get_by_role("button", name="Ajouter").click()
    page.get_by_role("button", name="Créer et associer : entreprise").click()
    page.get_by_label("Nom de l’entreprise", exact=True).last.fill("Atelier des Cimes")
    page.locator("#drawer").get_by_role("button", name="Créer").click()
    line = panel.locator(".link-line").filter(has_text="Atelier des Cimes")
    expect(line).to_be_visible()
    expect(page.locator("#drawer")).not_to_have_class(re.compile("is-open"))
    line.get_by_role("button", name="Plus d’actions").click()
    page.get_by_role("button", name="Marquer comme principale").locator("visible=true").click()
    expect(line.get_by_text("Principale", exact=True)).to_be_visible()
    assert window.troubles() == []


def test_the_drawer_closes_after_linking_while_a_search_is_under_way(visit: Visitor) -> None:
    """The hits of the search replace the form that asked for the link, before its answer is here."""
    window = visit(language="fr")
    page = window.open("/contacts/")
    page.locator("table.records tbody tr a.is-name").nth(3).click()
    panel = page.get_by_role("region", name="Transactions")
    panel.get_by_role("button", name="Ajouter").click()
    hit = page.locator("#link-hits li", has=page.get_by_role("button")).first
    name = hit.locator("strong").inner_text()
    with held(page, "/add/") as release:
        hit.get_by_role("button").click()
        page.get_by_role("searchbox", name="Rechercher", exact=True).fill("zzzz")
        expect(page.locator("#link-hits")).to_contain_text("Rien ne porte ce nom")
        release()
    expect(panel.get_by_role("link", name=name)).to_be_visible()
    expect(page.locator("#drawer")).not_to_have_class(re.compile("is-open"))
    expect(panel.get_by_role("button", name="Ajouter")).to_be_focused()
    assert window.troubles() == []


def test_an_object_is_defined_and_stands_in_the_menu(visit: Visitor) -> None:
    window = visit(language="fr")
    page = window.open("/settings/objects/new/")
    assert window.troubles() == []
    for label, text in (
        ("Au singulier, en anglais", "Workshop"),
        ("Au singulier, en français", "Atelier"),
        ("Au pluriel, en anglais", "Workshops"),
        ("Au pluriel, en français", "Ateliers"),
    ):
        page.get_by_label(label).fill(text)
    page.get_by_role("textbox", name="Libellé en français").first.fill("Ville de l’atelier")
    page.get_by_role("button", name="Définir l’objet").click()
    expect(page).to_have_url(re.compile("/workshops/$"))
    expect(page.get_by_role("navigation", name="Menu principal").get_by_role("link", name="Ateliers")).to_be_visible()
    page.goto(f"{window.url}/workshops/new/")
    page.get_by_label("Nom", exact=True).fill("Atelier de Chambéry")
    page.get_by_role("button", name="Créer").last.click()
    expect(page.get_by_role("heading", name="Atelier de Chambéry")).to_be_visible()
    assert window.troubles() == []


@pytest.mark.parametrize("path", ["/my-tasks/?whose=all", "/settings/objects/", "/settings/associations/", "/settings/associations/new/"])
def test_the_pages_fit_a_phone_in_the_dark(visit: Visitor, path: str) -> None:
    window = visit(PHONE, theme="dark", language="fr")
    window.open(path)
    assert window.troubles() == []
