"""The demo's company as a world for tests: its cast, and a small year of its contacts, the same at every run.

A test asks for `cabrelle`. Alice may do everything, Bruno all of marketing, Chloé sees only her own records, David only
reads, Émilie sees those of the service team.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from jalon.accounts import queries as accounts
from jalon.accounts.access import Access
from jalon.accounts.models import User
from jalon.demo import actions, settling
from jalon.demo.chapters import cast
from jalon.demo.year import Year

END = date(2026, 3, 15)
CONTACTS = 500


@dataclass(frozen=True, slots=True)
class World:
    """The filled house: `users` are the ids of the cast by key, `year` is what was written."""

    year: Year
    users: Mapping[str, int]

    def user(self, key: str) -> User:
        return User.objects.get(pk=self.users[key])

    def access(self, key: str) -> Access:
        return accounts.access_of(self.users[key])

    def catch_up(self) -> None:
        """Brings the columns up to what was written, and what is computed from them up to the columns."""
        settling.catch_up()


def fill(contacts: int = CONTACTS) -> World:
    """Fills the house and, where a test has columns, the columns."""
    year = actions.begin(END, contacts)
    actions.fill(year, lambda label, share: None)
    return World(year, cast.enter())
