"""Criteria read aloud, in both languages."""

from __future__ import annotations

import pytest

from jalon.criteria.operators import OPERATORS, PERIODS
from jalon.criteria.tree import EMPTY, Criteria, Filter, Group, all_of
from jalon.criteria.words import chips, operator_label, sentence
from jalon.warehouse.schema import Kind
from tests.criteria.world import CONTACTS

pytestmark = pytest.mark.usefixtures("catalog_compiled")

SPOKEN = [
    (
        Filter("industry", "any_of", ("retail", "tech")),
        "Industry is any of Retail, Technology",
        "Secteur est l'un de Commerce, Technologie",
    ),
    (
        Filter("industry", "none_of", ("retail",), include_blank=True),
        "Industry is none of Retail or is unknown",
        "Secteur n'est aucun de Commerce ou n'est pas renseigné",
    ),
    (Filter("firstname", "is_unknown", include_blank=True), "First name is unknown", "Prénom n'est pas renseigné"),
    (
        Filter("revenue", "between", ("1000", "2500000.5")),
        "Total revenue is between 1,000 and 2,500,000.5",
        "Chiffre d'affaires total est compris entre 1 000 et 2 500 000,5",
    ),
    (Filter("birthday", "before", ("2024-05-06",)), "Birthday is before May 6, 2024", "Date de naissance est avant le 6 mai 2024"),
    (
        Filter("last_activity", "less_than_days_ago", ("3",)),
        "Last activity is less than 3 days ago",
        "Dernière activité remonte à moins de 3 jours",
    ),
    (
        Filter("createdate", "in_this_so_far", ("quarter",)),
        "Create date is in this quarter so far",
        "Date de création est dans la période en cours jusqu'à maintenant (trimestre)",
    ),
    (Filter("subscribed", "has_ever_been", ("true",)), "Subscribed has ever been Yes", "Abonné a déjà été Oui"),
    (Filter("owner", "any_of", ("7", "8")), "Owner is any of Alice, 8", "Propriétaire est l'un de Alice, 8"),
    (
        Filter("birthday", "after_property_updated", ("company",)),
        "Birthday is after the last update of Company name",
        "Date de naissance est après la dernière mise à jour de Nom de l'entreprise",
    ),
]


@pytest.mark.parametrize(("one", "english", "french"), SPOKEN, ids=lambda spoken: spoken.operator if isinstance(spoken, Filter) else "")
def test_a_chip_says_what_is_asked(one: Filter, english: str, french: str) -> None:
    assert chips(all_of(one), CONTACTS, "en", users={7: "Alice"}) == [english]
    (told,) = chips(all_of(one), CONTACTS, "fr", users={7: "Alice"})
    assert told.replace("\N{NARROW NO-BREAK SPACE}", " ") == french


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
