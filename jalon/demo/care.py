"""Tickets of the service team and the surveys that follow them. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from jalon.demo.chance import Chance, Weighted
from jalon.demo.company import AGENTS
from jalon.demo.people import Past, Person
from jalon.demo.rhythm import DAY, HOUR, at_work, wire

NEW, WAITING_ON_CONTACT, WAITING_ON_US, CLOSED = "1", "2", "3", "4"


@dataclass(frozen=True, slots=True)
class Subject:
    text: str
    content: str
    category: str


SUBJECTS = (
    Subject(
        "Livraison incomplète", "Bonjour, il manque deux cartons dans la livraison de ce matin. Pouvez-vous vérifier ?", "PRODUCT_ISSUE"
    ),
    Subject("Couture défaite sur un sac Traversée", "La couture de la bretelle gauche a lâché après trois sorties.", "PRODUCT_ISSUE"),
    Subject("Arceau de tente cassé", "Un arceau s’est fendu au montage. Est-ce couvert par la garantie ?", "PRODUCT_ISSUE"),
    Subject("Facture en double", "Nous avons reçu deux fois la facture du mois dernier.", "BILLING_ISSUE"),
    Subject("Avoir non reçu", "L’avoir promis le mois passé n’apparaît pas sur notre compte.", "BILLING_ISSUE"),
    Subject("Changement d’IBAN", "Merci de noter nos nouvelles coordonnées bancaires.", "BILLING_ISSUE"),
    Subject("Taille des duvets Névé", "Quelle taille conseillez-vous pour une personne de 1,92 m ?", "GENERAL_INQUIRY"),
    Subject("Délai de réassort", "Quand les bâtons Cordée seront-ils de nouveau disponibles ?", "GENERAL_INQUIRY"),
    Subject("Mot de passe de l’espace revendeur", "Je n’arrive plus à me connecter à l’espace revendeur.", "GENERAL_INQUIRY"),
    Subject("Présentoir pour la vitrine", "Serait-il possible d’avoir un présentoir pour la collection d’hiver ?", "FEATURE_REQUEST"),
    Subject("Commande par fichier", "Nous aimerions envoyer nos commandes par fichier plutôt que page par page.", "FEATURE_REQUEST"),
)
CHANNELS = Weighted({"EMAIL": 58, "FORM": 21, "PHONE": 15, "CHAT": 6})
PRIORITIES = Weighted({"LOW": 25, "MEDIUM": 47, "HIGH": 16, None: 12})
PRAISE = (
    "Réponse rapide et claire, merci.",
    "Très bon accueil au téléphone.",
    "Problème réglé dans la journée.",
    "Du matériel solide, comme toujours.",
)
BLAME = ("Trop long à mon goût.", "J’ai dû relancer deux fois.", "La réponse ne m’a pas aidé.")


@dataclass(frozen=True, slots=True)
class Ticket:
    values: dict[str, str]
    past: tuple[Past, ...]
    owner: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a customer answered to a survey."""

    values: dict[str, str]


def tickets(person: Person, chance: Chance, end: int) -> list[Ticket]:
    """Customers ask more than others; nobody asks before being known."""
    won_at = person.won_at
    made: list[Ticket] = []
    at = won_at or person.created
    while chance.happens((0.36 if won_at else 0.05) / (1 + len(made))):
        at = at_work(at + int(chance.after(40.0) * DAY), chance)
        if at >= end:
            break
        made.append(_ticket(chance, at, end))
    return made


def _ticket(chance: Chance, at: int, end: int) -> Ticket:
    subject = chance.pick(SUBJECTS)
    closed = at_work(at + int(chance.after(1.6) * DAY), chance)
    status = CLOSED if closed < end and not chance.happens(0.04) else chance.pick((NEW, WAITING_ON_CONTACT, WAITING_ON_US))
    values = {
        "subject": subject.text,
        "content": subject.content,
        "hs_pipeline": "0",
        "hs_pipeline_stage": status,
        "source_type": chance.draw(CHANNELS),
        "createdate": wire(at),
    }
    if chance.happens(0.9):
        values["hs_ticket_category"] = subject.category
    priority = chance.draw(PRIORITIES)
    if priority:
        values["hs_ticket_priority"] = priority
    past = [Past("hs_pipeline_stage", NEW, at, "conversation")]
    if status == CLOSED:
        values["closed_date"] = wire(closed)
        past += [
            Past("hs_pipeline_stage", WAITING_ON_CONTACT, (at + closed) // 2, "user"),
            Past("hs_pipeline_stage", CLOSED, closed, "user"),
        ]
    elif status != NEW:
        past.append(Past("hs_pipeline_stage", status, min(at + HOUR, end - 1), "user"))
    return Ticket(values, tuple(past), chance.pick(AGENTS) if chance.happens(0.93) else None)


def answers(person: Person, tickets_of: list[Ticket], chance: Chance, end: int) -> list[Answer]:
    """A survey after a closed ticket, and one a month after the first order."""
    closed = [ticket.values for ticket in tickets_of if ticket.values["hs_pipeline_stage"] == CLOSED]
    made = [_satisfaction(chance, values["closed_date"]) for values in closed if chance.happens(0.4)]
    won_at = person.won_at
    if won_at and won_at + 30 * DAY < end and chance.happens(0.28):
        made.append(_loyalty(chance, wire(won_at + 30 * DAY)))
    return [answer for answer in made if answer.values["createdate"] < wire(end)]


def _satisfaction(chance: Chance, at: str) -> Answer:
    value = chance.draw(Weighted({5: 44, 4: 30, 3: 12, 2: 8, 1: 6}))
    return Answer({**_answer(chance, at, "CSAT", str(value), is_happy=value >= 4), "hs_survey_name": "Après votre demande"})


def _loyalty(chance: Chance, at: str) -> Answer:
    value = chance.draw(Weighted({10: 22, 9: 24, 8: 22, 7: 13, 6: 7, 5: 5, 3: 4, 0: 3}))
    return Answer({**_answer(chance, at, "NPS", str(value), is_happy=value >= 7), "hs_survey_name": "Recommanderiez-vous Cabrelle ?"})


def _answer(chance: Chance, at: str, kind: str, value: str, *, is_happy: bool) -> dict[str, str]:
    values = {"hs_survey_type": kind, "hs_value": value, "hs_submission_timestamp": at, "createdate": at}
    if chance.happens(0.55):
        values["hs_content"] = chance.pick(PRAISE if is_happy else BLAME)
    return values
