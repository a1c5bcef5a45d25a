"""Deals of contacts that came as far as a payment: orders won, orders lost, orders still open. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from jalon.demo import funnel
from jalon.demo.chance import Chance, Weighted
from jalon.demo.people import Past, Person
from jalon.demo.rhythm import DAY, HOUR, at_work, wire

SWISS, ABROAD = "CHF", 17  # every 17th shop lies beyond the border and pays in francs
WON, LOST = "closedwon", "closedlost"
STAGES = ("appointmentscheduled", "qualifiedtobuy", "presentationscheduled", "contractsent")
RENTAL = "rental"  # the pipeline of equipment that is lent; its stages are named after their English labels
RENTAL_OF = {
    "appointmentscheduled": "rental_requested",
    "qualifiedtobuy": "rental_requested",
    "presentationscheduled": "quote_sent",
    "contractsent": "equipment_reserved",
    WON: "returned_and_paid",
    LOST: "rental_cancelled",
}
LENT = "Matériel de location"
PRODUCTS = Weighted(
    {
        "Tentes Belvédère": 24,
        "Sacs Traversée": 22,
        "Duvets Névé": 17,
        LENT: 14,
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
    is_open: bool


def deals(person: Person, chance: Chance, end: int) -> list[Deal]:
    """The orders of one contact; its revenue and its close date are rolled up from those that were won."""
    payment = funnel.ORDER["payment"]
    started = next((move.at for move in person.moves if funnel.ORDER.get(move.stage, -1) >= payment), None)
    if started is None:
        return []
    if person.won_at is None:
        return [_deal(person, chance, started, *_outcome(person, chance, started, end), end)]
    made = [_deal(person, chance, min(started, person.won_at), WON, person.won_at, end)]
    at = person.won_at
    while chance.happens(0.42 if person.shop else 0.15):
        at = at_work(at + int(chance.after(55.0) * DAY) + DAY, chance)
        if at >= end:
            break
        made.append(_deal(person, chance, at - 6 * HOUR, WON, at, end))
    return made


def _outcome(person: Person, chance: Chance, started: int, end: int) -> tuple[str, int | None]:
    """Lost when the contact was lost or the order lay too long; otherwise still on its way."""
    last = person.moves[-1]
    if last.stage in funnel.LOST.items:
        return LOST, last.at
    if end - started > 100 * DAY and chance.happens(0.7):
        return LOST, at_work(started + int((45 + chance.share() * 50) * DAY), chance)
    return chance.pick(STAGES), None


def _deal(person: Person, chance: Chance, created: int, stage: str, closed: int | None, end: int) -> Deal:
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
        if hoped := _hoped(created, stage, end):
            values["closedate"] = hoped
        if chance.happens(0.12):
            del values["amount"]  # nobody asked yet
    else:
        values["closedate"] = wire(closed)
        past = _steps(created, closed, stage)
    values["dealtype"] = "existingbusiness" if person.won_at is not None and created > person.won_at else "newbusiness"
    if product == LENT:
        values |= {"pipeline": RENTAL, "dealstage": RENTAL_OF[stage]}
        past = _as_rental(past)
    return Deal(values, past, person.rep, closed is None)


def _hoped(created: int, stage: str, end: int) -> str:
    """The day on which whoever sells hopes to close: the nearer the contract, the sooner. Some have passed, some nobody guessed."""
    chance = Chance("hoped", created, stage)  # a stream of its own: the rest of the year stays what it was
    if chance.happens(0.1):
        return ""
    away = {STAGES[0]: 75, STAGES[1]: 55, STAGES[2]: 35, STAGES[3]: 15}[stage]
    return wire(at_work(max(created + DAY, end + chance.between(-12, away) * DAY), chance))


def _as_rental(past: tuple[Past, ...]) -> tuple[Past, ...]:
    """The same way through the stages of the other pipeline, each of which is entered once."""
    moved = [replace(move, value=RENTAL_OF[move.value]) for move in past]
    return tuple(move for place, move in enumerate(moved) if not place or move.value != moved[place - 1].value)


def _steps(created: int, closed: int, stage: str) -> tuple[Past, ...]:
    """The stages that an order went through, evenly between its first and its last day."""
    if stage in STAGES:
        return tuple(
            Past("dealstage", step, created + place * HOUR, "user") for place, step in enumerate(STAGES[: STAGES.index(stage) + 1])
        )
    seen = (STAGES[0], STAGES[2], STAGES[3], stage) if closed - created > 3 * DAY else (STAGES[1], stage)
    pace = (closed - created) // (len(seen) - 1)
    return tuple(Past("dealstage", step, created + place * pace, "user") for place, step in enumerate(seen))
