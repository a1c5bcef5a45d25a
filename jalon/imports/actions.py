"""The verbs of an import: take the files, say what becomes of their columns, try it out, begin, cancel."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language, gettext

from jalon.accounts.access import SYSTEM, Access
from jalon.accounts.actions import audit
from jalon.accounts.queries import account
from jalon.imports import creating, queries, sheets, taking, targets
from jalon.imports.checking import problems
from jalon.imports.listing import actions as listing
from jalon.imports.models import File, Import, State
from jalon.imports.settings import SETTINGS, Settings
from jalon.imports.shape import guess_shape
from jalon.imports.trouble import UnreadableFile
from jalon.jobs import actions as jobs
from jalon.records import queries as records
from jalon.records.definitions import actions as definitions
from jalon.warehouse.words import N_

KIND = "import"  # of the background job
GONE = N_("This file is not kept any more. Please upload it again.")
STARTED = N_("%(who)s started the import %(number)s.")
BEGUN = (State.RUNNING, State.DONE, State.UNDOING, State.UNDONE)


class NotReady(Exception):
    """The import cannot begin; `sentences` say what is missing."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it comes: its bytes, or a file of our own folder that may be moved. An empty object type is found out."""

    name: str
    content: Iterable[bytes] | Path
    object_type: str = ""
    is_history: bool = False
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""


def take(uploads: Sequence[Upload], *, access: Access) -> int:
    """Keep uploaded files as one import and guess everything about them. Raises UnreadableFile, and keeps nothing, where one is none."""
    row = Import.objects.create(user_id=access.actor.user_id, language=get_language() or "en")
    try:
        row.forget_files()  # of an import with this number that a restored backup knows nothing of
        row.folder.mkdir(mode=0o700)
        for place, upload in enumerate(uploads):
            _take(row, place, upload, access)
    except BaseException as error:
        row.forget_files()
        row.delete()
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            raise UnreadableFile(sheets.DISK_FULL) from error
        raise
    return row.pk


def _take(row: Import, place: int, upload: Upload, access: Access) -> None:
    file = File(of=row, place=place, is_history=upload.is_history, file_name=upload.name[-250:], zone=account().zone)
    file.file_bytes = _keep(file.original, upload.content)
    if sheets.is_workbook(file.original):
        _open_sheet(file, upload.sheet)
    else:
        shape = guess_shape(file.original, upload.encoding, upload.delimiter)
        file.encoding, file.delimiter, file.headings = shape.encoding, shape.delimiter, list(shape.headings)
    file.object_type = upload.object_type or taking.guess_object_type(upload.name, file.headings, access)
    records.catalog(file.object_type)
    taking.guess(file)
    file.save()


def _keep(path: Path, content: Iterable[bytes] | Path) -> int:
    if isinstance(content, Path):
        shutil.move(content, path)
    else:
        with path.open("wb") as out:
            out.writelines(content)
    path.chmod(0o600)
    return path.stat().st_size


def _open_sheet(file: File, sheet: str) -> None:
    """The first rows of a sheet, for the guesses; all of them come out when the import is tried or begins."""
    rows = file.of.folder / f"{file.place}.rows"
    taken = sheets.extract(file.original, rows, sheet, most=queries.SAMPLED)
    assert taken is not None
    file.sheet, file.sheets = taken.sheet, list(taken.sheets)
    file.encoding, file.delimiter, file.headings = taken.shape.encoding, taken.shape.delimiter, list(taken.shape.headings)
    file.rows_total = None


def choose(import_id: int, place: int, *, object_type: str = "", sheet: str = "") -> None:
    """Say what the rows of a file are, or which sheet is meant; what follows from it is guessed anew. Raises UnreadableFile."""
    with transaction.atomic():
        file = _locked(import_id, place)
        if sheet and sheet != file.sheet:
            _open_sheet(file, sheet)
        if object_type:
            records.catalog(object_type)
            file.object_type, file.list, file.new_list = object_type, None, ""
        taking.guess(file)
        file.save()
        Import.objects.filter(pk=import_id).update(state=State.DRAFT, tried={})


def _locked(import_id: int, place: int) -> File:
    row = Import.objects.select_for_update().get(pk=import_id)
    if row.state in BEGUN:
        raise NotReady(gettext("This import has begun, so its mapping is fixed."))
    return row.files.get(place=place)


def settings_of(import_id: int, place: int = 0) -> Settings:
    """The settings as they are: guessed, or chosen before."""
    file = File.objects.get(of_id=import_id, place=place)
    return Settings(**{name: getattr(file, name) for name in SETTINGS})


def guessed_match(import_id: int, mapping: Mapping[str, str], place: int = 0) -> str:
    """What records are found by under another mapping than the guessed one."""
    file = File.objects.get(of_id=import_id, place=place)
    return file.match if file.is_history else taking.guess_match(mapping, records.catalog(file.object_type))


def companions_of(import_id: int, settings: Settings, place: int = 0) -> Mapping[str, Mapping[str, str]]:
    """The other objects in the rows as chosen, and as usual where nobody chose."""
    return taking.companions(File.objects.get(of_id=import_id, place=place), settings.mapping, settings.companions)


def settle(import_id: int, *chosen: Settings, access: Access | None = None) -> None:
    """Take the settings of every file as the user left them, in their order. Raises NotReady with everything that does not fit."""
    with transaction.atomic():
        row = Import.objects.select_for_update().get(pk=import_id)
        if row.state in BEGUN:
            raise NotReady(gettext("This import has begun, so its mapping is fixed."))
        files = list(row.files.all())
        wrong = problems(files, chosen, access)
        if wrong:
            raise NotReady(*wrong)
        for file, settings in zip(files, chosen, strict=True):
            for name in SETTINGS:
                setattr(file, name, getattr(settings, name))
            file.mapping = {heading: name for heading, name in settings.mapping.items() if name}
            _create_properties(file, access)
            file.save()
        row.state, row.tried = State.DRAFT, {}
        row.save()


def _create_properties(file: File, access: Access | None) -> None:
    """Make the properties that columns are to become. Raises Refused."""
    wanted = [heading for heading, target in file.mapping.items() if target == targets.NEW]
    if not wanted:
        return
    if access is not None:
        access.require("property_settings")
    columns = dict(zip(file.headings, queries.samples(file), strict=True))
    for heading in wanted:
        taken = records.catalog(file.object_type).properties
        spec = creating.property_of(heading, columns[heading], taken)
        actor = access.actor if access else SYSTEM
        file.mapping[heading] = definitions.define_property(file.object_type, spec, actor=actor).name


def try_out(import_id: int, *, access: Access) -> int:
    """Start the dry run: what would become of each row. Returns the job."""
    return _start(import_id, access, State.TRYING)


def begin(import_id: int, *, access: Access) -> int:
    """Start the import, or go on with one that was cancelled or failed. Returns the job. Raises NotReady, or ListError of its lists."""
    return _start(import_id, access, State.RUNNING)


def _start(import_id: int, access: Access, state: State) -> int:
    with transaction.atomic():
        row = Import.objects.select_for_update().get(pk=import_id)
        at_work = queries.view(row)
        if at_work.state in ("trying", "running", "done", "undoing", "undone"):
            raise NotReady(gettext("This import is running or done already."))
        if not all(file.original.exists() for file in row.files.all()):
            raise NotReady(gettext(GONE))
        row.state = state
        if state is State.RUNNING:
            listing.make_ready(row, access.actor)
            row.started_at = row.started_at or timezone.now()
            audit(access.actor, "import.started", STARTED, link=f"/import/{row.pk}/", number=row.pk)
        arguments = {"import_id": row.pk, "dry_run": state is State.TRYING}
        row.job_id = jobs.start(KIND, at_work.name, arguments=arguments, user_id=access.actor.user_id).pk
        row.save()
    return row.job_id


def take_out(file: File, heard: sheets.Heard) -> bool:
    """Every row of a workbook's sheet, once; False where the job was cancelled meanwhile."""
    if not file.sheet or file.rows_total is not None:
        return True
    part = file.path.with_suffix(".part")
    taken = sheets.extract(file.original, part, file.sheet, heard=heard)
    if taken is None:
        return False
    part.replace(file.path)
    file.rows_total = taken.rows
    count(file.pk, taken.rows)
    return True


def count(file_id: int, rows: int) -> None:
    """Note how many rows the file has."""
    File.objects.filter(pk=file_id).update(rows_total=rows)


def tell_verdict(import_id: int, tried: Mapping[str, Any]) -> None:
    """Keep what the dry run found."""
    Import.objects.filter(pk=import_id, state=State.TRYING).update(state=State.TRIED, tried=dict(tried))


def cancel(import_id: int) -> None:
    """Stop after the slice that is being written. What went in stays, and the import can go on later."""
    row = Import.objects.get(pk=import_id)
    if row.job_id:
        jobs.cancel(row.job_id)
