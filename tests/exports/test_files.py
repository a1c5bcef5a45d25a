"""CSV and Excel files: values as people read them, formulas made harmless, whole or not at all."""

from __future__ import annotations

import csv
import io
import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from jalon.exports.files import BOM, csv_bytes, distinct, sheet_name, write_csv, write_xlsx
from jalon.exports.sheet import SHEET_ROWS, ExportError, Format, Heading, Sheet, WrongCount, choose_format
from jalon.exports.texts import defused
from jalon.warehouse.schema import Kind

PARIS = ZoneInfo("Europe/Paris")
HEADINGS = (
    Heading("id", "N°", Kind.ID),
    Heading("name", "Nom"),
    Heading("stage", "Étape", Kind.ENUMERATION, {"lead": "Piste", "customer": "Client"}),
    Heading("amount", "Montant", Kind.NUMBER),
    Heading("optin", "Inscrit", Kind.BOOL, {"true": "Oui", "false": "Non"}),
    Heading("born", "Naissance", Kind.DATE),
    Heading("created", "Créé le", Kind.DATETIME),
    Heading("owner", "Propriétaire", Kind.USER, {"7": "Ann"}),
    Heading("tags", "Marques", Kind.MULTI, {"a": "Alpha", "b": "Bêta"}),
)
ANN = (
    1,
    "Ann, dite « la belle »",
    "lead",
    Decimal("1200.500000"),
    True,
    date(1990, 1, 2),
    datetime(2024, 7, 1, 22, 30, tzinfo=UTC),
    7,
    ";a;b;",
)
NOBODY = (2, None, None, None, None, None, None, None, None)


def sheet(*rows: tuple[Any, ...], total: int | None = None) -> Sheet:
    return Sheet("Contacts", HEADINGS, [list(rows)] if rows else [], len(rows) if total is None else total, PARIS)


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_a_row_of_csv_shows_labels_plain_numbers_and_the_clock_of_the_account() -> None:
    heading, ann, nobody = read(b"".join(csv_bytes(sheet(ANN, NOBODY))))
    assert heading == [one.text for one in HEADINGS]
    assert ann == ["1", "Ann, dite « la belle »", "Piste", "1200.5", "Oui", "1990-01-02", "2024-07-02 00:30:00", "Ann", "Alpha;Bêta"]
    assert nobody == ["2", *[""] * 8]


def test_internal_values_come_out_as_an_import_reads_them_back() -> None:
    headings = tuple(Heading(one.name, one.name, one.kind) for one in HEADINGS)
    content = b"".join(csv_bytes(Sheet("contacts", headings, [[ANN]], 1)))
    assert read(content)[1] == ["1", ANN[1], "lead", "1200.5", "true", "1990-01-02", "2024-07-01T22:30:00.000Z", "7", "a;b"]


def test_a_byte_order_mark_comes_only_when_it_is_asked_for() -> None:
    assert next(csv_bytes(sheet(ANN), bom=True)).startswith(BOM)
    assert not next(csv_bytes(sheet(ANN))).startswith(BOM)


@pytest.mark.parametrize("text", ["=1+1", "+SUM(A1)", "-2+3", "@cmd", "\tx", "\rx", "=HYPERLINK(1)", "+33 6 12 34"])
def test_a_text_that_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    assert defused(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-12.5", "+33612345678", "-1", "+4,2", "12", "a=b", "", "x-y"])
def test_plain_numbers_and_harmless_texts_stay_as_they_are(text: str) -> None:
    assert defused(text) == text


def test_formulas_are_made_harmless_in_texts_and_labels_alike() -> None:
    headings = (Heading("a", "A"), Heading("b", "B", Kind.ENUMERATION, {"x": "=1"}), Heading("c", "C", Kind.MULTI, {"x": "@x"}))
    assert read(b"".join(csv_bytes(Sheet("s", headings, [[("=2", "x", ";x;")]], 1))))[1] == ["'=2", "'=1", "'@x"]


@pytest.mark.parametrize("total", [0, 2])
def test_an_export_with_another_number_of_rows_than_announced_fails_and_leaves_no_file(total: int, tmp_path: Path) -> None:
    for write, name in ((write_csv, "a.csv"), (write_xlsx, "a.xlsx")):
        with pytest.raises(WrongCount, match=f"gave 1 rows where {total} were announced"):
            write(sheet(ANN, total=total), tmp_path / name)
        assert not (tmp_path / name).exists()


def test_64000_rows_fit_into_excel_and_64001_become_csv() -> None:
    assert choose_format(64_000) is Format.XLSX
    assert choose_format(64_001) is Format.CSV
    assert choose_format(64_001, "xlsx") is Format.CSV
    assert choose_format(64_001, "xlsx", most=SHEET_ROWS) is Format.XLSX
    assert choose_format(64_001, most=SHEET_ROWS) is Format.CSV
    assert choose_format(1_048_576, "xlsx", most=SHEET_ROWS) is Format.CSV
    assert choose_format(10, "csv") is Format.CSV


def test_an_excel_file_holds_numbers_as_numbers_and_texts_as_texts(tmp_path: Path) -> None:
    file = tmp_path / "contacts.xlsx"
    write_xlsx(sheet((1, "=1+1", "lead", Decimal("-12.5"), False, date(2024, 1, 2), None, 7, ";b;")), file)
    cells = zipfile.ZipFile(file).read("xl/worksheets/sheet1.xml").decode()
    assert "<t>=1+1</t>" in cells
    assert "<f>" not in cells
    assert "<v>-12.5</v>" in cells
    assert "<v>45293.0</v>" in cells
    assert all(f"<t>{label}</t>" in cells for label in ("Piste", "Ann", "Bêta", "Non"))


def test_an_excel_file_without_rows_still_has_its_heading(tmp_path: Path) -> None:
    file = tmp_path / "empty.xlsx"
    write_xlsx(sheet(), file)
    assert "<t>Montant</t>" in zipfile.ZipFile(file).read("xl/worksheets/sheet1.xml").decode()


def test_a_cell_too_long_for_excel_is_refused_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="export as CSV"):
        write_xlsx(sheet((1, "x" * 32_768, *[None] * 7)), tmp_path / "long.xlsx")
    assert not (tmp_path / "long.xlsx").exists()


def test_columns_of_one_heading_are_told_apart_in_excel() -> None:
    assert list(distinct(["Nom", "Nom", "Nom (2)", "Nom"])) == ["Nom", "Nom (2)", "Nom (2) (2)", "Nom (3)"]
    assert sheet_name("a/b: [c]" + "x" * 40) == "a b   c " + "x" * 23


def test_memory_does_not_grow_with_the_rows() -> None:
    def peak(rows: int) -> int:
        def batches() -> Iterator[list[tuple[Any, ...]]]:
            for first in range(0, rows, 1000):
                yield [(first + n, *ANN[1:]) for n in range(1000)]

        tracemalloc.start()
        try:
            for _ in csv_bytes(Sheet("s", HEADINGS, batches(), rows, PARIS)):
                pass
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(1000)
    assert peak(20_000) < 2 * peak(4_000)
