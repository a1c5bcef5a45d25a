"""Saved reports as files, and what a file would change."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

from jalon.criteria.problems import CriteriaError
from jalon.reports import queries
from jalon.reports.kinds import display
from jalon.reports.kinds.definition import DefinitionError
from jalon.reports.kinds.display import Display
from jalon.reports.kinds.every import Definition
from jalon.reports.models import Report
from jalon.reports.portable import form, standing
from jalon.reports.portable.form import ReportFile
from jalon.reports.portable.references import Inward, changed, outward, recolored
from jalon.reports.portable.standing import Seen


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file that was understood: the report as this account would keep it, and the one it is already."""

    file: ReportFile
    definition: Definition
    display: Display
    report_id: int | None
    seen: Seen | None  # none: the file says nothing of it


def file_of(report_id: int, *, told_sharing: bool = True) -> ReportFile | None:
    """A saved report as a file; None when it is gone. Who sees it is told to whom that is to say."""
    row = Report.objects.filter(pk=report_id).first()
    if row is None:
        return None
    return _file(row) if told_sharing else replace(_file(row), sharing=None)


def _file(row: Report) -> ReportFile:
    shown: Mapping[str, Any] = row.display
    return ReportFile(
        key=row.key,
        definition=changed(row.definition, outward),
        title=row.title,
        folder=standing.folder_of(row),
        sharing=standing.outward(row),
        goal=shown.get("goal"),
        colors=recolored(shown.get("colors") or {}, row.definition, outward),
    )


def content(file: ReportFile) -> str:
    return form.text(file)


def definition_in(content: str, name: str) -> dict[str, Any]:
    """The definition in the file of a report, as this account would keep it. Raises DefinitionError."""
    file, inward = form.read(content, name), Inward()
    try:
        raw = changed(file.definition, inward)
    except CriteriaError as error:
        raise DefinitionError(tuple(error.problems)) from error
    if inward.problems:
        raise DefinitionError(tuple(_once(inward.problems)))
    return raw


def file_name(file: ReportFile, title: str) -> str:
    """A name for people and for git: the title in plain letters, and the beginning of the key."""
    plain = unicodedata.normalize("NFKD", title.replace("’", " ")).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-")
    return f"{words or 'report'}-{str(file.key)[:8]}.json"


def names_in(folder: Path) -> dict[UUID, Path]:
    """The files of reports that lie in a folder, by key: whoever writes there again keeps their names."""
    found = {}
    for path in sorted(folder.glob("*.json")):
        try:
            found[form.read(path.read_text(encoding="utf-8"), path.name).key] = path
        except (DefinitionError, OSError, UnicodeDecodeError):
            continue
    return found


def arrival(content: str, name: str) -> Arrival | None:
    """What a file brings; None where it says what is here already. Raises DefinitionError with every problem."""
    file = form.read(content, name)
    row = Report.objects.filter(key=file.key).first()
    try:
        if row is not None and form.text(_file(row)) == form.text(file):
            return None
        found = _understood(file, row.pk if row else None)
    except CriteriaError as error:
        raise DefinitionError(tuple(error.problems)) from error
    return None if row is not None and _says_the_same(row, found) else found


def _says_the_same(row: Report, found: Arrival) -> bool:
    """However either was typed."""
    try:
        own = queries.understood(row.definition)
    except DefinitionError:
        return False
    stands = found.file.folder in (None, standing.folder_of(row)) and found.seen in (None, standing.seen_of(row))
    return stands and (row.title, own, display.read(row.display)) == (found.file.title, found.definition, found.display)


def _understood(file: ReportFile, report_id: int | None) -> Arrival:
    inward = Inward()
    raw = changed(file.definition, inward)
    colors = recolored(file.colors, file.definition, inward)
    seen = standing.read(file.sharing, inward.problems) if file.sharing is not None else None
    if inward.problems:
        raise DefinitionError(tuple(_once(inward.problems)))
    shown = display.read({"goal": file.goal, "colors": colors})
    return Arrival(file, queries.understood(raw), shown, report_id, seen)


def _once(problems: Iterable[Any]) -> list[Any]:
    return list({(each.message, str(each.params)): each for each in problems}.values())
