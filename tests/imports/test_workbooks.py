"""Excel workbooks: what a person sees in the sheet is what comes in, and a workbook that cannot be read says why."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from jalon.accounts.access import EVERYTHING
from jalon.imports import actions, queries
from jalon.imports.actions import Upload
from jalon.imports.models import File, Import
from jalon.imports.trouble import UnreadableFile
from tests.imports.conftest import Bring, bring_files, sentences, values


def workbook(*sheets: tuple[str, list[list[Any]]], merged: str = "") -> bytes:
    """A workbook as Excel would save it."""
    from openpyxl import Workbook

    book = Workbook()
    del book["Sheet"]
    for name, rows in sheets:
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
        if merged:
            page.merge_cells(merged)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


PEOPLE: list[list[Any]] = [
    ["email", "First name", "birthday", "hubspotscore", "zip"],
    ["ann@a.fr", "Ann", dt.date(1990, 12, 31), 1234.5, "01000"],
    ["bob@b.fr", "Bob", dt.datetime(1985, 2, 1), 7, 75011],  # noqa: DTZ001  (a sheet knows no zones)
]


def test_dates_numbers_and_texts_come_in_as_they_stand_in_the_sheet(bring: Bring) -> None:
    found = bring(workbook(("Contacts", PEOPLE)), name="people.xlsx")
    assert (found.created, found.refused, found.first.sheet) == (2, 0, "Contacts")
    ann = values(email="ann@a.fr")
    assert (ann["birthday"], ann["hubspotscore"], ann["zip"]) == ("1990-12-31", "1234.5", "01000")
    assert (values(email="bob@b.fr")["birthday"], values(email="bob@b.fr")["zip"]) == ("1985-02-01", "75011")


def test_a_title_above_the_heading_and_blank_rows_are_no_rows_and_a_line_is_that_of_the_sheet(bring: Bring) -> None:
    rows: list[list[Any]] = [["Our contacts"], [], PEOPLE[0], PEOPLE[1], [None] * 5, ["not an address", "X", "never", 1, ""]]
    found = bring(workbook(("A", rows)), name="a.xlsx")
    assert (found.created, found.refused, found.rows_total) == (1, 1, 2)
    assert list(sentences(found)) == [6]
    assert [row[-2] for batch in queries.refused_rows(found.first) for row in batch] == ["6"]


def test_a_merged_cell_stands_in_each_of_its_rows(bring: Bring) -> None:
    rows: list[list[Any]] = [["email", "company"], ["a@a.fr", "Atelier"], ["b@a.fr", None], ["c@a.fr", "Other"]]
    bring(workbook(("A", rows), merged="B2:B3"), name="a.xlsx")
    assert [values(email=f"{one}@a.fr")["company"] for one in "abc"] == ["Atelier", "Atelier", "Other"]


def test_an_error_of_the_spreadsheet_refuses_its_row_with_a_sentence(bring: Bring) -> None:
    found = bring(workbook(("A", [["email", "city"], ["a@a.fr", "#REF!"], ["b@a.fr", "Paris"]])), name="a.xlsx")
    assert (found.created, found.refused) == (1, 1)
    assert "The cell holds the error #REF! of the spreadsheet." in sentences(found)[2][0]


def test_a_formula_comes_in_with_the_value_that_excel_saved(bring: Bring) -> None:
    data = workbook(("A", [["email", "city"], ["a@a.fr", "Paris"]]))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name.endswith("sheet1.xml"):
                cell = text[text.index(b'<c r="B2"') : text.index(b"</c>", text.index(b'<c r="B2"')) + 4]
                text = text.replace(cell, b'<c r="B2" t="str"><f>UPPER("lyon")</f><v>LYON</v></c>')
            new.writestr(name, text)
    bring(out.getvalue(), name="a.xlsx")
    assert values(email="a@a.fr")["city"] == "LYON"


def test_the_first_sheet_with_rows_is_taken_and_another_one_by_name(house: None) -> None:
    data = workbook(("Empty", []), ("People", PEOPLE), ("Firms", [["name", "domain"], ["Atelier", "a.fr"]]))
    import_id = actions.take([Upload("firms.xlsx", [data], "company")], access=EVERYTHING)
    assert File.objects.get().sheet == "People"
    actions.choose(import_id, 0, sheet="Firms")
    file = File.objects.get()
    assert (file.sheet, file.headings, file.mapping) == ("Firms", ["name", "domain"], {"name": "name", "domain": "domain"})


def test_an_excel_file_that_the_product_wrote_comes_back_unchanged(bring: Bring, tmp_path: Path) -> None:
    from jalon.exports.files import write_xlsx
    from jalon.records import queries as records
    from jalon.records import sheets

    bring("email,firstname,birthday\nann@a.fr,Ann,31/12/1990\n")
    from jalon.records import runner

    runner.catch_up()
    sheet = sheets.sheet(EVERYTHING, records.catalog("contact"), ["email", "firstname", "birthday"], labels=False)
    write_xlsx(sheet, tmp_path / "out.xlsx")
    again = bring((tmp_path / "out.xlsx").read_bytes(), name="out.xlsx")
    assert (again.unchanged, again.created, again.updated) == (1, 0, 0)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"PK\x03\x04 broken", "This workbook is damaged"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "the old format"),
        (workbook(("Empty", [])), "No sheet of this workbook has a row"),
    ],
)
def test_a_workbook_that_cannot_be_read_says_why_and_leaves_nothing(content: bytes, sentence: str, house: None) -> None:
    with pytest.raises(UnreadableFile, match=sentence):
        actions.take([Upload("a.xlsx", [content])], access=EVERYTHING)
    assert not Import.objects.exists()


def test_a_packed_file_that_is_no_workbook_says_so(house: None) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(UnreadableFile, match="no Excel workbook"):
        actions.take([Upload("a.zip", [out.getvalue()])], access=EVERYTHING)


def test_a_workbook_and_a_csv_file_come_in_together(house: None) -> None:
    uploads = [Upload("contacts.xlsx", [workbook(("A", PEOPLE))]), Upload("companies.csv", [b"name,domain\nAtelier,a.fr\n"])]
    found = bring_files(uploads)
    assert [(file.object_type, file.created) for file in found.files] == [("contact", 2), ("company", 1)]
