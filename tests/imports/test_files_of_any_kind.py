"""Files as people have them: any encoding, any delimiter, damaged rows. Every bad row says what is wrong; the rest is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from jalon.imports.reading import count_rows, slices
from jalon.imports.shape import LARGEST_CELL, Shape, column_letter, guess_shape
from jalon.imports.trouble import UnreadableFile


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "contacts.csv"


def read(file: Path, content: bytes | str) -> tuple[Shape, list[tuple[int, list[str], str]]]:
    """The shape of the file, and its rows with their line and what is wrong with them."""
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    shape = guess_shape(file)
    rows = []
    for part in slices(file, shape, size=3):
        for index, (line, row) in enumerate(zip(part.lines, part.rows, strict=True)):
            trouble = part.troubles.get(index)
            rows.append((line, row, trouble.message % trouble.values if trouble else ""))
    assert count_rows(file, shape) == len(rows)
    return shape, rows


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252"])
def test_the_encoding_is_told_from_the_file(encoding: str, file: Path) -> None:
    _, rows = read(file, "prénom;ville\r\nZoë;Nîmes\r\nJosé;Orléans\r\n".encode(encoding))
    assert [row for _, row, _ in rows] == [["Zoë", "Nîmes"], ["José", "Orléans"]]


def test_letters_of_another_alphabet_are_read_without_a_mark(file: Path) -> None:
    text = "имя,город\nИван,Москва\nПётр,Казань\nСергей,Владивосток\n"
    assert next(row for _, row, _ in read(file, text.encode("cp1251"))[1]) == ["Иван", "Москва"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_told_from_the_rows(delimiter: str, file: Path) -> None:
    text = f'name{delimiter}note\nAnn{delimiter}"a, b; c"\nBob{delimiter}"1,5"\n'
    shape, rows = read(file, text)
    assert shape.delimiter == delimiter
    assert rows[0][1] == ["Ann", "a, b; c"]


def test_one_column_alone_is_a_file_too(file: Path) -> None:
    assert read(file, "email\na@b.fr\nc@d.fr\n")[1] == [(2, ["a@b.fr"], ""), (3, ["c@d.fr"], "")]


def test_headings_without_a_name_or_with_the_same_name_are_told_apart(file: Path) -> None:
    assert read(file, "a,,a, A ,\n1,2,3,4,5\n")[0].headings == ("a", "(B)", "a (2)", "A", "(E)")
    assert [column_letter(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_quotes_line_breaks_and_empty_lines_are_read_as_spreadsheets_write_them(file: Path) -> None:
    rows = read(file, 'a,b\n"one\ntwo","say ""hi"""\n\n,\nx,y\n')[1]
    assert rows == [(2, ["one\ntwo", 'say "hi"'], ""), (6, ["x", "y"], "")]


def test_a_ragged_row_says_how_many_cells_it_has(file: Path) -> None:
    rows = read(file, "a,b,c\n1,2,3\n1,2\n1,2,3,4\n1,2,3,,\n")[1]
    assert [sentence for _, _, sentence in rows] == [
        "",
        "This row has 2 cells and the heading has 3. Check for a missing or unquoted delimiter.",
        "This row has 4 cells and the heading has 3. Check for a missing or unquoted delimiter.",
        "",
    ]


def test_letters_damaged_by_another_encoding_refuse_their_row_only(file: Path) -> None:
    good = "".join(f"Zoë {n},Nîmes\n" for n in range(30))
    rows = read(file, ("name,city\n" + good).encode() + b"Jos\xe9,Orl\xe9ans\n" + "Zoë,Nîmes\n".encode())[1]
    assert [line for line, _, sentence in rows if sentence] == [32]
    assert rows[30][2] == "The letter after “Jos” is not utf-8. Save the file as UTF-8, or choose its encoding."


def test_a_nul_character_refuses_its_row_only(file: Path) -> None:
    rows = read(file, b"name,city\nAnn,Paris\nB\0b,Lyon\nCid,Lille\n")[1]
    assert [bool(sentence) for _, _, sentence in rows] == [False, True, False]
    assert rows[1][2].startswith("The cell contains a NUL character")


@pytest.mark.parametrize("below", [3, 150, 40_000])
def test_a_quote_that_is_never_closed_costs_one_row_and_not_the_rest_of_the_file(below: int, file: Path) -> None:
    rows = read(file, 'name,city\nAnn,Paris\n"Bob,Lyon\n' + "".join(f"Cid {n},Lille\n" for n in range(below)))[1]
    assert len(rows) == below + 2
    assert [line for line, _, sentence in rows if sentence] == [3]
    assert rows[1][2].startswith("A quotation mark is opened in this row and never closed.")


def test_a_quote_closed_by_one_far_below_does_not_swallow_the_rows_between(file: Path) -> None:
    rows = read(file, 'name,city\n"Bob,Lyon\n' + "".join(f"Cid {n},Lille\n" for n in range(200)) + 'Dan,"Nice"\n')[1]
    assert [line for line, _, sentence in rows if sentence] == [2]
    assert rows[-1][1] == ["Dan", "Nice"]


def test_a_cell_of_100000_characters_is_read_and_an_endless_one_refused(file: Path) -> None:
    rows = read(file, f"a,b\n{'x' * 100_000},1\n{'y' * (LARGEST_CELL + 1)},2\nz,3\n")[1]
    assert len(rows[0][1][0]) == 100_000
    assert [bool(sentence) for _, _, sentence in rows] == [False, True, False]
    assert rows[1][2].startswith("A cell of this row has more than 1048576 characters")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "This file is empty"),
        (b" \n\n", "This file is empty"),
        (b"%PDF-1.7", "This file is neither text nor a workbook"),
    ],
)
def test_what_is_no_csv_file_is_refused_with_the_way_out(content: bytes, sentence: str, file: Path) -> None:
    file.write_bytes(content)
    with pytest.raises(UnreadableFile, match=sentence):
        guess_shape(file)


def test_an_encoding_that_does_not_exist_is_refused(file: Path) -> None:
    file.write_bytes(b"a,b\n1,2\n")
    with pytest.raises(UnreadableFile, match="not the name of an encoding"):
        guess_shape(file, encoding="utf-nine")


def test_the_same_file_gives_the_same_slices(file: Path) -> None:
    file.write_text("a,b\n" + "".join(f"{n},x\n" for n in range(25)))
    shape = guess_shape(file)
    first, second = list(slices(file, shape, size=10)), list(slices(file, shape, size=10))
    assert [len(part) for part in first] == [10, 10, 5]
    assert [part.lines for part in first] == [part.lines for part in second]
