"""`jalon backup`, `restore`, `upgrade` and `health`: how the one who runs the house looks after it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from django.utils import translation
from django.utils.translation import gettext, ngettext

from jalon.config.environment import Environment, read
from jalon.config.speech import language
from jalon.jobs.console import CommandFailed, fail, output

if TYPE_CHECKING:  # the commands import what they need: the file is read by every `jalon`
    from jalon.config import restoring
    from jalon.config.backups.archive import Report

MEGABYTE = 1_000_000
FILE = typer.Argument(help="The file to write; left out: one in the home's folder “backups”.", show_default=False)


def backup(
    file: Annotated[Path | None, FILE] = None,
    keep: Annotated[int, typer.Option(help="Keep so many backups in the home's folder and take older ones away; 0 keeps all.", min=0)] = 0,
) -> None:
    """Write everything of this moment into one file; the server may run meanwhile."""
    from jalon.config.backups import actions

    console = output()
    with console.progress(gettext("Backing up")) as progress, _saying():
        made = actions.back_up(file, keep=keep, report=progress.update)
    told = {"path": made.path, "size": _size(made.bytes), "records": made.records}
    console.line(gettext("%(path)s holds everything of this moment: %(records)s records, %(size)s.") % told)
    console.json({"path": str(made.path), "bytes": made.bytes, "rows": dict(made.manifest.rows)})


def list_backups() -> None:
    """List the backups in the home, the newest first."""
    from jalon.config.backups import queries

    rows = [
        (one.path.name, one.manifest.made_at, one.manifest.kind, one.manifest.jalon, one.records, one.bytes) for one in queries.backups()
    ]
    output().table(("file", "made at", "kind", "version", "records", "bytes"), rows)
    if not rows:
        output().line(gettext("There is no backup in %(folder)s yet.") % {"folder": queries.folder()})


def check(file: Annotated[Path, typer.Argument(help="A backup.", show_default=False)]) -> None:
    """Read a backup from its beginning to its end and say whether it is whole; touches nothing."""
    from jalon.config.backups import archive

    console = output()
    with console.progress(gettext("Checking")) as progress, _saying():
        manifest = archive.verify(file, progress.update)
    rows = sum(manifest.rows.values())
    told = {"account": manifest.account, "at": manifest.made_at, "rows": rows, "tables": len(manifest.rows), "version": manifest.jalon}
    console.line(gettext("The backup is whole: %(rows)s rows in %(tables)s tables of “%(account)s”, %(at)s, Jalon %(version)s.") % told)
    console.json({"whole": True, **asdict(manifest)})


def restore(
    file: Annotated[Path, typer.Argument(help="A backup.", show_default=False)],
    replace: Annotated[bool, typer.Option("--replace", help="Put it in the place of what the home holds.")] = False,
    confirm: Annotated[str, typer.Option(help="The name of the account that is replaced, instead of typing it when asked.")] = "",
) -> None:
    """Bring a backup into an empty home, or with --replace into this one. No server may run there."""
    import django

    from jalon.config import home

    environment = read()
    with home.held(environment):
        django.setup()
        translation.activate(language())
        _restore(environment, file.absolute(), replace, confirm)


def _restore(environment: Environment, path: Path, replace: bool, confirm: str) -> None:
    from jalon.config import opening, restoring
    from jalon.config.backups import archive

    console = output()
    with _saying():
        with console.progress(gettext("Checking the backup")) as progress:
            manifest = archive.verify(path, progress.update)
        with opening.postgresql(environment):
            if not restoring.is_interrupted(environment):
                _make_room(environment, replace, confirm)
            with _stages() as stage:
                done = restoring.restore(environment, path, manifest, stage)
    told = {"account": manifest.account, "rows": done.rows, "files": done.files, "records": done.records, "at": manifest.made_at}
    console.line(
        gettext("“%(account)s” is as it was on %(at)s: %(rows)s rows, %(files)s files, %(records)s records in the columns.") % told
    )
    _tell_steps(done.steps)
    console.json({"rows": done.rows, "files": done.files, "records": done.records, "steps": list(done.steps)})


def _make_room(environment: Environment, replace: bool, confirm: str) -> None:
    """Nothing is overwritten unless somebody has typed whose it is; and then it is backed up first."""
    from django.db import connection

    from jalon.config.backups import actions, queries

    if not queries.is_inhabited():
        return
    with connection.cursor() as cursor:
        name = queries.account_name(cursor)
    if not replace:
        fail(gettext("%(home)s holds “%(account)s” already. To replace it, add --replace.") % {"home": environment.home, "account": name})
    if (confirm or _asked(name)).strip() != name:
        fail(gettext("That is not its name. Nothing was touched."))
    with output().progress(gettext("Backing up what is replaced")) as progress:
        kept = actions.back_up(kind=actions.BEFORE_RESTORE, report=progress.update)
    output().line(gettext("What is replaced lies in %(path)s.") % {"path": kept.path})


def _asked(name: str) -> str:
    if not sys.stdin.isatty():
        fail(gettext("To replace it without a terminal, add --confirm with the name of the account."))
    return input(gettext("Everything in “%(account)s” is replaced. Type this name to go on: ") % {"account": name})


@contextmanager
def _stages() -> Iterator[restoring.Stage]:
    """Progress for one part of the restore after the other."""
    labels = {"tables": gettext("Loading the tables"), "columns": gettext("Making the columns")}
    with ExitStack() as bar:

        def stage(name: str) -> Report:
            bar.close()
            return bar.enter_context(output().progress(labels[name])).update

        yield stage


def upgrade() -> None:
    """Bring the tables of the database to this version, after a backup; safe to run again."""
    from jalon.config import upgrade

    upgrade.upgrade()
    done = upgrade.done()
    if done.backup:
        output().line(gettext("Everything was backed up to %(path)s first.") % {"path": done.backup})
    _tell_steps(done.steps)
    if not done.steps:
        output().line(gettext("The tables are those of this version; there was nothing to do."))
    output().json({"upgraded": True, "steps": list(done.steps), "backup": str(done.backup) if done.backup else None})


def _tell_steps(steps: tuple[str, ...]) -> None:
    if steps:
        count = len(steps)
        said = ngettext(
            "%(count)s step brought the tables to this version: %(steps)s.",
            "%(count)s steps brought the tables to this version: %(steps)s.",
            count,
        )
        output().line(said % {"count": count, "steps": ", ".join(steps)})


def health() -> None:
    """Say how the house is, and what to do about what is not well."""
    from jalon.config import health
    from jalon.jobs.health import Level

    console, report = output(), health.report()
    for finding in report.findings:
        console.line(f"{health.MARKS[finding.level]} {finding.sentence}" + (f" {finding.advice}" if finding.advice else ""))
    console.json(report.as_json())
    if report.level is Level.BAD:
        raise CommandFailed(gettext("Something needs you."), code=1)


@contextmanager
def _saying() -> Iterator[None]:
    """What the house cannot do, in the language of the one who typed."""
    from jalon.config.backups.actions import BackupFailed
    from jalon.config.backups.archive import NotABackup

    try:
        yield
    except (BackupFailed, NotABackup) as problem:
        raise CommandFailed(gettext(problem.message) % problem.params) from problem


def _size(count: int) -> str:
    return f"{count / MEGABYTE:,.1f} MB"
