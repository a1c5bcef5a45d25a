"""`jalon import`: files into records, or past values into their history; the imports so far, and taking one back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, replace
from pathlib import Path
from typing import IO, Annotated, Any

import typer
from django.utils.translation import gettext

from jalon.accounts.access import EVERYTHING
from jalon.accounts.actions import Refused
from jalon.exports.files import write_csv
from jalon.imports import actions, queries
from jalon.imports.actions import NotReady, Upload
from jalon.imports.listing import actions as listing
from jalon.imports.plan import MATCH_ID
from jalon.imports.queries import FileView, ImportView
from jalon.imports.saved import actions as saved
from jalon.imports.settings import Settings
from jalon.imports.trouble import UnreadableFile
from jalon.imports.undoing import actions as undoing
from jalon.imports.words import sentence
from jalon.jobs import queries as jobs
from jalon.jobs import runner
from jalon.jobs.console import Cancelled, Progress, fail, output
from jalon.lists import queries as lists
from jalon.records import queries as records

LOOK = 0.1  # seconds between two looks at the job
BLOCK = 1024 * 1024
IDS = (MATCH_ID, "record-id", "hs_object_id")


def import_files(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="CSV files or Excel workbooks with a heading row.")],
    object_type: Annotated[
        list[str] | None, typer.Option("--object", help="What the rows are: contact, company, ... Once for each file. Default: found out.")
    ] = None,
    match: Annotated[str, typer.Option(help="Find records by this: id, email or any unique property. Default: guessed.")] = "",
    mode: Annotated[str, typer.Option(help="both, create or update.")] = "",
    map_: Annotated[
        list[str] | None,
        typer.Option("--map", help='"Heading=property"; "Heading=" leaves a column out; "file.csv:Heading=property" for one of several.'),
    ] = None,
    template: Annotated[list[str] | None, typer.Option(help="A saved mapping. Once for each file.")] = None,
    sheet: Annotated[
        list[str] | None, typer.Option(help="The sheet of a workbook. Once for each file. Default: the first with rows.")
    ] = None,
    date_format: Annotated[str, typer.Option(help="dmy, mdy or ymd. Default: told from the dates.")] = "",
    zone: Annotated[str, typer.Option(help="The time zone of times that name none. Default: the account's.")] = "",
    decimal: Annotated[str, typer.Option(help='The decimal mark, "," or ".". Default: told from the numbers.')] = "",
    encoding: Annotated[str, typer.Option(help="Default: told from the file.")] = "",
    delimiter: Annotated[str, typer.Option(help="Default: told from the file.")] = "",
    clear_blanks: Annotated[bool, typer.Option("--clear-blanks", help="Empty cells erase the value that is there.")] = False,
    into: Annotated[
        str, typer.Option("--list", help="Put the records into this static list, by its name or number; a new one where there is none.")
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen and write nothing.")] = False,
    history: Annotated[
        bool, typer.Option("--history", help="The rows are past values: record key, property, value, instant, source.")
    ] = False,
    refused: Annotated[Path | None, typer.Option(help="Where the refused rows go. Default: beside the file, when there are any.")] = None,
) -> None:
    """Bring files in. Rows that do not fit come back as a file with the reason beside each; the rest goes in."""
    delimiter = "\t" if delimiter in ("\\t", "tab") else delimiter
    import_id = _take(files, object_type or [], sheet or [], is_history=history, encoding=encoding, delimiter=delimiter)
    for place, name in enumerate(template or []):
        if name and not saved.use(import_id, place, name):
            fail(gettext("There is no saved mapping “%(name)s”.") % {"name": name}, code=2)
    given: dict[str, Any] = {
        "match": MATCH_ID if match in IDS else match,
        "mode": mode,
        "order": date_format,
        "zone": zone,
        "decimal": decimal,
    }
    given["clear_blanks"] = clear_blanks or ""
    try:
        settings = [_changed(import_id, place, file, map_ or [], given, len(files)) for place, file in enumerate(files)]
        actions.settle(import_id, *settings, access=EVERYTHING)
        _choose_list(import_id, into)
        job_id = (actions.try_out if dry_run else actions.begin)(import_id, access=EVERYTHING)
    except (NotReady, Refused) as not_ready:
        fail("\n".join(not_ready.sentences), code=2)
    found = _done(import_id, job_id, dry_run=dry_run)
    _tell(found, dry_run=dry_run)
    if not dry_run:
        for path, file in zip(files, found.files, strict=True):
            if file.refused:
                _write_refused(file, refused if refused and len(files) == 1 else path.with_name(f"{path.stem}-refused.csv"))
    if found.state == "failed":
        fail(gettext(found.job.message) if found.job else "")


def history(limit: Annotated[int, typer.Option(help="How many, the latest first.")] = 20) -> None:
    """The imports: who, when, which files, what became of them."""
    heads = ("import", "files", "state", "created", "updated", "unchanged", "refused", "by", "at")
    rows = [
        (one.id, one.name, one.state, one.created, one.updated, one.unchanged, one.refused, one.user_name, one.created_at.isoformat())
        for one in queries.recent(EVERYTHING, limit=limit)
    ]
    output().table(heads, rows)


def undo(number: Annotated[int, typer.Argument(metavar="NUMBER", help="Of the import, as `jalon import history` tells it.")]) -> None:
    """Take an import back: what it changed and nobody changed since."""
    if queries.one(EVERYTHING, number) is None:
        fail(gettext("There is no import %(number)s.") % {"number": number}, code=2)
    try:
        job_id = undoing.begin(number, access=EVERYTHING)
    except NotReady as not_ready:
        fail("\n".join(not_ready.sentences), code=2)
    found = _done(number, job_id, dry_run=False)
    if found.state == "failed":
        fail(gettext(found.job.message) if found.job else "")
    told = {"undone": found.undone.get("records", 0), "kept": found.undone.get("kept", 0)}
    output().line(gettext("%(undone)s records are as they were before; %(kept)s changes since were kept.") % told)
    output().json({"import": number, "state": found.state, **told})


def _choose_list(import_id: int, name: str) -> None:
    """One list for every file that holds what the first one does. Raises ListError."""
    found, known = queries.one(EVERYTHING, import_id), lists.named(EVERYTHING, name) if name else None
    assert found is not None
    for file in found.files if name else ():
        if file.object_type == found.first.object_type:
            listing.choose(import_id, file.place, str(known.id) if known else listing.NEW, name, access=EVERYTHING)


def _take(files: list[Path], types: list[str], sheets: list[str], *, is_history: bool, encoding: str, delimiter: str) -> int:
    try:
        with ExitStack() as opened:
            uploads = [
                Upload(
                    file.name,
                    _blocks(opened.enter_context(file.open("rb"))),
                    _object_type(types[place]) if place < len(types) else ("contact" if is_history else ""),
                    is_history,
                    encoding,
                    delimiter,
                    sheets[place] if place < len(sheets) else "",
                )
                for place, file in enumerate(files)
            ]
            return actions.take(uploads, access=EVERYTHING)
    except OSError as error:
        fail(gettext("The file “%(file)s” does not exist or cannot be read.") % {"file": error.filename or files[0]})
    except UnreadableFile as unreadable:
        fail(sentence(unreadable.trouble))


def _blocks(source: IO[bytes]) -> Iterator[bytes]:
    return iter(lambda: source.read(BLOCK), b"")


def _object_type(wanted: str) -> str:
    catalogs = records.catalogs()
    name = next((name for name, catalog in catalogs.items() if wanted in (name, catalog.plural)), None)
    if name is None:
        told = {"name": wanted, "names": ", ".join(catalogs)}
        fail(gettext("There is no object type “%(name)s”. The types are: %(names)s.") % told, code=2)
    return name


def _changed(import_id: int, place: int, file: Path, maps: list[str], given: dict[str, Any], files: int) -> Settings:
    """The guesses of a file, with what the caller says in their place."""
    settings = actions.settings_of(import_id, place)
    own = [text for text in (_of_file(text, file, files) for text in maps) if text is not None]
    for text in own:
        heading, sign, name = text.rpartition("=")
        if not sign:
            message = gettext('“%(text)s” does not say which property a column goes into. Write --map "Heading=property".')
            fail(message % {"text": text}, code=2)
        target = "hs_object_id" if name.strip() in IDS else name.strip()
        settings = replace(settings, mapping={**settings.mapping, heading.strip(): target})
    if own and not given["match"]:
        settings = replace(settings, match=actions.guessed_match(import_id, settings.mapping, place))
    chosen: dict[str, Any] = {name: value for name, value in given.items() if value}
    return replace(settings, companions=actions.companions_of(import_id, settings, place), **chosen)


def _of_file(text: str, file: Path, files: int) -> str | None:
    """What `--map` says of this file; None where it names another one."""
    name, sign, rest = text.partition(":")
    if files > 1 and sign and "=" not in name and name.lower().endswith((".csv", ".xlsx", ".txt", ".tsv")):
        return rest if name == file.name else None
    return text


def _done(import_id: int, job_id: int, *, dry_run: bool) -> ImportView:
    """Does the job here, or looks on while the server's worker does it; Ctrl-C cancels it."""
    thread = threading.Thread(target=runner.run, args=(job_id,), name=f"import-{import_id}")
    thread.start()
    found = queries.one(EVERYTHING, import_id)
    assert found is not None
    label = gettext("Trying out %(file)s") if dry_run else gettext("Importing %(file)s")
    if found.state == "undoing":
        label = gettext("Undoing %(file)s")
    try:
        with output().progress(label % {"file": found.name}) as progress:
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
    names = ("created", "updated", "unchanged", "refused", "told", "linked")
    counts = {name: (found.tried.get(name, 0) if dry_run else getattr(found, name)) for name in names}
    return {"import": found.id, "state": found.state, "rows": found.rows_total, **counts}


def _tell(found: ImportView, *, dry_run: bool) -> None:
    console, counts = output(), _counts(found, dry_run=dry_run)
    if dry_run and not console.wants_json:
        rows = [(heading, _label(file, name)) for file in found.files for heading, name in file.mapping.items()]
        console.table((gettext("Column of the file"), gettext("Goes into")), rows)
    heads = (gettext("rows"), gettext("Created"), gettext("Updated"), gettext("Unchanged"), gettext("Refused"), gettext("Associations"))
    if not console.wants_json:
        console.table(heads, [tuple(counts[name] for name in ("rows", "created", "updated", "unchanged", "refused", "linked"))])
    first = queries.first_tried(found) if dry_run else queries.first_notes(found, refusals=True)
    for told in first:
        console.line(gettext("Line %(line)s: %(sentences)s") % {"line": told.line, "sentences": " ".join(told.sentences)})
    if dry_run:
        console.line(gettext("Nothing was written: this was a dry run."))
    if found.state == "cancelled":
        console.line(gettext("The import was cancelled after %(done)s rows. They stay.") % {"done": found.rows_done})
    console.json({**counts, "first_refused": [asdict(told) for told in first]})


def _label(file: FileView, name: str) -> str:
    spec = records.catalog(file.object_type).properties.get(name)
    return spec.label_en if spec else name


def _write_refused(file: FileView, path: Path) -> None:
    write_csv(queries.refused_sheet(file), path, bom=True)
    output().line(gettext("The refused rows with their reasons are in %(file)s.") % {"file": path})
