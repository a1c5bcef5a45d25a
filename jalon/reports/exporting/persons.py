"""What the files of exports hold of a person: shown to them line by line; with an erasure, the files that name them go as a whole."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import ParseError

from jalon.exports.reading import lines
from jalon.records.holdings import Person
from jalon.reports.exporting import actions, queries
from jalon.reports.exporting.choice import What, kept
from jalon.reports.models import Export
from jalon.reports.queries import OBJECT_TYPE


def clean(person: Person) -> int:
    """Deletes every file that names them; it can be exported again, without them."""
    actions.write_anew()
    named = [row for row in _kept() if next(_lines(row, person), None) is not None]
    for row in named:
        actions.delete_file(row)
    return len(named)


def portray(person: Person) -> Iterator[Mapping[str, object]]:
    """Every line of a kept file that names them."""
    for row in _kept():
        for number, cells in _lines(row, person):
            yield {"export": row.pk, "file": row.file_name, "line": number, "text": " | ".join(cells)}


def _kept() -> Iterator[Export]:
    rows = Export.objects.filter(gone_at=None).exclude(ready_at=None).order_by("pk")
    return (row for row in rows.iterator() if row.path.exists())


def _lines(row: Export, person: Person) -> Iterator[tuple[int, list[str]]]:
    """The lines that name the person, by number or by what they say; a file that cannot be read cannot be vouched for."""
    has_numbers = kept(row.choice).what is What.CONTACTS and person.object_type == OBJECT_TYPE
    ids = {str(id) for id in person.ids} if has_numbers else frozenset[str]()
    try:
        for number, cells in enumerate(lines(row.path, queries.view(row).format), 1):
            if (cells and cells[0] in ids) or person.is_mentioned("\n".join(cells)):
                yield number, cells
    except (OSError, ValueError, csv.Error, zipfile.BadZipFile, ParseError, KeyError):
        yield 0, []
