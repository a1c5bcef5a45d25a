"""A sheet as the bytes of a file. Memory does not grow with the number of rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
from rustpy_xlsxwriter import Format as CellFormat
from rustpy_xlsxwriter import write_worksheet

from jalon.exports.blocks import Clock, block, rows
from jalon.exports.reading import rows_in
from jalon.exports.sheet import ExportError, Format, Heading, Sheet, WrongCount
from jalon.exports.texts import key_of, texts
from jalon.warehouse.schema import Kind
from jalon.warehouse.words import N_

BOM = b"\xef\xbb\xbf"
XLSX_CELL = 32_767  # the most characters of an Excel cell
CELL_FORMATS = {Kind.DATE: "yyyy-mm-dd", Kind.DATETIME: "yyyy-mm-dd hh:mm:ss"}


def csv_bytes(sheet: Sheet, *, bom: bool = False) -> Iterator[bytes]:
    """The sheet as CSV in UTF-8, one block of bytes for each batch of rows; a wrong count raises at the end."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([heading.text for heading in sheet.headings])
    yield (BOM if bom else b"") + _taken(text)
    clock = Clock(sheet.zone)
    for batch in sheet.counted():
        if isinstance(batch, pa.RecordBatch):
            yield block(sheet, batch, clock)
        else:
            columns = zip(*batch, strict=True)
            cells = (texts(head, values, sheet.zone) for head, values in zip(sheet.headings, columns, strict=True))
            writer.writerows(zip(*cells, strict=True))
            yield _taken(text)


def write_csv(sheet: Sheet, path: Path, *, bom: bool = False) -> None:
    """Write the sheet as CSV; a file that is not whole is taken away again."""
    try:
        with path.open("wb") as out:
            out.writelines(csv_bytes(sheet, bom=bom))
        _check(sheet, path, Format.CSV)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def write_xlsx(sheet: Sheet, path: Path) -> None:
    """Write the sheet as an Excel file with a frozen bold heading; a file that is not whole is taken away again."""
    names = list(distinct(heading.text for heading in sheet.headings))
    kinds = {name: heading.kind for name, heading in zip(names, sheet.headings, strict=True)}
    formats = {name: CellFormat().set_num_format(CELL_FORMATS[kind]) for name, kind in kinds.items() if kind in CELL_FORMATS}
    look: dict[str, Any] = {"sheet_name": sheet_name(sheet.name), "freeze_row": 1, "bold_headers": True, "column_formats": formats or None}
    try:
        write_worksheet(_records(sheet, names), str(path), **look)
        _check(sheet, path, Format.XLSX)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def write(sheet: Sheet, path: Path, file_format: Format, *, bom: bool = False) -> None:
    """Write the sheet in one of the formats."""
    if file_format is Format.XLSX:
        write_xlsx(sheet, path)
    else:
        write_csv(sheet, path, bom=bom)


def _check(sheet: Sheet, path: Path, file_format: Format) -> None:
    """What the file holds is what was announced: counted in the file, whatever the writer believes."""
    found = rows_in(path, file_format)
    if found != sheet.total:
        raise WrongCount(found, sheet.total)


def distinct(headings: Iterable[str]) -> Iterator[str]:
    """The headings, told apart by a number where two are the same: Excel columns are handed over by name."""
    taken: set[str] = set()
    for heading in headings:
        name, number = heading, 1
        while name in taken:
            number += 1
            name = f"{heading} ({number})"
        taken.add(name)
        yield name


def sheet_name(name: str) -> str:
    """A name that Excel takes for a sheet: 31 characters, none of : \\ / ? * [ ]."""
    kept = "".join(" " if letter in ":\\/?*[]" else letter for letter in name).strip(" '")
    return kept[:31].strip(" '") or "Export"


def _taken(text: io.StringIO) -> bytes:
    block = text.getvalue().encode("utf-8", "replace")
    text.seek(0)
    text.truncate()
    return block


def _records(sheet: Sheet, names: list[str]) -> Iterator[dict[str, Any]]:
    """The rows as the Excel writer takes them. Without any row one empty row is handed over, since the heading comes with the first."""
    for batch in sheet.counted():
        given = zip(*(rows(batch) if isinstance(batch, pa.RecordBatch) else batch), strict=True)
        columns = [_cells(heading, values, sheet) for heading, values in zip(sheet.headings, given, strict=True)]
        for row in zip(*columns, strict=True):
            yield dict(zip(names, row, strict=True))
    if not sheet.total:
        yield dict.fromkeys(names)


def _cells(heading: Heading, values: tuple[Any, ...], sheet: Sheet) -> list[Any]:
    """One column of a batch as cells: numbers and dates as such, all else as text, which Excel never runs as a formula."""
    if heading.kind is Kind.DATETIME:
        return [None if value is None else value.astimezone(sheet.zone).replace(tzinfo=None) for value in values]
    if heading.kind in (Kind.NUMBER, Kind.INTEGER, Kind.DATE) or (heading.kind is Kind.BOOL and not heading.labels):
        return list(values)
    labels = heading.labels
    if heading.kind is Kind.MULTI:
        return _short([";".join(labels.get(part, part) for part in value.strip(";").split(";")) if value else None for value in values])
    return _short([None if value is None else labels.get(key := key_of(value), key) for value in values])


def _short(cells: list[str | None]) -> list[str | None]:
    for cell in cells:
        if cell is not None and len(cell) > XLSX_CELL:
            message = N_("A cell of this export has %(length)s characters and Excel takes at most %(most)s. Please export as CSV.")
            raise ExportError(message, length=len(cell), most=XLSX_CELL)
    return cells
