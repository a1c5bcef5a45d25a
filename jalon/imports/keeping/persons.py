"""What the files of imports hold of a person: shown to them line by line; with an erasure, the files that name them go as a whole."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping

from jalon.imports import queries, sheets
from jalon.imports.keeping.actions import delete_files
from jalon.imports.models import File, Import
from jalon.imports.reading import records
from jalon.imports.trouble import UnreadableFile
from jalon.records.holdings import Person


def clean(person: Person) -> int:
    """Delete the files of every import that mentions them: cutting a line out of a workbook would leave a file that nobody uploaded."""
    mentioned = {file.of_id for file in _kept() if next(_lines(file, person), None) is not None}
    for row in Import.objects.filter(pk__in=mentioned):
        delete_files(row)
    return len(mentioned)


def portray(person: Person) -> Iterator[Mapping[str, object]]:
    """Every line of a kept file that names them."""
    for file in _kept():
        for line, cells in _lines(file, person):
            yield {"import": file.of_id, "file": file.file_name, "line": line, "text": " | ".join(cells)}


def _kept() -> Iterator[File]:
    files = File.objects.filter(of__files_gone_at=None).select_related("of").order_by("of_id", "place")
    return (file for file in files.iterator() if file.original.exists())


def _lines(file: File, person: Person) -> Iterator[tuple[int, list[str]]]:
    """The lines that name the person; an unreadable workbook cannot be vouched for and counts as one."""
    try:
        if file.sheet and file.rows_total is None:
            sheets.extract(file.original, file.path, file.sheet)
        rows = records(file.path, queries.shape_of(file))
        yield from ((line, cells) for line, cells, _ in rows if person.is_mentioned("\n".join(cells)))
    except (UnreadableFile, OSError, csv.Error, ValueError):
        yield 0, []
