"""Pictures: drawn without a browser, by a child that ends."""

from __future__ import annotations

import struct
import sys
from dataclasses import replace
from decimal import Decimal
from io import BytesIO

import pytest
from pypdf import PdfReader

from jalon.charts import pictures
from jalon.charts.paper import Grid, Row
from tests.charts.test_specifications import plot

FRENCH = {"decimal": ",", "thousands": "\u202f", "grouping": [3], "currency": ["", "\u00a0€"], "percent": "\u202f%"}


def test_a_png_has_the_asked_size() -> None:
    picture = pictures.png(plot(), scale=1)
    assert picture.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", picture[16:24])
    assert 1000 <= width <= 1200 and 320 <= height <= 600


def test_an_svg_says_the_words_of_the_reader() -> None:
    point = replace(plot().points[0], value=Decimal(12_345))
    drawing = pictures.svg(replace(plot(), points=(point,), locale=FRENCH)).decode()
    assert "Property not set" in drawing and "Contacts by create date" in drawing
    assert "12\u202f000" in drawing
    assert "&lt;b&gt;" in drawing and "<b>" not in drawing


def test_a_long_table_makes_a_file_of_several_sheets() -> None:
    rows = tuple(Row(f"Value {number}", ("1",), "#123456") for number in range(100))
    drawn = pictures.pdf(plot(), Grid(Row("Source", ("Contacts",)), rows, Row("All", ("100",)), "Contacts", "Page {page} of {pages}"))
    with PdfReader(BytesIO(drawn)) as book:
        assert len(book.pages) == 3


def test_what_cannot_be_drawn_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(pictures.NotDrawn):
        pictures.png(plot())
