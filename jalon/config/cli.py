"""`jalon`: the command line. Commands of the capabilities run in the server when one is there, else in this process."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from jalon.config import environment, handover, home, speech
from jalon.config.terminal import Terminal

if TYPE_CHECKING:  # the rest is imported where it is wanted: a command that is handed over should cost next to nothing
    from jalon.jobs.console import Command, Needs

HIGHEST_PORT = 65535
UNHEARD = 128 + signal.SIGPIPE  # as a shell says of a program whose reader has gone
OWN = {"serve", "worker", "restore"}  # they are the house, or change it whole: never handed to another one


def main() -> None:
    os.umask(0o077)  # whatever Jalon writes is its user's alone
    signal.signal(signal.SIGTERM, _end)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jalon.config.settings")
    try:
        code = run(sys.argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:  # who reads has seen enough, as in `jalon report run … --json | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is written at the very end finds a reader
        code = UNHEARD
    sys.exit(code)


def _end(*_: object) -> None:
    """SIGTERM ends a command as Ctrl-C does, so that everything it opened is closed."""
    raise SystemExit(0)


def run(arguments: Sequence[str]) -> int:
    """Does what was typed, in the server where one runs and else here, and returns the exit code."""
    wanted = handover.request(arguments)
    if _may_be_handed_over(arguments):
        code = handover.hand_over(environment.read().command_socket, wanted)
        if code is not None:
            return code
    from jalon.config import commands, program

    if (options := plain_serve(arguments)) is not None:
        return program.call(wanted, Terminal(wants_json="--json" in arguments), partial(commands.serve, **options))
    return program.do(wanted, Terminal(wants_json="--json" in arguments), _here, partial(_mounted, arguments))


def plain_serve(arguments: Sequence[str]) -> dict[str, Any] | None:
    """The options of `jalon serve` where they are plain; whatever else there is, is left to typer, which knows what to say of it.

    Typer reads options with pydantic, and the server would keep these 15 MB for as long as it lives.
    """
    if not arguments or arguments[0] != "serve":
        return None
    options: dict[str, Any] = {}
    words = iter(arguments[1:])
    for word in words:
        if word == "--open":
            options["open_"] = True
        elif word == "--port" and (port := next(words, "")).isascii() and port.isdigit() and int(port) <= HIGHEST_PORT:
            options["port"] = int(port)
        elif word == "--host" and (host := next(words, "")) and not host.startswith("-"):
            options["host"] = host
        elif word != "--json":
            return None
    return options


def _may_be_handed_over(arguments: Sequence[str]) -> bool:
    return bool(arguments) and not arguments[0].startswith("-") and arguments[0] not in OWN and "--help" not in arguments


def _mounted(arguments: Sequence[str]) -> tuple[Command, ...]:
    """The house's own commands need nothing; those of the capabilities need their models."""
    from jalon.config import commands

    if arguments and arguments[0] in OWN and "--help" not in arguments:
        return commands.OWN
    if "--help" not in arguments:
        home.prepare(environment.read().home)
    import django

    django.setup()
    from django.utils import translation

    from jalon.config import wiring

    translation.activate(speech.language())
    return (*commands.OWN, *wiring.commands())


@contextmanager
def _here(needs: Needs) -> Iterator[None]:
    """A house of its own for one command, with columns that hold all that was written before."""
    if needs == "nothing":
        yield
        return
    from jalon.config import logs
    from jalon.config.opening import house, unchanged

    logs.set_up(level="WARNING")  # a command speaks for itself
    if needs == "database":
        with unchanged():
            yield
        return
    with house(upgrading=needs == "upgrade", rebuilding=needs == "rebuild"):
        yield
