"""What is wrong with the house, in sentences for the one who runs it."""

from __future__ import annotations

import shutil

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils.translation import gettext

from jalon.config.home import LEAST_FREE
from jalon.jobs.beat import Beat
from jalon.jobs.queries import oldest_open_transaction
from jalon.jobs.trouble import DATABASE_AWAY

OPEN_TOO_LONG = 60  # seconds: an open transaction hides every later commit from the columns

_beat: Beat | None = None


def watch(beat: Beat) -> None:
    """The beat of this process, whose troubles are ours."""
    global _beat
    _beat = beat


def problems() -> list[str]:
    return [*_beat_troubles(), *_disk(), *_transactions()]


def _beat_troubles() -> list[str]:
    troubles = _beat.troubles() if _beat else ()
    return [f"{trouble.part}: {gettext(trouble.sentence)}" for trouble in troubles]


def _disk() -> list[str]:
    free = shutil.disk_usage(settings.ENVIRONMENT.home).free
    return [gettext("The disk is nearly full: %(free)s MB are free.") % {"free": free // 2**20}] if free < LEAST_FREE else []


def _transactions() -> list[str]:
    try:
        seconds = oldest_open_transaction()
    except DatabaseError:
        connection.close()
        return [gettext(DATABASE_AWAY)]
    if seconds < OPEN_TOO_LONG:
        return []
    return [gettext("A transaction has been open for %(seconds)s s, and the columns wait for it.") % {"seconds": round(seconds)}]
