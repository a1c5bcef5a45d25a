"""Commands as one program: parses what was typed, performs it, and turns whatever goes wrong into a sentence and an exit code."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated, Any

import typer
from django.apps import apps
from django.utils.translation import gettext
from typer.core import TyperGroup
from typer.exceptions import TyperException

from jalon.config.handover import CANCELLED, Request
from jalon.config.home import StartProblem
from jalon.jobs.console import ASKING, CARE, DATA, PEOPLE, RUNNING, Cancelled, Command, CommandFailed, Needs, Output, writing_to
from jalon.warehouse.words import N_

DESCRIPTION = N_("Contacts, and every answer about them, on one machine.")
USUAL = "create"  # what a group does when none of its commands is named
PANELS = (RUNNING, DATA, ASKING, PEOPLE, CARE)
GROUPS = {
    "backup": N_("Everything in one file: create, list, check."),
    "import": N_("Files in: bring them in, what came so far, take an import back."),
    "lifecycle": N_("Stages of contacts, and the movements between them."),
    "list": N_("Lists of records."),
    "object": N_("What there are records of."),
    "report": N_("Reports."),
    "user": N_("People who sign in."),
    "warehouse": N_("The columns that reports read."),
}
JSON = N_("Answer in JSON, one value or one row a line.")
BAD_USAGE = 2
CANCEL_NOTICE = N_("Cancelled.")
SEE = N_("See `jalon %(command)s --help`.")
HELP_OPTION = N_("Show this help.")
OF_TYPER = {  # what typer itself says in a help, by the name under which it keeps it
    "OPTIONS_PANEL_TITLE": N_("Options"),
    "ARGUMENTS_PANEL_TITLE": N_("Arguments"),
    "COMMANDS_PANEL_TITLE": N_("Commands"),
    "REQUIRED_LONG_STRING": N_("[required]"),
    "DEFAULT_STRING": N_("[default: {}]"),
}

Here = Callable[[Needs], AbstractContextManager[object]]  # makes stand what a command needs


def do(wanted: Request, console: Output, here: Here, mounted: Callable[[], Iterable[Command]]) -> int:
    """Parses and runs one of the mounted commands; whatever goes wrong is one sentence and an exit code."""
    return _explained(wanted, console, lambda: _program(wanted, console, here, mounted()))


def call(wanted: Request, console: Output, run: Callable[[], None]) -> int:
    """The same for a command that needs nothing and whose arguments are read already."""

    def once() -> int:
        with writing_to(console):
            run()
        return 0

    return _explained(wanted, console, once)


def _explained(wanted: Request, console: Output, run: Callable[[], int]) -> int:
    try:
        return run()
    except StartProblem as problem:
        console.problem(str(problem))
        return BAD_USAGE
    except TyperException as problem:
        console.problem(f"{problem.format_message()}\n{_spoken(SEE) % {'command': wanted.arguments[0] if wanted.arguments else ''}}")
        return BAD_USAGE
    except CommandFailed as failure:
        console.problem(failure.sentence)
        return failure.code
    except (Cancelled, KeyboardInterrupt, typer.Abort):
        console.problem(_spoken(CANCEL_NOTICE))
        return CANCELLED


def _program(wanted: Request, console: Output, here: Here, mounted: Iterable[Command]) -> int:
    def perform(command: Command, arguments: Mapping[str, Any]) -> None:
        folder = Path(wanted.folder)
        call = functools.partial(command.run, **{name: _from(folder, value) for name, value in arguments.items()})
        with here(command.needs), writing_to(console):
            call()

    group = build(mounted, perform)
    if "--help" in wanted.arguments or len(wanted.arguments) < 2:  # what a group alone shows is its help
        _translate_typer()
    return int(group.main(list(wanted.arguments), "jalon", standalone_mode=False) or 0)


def _from(folder: Path, value: Any) -> Any:
    """A relative path is meant from where the command was typed."""
    if isinstance(value, Path):
        return folder / value
    if isinstance(value, list | tuple):
        return type(value)(_from(folder, one) for one in value)
    return value


def build(mounted: Iterable[Command], perform: Callable[[Command, Mapping[str, Any]], None]) -> TyperGroup:
    """The commands as one program; a name of two words makes a group."""
    app = typer.Typer(name="jalon", no_args_is_help=True, add_completion=False, help=DESCRIPTION, pretty_exceptions_enable=False)
    app.callback()(lambda: None)
    commands = sorted(mounted, key=lambda command: PANELS.index(command.panel))
    groups: dict[str, typer.Typer] = {}
    for command in commands:
        name, _, own = command.name.partition(" ")
        group = name if own or any(other.name.startswith(f"{name} ") for other in commands) else ""
        if group and group not in groups:
            groups[group] = typer.Typer(no_args_is_help=True, cls=_Group)
            app.add_typer(groups[group], name=group, help=GROUPS.get(group), rich_help_panel=command.panel)
        if group:
            groups[group].command(own or USUAL)(_typed(command, perform))
        else:
            app.command(name, rich_help_panel=command.panel)(_typed(command, perform))
    built = typer.main.get_command(app)
    assert isinstance(built, TyperGroup)
    _translate(built)
    return built


def _translate_typer() -> None:
    """Imported only where a help is shown: what draws it weighs some megabytes, and a server that does commands keeps them."""
    from typer import rich_utils

    for name, message in OF_TYPER.items():
        setattr(rich_utils, name, _spoken(message))


def _spoken(message: str) -> str:
    """In the reader's language, where Django stands to tell it."""
    return gettext(message) if apps.ready else message


def _translate(command: Any) -> None:
    """The help of a command, of its parts and of the commands under it."""
    if command.help:
        command.help = _spoken(command.help)
    panel = getattr(command, "rich_help_panel", None)
    if isinstance(panel, str):
        command.rich_help_panel = _spoken(panel)
    own = command.get_help_option(typer.Context(command))
    for part in (*command.params, own):
        if part is not None and getattr(part, "help", None):
            part.help = _spoken(HELP_OPTION if part is own else part.help)
    for each in getattr(command, "commands", {}).values():
        _translate(each)


class _Group(TyperGroup):
    """A group that may have a usual command: `jalon backup FILE` is `jalon backup create FILE`."""

    def parse_args(self, context: Any, arguments: list[str]) -> list[str]:
        named = arguments and (arguments[0] in self.commands or arguments[0] == "--help")
        if USUAL in self.commands and not named:
            arguments = [USUAL, *arguments]
        return super().parse_args(context, arguments)


def _typed(command: Command, perform: Callable[[Command, Mapping[str, Any]], None]) -> Callable[..., None]:
    """The function as typer sees it: its own parameters, and `--json`."""

    @functools.wraps(command.run)
    def call(json: bool, **arguments: Any) -> None:
        perform(command, arguments)

    own = inspect.signature(command.run, eval_str=True)
    json = inspect.Parameter(
        "json", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=Annotated[bool, typer.Option("--json", help=JSON)]
    )
    signature = own.replace(parameters=[*own.parameters.values(), json])
    call.__signature__ = signature  # type: ignore[attr-defined]
    call.__annotations__ = {name: parameter.annotation for name, parameter in signature.parameters.items()}
    return call
