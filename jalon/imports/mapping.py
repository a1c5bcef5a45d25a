"""Which column of a file is which property: guessed from the heading, in both languages, and from what the cells hold."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jalon.imports.dates import guess_order
from jalon.records.columns import Catalog, PropertySpec, Type
from jalon.warehouse.folding import fold

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+\Z")
RECORD_ID = "hs_object_id"

SYNONYMS: Mapping[str, str] = {
    "email": "e mail|mail|courriel|email address|e mail address|"
    "adresse email|adresse e mail|adresse mail|adresse courriel|adresse electronique|mel",
    "firstname": "first name|given name|forename|prenom|first",
    "lastname": "last name|surname|family name|nom|nom de famille|last",
    "phone": "phone|phone number|telephone|tel|telephone fixe|numero de telephone|n de telephone",
    "mobilephone": "mobile|mobile phone|cell|cell phone|portable|telephone portable|telephone mobile",
    "company": "company|company name|organization|organisation|societe|entreprise|nom de l entreprise|raison sociale|employer",
    "jobtitle": "job title|title|position|poste|fonction|intitule du poste|role",
    "city": "city|town|ville|localite|commune",
    "zip": "zip|zip code|postal code|postcode|code postal|cp",
    "address": "address|street|street address|adresse|adresse postale|rue",
    "state": "state|region|province|departement",
    "country": "country|pays|country region",
    "website": "website|web site|url|site|site web|site internet",
    "domain": "domain|company domain|domain name|domaine|nom de domaine",
    "name": "name|company name|account|account name|nom|societe|entreprise|raison sociale",
    "industry": "industry|sector|secteur|secteur d activite|branche",
    "numberofemployees": "employees|number of employees|headcount|effectif|effectifs|nombre d employes|salaries",
    "annualrevenue": "revenue|annual revenue|turnover|chiffre d affaires|ca|chiffre d affaires annuel",
    "lifecyclestage": "lifecycle stage|stage|etape|etape du cycle de vie|statut",
    "hubspot_owner_id": "owner|contact owner|sales rep|sales agent|agent|proprietaire|commercial|responsable",
    "createdate": "create date|created|created at|creation date|date created|date de creation|cree le|date d ajout",
    "birthday": "birthday|date of birth|birth date|date de naissance|anniversaire|ne le",
    "salutation": "salutation|civility|civilite|titre",
    "amount": "amount|value|montant|valeur",
    "closedate": "close date|closing date|date de cloture|date de fermeture",
    "dealname": "deal name|deal|name|opportunity|nom de la transaction|transaction|nom",
    "subject": "subject|title|objet|sujet|nom du ticket",
    RECORD_ID: "record id|id|contact id|company id|deal id|ticket id|hs object id|id de la fiche|id de fiche|identifiant",
}


@dataclass(frozen=True, slots=True)
class Guess:
    """The property guessed for one column ("" for none) and why: name, label, synonym, content or similar."""

    heading: str
    property: str
    reason: str = ""


def guess_mapping(headings: Sequence[str], samples: Sequence[Sequence[str]], catalog: Catalog) -> list[Guess]:
    """A guess for each column; no property is guessed twice, the best reason wins. `samples` are the first cells of each column."""
    specs = {spec.name: spec for spec in catalog.properties.values() if not spec.read_only_value or spec.name in (RECORD_ID, "createdate")}
    known = _known_words(specs)
    found: dict[str, tuple[int, int]] = {}  # property: (rank of the reason, column)
    for index, heading in enumerate(headings):
        for rank, name in _candidates(words(heading), samples[index], known, specs):
            if name not in found or rank < found[name][0]:
                found[name] = (rank, index)
    taken: dict[int, tuple[int, str]] = {}
    for name, (rank, index) in found.items():
        if index not in taken or rank < taken[index][0]:
            taken[index] = (rank, name)
    return [Guess(heading, taken[i][1], REASONS[taken[i][0]]) if i in taken else Guess(heading, "") for i, heading in enumerate(headings)]


REASONS = ("name", "label", "synonym", "content", "similar")


def words(heading: str) -> str:
    """A heading as it is compared: folded, letters and digits only. "E-Mail_Adresse" and "e mail adresse" are the same."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading)
    return " ".join(re.sub(r"[^a-z0-9]+", " ", fold(parted)).split())


def _known_words(specs: Mapping[str, PropertySpec]) -> dict[str, list[tuple[int, str]]]:
    known: dict[str, list[tuple[int, str]]] = {}

    def learn(rank: int, text: str, name: str) -> None:
        if text:
            known.setdefault(text.replace(" ", ""), []).append((rank, name))

    for name, spec in specs.items():
        learn(0, words(name), name)
        learn(1, words(spec.label_en), name)
        learn(1, words(spec.label_fr), name)
        for synonym in SYNONYMS.get(name, "").split("|"):
            learn(2, synonym, name)
    return known


def _candidates(
    heading: str, cells: Sequence[str], known: Mapping[str, list[tuple[int, str]]], specs: Mapping[str, PropertySpec]
) -> list[tuple[int, str]]:
    exact = known.get(heading.replace(" ", ""), [])
    if exact:
        return exact
    if "email" in specs and _mostly(cells, EMAIL):
        return [(3, "email")]
    return [(4, name) for name in _similar(heading, cells, specs)]


def _mostly(cells: Sequence[str], pattern: re.Pattern[str]) -> bool:
    filled = [cell.strip() for cell in cells if cell.strip()]
    return len(filled) > 0 and sum(1 for cell in filled if pattern.match(cell)) >= 0.8 * len(filled)


def _similar(heading: str, cells: Sequence[str], specs: Mapping[str, PropertySpec]) -> list[str]:
    """Properties whose label shares most of its words with the heading, where the cells could be theirs."""
    own = set(heading.split())
    close = []
    for spec in specs.values():
        for label in (words(spec.label_en), words(spec.label_fr), words(spec.name)):
            theirs = set(label.split())
            if len(own | theirs) > 1 and len(own & theirs) / len(own | theirs) >= 0.6 and _fits(spec, cells):
                close.append(spec.name)
                break
    return close


def _fits(spec: PropertySpec, cells: Sequence[str]) -> bool:
    is_date = spec.type in (Type.DATE, Type.DATETIME)
    return is_date == guess_order(cells).is_date if any(cell.strip() for cell in cells) else True
