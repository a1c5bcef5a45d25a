"""An import in a real browser, in French, at a desk and on a phone, with the keyboard."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import PHONE, Visitor

pytestmark = pytest.mark.browser
ROWS = "E-mail;Prénom;Nom;Anniversaire;Pointure\nzoe@a.fr;Zoë;Dupont;31/12/1990;38\nbob@b.fr;Bob;Martin;bientôt;44\n"
LONG = 30_000


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "contacts de l’été.csv"
    path.write_bytes(ROWS.encode("cp1252"))
    return path


def upload(page: Page, file: Path) -> None:
    page.get_by_label("Fichiers", exact=True).set_input_files(file)
    page.get_by_role("button", name="Envoyer et vérifier les colonnes").press("Enter")


def test_an_import_with_verdicts_from_upload_to_undo(visit: Visitor, file: Path) -> None:
    window = visit(language="fr")
    page = window.open("/import/")
    upload(page, file)
    expect(page.get_by_text("Cette colonne est ignorée pour l’instant\u00a0: Pointure.")).to_be_visible(timeout=LONG)
    expect(page.get_by_label("Anniversaire")).to_have_value("birthday")
    page.get_by_label("Pointure").select_option(label="Nouvelle propriété tirée de cette colonne (nombre)")
    assert window.axe() == []
    page.get_by_role("button", name="Faire un essai").press("Enter")
    expect(page.get_by_role("heading", name="Ce qui se passerait")).to_be_visible(timeout=LONG)
    expect(page.get_by_text("Anniversaire\u00a0: «\u00a0bientôt\u00a0» n’est pas une date.")).to_be_visible()
    page.get_by_role("link", name="À créer").click()
    expect(page.get_by_role("heading", name="Verdict de chaque ligne")).to_be_visible()
    expect(page.get_by_text("zoe@a.fr")).to_be_visible()
    expect(page.get_by_text("38")).to_be_visible()
    page.get_by_role("link", name="À refuser").click()
    expect(page.get_by_text("n’est pas une date")).to_be_visible()
    assert window.axe() == []
    page.get_by_role("button", name="Lancer l’import").press("Enter")
    expect(page.get_by_role("heading", name="L’import est terminé")).to_be_visible(timeout=LONG)
    assert window.axe() == []
    with page.expect_download() as download:
        page.get_by_role("link", name="Lignes refusées").click()
    assert "bob@b.fr,Bob,Martin,bientôt,44,3," in Path(download.value.path()).read_text("utf-8-sig")
    page.get_by_role("link", name="Créées 1").click()
    expect(page.get_by_role("link", name="Zoë Dupont")).to_be_visible(timeout=LONG)
    page.go_back()
    page.get_by_role("link", name="Annuler cet import…").click()
    expect(page.get_by_text("1 fiche qu’il a créée est supprimée.")).to_be_visible()
    assert window.axe() == []
    page.get_by_role("button", name="Annuler l’import").click()
    expect(page.get_by_text("1 fiche est revenue à son état d’avant l’import.")).to_be_visible(timeout=LONG)
    assert window.complaints == []


def test_the_pages_fit_a_phone(visit: Visitor, file: Path) -> None:
    window = visit(PHONE, theme="dark", language="fr")
    page = window.open("/import/")
    assert (window.overflow(), window.axe()) == (0, [])
    upload(page, file)
    expect(page.get_by_role("button", name="Faire un essai")).to_be_visible(timeout=LONG)
    assert (window.overflow(), window.axe()) == (0, [])
    page.get_by_role("button", name="Faire un essai").click()
    expect(page.get_by_role("heading", name="Ce qui se passerait")).to_be_visible(timeout=LONG)
    assert (window.overflow(), window.axe()) == (0, [])
    page.get_by_role("link", name="Voir le verdict de chaque ligne").click()
    expect(page.get_by_role("heading", name="Verdict de chaque ligne")).to_be_visible()
    assert (window.overflow(), window.axe()) == (0, [])
    assert window.complaints == []
