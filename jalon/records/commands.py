"""`jalon warehouse`: the columns, as the one who runs the house looks after them. `jalon object`: what there are records of."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from django.utils.translation import get_language, gettext

from jalon.accounts.access import SYSTEM
from jalon.accounts.actions import Refused
from jalon.jobs.console import CommandFailed, output
from jalon.records import runner
from jalon.records.object_types import actions as object_types
from jalon.records.object_types import files, queries


def rebuild() -> None:
    """Throw the columns away and make them again from PostgreSQL. Loses nothing; reports give the same figures."""
    console = output()
    with console.progress(gettext("Rebuilding the columns")) as progress:
        records = runner.rebuild(progress.update)
    console.line(gettext("The columns hold %(records)s records again.") % {"records": records})
    console.json({"records": records})


def status() -> None:
    """Show what the columns hold and how far they lag behind."""
    console = output()
    found = runner.status()
    console.json(asdict(found))
    if not console.wants_json:
        console.table((gettext("table"), gettext("rows")), found.tables.items())
        held = {"records": found.records, "size": found.bytes // 1024}
        console.line(gettext("%(records)s records in PostgreSQL, %(size)s kB of columns.") % held)
        waiting = gettext("%(changes)s changes wait to be synced.") % {"changes": found.waiting}
        console.line(waiting if found.waiting else gettext("Nothing waits to be synced."))


def define_object(file: Annotated[Path, typer.Argument(help="A TOML file; docs/custom-objects.md describes it.")]) -> None:
    """Define an object of your own from a file, or bring one to its file: labels, what is missing; nothing is taken away."""
    console = output()
    try:
        definition, associated = files.read(file.read_text(encoding="utf-8"))
        done = object_types.define(definition, associated, actor=SYSTEM)
    except (OSError, UnicodeDecodeError) as error:
        raise CommandFailed(gettext("%(file)s cannot be read: %(why)s") % {"file": file, "why": error}) from error
    except Refused as refused:
        raise CommandFailed("\n".join(refused.sentences)) from refused
    runner.shape()
    console.json(asdict(done))
    said = {"name": done.name, "properties": done.properties, "associations": done.associations}
    if done.is_new:
        console.line(gettext("The object “%(name)s” stands, with %(properties)d properties and %(associations)d associations.") % said)
    else:
        console.line(gettext("The object “%(name)s” got %(properties)d properties and %(associations)d associations more.") % said)


def list_objects() -> None:
    """Show what there are records of."""
    console = output()
    lines = queries.object_lines()
    for line in lines:
        console.json({"name": line.name, "plural": line.plural, "records": line.records, "properties": line.properties})
    if not console.wants_json:
        language = get_language() or "en"
        rows = [(line.name, line.plural_label(language), str(line.records), str(line.properties)) for line in lines]
        console.table((gettext("name"), gettext("label"), gettext("records"), gettext("properties")), rows)
