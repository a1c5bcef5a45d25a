"""People whom somebody entered a second time, so that there are duplicates to be found. Pure.

The second record is one of the year's contacts, not one more: the year keeps its size.
"""

from __future__ import annotations

from jalon.demo.people import Addresses, Person
from jalon.demo.shops import Shop
from jalon.demo.words import slug

EVERY = 60  # one contact in so many is there twice
FIRST, SECOND = 7, 43  # places among these: the one who is entered again, and the one who is the double
CARRIED = ("phone", "mobilephone", "city", "zip", "country")


class Twins:
    """Remembers one buyer and one walker at a time, until they come a second time."""

    def __init__(self) -> None:
        self._known: dict[bool, Person] = {}

    def shop(self, number: int, shop: Shop | None) -> Shop | None:
        """The employer of the contact with this number: that of the one whom it doubles."""
        first = self._known.get(shop is not None) if number % EVERY == SECOND else None
        return first.shop if first else shop

    def meet(self, person: Person, addresses: Addresses) -> None:
        is_buyer = person.shop is not None
        if person.number % EVERY == SECOND and (first := self._known.pop(is_buyer, None)):
            _become(person, first, addresses)
        elif person.number % EVERY >= FIRST and is_buyer not in self._known and (is_buyer or "mobilephone" in person.values):
            self._known[is_buyer] = person


def _become(person: Person, first: Person, addresses: Addresses) -> None:
    """The same person, typed in by somebody else: initials in the address, a surname in capitals here and there."""
    values, told = person.values, first.values
    for name in CARRIED:
        values.pop(name, None)
        if name in told:
            values[name] = told[name]
    values["firstname"] = told["firstname"]
    values["lastname"] = told["lastname"].upper() if person.number // EVERY % 3 == 0 else told["lastname"]
    if "email" in values:
        domain = values["email"].rpartition("@")[2]
        values["email"] = addresses.of(f"{slug(told['firstname'])[:1]}.{slug(told['lastname'])}", domain, person.number)
