"""What the instructions of S0 ("Comment créer un rapport de contacts ?") say, done step by step in French in a real browser.

The French labels of the instructions are looked for where they say that they are.
"""

from __future__ import annotations

import re
from urllib.parse import unquote_plus

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
NUMBER = re.compile(r"\D")


def drawn(page: Page) -> None:
    """The chart stands, and nothing is on its way: htmx complains of a request that a click cuts off."""
    page.wait_for_load_state("networkidle")
    expect(page.locator("[data-plot][data-drawn] canvas")).to_be_visible()


def previewed(page: Page, option: str) -> None:
    """The preview has taken an option: the address has it then."""
    page.wait_for_url(lambda url: option in unquote_plus(url))
    drawn(page)


def number(shown: Locator) -> int:
    return int(NUMBER.sub("", shown.inner_text()))


def shows(page: Page, contacts: int) -> None:
    """The index page behind a number holds so many contacts."""
    page.wait_for_url("**/contacts/?criteria=*")
    expect(page.locator(".pager-total")).to_have_text(re.compile(rf"{contacts:,}".replace(",", r"\D?") + r"\s*$"))


def begin(page: Page, starting_point: str) -> None:
    """Steps 2 and 3: from the home of reports to the builder."""
    page.get_by_role("main").get_by_role("link", name="Créer un rapport").first.click()
    page.get_by_role("main").get_by_role("link", name="Rapport de contacts").click()
    for offered in (
        "Commencer de zéro",
        "Chiffre d’affaires généré le mois dernier grâce aux contacts",
        "Répartition des étapes du cycle de vie",
        "Offres les plus propices à la conversion",
    ):
        expect(page.get_by_role("link", name=offered)).to_be_visible()
    page.get_by_role("link", name=starting_point).click()
    drawn(page)


def name_a_new_list(page: Page, name: str) -> None:
    """Option 1: contacts with a city, as a list that is made right here."""
    page.get_by_label("Une nouvelle liste").check()
    previewed(page, "population=new")
    page.get_by_label("Nom de la nouvelle liste").fill(name)
    page.get_by_label("Nom de la nouvelle liste").press("Tab")
    previewed(page, f"list_name={name}")
    page.get_by_role("button", name="Modifier les filtres").click()
    expect(page.locator("[data-picker] input")).to_be_focused()
    page.keyboard.type("Ville")
    expect(page.locator("[data-picker] .is-active")).to_contain_text("Ville")
    page.keyboard.press("Enter")
    page.locator("#drawer [data-filter] select").first.select_option("is_known")
    page.get_by_role("button", name="Utiliser ces filtres").click()
    expect(page.locator(".builder [data-chips]")).to_contain_text("Ville")
    previewed(page, '"property":"city"')


def choose_options(page: Page) -> None:
    """Options 2 to 5, in the order of the instructions, and the button."""
    chosen = (
        ("Propriété de date", "date_property=createdate"),
        ("Période", "period=all_time"),
        ("Regrouper les contacts par", "grouping=month"),
        ("Ventiler par", "breakdown=lifecyclestage"),
        ("Nombre", "number=total_revenue"),
    )
    for label, option in chosen:
        page.get_by_label(label, exact=True).select_option(option.partition("=")[2])
        previewed(page, option)
    units = page.get_by_label("Regrouper les contacts par").locator("option")
    assert units.all_inner_texts()[:2] == ["Semaine", "Mois"]
    page.get_by_label("Donner aussi la médiane").check()
    previewed(page, "median=on")
    page.reload()  # the options live in the address
    drawn(page)
    expect(page.get_by_label("Nom de la nouvelle liste")).to_have_value("Contacts d’une ville")
    page.get_by_role("main").get_by_role("button", name="Créer un rapport").click()
    drawn(page)


def test_a_report_is_made_read_and_changed_as_the_instructions_say(visit: Visitor) -> None:
    window = visit(language="fr")
    page = window.open("/")
    page.get_by_role("link", name="Accueil des rapports").click()
    begin(page, "Commencer de zéro")
    name_a_new_list(page, "Contacts d’une ville")
    choose_options(page)
    assert window.axe() == []
    read(page)
    filter_the_table(page)
    rename(page, "Mes étapes")
    edit(page)
    keep_a_row(page)
    assert window.complaints == []


def read(page: Page) -> None:
    """Step 5: what the instructions number from 1 to 10 stands on the page."""
    title = page.get_by_role("textbox", name="Titre")
    expect(title).to_have_value(re.compile("Contacts par Date de création, depuis le début, par Étape du cycle de vie"))
    expect(page.get_by_text(re.compile("liste «.Contacts d’une ville.»")).first).to_be_visible()
    for link in ("Standard", "Cumulatif", "Modifier le rapport"):
        expect(page.get_by_role("link", name=link)).to_be_visible()
    for heading in ("Graphique", "Contacts", "Médiane"):
        expect(page.locator("#values").get_by_role("columnheader", name=heading, exact=True)).to_be_visible()
    expect(page.locator("#values")).to_contain_text("Propriété non définie")
    expect(page.get_by_role("heading", name="Suivi des objectifs")).to_be_visible()
    expect(page.get_by_role("heading", name="Détails du rapport")).to_be_visible()
    expect(page.get_by_role("button", name="Actualiser")).to_be_visible()
    page.get_by_role("button", name="Actions du rapport").click()
    expect(page.get_by_role("button", name="Exporter")).to_be_visible()
    expect(page.get_by_role("link", name="Envoyer le rapport par e-mail")).to_be_visible()
    page.keyboard.press("Escape")


def filter_the_table(page: Page) -> None:
    """The rows are filtered without regard to case and accents; the totals stay."""
    box, total = page.get_by_placeholder("Filtrer le tableau…"), page.locator("#values tfoot a").first
    before = number(total)
    box.fill("propriete")
    expect(page.locator("#values tbody tr:visible")).to_have_count(1)
    assert number(total) == before
    box.fill("xyz")
    expect(page.get_by_text("Aucune valeur ne contient ce texte.")).to_be_visible()
    box.fill("")


ASKS = """() => {
  const asks = document.createElement("section");
  asks.setAttribute("hx-get", `${location.pathname}compiling/`);
  asks.setAttribute("hx-trigger", "every 1s");
  document.querySelector("main").append(asks);
  htmx.process(asks);
}"""


def rename(page: Page, words: str) -> None:
    """A compile that ends meanwhile opens the page anew, but not while the title is being typed."""
    title = page.get_by_role("textbox", name="Titre")
    title.fill(words)
    with page.expect_response("**/compiling/") as ended:
        page.evaluate(ASKS)
    assert ended.value.headers["hx-refresh"] == "true"
    expect(title).to_have_value(words)
    title.press("Enter")
    expect(page).to_have_title(re.compile(words))
    drawn(page)


def edit(page: Page) -> None:
    """The report is about its list from then on, and keeps the title that was typed."""
    page.get_by_role("link", name="Modifier le rapport").click()
    drawn(page)
    expect(page.get_by_label("Une liste existante")).to_be_checked()
    page.get_by_label("Nombre", exact=True).select_option("")
    previewed(page, "number=&")
    page.get_by_role("button", name="Enregistrer le rapport").click()
    expect(page.get_by_role("textbox", name="Titre")).to_have_value("Mes étapes")
    drawn(page)
    page.get_by_role("link", name="Cumulatif").click()
    page.wait_for_url("**style=cumulative*")
    expect(page.get_by_role("link", name="Cumulatif")).to_have_attribute("aria-current", "true")
    drawn(page)


def keep_a_row(page: Page) -> None:
    """A number is a static list in two clicks, and opens its contacts in one."""
    row = page.locator("#values tbody tr").first
    contacts = number(row.locator("a").first)
    row.hover()
    row.get_by_role("button", name="Enregistrer comme liste statique").click()
    name = page.locator("#drawer").get_by_label("Nom de la liste")
    expect(name).to_have_value(re.compile("^Mes étapes · "))
    page.locator("#drawer").get_by_role("button", name="Ajouter à la liste").click()
    page.wait_for_url("**/lists/*/")
    expect(page.locator("#list-size")).to_have_text(re.compile(f"^{contacts}$"))
    page.go_back()
    drawn(page)
    page.locator("#values tbody a").first.click()
    shows(page, contacts)


def test_a_click_on_the_chart_opens_the_contacts_of_that_bar(visit: Visitor) -> None:
    page = visit(language="fr").open("/reports/new/contacts/?from=scratch")
    drawn(page)
    plot = page.locator("[data-plot]")
    plot.scroll_into_view_if_needed()
    box = plot.locator("canvas").bounding_box()
    assert box
    for share in (0.95, 0.9, 0.85, 0.8):  # wherever a bar stands near the axis
        page.mouse.click(box["x"] + box["width"] * share, box["y"] + box["height"] * 0.8)
        if "/contacts/?" in page.url:
            break
    page.wait_for_url("**/contacts/?criteria=*")


def test_report_and_builder_fit_a_phone_in_the_dark(visit: Visitor) -> None:
    window = visit(PHONE, theme="dark", language="fr")
    page = window.open("/reports/")
    begin(page, "Répartition des étapes du cycle de vie")
    assert window.troubles() == []
    page.get_by_role("main").get_by_role("button", name="Créer un rapport").click()
    expect(page.get_by_text("Détails du rapport")).to_be_visible()
    drawn(page)
    assert window.troubles() == []
