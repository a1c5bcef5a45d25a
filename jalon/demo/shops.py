"""The companies that Cabrelle sells to: shops, rental firms, clubs, wholesalers. Pure."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from jalon.demo.chance import Chance, Weighted
from jalon.demo.company import REPS
from jalon.demo.rhythm import Rhythm, wire
from jalon.demo.words import Place, landline, slug, words

INDUSTRIES: Weighted[str | None] = Weighted(
    {
        "sport": 41,
        "retail": 22,
        "hospitality": 8,
        "services": 5,
        "manufacturing": 4,
        "public": 4,
        "education": 4,
        "transport": 2,
        "media": 2,
        "agriculture": 1,
        None: 7,
    }
)
OPENING_SHARE = 0.45  # of the companies came with the old customer file, in the first week
ALPS = frozenset({"01", "04", "05", "38", "69", "73", "74"})
SOUTH = frozenset({"06", "07", "09", "11", "12", "13", "20", "26", "30", "31", "33", "34", "40", "42", "63", "64", "65", "66", "83", "84"})


@dataclass(frozen=True, slots=True)
class Shop:
    """A company: what is written of it, and what its people need to know of it."""

    number: int
    name: str
    domain: str
    industry: str | None
    place: Place
    employees: int
    rep: str | None
    created: int
    values: dict[str, str]


def rep_of(place: Place, chance: Chance) -> str | None:
    """Who looks after a place: Chloé the Alps, Farid the rest of the south, Gaëlle the other half, Hugo what lies abroad."""
    alps, south, north, abroad = REPS
    if chance.happens(0.06):
        return None
    if place.code != "fr":
        return abroad
    department = place.zip[:2]
    return alps if department in ALPS else south if department in SOUTH else north


def _name(number: int, place: Place) -> tuple[str, str]:
    """A name and a domain that no other shop has: every head meets every tail before a town is needed in the name."""
    heads, tails = words().shop_heads, words().shop_tails
    pairs = len(heads) * len(tails)
    pair, again = (number * 331 + 17) % pairs, number // pairs
    name = f"{heads[pair % len(heads)]} {tails[pair // len(heads)]}"
    if again:
        name = f"{name} {place.city}"
    return name, f"{slug(name)}{again if again > 1 else ''}.example"


def weight(number: int) -> float:
    """How large the company is among all, between 0 and 1: few are large. It decides its staff and how many contacts it has."""
    return (zlib.crc32(number.to_bytes(4, "little")) / 0xFFFFFFFF) ** 3


@lru_cache(maxsize=2048)
def shop(seed: str, number: int, total: int, year: Rhythm) -> Shop:
    """The company with this number; the numbers follow the days of creation."""
    chance = Chance(seed, "shop", number)
    place = words().countries[chance.draw(words().mix)].places.at(chance.share())
    name, domain = _name(number, place)
    industry = chance.draw(INDUSTRIES)
    employees = max(1, int(90 * weight(number) * chance.around(1.0, 0.4)))
    born = created(number, total, year)
    values = {
        "name": name,
        "domain": domain,
        "website": f"https://www.{domain}",
        "city": place.city,
        "zip": place.zip,
        "country": place.country,
        "createdate": wire(born),
    }
    if industry:
        values["industry"] = industry
    if chance.happens(0.86):
        values["numberofemployees"] = str(employees)
        values["annualrevenue"] = f"{int(employees * chance.around(165.0, 0.35))}000"
    if chance.happens(0.7):
        values["phone"] = landline(chance)
    return Shop(number, name, domain, industry, place, employees, rep_of(place, chance), born, values)


def created(number: int, total: int, year: Rhythm) -> int:
    opening = max(1, int(total * OPENING_SHARE))
    later = (number - opening + 0.5) / max(1, total - opening)
    days = number / opening * 5 if number < opening else 5 + later**0.85 * 358
    return year.instant(year.first + timedelta(days=int(days)), (8 + (days % 1) * 10) * 3600)


def shops(seed: str, total: int, year: Rhythm) -> Iterator[Shop]:
    return (shop(seed, number, total, year) for number in range(total))
