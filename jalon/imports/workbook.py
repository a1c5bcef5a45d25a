"""An Excel workbook as rows of text: run as a child process that ends, so that neither its memory nor its time is the server's.

python -m jalon.imports.workbook FILE SHEET OUT MOST writes the sheet as CSV: in front of each row its number in the sheet,
the guessed heading first. It says what it does in lines of JSON (docs/decisions/0141-excel-files.md tells why this reader).
"""

from __future__ import annotations

import csv
import json
import re
import resource
import sys
import tempfile
import zipfile
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any, Final
from xml.etree.ElementTree import iterparse

from jalon.imports.trouble import UnreadableFile
from jalon.warehouse.words import N_

MEMORY: Final = 1 << 30  # bytes of address space: a sheet made to swell ends here and not the machine
SAMPLED: Final = 50  # rows among which the heading is looked for
OFTEN: Final = 5_000  # rows between two reports
REMEMBERED: Final = 20_000  # shared texts kept in memory
HIDDEN_CODE = re.compile("_x([0-9A-Fa-f]{4})_")
MERGED = re.compile(rb'mergeCell ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
OLE: Final = b"\xd0\xcf\x11\xe0"
ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
PROTECTED = N_("This workbook is protected by a password. In Excel take the password away (File, Info), save it and upload it again.")
OLD = N_("This is a workbook of the old format (.xls). In Excel choose “Save as”, “Excel workbook (.xlsx)”, then upload that file.")
NO_WORKBOOK = N_("This file is packed, but it is no Excel workbook (.xlsx). Please choose a workbook or a CSV file.")
BROKEN = N_("This workbook is damaged and cannot be read. Open it in Excel, save it again and upload that file.")
NO_ROWS = N_("No sheet of this workbook has a row. Please choose a workbook with a heading row and at least one row below it.")
NO_SHEET = N_("The workbook has no sheet “%(sheet)s”. Its sheets are: %(sheets)s.")
TOO_LARGE = N_("This workbook needs more memory than an import may take. Save the sheet as CSV and upload that file.")

Cells = tuple[Any, ...]


class Texts:
    """The texts that cells share, on disk: a workbook may have millions of them, and a list would hold them all."""

    def __init__(self) -> None:
        self.file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  (it is gone when this process ends)
        self.ends = array("Q", [0])
        self.near: dict[int, str] = {}

    def append(self, text: str) -> None:
        written = self.file.write(text.encode("utf-8", "surrogatepass"))
        self.ends.append(self.ends[-1] + written)

    def __getitem__(self, index: int) -> str:
        if (text := self.near.get(index)) is not None:
            return text
        if len(self.near) > REMEMBERED:
            self.near.clear()
        start = self.ends[index]
        self.file.seek(start)
        text = self.near[index] = self.file.read(self.ends[index + 1] - start).decode("utf-8", "surrogatepass")
        return text


def shared_texts(source: IO[bytes]) -> Texts:
    """The table of shared texts, its parts joined; pronunciation marks are left out."""
    texts, events = Texts(), iterparse(source, events=("start", "end"))
    _, root = next(events)
    for event, node in events:
        if event == "end" and node.tag.endswith("}si"):
            texts.append("".join(part.text or "" for part in _parts(node)))
            root.clear()
    return texts


def _parts(node: Any) -> Iterator[Any]:
    for child in node:
        if child.tag.endswith("}t"):
            yield child
        elif child.tag.endswith("}r"):
            yield from (part for part in child if part.tag.endswith("}t"))


class Book:
    """A workbook open for reading. Raises UnreadableFile."""

    def __init__(self, path: Path) -> None:
        from openpyxl.reader.excel import ExcelReader

        class Reader(ExcelReader):  # type: ignore[misc]  # it has no types
            def read_strings(self) -> None:
                found = [name for name in self.valid_files if name.lower().endswith("sharedstrings.xml")]
                if found:
                    with self.archive.open(found[0]) as source:
                        self.shared_strings = shared_texts(source)

        self.reader = Reader(path.open("rb"), read_only=True, data_only=True, keep_links=False)
        self.reader.read()
        self.book = self.reader.wb
        pages = [sheet for sheet in self.book.worksheets if hasattr(sheet, "reset_dimensions")]
        self.sheets = {sheet.title: sheet for sheet in sorted(pages, key=lambda sheet: sheet.sheet_state != "visible")}

    def first(self) -> str:
        """The first sheet that has a row."""
        filled = (name for name in self.sheets if next(self.rows(name), None) is not None)
        name: str | None = next(filled, None)
        if name is None:
            raise UnreadableFile(NO_ROWS)
        return name

    def rows(self, sheet: str) -> Iterator[tuple[int, Cells]]:
        """The rows that hold anything, with their numbers; a merged cell's value stands in each of its cells."""
        page = self.sheets[sheet]
        page.reset_dimensions()  # what a file says of its own size is often wrong
        merges = Merges(self._merged(page.title))
        for number, row in enumerate(page.iter_rows(values_only=True), 1):
            cells = merges.filled(number, row) if merges.waiting else row
            if any(cell is not None and cell != "" for cell in cells):
                yield number, cells

    def _merged(self, title: str) -> Iterator[tuple[int, int, int, int]]:
        """The merged ranges: they stand behind the rows, so the text of the sheet is run through once."""
        target = next((rel.target for sheet, rel in self.reader.parser.find_sheets() if sheet.name == title), None)
        if target is None:
            return
        with self.reader.archive.open(target) as source:
            before = b""
            for block in iter(lambda: source.read(1 << 20), b""):
                text = before + block
                last = 0
                for found in MERGED.finditer(text):
                    last = found.end()
                    yield int(found[2]), int(found[4]), _column(found[1]), _column(found[3])
                before = text[max(last, len(text) - 80) :]


def _column(letters: bytes) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return place - 1


@dataclass(slots=True)
class Merge:
    """One merged range, rows counted from 1 and columns from 0."""

    top: int
    bottom: int
    left: int
    right: int
    value: Any = None


class Merges:
    """The merged ranges of a sheet, filled in while its rows pass."""

    def __init__(self, ranges: Iterable[tuple[int, int, int, int]]) -> None:
        self.ahead = sorted((Merge(*one) for one in ranges), key=lambda merge: -merge.top)
        self.open: list[Merge] = []

    @property
    def waiting(self) -> bool:
        return bool(self.ahead or self.open)

    def filled(self, number: int, row: Cells) -> Cells:
        self.open = [merge for merge in self.open if merge.bottom >= number]
        while self.ahead and self.ahead[-1].top <= number:
            merge = self.ahead.pop()
            merge.value = row[merge.left] if merge.left < len(row) else None
            self.open.append(merge)
        if not self.open:
            return row
        cells = list(row)
        for merge in self.open:
            cells += [None] * (merge.right + 1 - len(cells))
            cells[merge.left : merge.right + 1] = [merge.value] * (merge.right + 1 - merge.left)
        return tuple(cells)


def heading_of(rows: list[tuple[int, Cells]]) -> int:
    """Which of the first rows is the heading: the first whose cells are texts and that is nearly as wide as the widest; a title is not."""
    widths = [sum(cell not in (None, "") for cell in cells) for _, cells in rows]
    widest = max(widths, default=0)
    for place, (_, cells) in enumerate(rows):
        filled = [cell for cell in cells if cell not in (None, "")]
        if len(filled) >= max(0.6 * widest, 1) and all(isinstance(cell, str) for cell in filled) and len(set(filled)) > len(filled) / 2:
            return place
    return 0


def as_text(value: Any) -> str:
    """A cell's value as the text that an import reads the same way everywhere."""
    return WRITERS.get(type(value), str)(value)


def _string(text: str) -> str:
    return HIDDEN_CODE.sub(lambda code: chr(int(code[1], 16)), text) if "_x" in text else text


def _float(number: float) -> str:
    """As Excel shows it: fifteen digits, no exponent."""
    text = f"{Decimal(f'{number:.15g}'):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _instant(value: datetime) -> str:
    return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")


WRITERS: Mapping[type, Callable[[Any], str]] = {
    str: _string,
    type(None): lambda _: "",
    bool: lambda value: "true" if value else "false",
    int: str,
    float: _float,
    datetime: _instant,
    date: date.isoformat,
    time: lambda value: value.isoformat("minutes" if not value.second else "seconds"),
    timedelta: str,
}


@dataclass(slots=True)
class Told:
    """Lines of JSON to whoever started this process."""

    out: IO[str] = field(default_factory=lambda: sys.stdout)

    def say(self, **values: Any) -> None:
        print(json.dumps(values), file=self.out, flush=True)


def convert(path: Path, sheet: str, out: Path, most: int, told: Told) -> None:
    """Write a sheet as CSV; with `most`, only so many rows. "" is the first sheet that has rows."""
    refuse_what_is_no_workbook(path)
    book = Book(path)
    sheet = sheet or book.first()
    if sheet not in book.sheets:
        raise UnreadableFile(NO_SHEET, sheet=sheet, sheets=", ".join(book.sheets))
    told.say(sheets=list(book.sheets), sheet=sheet)
    rows = book.rows(sheet)
    first = list(islice(rows, SAMPLED))
    if not first:
        raise UnreadableFile(NO_ROWS)
    below = chain(first[heading_of(first) :], rows)
    width = max(len(cells) for _, cells in first)
    done = _write(islice(below, most + 1) if most else below, width, out, told)
    told.say(done=done)


def _write(rows: Iterable[tuple[int, Cells]], width: int, out: Path, told: Told) -> int:
    done = -1  # the heading is no row
    with out.open("w", encoding="utf-8", errors="surrogatepass", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        for number, cells in rows:
            texts = list(map(as_text, cells))
            writer.writerow([number, *texts, *[""] * (width - len(texts))])
            done += 1
            if done and done % OFTEN == 0:
                told.say(rows=done)
    return max(done, 0)


def refuse_what_is_no_workbook(path: Path) -> None:
    """Password, old format, another kind of package: told by the first bytes."""
    with path.open("rb") as file:
        start = file.read(len(OLE))
        if start == OLE:
            before = start
            for block in iter(lambda: file.read(1 << 20), b""):
                if ENCRYPTED in before[-40:] + block:
                    raise UnreadableFile(PROTECTED)
                before = block
            raise UnreadableFile(OLD)
    if not zipfile.is_zipfile(path):
        raise UnreadableFile(BROKEN)
    with zipfile.ZipFile(path) as archive:
        if not any(name.lower().endswith("workbook.xml") for name in archive.namelist()):
            raise UnreadableFile(NO_WORKBOOK)
        if any(entry.flag_bits & 1 for entry in archive.infolist()):
            raise UnreadableFile(PROTECTED)


def main(path: str, sheet: str, out: str, most: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    told = Told()
    try:
        convert(Path(path), sheet, Path(out), int(most), told)
    except UnreadableFile as unreadable:
        told.say(trouble=unreadable.trouble.message, values=dict(unreadable.trouble.values))
    except MemoryError:
        told.say(trouble=TOO_LARGE, values={})
    except OSError as error:
        told.say(errno=error.errno or 0)
    except Exception as error:  # whatever a broken file makes a parser stumble over
        print(f"workbook: {error!r}", file=sys.stderr)
        told.say(trouble=BROKEN, values={})


if __name__ == "__main__":
    main(*sys.argv[1:])
