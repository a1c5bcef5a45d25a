"""The kits that the sales team lends to shops: an object of the company's own. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from jalon.demo.chance import Chance, Weighted
from jalon.demo.company import REPS

LEAST, CONTACTS_OF_ONE = 16, 100
MODELS = ("tent", "backpack", "sleeping_bag", "poles")
CODES = {"tent": "BEL", "backpack": "TRA", "sleeping_bag": "NEV", "poles": "COR"}
WORTH = {"tent": 640, "backpack": 380, "sleeping_bag": 450, "poles": 160}
STATES = Weighted({"lent": 44, "in_stock": 30, "late": 11, "repair": 9, "retired": 6})
REMARKS = (
    "Une sardine manque, à remplacer au retour.",
    "Prêté avec le présentoir.",
    "Le magasin voudrait le garder jusqu’à la fin de la saison.",
    "Fermeture éclair changée au printemps.",
)


@dataclass(frozen=True, slots=True)
class Kit:
    """A kit before it is written; `borrower` is the place of a company among all, None where the kit is at home."""

    values: dict[str, str]
    owner: str
    borrower: int | None


def kits(seed: str, end: date, contacts: int, companies: int) -> Iterator[Kit]:
    for number in range(max(LEAST, contacts // CONTACTS_OF_ONE)):
        chance = Chance(seed, "kit", number)
        yield _kit(chance, number, end, companies)


def _kit(chance: Chance, number: int, end: date, companies: int) -> Kit:
    model, state = chance.pick(MODELS), chance.draw(STATES)
    values = {
        "reference": f"KIT-{CODES[model]}-{number + 1:03d}",
        "model": model,
        "state": state,
        "worth": str(WORTH[model]),
        "bought_on": (end - timedelta(days=chance.between(200, 900))).isoformat(),
    }
    if chance.happens(0.3):
        values["remark"] = chance.pick(REMARKS)
    is_away = state in {"lent", "late"}
    if is_away:
        back = end + timedelta(days=chance.between(3, 40) if state == "lent" else -chance.between(2, 25))
        values |= {"lent_on": (back - timedelta(days=45)).isoformat(), "back_on": back.isoformat()}
    return Kit(values, chance.pick(REPS), chance.below(companies) if is_away else None)
