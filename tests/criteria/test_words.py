"""Criteria read aloud, in both languages."""

from __future__ import annotations

import re

import pytest

from jalon.criteria.operators import OPERATORS, PERIODS
from jalon.criteria.tree import EMPTY, Associated, Branch, Count, Criteria, Fact, Filter, Group, How, Node, When, all_of
from jalon.criteria.words import chips, operator_label, sentence
from jalon.warehouse.schema import Kind
from tests.criteria.world import CONTACTS, IMPORT, KNOWN, VISIT, filter_kinds

pytestmark = pytest.mark.usefixtures("catalog_compiled")

SPOKEN = [
    (
        Filter("industry", "any_of", ("retail", "tech")),
        "Industry is any of Retail, Technology",
        "Secteur est l’un de Commerce, Technologie",
    ),
    (
        Filter("industry", "none_of", ("retail",), include_blank=True),
        "Industry is none of Retail or is unknown",
        "Secteur n’est aucun de Commerce ou n’est pas renseigné",
    ),
    (Filter("firstname", "is_unknown", include_blank=True), "First name is unknown", "Prénom n’est pas renseigné"),
    (
        Filter("revenue", "between", ("1000", "2500000.5")),
        "Total revenue is between 1,000 and 2,500,000.5",
        "Chiffre d’affaires total est compris entre 1 000 et 2 500 000,5",
    ),
    (Filter("birthday", "before", ("2024-05-06",)), "Birthday is before May 6, 2024", "Date de naissance est avant le 6 mai 2024"),
    (
        Filter("last_activity", "less_than_days_ago", ("3",)),
        "Last activity is less than 3 days ago",
        "Dernière activité remonte à moins de 3 jours",
    ),
    (
        Filter("birthday", "between_days", ("-30", "1")),
        "Birthday is from 30 days ago to 1 day from now",
        "Date de naissance est de J−30 à J+1",
    ),
    (
        Filter("birthday", "between_days", ("0", "7")),
        "Birthday is from today to 7 days from now",
        "Date de naissance est de J à J+7",
    ),
    (
        Filter("createdate", "in_this_so_far", ("quarter",)),
        "Create date is in this quarter so far",
        "Date de création est dans la période en cours jusqu’à maintenant (trimestre)",
    ),
    (Filter("subscribed", "has_ever_been", ("true",)), "Subscribed has ever been Yes", "Abonné a déjà été Oui"),
    (Filter("owner", "any_of", ("7", "8")), "Owner is any of Alice, 8", "Propriétaire est l’un de Alice, 8"),
    (
        Filter("birthday", "after_property_updated", ("company",)),
        "Birthday is after the last update of Company name",
        "Date de naissance est après la dernière mise à jour de Nom de l’entreprise",
    ),
]


@pytest.mark.parametrize(("one", "english", "french"), SPOKEN, ids=lambda spoken: spoken.operator if isinstance(spoken, Filter) else "")
def test_a_chip_says_what_is_asked(one: Filter, english: str, french: str) -> None:
    assert chips(all_of(one), CONTACTS, "en", users={7: "Alice"}) == [english]
    (told,) = chips(all_of(one), CONTACTS, "fr", users={7: "Alice"})
    assert told.replace("\N{NARROW NO-BREAK SPACE}", " ") == french


NESTED = [
    (
        Associated("company", (Filter("industry", "any_of", ("retail",)), Filter("employees", "greater", ("1000",)))),
        "Linked companies: at least one where Industry is any of Retail and Employees is greater than 1,000",
        "Entreprises en lien : au moins une fiche où Secteur est l’un de Commerce et Effectif est supérieur à 1 000",
    ),
    (
        Associated("company", (), "adviser", Count(0, 5)),
        "Linked companies (Advised company): at most 5",
        "Entreprises en lien (Entreprise conseillée) : au plus 5",
    ),
    (Associated("contact", (), count=Count(2, 4)), "Linked contacts: 2 to 4", "contacts en lien : de 2 à 4"),
    (
        Associated("contact", (), "manager", side="to"),
        "Linked contacts (Manager): at least one",
        "contacts en lien (Responsable) : au moins une fiche",
    ),
    (
        Associated("contact", (), "manager", side="from"),
        "Linked contacts (Managed person): at least one",
        "contacts en lien (Personne encadrée) : au moins une fiche",
    ),
    (Associated("company", (), count=Count(0, 0)), "Linked companies: none", "Entreprises en lien : aucune fiche"),
    (
        Branch(How.NOT_ANY, (Filter("firstname", "is_known"), Filter("score", "equal", ("2",)))),
        "except if (First name is known or Lead score is equal to 2)",
        "sauf si (Prénom est renseigné ou Score du lead est égal à 2)",
    ),
    (
        Branch(How.ALL, (Filter("firstname", "is_known"), Branch(How.ANY, (Filter("score", "is_known"), Filter("revenue", "is_known"))))),
        "(First name is known and (Lead score is known or Total revenue is known))",
        "(Prénom est renseigné et (Score du lead est renseigné ou Chiffre d’affaires total est renseigné))",
    ),
    (
        Fact("import", "from", ("7",), When("less_than_days_ago", ("3",))),
        "Was created or changed by import “leads.csv, May 6, 2024”, and that is less than 3 days ago",
        "Création ou modification par l’import « leads.csv, May 6, 2024 », et cela remonte à moins de 3 jours",
    ),
    (Fact("visit", "saw", ("home",), Count(1, 1)), "Looked at “Home”, exactly 1 time", "Looked at « Home », exactement 1 fois"),
    (Fact("fax", "sent", ("9",)), "fax sent 9", "fax sent 9"),
]


@pytest.mark.parametrize(("one", "english", "french"), NESTED)
def test_a_chip_says_all_that_is_inside_of_it(one: Node, english: str, french: str) -> None:
    with filter_kinds(VISIT, IMPORT):
        assert chips(all_of(one), CONTACTS, "en", known=KNOWN) == [english]
        (told,) = chips(all_of(one), CONTACTS, "fr", known=KNOWN)
    assert re.sub("[\N{NARROW NO-BREAK SPACE}\N{NO-BREAK SPACE}]", " ", told) == french


def test_a_text_that_turns_its_letters_round_turns_no_others() -> None:
    one = all_of(Filter("firstname", "contains_any", ("\u202eada", "Bea")))
    assert chips(one, CONTACTS, "en", known=KNOWN)[0].endswith("\u2068\u202eada\u2069, Bea")


def test_what_is_linked_stands_in_brackets_among_others() -> None:
    known = Filter("firstname", "is_known")
    told = sentence(all_of(Associated("company", (Filter("name", "is_known"),)), known), CONTACTS, "en", known=KNOWN)
    assert told == "(Linked companies: at least one where Name is known) and First name is known"


def test_groups_are_joined_by_or_and_filters_by_and() -> None:
    known, rich = Filter("firstname", "is_known"), Filter("revenue", "greater", ("10",))
    one, two = all_of(known, rich), Criteria((Group((known, rich)), Group((rich,))))
    assert sentence(one, CONTACTS, "en") == "First name is known and Total revenue is greater than 10"
    assert (
        sentence(two, CONTACTS, "en") == "(First name is known and Total revenue is greater than 10) or (Total revenue is greater than 10)"
    )
    assert sentence(two, CONTACTS, "fr").count(" ou ") == 1
    assert sentence(EMPTY, CONTACTS, "en") == ""


def test_a_filter_on_an_archived_property_still_says_what_was_asked() -> None:
    assert chips(all_of(Filter("shoe_size", "equal", ("38",))), CONTACTS, "en") == ["shoe_size equal 38"]


def test_every_operator_and_period_has_french_words() -> None:
    for kind in Kind:
        for fitting in OPERATORS.get(kind, ()):
            assert operator_label(fitting, "fr") != fitting.label
            assert operator_label(fitting, "fr").count("…") == fitting.label.count("…")
    told = {chips(all_of(Filter("birthday", "in_this", (period,))), CONTACTS, "fr")[0] for period in PERIODS}
    assert len(told) == len(PERIODS)
