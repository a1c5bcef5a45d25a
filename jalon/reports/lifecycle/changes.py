"""Changes of the stages, as reports mark them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.utils.translation import gettext

from jalon.accounts.queries import account
from jalon.figures.periods import Period
from jalon.lifecycle import queries as lifecycle
from jalon.lifecycle import wording as lifecycle_wording
from jalon.reports import wording
from jalon.web import formats


@dataclass(frozen=True, slots=True)
class Mark:
    """What was changed on a day of the account, in a sentence."""

    day: date
    sentence: str

    @property
    def told(self) -> str:
        """ "3 Mar 2026: “Moved away” was added." """
        return gettext("%(day)s: %(sentence)s") % {"day": formats.day(self.day), "sentence": self.sentence}


def marks(period: Period) -> Iterator[Mark]:
    """Those that may disturb figures, on the days of a period, the first of them first; none where it has no end."""
    if period.first is None or period.last is None:
        return
    zone = account().tz
    since = datetime.combine(period.first, time.min, zone)
    until = datetime.combine(period.last + timedelta(days=1), time.min, zone)
    for change in reversed(lifecycle.changes(since=since.astimezone(UTC))):
        if change.at < until and change.what in lifecycle.DISTURBING:
            yield Mark(change.at.astimezone(zone).date(), lifecycle_wording.changed(change, wording.language()))
