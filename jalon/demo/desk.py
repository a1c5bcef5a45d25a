"""What people of the company wrote down about their deals: calls, meetings, notes, and what they still have to do. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jalon.demo import sales
from jalon.demo.chance import Chance, Weighted
from jalon.demo.people import Person
from jalon.demo.rhythm import DAY, HOUR, at_work, wire

MINUTE = HOUR // 60
OPENERS = ("Premier échange", "Prise de contact", "Appel de découverte", "Retour sur la demande")
HEARD = (
    "Cherche à renouveler le rayon avant la saison. Budget validé par la direction, décision attendue <b>sous quinzaine</b>.",
    "Intéressé surtout par les tentes deux places. Compare avec son fournisseur actuel, sensible aux délais de réassort.",
    "Ouverture d’un second magasin au printemps. Souhaite une <b>implantation complète</b> : sacs, duvets et bâtons.",
    "A vu nos produits au salon. Demande le catalogue et les conditions pour une première commande.",
    "Satisfait de la dernière livraison. Veut passer à une commande trimestrielle avec des prix fixes.",
    "Rappeler après l’inventaire. Le responsable des achats change le mois prochain.",
)
NOTES = (
    "<p>Points à ne pas oublier :</p><ul><li>franco de port à partir de 600 €</li><li>livraison le mardi matin seulement</li></ul>",
    "<p>Le gérant préfère le téléphone aux e-mails, de préférence <b>avant 10 h</b>.</p>",
    "<p>Concurrent en place depuis trois ans. Point faible : le service après-vente.</p>",
    "<p>Surface de vente d’environ 180 m². Un présentoir Belvédère tiendrait près de l’entrée.</p>",
    "<p>Conditions demandées : paiement à 45 jours, reprise des invendus de la première saison.</p>",
)
MEETINGS = ("Présentation de la collection", "Visite du magasin", "Point sur la commande", "Démonstration du matériel")
PLACES = ("Showroom de Lyon", "Chez le client", "Visioconférence", "Salon de Grenoble")
TO_DO = (
    ("Relancer : {name}", "CALL", "relances"),
    ("Envoyer le devis : {name}", "EMAIL", "devis"),
    ("Préparer l’offre : {name}", "TODO", "devis"),
    ("Fixer un rendez-vous : {name}", "CALL", "relances"),
    ("Vérifier les stocks : {name}", "TODO", ""),
)
OUTCOMES = Weighted({"connected": 64, "left_voicemail": 16, "no_answer": 14, "busy": 6})
PRIORITIES = Weighted({"MEDIUM": 50, "HIGH": 22, "LOW": 12, "": 16})
ALSO_OF_ALICE = 0.05  # tasks that the head of marketing took over, so that her own page is not empty


@dataclass(frozen=True, slots=True)
class Activity:
    """Something written down about the contact, and about one of the contact's deals."""

    kind: str
    values: dict[str, str]
    owner: str | None
    deal: int  # its place among the contact's deals


def activities(person: Person, deals: list[sales.Deal], chance: Chance, end: int) -> Iterator[Activity]:
    """A call opens most deals, a meeting or a note follows, and what is still open has something to be done."""
    for place, deal in enumerate(deals):
        steps = [move.at for move in deal.past]
        if chance.happens(0.55):
            yield _call(deal, chance, steps[0], place)
        if len(steps) > 2 and chance.happens(0.4):
            yield _meeting(deal, chance, steps[1], place, end)
        if chance.happens(0.3):
            yield _note(deal, chance, min(steps[-1] + HOUR, end - HOUR), place)
        if deal.is_open and chance.happens(0.5):
            yield _task(deal, chance, place, end)
        elif not deal.is_open and chance.happens(0.12):
            yield _done(deal, chance, steps[-1], place)


def _call(deal: sales.Deal, chance: Chance, at: int, place: int) -> Activity:
    outcome = chance.draw(OUTCOMES)
    values = {
        "hs_call_title": chance.pick(OPENERS),
        "hs_call_direction": "OUTBOUND" if chance.happens(0.7) else "INBOUND",
        "hs_call_disposition": outcome,
        **_at(at),
    }
    if outcome == "connected":
        values |= {"hs_call_duration": str(chance.between(2, 24) * MINUTE), "hs_call_body": chance.pick(HEARD)}
    return Activity("call", values, deal.owner, place)


def _meeting(deal: sales.Deal, chance: Chance, at: int, place: int, end: int) -> Activity:
    held = at_work(at, chance)
    values = {
        "hs_meeting_title": chance.pick(MEETINGS),
        "hs_meeting_location": chance.pick(PLACES),
        "hs_meeting_outcome": "COMPLETED" if held < end else "SCHEDULED",
        "hs_meeting_end_time": wire(held + HOUR),
        **_at(held),
        "createdate": wire(min(at, end - HOUR)),
    }
    if held < end:
        values["hs_meeting_body"] = chance.pick(HEARD)
    return Activity("meeting", values, deal.owner, place)


def _note(deal: sales.Deal, chance: Chance, at: int, place: int) -> Activity:
    return Activity("note", {"hs_note_body": chance.pick(NOTES), **_at(at)}, deal.owner, place)


def _task(deal: sales.Deal, chance: Chance, place: int, end: int) -> Activity:
    """Due around the last day of the data: some are late, most are to come."""
    due = at_work(end + chance.between(-4, 14) * DAY, chance)
    values = _to_do(deal, chance) | {"hs_task_status": "NOT_STARTED", "hs_timestamp": wire(due), "createdate": wire(end - 3 * DAY)}
    if chance.happens(0.3):
        values["hs_task_reminders"] = wire(due - HOUR)
    return Activity("task", values, "alice" if chance.happens(ALSO_OF_ALICE) else deal.owner, place)


def _done(deal: sales.Deal, chance: Chance, at: int, place: int) -> Activity:
    values = _to_do(deal, chance) | {"hs_task_status": "COMPLETED", "hs_task_completion_date": wire(at), **_at(at)}
    return Activity("task", values, deal.owner, place)


def _to_do(deal: sales.Deal, chance: Chance) -> dict[str, str]:
    subject, kind, queue = chance.pick(TO_DO)
    priority = chance.draw(PRIORITIES)
    values = {"hs_task_subject": subject.format(name=deal.values["dealname"].split(" : ")[0]), "hs_task_type": kind}
    return values | {name: value for name, value in (("hs_queue_membership_ids", queue), ("hs_task_priority", priority)) if value}


def _at(at: int) -> dict[str, str]:
    return {"hs_timestamp": wire(at), "createdate": wire(at)}
