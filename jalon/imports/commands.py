"""`jalon import`: a file into records, or past values into their history."""

from __future__ import annotations

import threading
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any

import typer
from django.utils.translation import gettext

from jalon.accounts.access import EVERYTHING
from jalon.exports.files import write_csv
from jalon.imports import actions, queries
from jalon.imports.actions import NotReady, Settings
from jalon.imports.plan import MATCH_ID
from jalon.imports.queries import ImportView
from jalon.imports.trouble import UnreadableFile
from jalon.imports.words import sentence
from jalon.jobs import queries as jobs
from jalon.jobs import runner
from jalon.jobs.console import Cancelled, Progress, fail, output
from jalon.records import queries as records

LOOK = 0.1  # seconds between two looks at the job
BLOCK = 1024 * 1024
IDS = (MATCH_ID, "record-id", "hs_object_id")


def import_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A CSV file with a heading row.")],
    object_type: Annotated[str, typer.Option("--object", help="What the rows are: contact, company, deal, ticket, ...")] = "contact",
    match: Annotated[str, typer.Option(help="Find records by this: id, email or any unique property. Default: guessed.")] = "",
    mode: Annotated[str, typer.Option(help="both, create or update.")] = "both",
    map_: Annotated[
        list[str] | None, typer.Option("--map", help='"Heading=property"; "Heading=" leaves a column out. Repeat it. Default: guessed.')
    ] = None,
    date_format: Annotated[str, typer.Option(help="dmy, mdy or ymd. Default: told from the dates.")] = "",
    zone: Annotated[str, typer.Option(help="The time zone of times that name none. Default: the account's.")] = "",
    decimal: Annotated[str, typer.Option(help='The decimal mark, "," or ".". Default: told from the numbers.')] = "",
    encoding: Annotated[str, typer.Option(help="Default: told from the file.")] = "",
    delimiter: Annotated[str, typer.Option(help="Default: told from the file.")] = "",
    clear_blanks: Annotated[bool, typer.Option("--clear-blanks", help="Empty cells erase the value that is there.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen and write nothing.")] = False,
    history: Annotated[
        bool, typer.Option("--history", help="The rows are past values: record key, property, value, instant, source.")
    ] = False,
    refused: Annotated[Path | None, typer.Option(help="Where the refused rows go. Default: beside the file, when there are any.")] = None,
) -> None:
    """Bring a CSV file in. Rows that do not fit come back as a file with the reason beside each; the rest goes in."""
    import_id = _take(file, object_type, is_history=history, encoding=encoding, delimiter=delimiter)
    settings = _changed(import_id, map_ or [], match, date_format, zone, decimal)
    try:
        actions.settle(import_id, replace(settings, mode=mode, clear_blanks=clear_blanks))
        job_id = (actions.try_out if dry_run else actions.begin)(import_id, access=EVERYTHING)
    except NotReady as not_ready:
        fail("\n".join(not_ready.sentences), code=2)
    found = _done(import_id, job_id, file, dry_run=dry_run)
    _tell(found, dry_run=dry_run)
    if found.refused and not dry_run:
        _write_refused(found, refused or file.with_name(f"{file.stem}-refused.csv"))
    if found.state == "failed":
        fail(gettext(found.job.message) if found.job else "")


def _take(file: Path, object_type: str, *, is_history: bool, encoding: str, delimiter: str) -> int:
    catalogs = records.catalogs()
    name = next((name for name, catalog in catalogs.items() if object_type in (name, catalog.plural)), None)
    if name is None:
        told = {"name": object_type, "names": ", ".join(catalogs)}
        fail(gettext("There is no object type “%(name)s”. The types are: %(names)s.") % told, code=2)
    delimiter = "\t" if delimiter in ("\\t", "tab") else delimiter
    try:
        with file.open("rb") as source:
            chunks = iter(lambda: source.read(BLOCK), b"")
            return actions.take(
                chunks, name=file.name, object_type=name, access=EVERYTHING, is_history=is_history, encoding=encoding, delimiter=delimiter
            )
    except OSError:
        fail(gettext("The file “%(file)s” does not exist or cannot be read.") % {"file": file})
    except UnreadableFile as unreadable:
        fail(sentence(unreadable.trouble))


def _changed(import_id: int, maps: list[str], match: str, date_format: str, zone: str, decimal: str) -> Settings:
    """The guesses, with what the caller says in their place."""
    settings = actions.settings_of(import_id)
    for text in maps:
        heading, sign, name = text.rpartition("=")
        if not sign:
            fail(
                gettext('“%(text)s” does not say which property a column goes into. Write --map "Heading=property".') % {"text": text},
                code=2,
            )
        settings = replace(settings, mapping={**settings.mapping, heading.strip(): "hs_object_id" if name.strip() in IDS else name.strip()})
    given = {"match": MATCH_ID if match in IDS else match, "order": date_format, "zone": zone, "decimal": decimal}
    if maps and not match:
        given["match"] = actions.guessed_match(import_id, settings.mapping)
    chosen: dict[str, Any] = {name: value for name, value in given.items() if value}
    return replace(settings, **chosen)


def _done(import_id: int, job_id: int, file: Path, *, dry_run: bool) -> ImportView:
    """Does the job here, or looks on while the server's worker does it; Ctrl-C cancels it."""
    thread = threading.Thread(target=runner.run, args=(job_id,), name=f"import-{import_id}")
    thread.start()
    label = gettext("Trying out %(file)s") if dry_run else gettext("Importing %(file)s")
    try:
        with output().progress(label % {"file": file.name}) as progress:
            _look_on(job_id, thread, progress)
    except (Cancelled, KeyboardInterrupt):
        actions.cancel(import_id)
        thread.join()
    found = queries.one(EVERYTHING, import_id)
    assert found is not None
    return found


def _look_on(job_id: int, thread: threading.Thread, progress: Progress) -> None:
    while (job := jobs.job(job_id)) is not None:
        if job.total:
            progress.update(job.done, job.total)
        if job.finished:
            break
        thread.join(LOOK)
    thread.join()


def _counts(found: ImportView, *, dry_run: bool) -> dict[str, Any]:
    names = ("created", "updated", "unchanged", "refused", "told")
    counts = {name: (found.tried.get(name, 0) if dry_run else getattr(found, name)) for name in names}
    return {"import": found.id, "state": found.state, "rows": found.rows_total, **counts}


def _tell(found: ImportView, *, dry_run: bool) -> None:
    console, counts = output(), _counts(found, dry_run=dry_run)
    catalog = records.catalog(found.object_type)
    rows = [(heading, catalog.properties[name].label_en if name in catalog.properties else name) for heading, name in found.mapping.items()]
    if dry_run and not console.wants_json:
        console.table((gettext("Column of the file"), gettext("Goes into")), rows)
    heads = (gettext("rows"), gettext("Created"), gettext("Updated"), gettext("Unchanged"), gettext("Refused"))
    if not console.wants_json:
        console.table(heads, [tuple(counts[name] for name in ("rows", "created", "updated", "unchanged", "refused"))])
    first = queries.first_tried(found) if dry_run else queries.first_refused(found)
    for told in first:
        console.line(gettext("Line %(line)s: %(sentences)s") % {"line": told.line, "sentences": " ".join(told.sentences)})
    if dry_run:
        console.line(gettext("Nothing was written: this was a dry run."))
    if found.state == "cancelled":
        console.line(gettext("The import was cancelled after %(done)s rows. They stay.") % {"done": found.rows_done})
    console.json({**counts, "first_refused": [asdict(told) for told in first]})


def _write_refused(found: ImportView, path: Path) -> None:
    write_csv(queries.refused_sheet(found), path, bom=True)
    output().line(gettext("The refused rows with their reasons are in %(file)s.") % {"file": path})
