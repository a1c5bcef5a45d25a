"""How often something may be tried: a table. The counting is in the database, so that all processes count together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext, ngettext


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` attempts under one key within a window that opens with the first of them."""

    name: str
    most: int
    window: timedelta


# Somebody who guesses comes from one address at many people, or from many addresses at one person.
SIGN_IN_AT_PERSON = Limit("sign_in.person", 5, timedelta(minutes=5))
SIGN_IN_FROM_ADDRESS = Limit("sign_in.address", 30, timedelta(minutes=5))
SECOND_FACTOR = Limit("second_factor", 5, timedelta(minutes=5))
PASSKEY = Limit("passkey", 30, timedelta(minutes=5))
RESET_OF_PERSON = Limit("reset.person", 3, timedelta(hours=1))
RESET_FROM_ADDRESS = Limit("reset.address", 10, timedelta(hours=1))
TOKEN = Limit("token", 30, timedelta(minutes=5))
PASSWORD_CHECK = Limit("password.check", 300, timedelta(minutes=5))


class TooOften(Exception):
    """No more attempts for a while; the message says how long."""

    def __init__(self, wait: timedelta) -> None:
        self.seconds = max(1, round(wait.total_seconds()))
        super().__init__(gettext("That was tried too often. Wait %(time)s, then try again.") % {"time": self.words()})

    def words(self) -> str:
        minutes = -(-self.seconds // 60)
        if self.seconds < 90:
            return ngettext("%(count)s second", "%(count)s seconds", self.seconds) % {"count": self.seconds}
        return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}
