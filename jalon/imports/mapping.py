"""Which column of a file is which property: guessed from the heading, in both languages, and from what the cells hold."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jalon.imports.dates import guess_order
from jalon.records.columns import Catalog, PropertySpec, Type
from jalon.warehouse.folding import fold_each

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
    said = _said(specs)
    known, labels = _known_words(specs, said), _by_word(specs, said)
    found: dict[str, tuple[int, int]] = {}  # property: (rank of the reason, column)
    for index, heading in enumerate(words_of(headings)):
        for rank, name in _candidates(heading, samples[index], known, labels):
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
    return words_of([heading])[0]


def words_of(headings: Sequence[str]) -> list[str]:
    """Those of many headings, folded at once: one by one, an export of another system with 2,000 columns would take a minute."""
    folded = fold_each([re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading) for heading in headings])
    return [" ".join(re.sub(r"[^a-z0-9]+", " ", text).split()) for text in folded]


def _said(specs: Mapping[str, PropertySpec]) -> Mapping[str, str]:
    """The words of every name and label."""
    texts = list({text for spec in specs.values() for text in (spec.name, spec.label_en, spec.label_fr)})
    return dict(zip(texts, words_of(texts), strict=True))


def _known_words(specs: Mapping[str, PropertySpec], said: Mapping[str, str]) -> dict[str, list[tuple[int, str]]]:
    known: dict[str, list[tuple[int, str]]] = {}

    def learn(rank: int, text: str, name: str) -> None:
        if text:
            known.setdefault(text.replace(" ", ""), []).append((rank, name))

    for name, spec in specs.items():
        learn(0, said[name], name)
        learn(1, said[spec.label_en], name)
        learn(1, said[spec.label_fr], name)
        for synonym in SYNONYMS.get(name, "").split("|"):
            learn(2, synonym, name)
    return known


#: By a word, the properties that have it in their name or in a label, each with its place among all and all words of that.
Labels = Mapping[str, list[tuple[int, PropertySpec, frozenset[str]]]]


def _by_word(specs: Mapping[str, PropertySpec], said: Mapping[str, str]) -> Labels:
    found: dict[str, list[tuple[int, PropertySpec, frozenset[str]]]] = {}
    for place, spec in enumerate(specs.values()):
        for label in {frozenset(said[label].split()) for label in (spec.label_en, spec.label_fr, spec.name)}:
            for word in label:
                found.setdefault(word, []).append((place, spec, label))
    return found


def _candidates(heading: str, cells: Sequence[str], known: Mapping[str, list[tuple[int, str]]], labels: Labels) -> list[tuple[int, str]]:
    exact = known.get(heading.replace(" ", ""), [])
    if exact:
        return exact
    if "email" in known and _mostly(cells, EMAIL):
        return [(3, "email")]
    return [(4, name) for name in _similar(heading, cells, labels)]


def _mostly(cells: Sequence[str], pattern: re.Pattern[str]) -> bool:
    filled = [cell.strip() for cell in cells if cell.strip()]
    return len(filled) > 0 and sum(1 for cell in filled if pattern.match(cell)) >= 0.8 * len(filled)


def _similar(heading: str, cells: Sequence[str], labels: Labels) -> list[str]:
    """Properties whose label shares most of its words with the heading, where the cells could be theirs."""
    own = frozenset(heading.split())
    close: dict[int, PropertySpec] = {}
    for word in own:
        for place, spec, theirs in labels.get(word, ()):
            shared = len(own & theirs)
            together = len(own) + len(theirs) - shared
            if together > 1 and shared / together >= 0.6:
                close[place] = spec
    return [spec.name for _, spec in sorted(close.items()) if _fits(spec, cells)]


def _fits(spec: PropertySpec, cells: Sequence[str]) -> bool:
    is_date = spec.type in (Type.DATE, Type.DATETIME)
    return is_date == guess_order(cells).is_date if any(cell.strip() for cell in cells) else True
