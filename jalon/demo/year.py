"""The whole year as a stream: companies first, then contacts in the order of their creation, each with what hangs on it. Pure.

The same end, size and seed give the same bytes; memory stays flat, whatever the size is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from jalon.demo import care, company, doubles, people, sales, shops
from jalon.demo.chance import Chance
from jalon.demo.rhythm import Rhythm

SEED = "cabrelle"
SHOPS_PER_CONTACT = 0.075
TRIES = 8  # draws of an employer before a small company is taken as well


@dataclass(frozen=True, slots=True)
class Story:
    """A contact with its deals, tickets and answers."""

    person: people.Person
    deals: list[sales.Deal]
    tickets: list[care.Ticket]
    answers: list[care.Answer]


@dataclass(frozen=True, slots=True)
class Year:
    """The data of the 365 days before `end`."""

    end: date
    contacts: int
    seed: str = SEED

    @property
    def companies(self) -> int:
        return max(1, round(self.contacts * SHOPS_PER_CONTACT))

    @property
    def rhythm(self) -> Rhythm:
        return Rhythm(self.end, company.ZONE, self.seed)

    def shops(self) -> Iterator[shops.Shop]:
        return shops.shops(self.seed, self.companies, self.rhythm)

    def stories(self) -> Iterator[Story]:
        """Every contact, the oldest first."""
        rhythm, addresses, number = self.rhythm, people.Addresses(), 0
        known, twins = _Known(self.seed, self.companies, rhythm), doubles.Twins()
        for day, count in rhythm.days(self.contacts):
            for chance, seconds, is_buyer in _arrivals(self.seed, number, count):
                shop = known.employer(chance, rhythm.instant(day, seconds)) if is_buyer else None
                made = people.person(chance, number, day, seconds, twins.shop(number, shop), rhythm, addresses)
                twins.meet(made, addresses)
                yield _story(made, chance, rhythm.last_instant)
                number += 1


def _arrivals(seed: str, first: int, count: int) -> list[tuple[Chance, float, bool]]:
    """The contacts of one day in the order in which they came."""
    made = []
    for number in range(first, first + count):
        chance = Chance(seed, "contact", number)
        is_buyer = chance.happens(people.BUYERS)
        made.append((chance, people.second_of_day(chance, is_buyer), is_buyer))
    return sorted(made, key=lambda arrival: arrival[1])


def _story(person: people.Person, chance: Chance, end: int) -> Story:
    deals = sales.deals(person, chance, end)
    tickets = care.tickets(person, chance, end)
    return Story(person, deals, tickets, care.answers(person, tickets, chance, end))


class _Known:
    """The companies that exist at an instant. Some have many contacts, most have few."""

    def __init__(self, seed: str, total: int, rhythm: Rhythm) -> None:
        self._seed, self._total, self._rhythm, self._count = seed, total, rhythm, 0
        self._next = shops.created(0, total, rhythm)

    def employer(self, chance: Chance, at: int) -> shops.Shop | None:
        while self._next <= at:
            self._count += 1
            self._next = shops.created(self._count, self._total, self._rhythm) if self._count < self._total else at + (1 << 60)
        if not self._count:
            return None
        for _ in range(TRIES):
            number = chance.below(self._count)
            if chance.happens(0.04 + shops.weight(number)):
                break
        return shops.shop(self._seed, number, self._total, self._rhythm)
