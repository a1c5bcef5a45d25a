"""The postman: a thread that sends what is due and ends. The beat only looks, so a slow mail server holds up nothing."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import structlog
from django.db import connection

from jalon.mail import actions, queries

log = structlog.get_logger("mail")
_postman: threading.Thread | None = None


def turn(now: datetime) -> bool:
    """The beat part "mail": sends the postman out where something waits."""
    global _postman
    if (_postman is None or not _postman.is_alive()) and queries.is_due(now):
        _postman = threading.Thread(target=_round, name="postman", daemon=True)
        _postman.start()
    return False


def _round() -> None:
    try:
        deliver()
    except Exception as error:
        log.error("the outbox could not be emptied; it is tried again at the next beat", exc_info=error)
    finally:
        connection.close()


def deliver() -> int:
    """Sends all that is due, and says how many were tried. Nobody else sends meanwhile, in whatever process."""
    sent = 0
    with actions.alone() as mine:
        if not mine:
            return 0
        actions.settle_interrupted(datetime.now(UTC))
        while actions.send_next(datetime.now(UTC)):
            sent += 1
    return sent
