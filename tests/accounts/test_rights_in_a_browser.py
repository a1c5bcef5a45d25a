"""Rights as an administrator sees them, in a real browser, in French."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser import PHONE, Visitor

PAGES = ("/settings/users/", "/settings/users/invite/", "/settings/teams/", "/settings/permissions/", "/settings/audit/")


def test_the_matrix_is_told_in_words_while_it_changes_and_then_given(visit: Visitor) -> None:
    window = visit(language="fr")
    page = window.open("/settings/permissions/new/")
    page.get_by_label("Nom", exact=True).fill("Partenaires")
    page.get_by_label("Toutes les fiches: Voir").select_option("team+unassigned")
    expect(page.get_by_text("Voit les fiches de ses équipes et celles sans propriétaire.")).to_be_visible()
    page.get_by_text("Une autre règle pour un type de fiche").click()
    page.get_by_label("Transactions: Voir").select_option("none")
    expect(page.get_by_text("Ne voit aucune fiche : transactions.")).to_be_visible()
    assert window.troubles() == []
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("heading", name="Partenaires")).to_be_visible()
    page = window.open("/settings/audit/")
    expect(page.get_by_text("a créé l’ensemble d’autorisations « Partenaires ».").first).to_be_visible()
    page.get_by_label("À propos de").select_option("team")
    expect(page.get_by_text("« Partenaires »")).to_have_count(0)
    assert "subject=team" in page.url


def test_after_a_problems_link_was_followed_the_next_problems_have_the_focus_again(visit: Visitor) -> None:
    page = visit(language="fr").open("/settings/users/invite/")
    problems = page.get_by_role("alert")
    for _ in range(2):
        page.get_by_role("button", name="Créer les liens").click()
        expect(problems).to_be_focused()
        problems.get_by_role("link").last.click()
        expect(page.get_by_label("Adresses e-mail")).to_be_focused()
    assert page.url.endswith("/settings/users/invite/")


@pytest.mark.parametrize("path", PAGES)
def test_its_pages_are_whole_on_a_phone_in_the_dark(visit: Visitor, path: str) -> None:
    window = visit(PHONE, theme="dark", language="fr")
    window.open(path)
    assert window.troubles() == []
