"""How the house is, in sentences: the row of the table of health checks, and the checks of the beat and the jobs.

A capability adds a check of its own with a row in config's wiring.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils import timezone
from django.utils.translation import gettext, ngettext

from jalon.jobs import queries
from jalon.jobs.beat import Beat

WAITS_LONG = timedelta(minutes=10)  # a job that no worker takes up
OPEN_LONG, OPEN_TOO_LONG = 10, 60  # seconds: an open transaction hides every later commit from the columns
TURN_LATE = timedelta(minutes=2)  # a part of the beat that has had no turn


class Level(StrEnum):
    GOOD = "good"
    WARNING = "warning"  # should be looked at in the next days
    BAD = "bad"  # something does not work now


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about the house in the reader's language, and what to do about it where it is not well."""

    level: Level
    sentence: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """A row of the table: `name` is a message id; a check that is not quick is left out for a monitor that asks every minute."""

    name: str
    check: Callable[[], Iterable[Finding]]
    quick: bool = True


_beat: Beat | None = None


def watch(beat: Beat | None) -> None:
    """The beat of this process, whose troubles are ours."""
    global _beat
    _beat = beat


def beat() -> Iterator[Finding]:
    """Which parts fail, and which have had no turn for long."""
    if _beat is None:
        yield Finding(Level.GOOD, gettext("No server runs here now: lists, columns and jobs stand still until one does."))
        return
    for trouble in _beat.troubles():
        told = {"part": trouble.part, "reason": gettext(trouble.sentence), "minutes": _minutes(trouble.since)}
        sentence = gettext("The part “%(part)s” of the beat has failed for %(minutes)s minutes: %(reason)s") % told
        yield Finding(Level.BAD, sentence, gettext("It is tried again by itself. The log of the server says more."))
    late = [name for name, at in _beat.turns().items() if timezone.now() - at > TURN_LATE]
    if late:
        yield Finding(
            Level.WARNING, gettext("These parts of the beat have had no turn for two minutes: %(parts)s.") % {"parts": ", ".join(late)}
        )
    elif not _beat.troubles():
        count = len(_beat.turns())
        yield Finding(
            Level.GOOD, ngettext("%(count)s part of the beat turns.", "%(count)s parts of the beat turn.", count) % {"count": count}
        )


def jobs() -> Iterator[Finding]:
    """The background jobs: how many there are, and whether the oldest is taken care of."""
    unfinished = queries.running()
    waiting = [job for job in unfinished if job.started_at is None and timezone.now() - job.created_at > WAITS_LONG]
    if waiting:
        told = {"label": waiting[0].label, "minutes": _minutes(waiting[0].created_at)}
        sentence = gettext("The job “%(label)s” has waited for %(minutes)s minutes, and no worker takes it up.") % told
        yield Finding(Level.WARNING, sentence, gettext("Look whether a server or a worker runs and what its log says."))
    elif unfinished:
        told = {"count": len(unfinished), "label": unfinished[0].label, "minutes": _minutes(unfinished[0].created_at)}
        sentence = ngettext(
            "%(count)s background job: “%(label)s”, for %(minutes)s minutes.",
            "%(count)s background jobs, the oldest “%(label)s”, for %(minutes)s minutes.",
            len(unfinished),
        )
        yield Finding(Level.GOOD, sentence % told)
    else:
        yield Finding(Level.GOOD, gettext("No background job waits or runs."))


def transactions() -> Iterator[Finding]:
    """An open transaction hides every later commit from the readers of the log."""
    seconds = queries.oldest_open_transaction()
    if seconds < OPEN_LONG:
        yield Finding(Level.GOOD, gettext("No transaction is open for long."))
        return
    sentence = gettext("A transaction has been open for %(seconds)s s, and the columns wait for it.") % {"seconds": round(seconds)}
    advice = gettext("If a program of yours is connected to PostgreSQL, let it commit; pg_stat_activity names it.")
    yield Finding(Level.BAD if seconds >= OPEN_TOO_LONG else Level.WARNING, sentence, advice)


def _minutes(since: datetime) -> int:
    return int((timezone.now() - since).total_seconds() // 60)
