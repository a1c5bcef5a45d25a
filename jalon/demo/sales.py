"""Deals of contacts that came as far as a payment: orders won, orders lost, orders still open. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from jalon.demo import funnel
from jalon.demo.chance import Chance, Weighted
from jalon.demo.people import Past, Person
from jalon.demo.rhythm import DAY, HOUR, at_work, wire

SWISS, ABROAD = "CHF", 17  # every 17th shop lies beyond the border and pays in francs
WON, LOST = "closedwon", "closedlost"
STAGES = ("appointmentscheduled", "qualifiedtobuy", "presentationscheduled", "contractsent")
PRODUCTS = Weighted(
    {
        "Tentes Belvédère": 24,
        "Sacs Traversée": 22,
        "Duvets Névé": 17,
        "Matériel de location": 14,
        "Bâtons Cordée": 9,
        "Réassort de saison": 14,
    }
)


@dataclass(frozen=True, slots=True)
class Deal:
    """An order before it is written; it belongs to the contact it hangs on, and to the contact's company."""

    values: dict[str, str]
    past: tuple[Past, ...]
    owner: str | None


def deals(person: Person, chance: Chance, end: int) -> list[Deal]:
    """The orders of one contact; its revenue and its close date are rolled up from those that were won."""
    payment = funnel.ORDER["payment"]
    started = next((move.at for move in person.moves if funnel.ORDER.get(move.stage, -1) >= payment), None)
    if started is None:
        return []
    if person.won_at is None:
        return [_deal(person, chance, started, *_outcome(person, chance, started, end))]
    made = [_deal(person, chance, min(started, person.won_at), WON, person.won_at)]
    at = person.won_at
    while chance.happens(0.42 if person.shop else 0.15):
        at = at_work(at + int(chance.after(55.0) * DAY) + DAY, chance)
        if at >= end:
            break
        made.append(_deal(person, chance, at - 6 * HOUR, WON, at))
    return made


def _outcome(person: Person, chance: Chance, started: int, end: int) -> tuple[str, int | None]:
    """Lost when the contact was lost or the order lay too long; otherwise still on its way."""
    last = person.moves[-1]
    if last.stage in funnel.LOST.items:
        return LOST, last.at
    if end - started > 100 * DAY and chance.happens(0.7):
        return LOST, at_work(started + int((45 + chance.share() * 50) * DAY), chance)
    return chance.pick(STAGES), None


def _deal(person: Person, chance: Chance, created: int, stage: str, closed: int | None) -> Deal:
    product = chance.draw(PRODUCTS)
    name = person.shop.name if person.shop else f"{person.values['firstname']} {person.values['lastname']}"
    amount = chance.around(1_900.0 * (1.0 + person.shop.employees / 40) if person.shop else 190.0, 0.7)
    values = {
        "dealname": f"{name} : {product}",
        "pipeline": "default",
        "dealstage": stage,
        "createdate": wire(created),
        "amount": f"{max(amount, 19.0):.2f}",
    }
    if person.shop and person.shop.number % ABROAD == 0:
        values["deal_currency_code"] = SWISS
    if closed is None:
        past = _steps(created, created, stage)
        if chance.happens(0.12):
            del values["amount"]  # nobody asked yet
    else:
        values["closedate"] = wire(closed)
        past = _steps(created, closed, stage)
    values["dealtype"] = "existingbusiness" if person.won_at is not None and created > person.won_at else "newbusiness"
    return Deal(values, past, person.rep)


def _steps(created: int, closed: int, stage: str) -> tuple[Past, ...]:
    """The stages that an order went through, evenly between its first and its last day."""
    if stage in STAGES:
        return tuple(
            Past("dealstage", step, created + place * HOUR, "user") for place, step in enumerate(STAGES[: STAGES.index(stage) + 1])
        )
    seen = (STAGES[0], STAGES[2], STAGES[3], stage) if closed - created > 3 * DAY else (STAGES[1], stage)
    pace = (closed - created) // (len(seen) - 1)
    return tuple(Past("dealstage", step, created + place * pace, "user") for place, step in enumerate(seen))
