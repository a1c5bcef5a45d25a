"""Whether the lifecycle keeps up with the change log and with its own stages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext, ngettext

from jalon.jobs.health import Finding, Level
from jalon.lifecycle import queries, runner
from jalon.records.log import queries as log
from jalon.web.formats import number

MANY: Final = 50_000  # lines of the log: some seconds of work


def lifecycle() -> Iterator[Finding]:
    """How far movements were followed, and whether journeys of other stages are still about."""
    if not queries.is_set_up():
        return
    standing = runner.standing()
    if standing is None:
        yield Finding(Level.GOOD, gettext("Journeys are read for the first time in a moment."))
        return
    waiting = log.waiting(standing.read)
    if waiting:
        advice = gettext("After a large import this passes by itself; otherwise see whether the beat has trouble.")
        much = waiting >= MANY
        yield Finding(Level.WARNING if much else Level.GOOD, _behind(waiting), advice if much else "")
    if standing.is_behind:
        yield Finding(Level.GOOD, gettext("The stages were changed: journeys are being read anew."))
    elif not waiting:
        yield Finding(Level.GOOD, gettext("Journeys follow every movement."))


def _behind(waiting: int) -> str:
    told = ngettext("Journeys are %(changes)s change behind.", "Journeys are %(changes)s changes behind.", waiting)
    return told % {"changes": number(waiting)}
