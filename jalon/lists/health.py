"""Whether lists keep up: with the change log, with the clock, and with what was asked for."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext, ngettext

from jalon.jobs.health import Finding, Level
from jalon.lists.membership import queries
from jalon.records.log import queries as log
from jalon.web.formats import number

MANY = 50_000  # lines of the log: some seconds of work


def lists() -> Iterator[Finding]:
    """What the lists owe: lines of the log, moments that are over, records to look at, criteria that cannot be asked."""
    owed = queries.owed(timezone.now())
    waiting = log.waiting(owed.read) if owed.read else 0
    if waiting >= MANY:
        sentence = gettext("The lists are %(changes)s changes behind.") % {"changes": number(waiting)}
        yield Finding(
            Level.WARNING, sentence, gettext("After a large import this passes by itself; otherwise see whether the beat has trouble.")
        )
    if owed.overdue:
        told = ngettext(
            "%(count)s list should have been looked at when its moment came, and was not.",
            "%(count)s lists should have been looked at when their moment came, and were not.",
            owed.overdue,
        )
        yield Finding(Level.WARNING, told % {"count": owed.overdue}, gettext("See whether the part “lists” of the beat has trouble."))
    if owed.in_trouble:
        told = ngettext(
            "%(count)s list keeps its last members, since its filters cannot be asked any more.",
            "%(count)s lists keep their last members, since their filters cannot be asked any more.",
            owed.in_trouble,
        )
        yield Finding(Level.WARNING, told % {"count": owed.in_trouble}, gettext("The page of the list says why."))
    if not (waiting >= MANY or owed.overdue or owed.in_trouble):
        yield Finding(Level.GOOD, _well(owed.unfinished))


def _well(unfinished: int) -> str:
    if not unfinished:
        return gettext("The lists follow every change.")
    told = ngettext("%(count)s list is being filled.", "%(count)s lists are being filled.", unfinished)
    return told % {"count": unfinished}
