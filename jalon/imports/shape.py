"""How a CSV file is written: its encoding, its delimiter, its headings. Guessed from a sample, so that any size opens at once."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from charset_normalizer import from_bytes

from jalon.imports.trouble import UnreadableFile
from jalon.warehouse.words import N_

SAMPLE_BYTES = 256 * 1024
GUESSED_BYTES = 32 * 1024  # charset-normalizer takes half a second for a megabyte; the first letters with accents decide
DELIMITERS = (",", ";", "\t", "|")
LARGEST_CELL = 1024 * 1024  # a longer "cell" is a quote that was never closed: no property takes so much
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark is the start of this one
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
WESTERN_ALIKE = frozenset(
    {"cp1250", "cp1252", "cp1254", "cp1257", "cp1258", "iso8859-1", "iso8859-2", "iso8859-15", "iso8859-9", "cp437", "cp850", "ascii"}
)
WESTERN = "cp1252"

csv.field_size_limit(LARGEST_CELL)


@dataclass(frozen=True, slots=True)
class Shape:
    """The way a file is written, and its headings: every one has a name, no two the same."""

    encoding: str
    delimiter: str
    headings: tuple[str, ...]
    numbered: bool = False  # taken out of a sheet: in front of each row stands its number there


def guess_shape(path: Path, encoding: str = "", delimiter: str = "") -> Shape:
    """The shape of the file; what is given is taken, the rest is guessed."""
    with path.open("rb") as file:
        sample = file.read(SAMPLE_BYTES)
    if not sample.strip():
        raise UnreadableFile(N_("This file is empty. Please choose a file with a heading row and at least one row below it."))
    refuse_other_kinds(sample)
    encoding = known_encoding(encoding) if encoding else guess_encoding(sample)
    text = sample.decode(encoding, "replace")
    delimiter = delimiter or guess_delimiter(text)
    heading_row = next(
        (row for row in csv.reader(StringIO(text, newline=""), delimiter=delimiter) if any(cell.strip() for cell in row)), []
    )
    return Shape(encoding, delimiter, headings(heading_row))


def read_heading(path: Path, shape: Shape) -> list[str]:
    """The heading row of a file whose way of writing is known."""
    with path.open(encoding=shape.encoding, errors="replace", newline="") as file:
        cells = next(csv.reader(file, delimiter=shape.delimiter), [])
    return cells[1:] if shape.numbered else cells


def refuse_other_kinds(sample: bytes) -> None:
    """Files that are no text at all, told by their first bytes."""
    if sample.startswith((b"%PDF", b"\x89PNG", b"\x1f\x8b")):
        raise UnreadableFile(N_("This file is neither text nor a workbook. Please choose a CSV file or an Excel workbook (.xlsx)."))


def known_encoding(name: str) -> str:
    """The encoding of that name, as Python calls it."""
    try:
        return codecs.lookup(name).name
    except LookupError:
        raise UnreadableFile(N_("“%(name)s” is not the name of an encoding. Try utf-8, windows-1252 or utf-16."), name=name) from None


def guess_encoding(sample: bytes) -> str:
    """The encoding by its byte order mark, else UTF-8 where it holds, else what charset-normalizer finds in the lines with accents."""
    for mark, encoding in BOMS:
        if sample.startswith(mark):
            return encoding
    if sample[:200].count(b"\0") > 40:
        return "utf-16-le" if sample[1:2] == b"\0" else "utf-16-be"
    if mostly_utf8(sample):
        return "utf-8"
    lines = [line for line in sample.splitlines() if not line.isascii()]
    best = from_bytes(b"\n".join(lines)[:GUESSED_BYTES], preemptive_behaviour=False).best()
    found = codecs.lookup(best.encoding).name if best else WESTERN
    # The code pages of one family read Western letters alike: the most widespread one is meant.
    return WESTERN if found in WESTERN_ALIKE else found


def mostly_utf8(sample: bytes) -> bool:
    """Whether the accents are UTF-8, but for a few damaged lines (they are refused one by one)."""
    accented = [line for line in sample.splitlines() if not line.isascii()][:1000]
    good = sum(1 for line in accented[:-1] or accented if _is_utf8(line))
    return good >= 0.9 * len(accented[:-1] or accented)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def guess_delimiter(text: str) -> str:
    """The delimiter that cuts the first rows into the same number of cells, and into the most."""
    return max(DELIMITERS, key=lambda delimiter: _evenness(text, delimiter))


def _evenness(text: str, delimiter: str) -> float:
    rows = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    widths = [len(row) for row, _ in zip(rows, range(50), strict=False) if row]
    if not widths or widths[0] < 2:
        return 0.0
    return widths.count(widths[0]) / len(widths) + min(widths[0], 100) / 1000


def headings(row: Sequence[str]) -> tuple[str, ...]:
    """The headings of the file; an empty one is called by its letter, the second of a name gets a number."""
    taken: set[str] = set()
    result = []
    for index, cell in enumerate(row):
        name = base = " ".join(cell.replace("\0", "").split()) or f"({column_letter(index)})"
        number = 1
        while name in taken:
            number += 1
            name = f"{base} ({number})"
        taken.add(name)
        result.append(name)
    return tuple(result)


def column_letter(index: int) -> str:
    """The letter of a column as spreadsheets show it: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
