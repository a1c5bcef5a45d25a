"""CSV and Excel from Arrow say what the same rows say from Python, byte for byte."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.exports.files import csv_bytes, write_csv, write_xlsx
from jalon.exports.reading import lines, rows_in
from jalon.exports.sheet import Format, Heading, Sheet, WrongCount
from jalon.warehouse.schema import Kind

HEADINGS = (
    Heading("id", "N°", Kind.ID),
    Heading("name", "Nom, “prénom”"),
    Heading("stage", "Étape", Kind.ENUMERATION, {"lead": "=Piste", "customer": 'Client "or"'}),
    Heading("amount", "Montant", Kind.NUMBER),
    Heading("optin", "Inscrit", Kind.BOOL, {"true": "Oui", "false": "Non"}),
    Heading("born", "Naissance", Kind.DATE),
    Heading("created", "Créé le", Kind.DATETIME),
    Heading("tags", "Marques", Kind.MULTI, {"a": "Alpha", "b": "Bêta"}),
)
SCHEMA = pa.schema(
    [
        ("id", pa.int64()),
        ("name", pa.string()),
        ("stage", pa.string()),
        ("amount", pa.decimal128(18, 6)),
        ("optin", pa.bool_()),
        ("born", pa.date32()),
        ("created", pa.timestamp("us")),
        ("tags", pa.string()),
    ]
)
at = datetime.fromisoformat
TEXTS = st.text(st.sampled_from("ab é\"',;\r\n\t=+-@0123456789."), max_size=8)
INSTANTS = st.one_of(
    st.datetimes(at("2024-03-30T22:00"), at("2024-03-31T04:00")),  # the clocks of Paris change
    st.datetimes(at("2024-10-26T22:00"), at("2024-10-27T04:00")),
    st.datetimes(at("1890-01-01T00:00"), at("2100-01-01T00:00")),
)
ROWS = st.tuples(
    st.integers(1, 10**12),
    st.none() | TEXTS,
    st.sampled_from([None, "lead", "customer", "-gone"]),
    st.none() | st.decimals(-1_000_000, 1_000_000, places=6),
    st.sampled_from([None, True, False]),
    st.none() | st.dates(),
    st.none() | INSTANTS,
    st.sampled_from([None, ";a;", ";a;b;"]),
)


def in_python(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return [(*row[:6], row[6] and row[6].replace(tzinfo=UTC), row[7]) for row in rows]


def in_arrow(rows: list[tuple[Any, ...]]) -> list[pa.RecordBatch]:
    named = [dict(zip(SCHEMA.names, row, strict=True)) for row in rows]
    batches: list[pa.RecordBatch] = pa.Table.from_pylist(named, SCHEMA).to_batches(max_chunksize=2)
    return batches


@given(rows=st.lists(ROWS, max_size=6), zone=st.sampled_from([UTC, ZoneInfo("Europe/Paris"), ZoneInfo("America/New_York")]))
def test_arrow_gives_the_bytes_that_python_gives(rows: list[tuple[Any, ...]], zone: Any) -> None:
    plain = Sheet("s", HEADINGS, [in_python(rows)] if rows else [], len(rows), zone)
    assert b"".join(csv_bytes(Sheet("s", HEADINGS, in_arrow(rows), len(rows), zone))) == b"".join(csv_bytes(plain))


def test_an_excel_file_of_arrow_holds_the_same_cells(tmp_path: Path) -> None:
    row = (1, "=1+1", "lead", Decimal("12.5"), True, date(2024, 1, 2), at("2024-07-01T22:30"), ";a;b;")
    for name, batches in (("python", [in_python([row])]), ("arrow", in_arrow([row]))):
        write_xlsx(Sheet("s", HEADINGS, batches, 1, ZoneInfo("Europe/Paris")), tmp_path / f"{name}.xlsx")
    cells = list(lines(tmp_path / "arrow.xlsx", Format.XLSX))
    assert cells == list(lines(tmp_path / "python.xlsx", Format.XLSX))
    assert cells[1][1:5] == ["=1+1", "=Piste", "12.5", "Oui"]


@pytest.mark.parametrize("number", [0, 1, 5])
def test_the_rows_of_a_file_are_counted_in_the_file(number: int, tmp_path: Path) -> None:
    headings = (Heading("a", "A"), Heading("b", "B"))
    rows = [(f'one "two"\r\nthree {n}', "\n\n") for n in range(number)]
    for write, form in ((write_csv, Format.CSV), (write_xlsx, Format.XLSX)):
        path = tmp_path / f"file.{form}"
        write(Sheet("s", headings, [rows] if rows else [], number), path)
        assert rows_in(path, form) == number == len(list(lines(path, form))) - 1


def test_a_batch_that_lies_about_its_rows_leaves_no_file(tmp_path: Path) -> None:
    row = (1, None, None, None, None, None, None, None)
    with pytest.raises(WrongCount, match="gave 2 rows where 3 were announced"):
        write_csv(Sheet("s", HEADINGS, in_arrow([row, row]), 3), tmp_path / "file.csv")
    assert not (tmp_path / "file.csv").exists()


def test_memory_does_not_grow_with_the_batches() -> None:
    row = (1, "Ann", "lead", Decimal("12.5"), True, date(2024, 1, 2), at("2024-07-01T22:30"), ";a;b;")
    [batch] = pa.Table.from_pylist([dict(zip(SCHEMA.names, row, strict=True))] * 1000, SCHEMA).to_batches()

    def peak(batches: int) -> int:
        def given() -> Iterator[pa.RecordBatch]:
            yield from (batch for _ in range(batches))

        before = pa.total_allocated_bytes()
        most = 0
        tracemalloc.start()
        for _ in csv_bytes(Sheet("s", HEADINGS, given(), batches * 1000, UTC)):
            most = max(most, pa.total_allocated_bytes() - before)
        held = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most + held

    peak(1)
    assert peak(40) < 2 * peak(8)
