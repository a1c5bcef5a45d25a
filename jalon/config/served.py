"""Does inside the server the commands that come over its socket."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

import structlog
from django.db import connection
from django.utils import translation

from jalon.config import program, wiring
from jalon.config.handover import Request
from jalon.jobs.actions import Interrupted
from jalon.jobs.console import Needs, Output
from jalon.jobs.trouble import sentence

log = structlog.get_logger("commands")


def do(wanted: Request, console: Output) -> int:
    """One command in this process's house; the server goes on whatever becomes of it."""
    try:
        with translation.override(wanted.language):
            return program.do(wanted, console, _in_this_house, wiring.commands)
    except (BrokenPipeError, ConnectionResetError):
        raise
    except Interrupted:
        console.problem("The server ends; the work goes on when it is started again.")
    except Exception as error:
        log.error("command failed", command=" ".join(wanted.arguments[:2]), exc_info=error)
        console.problem(sentence(error))
    finally:
        connection.close()
    return 1


def _in_this_house(needs: Needs) -> AbstractContextManager[object]:
    """It stands: the server opened it, upgraded, and its columns can be read."""
    return nullcontext()
