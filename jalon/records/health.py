"""Whether the columns keep up with the change log."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext

from jalon.jobs.health import Finding, Level
from jalon.records import progress
from jalon.records.log import queries as log
from jalon.web.formats import number

MANY = 50_000  # lines of the log: several seconds of work


def columns() -> Iterator[Finding]:
    """How many changes are committed and not yet in the columns."""
    waiting = log.waiting(progress.stored() or log.START)
    if not waiting:
        yield Finding(Level.GOOD, gettext("The columns hold every change."))
    elif waiting < MANY:
        yield Finding(Level.GOOD, gettext("The columns are %(changes)s changes behind.") % {"changes": number(waiting)})
    else:
        sentence = gettext("The columns are %(changes)s changes behind: reports and lists show an older state.") % {
            "changes": number(waiting)
        }
        yield Finding(
            Level.WARNING, sentence, gettext("After a large import this passes by itself; otherwise see whether the beat has trouble.")
        )
