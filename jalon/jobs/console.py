"""The console that a command writes to, wherever the command runs: in its own process or inside the server.

A command is a plain function with typer annotations. It asks for its console with `output()`:

    def rebuild() -> None:
        console = output()
        with console.progress("Rebuilding", total=3) as progress:
            progress.update(1)
        console.line("Done.")                # for people: silent under --json
        console.table(("name", "rows"), rows)  # a table, or under --json one object a line
        console.json({"rows": 12})           # for scripts: silent without --json

`--json` is added to every command by the command line; relative paths arrive resolved against the caller's folder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NoReturn, Protocol

from jalon.warehouse.words import N_


class CommandFailed(Exception):
    """The command ends with this sentence on stderr and this exit code, without a traceback."""

    def __init__(self, sentence: str, code: int = 1) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code


class Cancelled(Exception):
    """The caller pressed Ctrl-C; raised by `progress.update`."""


class Progress(Protocol):
    def update(self, done: int, total: int | None = None, message: str = "") -> None:
        """Shows how far the work is. Raises Cancelled when the caller has gone or pressed Ctrl-C."""


class Output(Protocol):
    wants_json: bool

    def line(self, text: str) -> None: ...
    def table(self, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None: ...
    def json(self, value: Any) -> None: ...
    def problem(self, sentence: str) -> None:
        """A sentence on stderr, whatever was asked for."""

    def progress(self, label: str, total: int | None = None) -> AbstractContextManager[Progress]: ...


Call = Callable[[], None]


class Needs(StrEnum):
    """What must stand when a command starts, where no server runs that it could be handed to."""

    NOTHING = "nothing"  # the few that are the house themselves
    DATABASE = "database"  # PostgreSQL, its tables as they are, of whichever version
    HOUSE = "house"  # the tables of this version, and the columns
    UPGRADE = "upgrade"  # the same, but the tables may still be those of an earlier version
    REBUILD = "rebuild"  # the same, but the columns may be unreadable: then they are put aside


# The headings of `jalon --help`.
RUNNING, DATA, ASKING, PEOPLE, CARE = (
    N_("Running Jalon"),
    N_("Bringing data in and out"),
    N_("Asking"),
    N_("People"),
    N_("Looking after it"),
)


@dataclass(frozen=True, slots=True)
class Command:
    """A command of the command line: `name` is one word, or two for a command of a group ("warehouse rebuild").

    A command that is called as its group ("backup") is what is done where none of the group's other commands is named.
    """

    name: str
    run: Callable[..., None]
    needs: Needs = Needs.HOUSE
    panel: str = DATA  # the heading under which `jalon --help` lists it


_current: ContextVar[Output] = ContextVar("console")


def output() -> Output:
    """The console of the command that runs now."""
    return _current.get()


def fail(sentence: str, code: int = 1) -> NoReturn:
    raise CommandFailed(sentence, code)


@contextmanager
def writing_to(console: Output) -> Iterator[None]:
    """Commands called inside write to `console`."""
    token = _current.set(console)
    try:
        yield
    finally:
        _current.reset(token)
