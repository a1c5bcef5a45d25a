"""Search finds what a person would call the same: no capitals, no accents."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.warehouse.folding import fold, fold_column


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Élodie MÜLLER", "elodie muller"),
        ("Cœur de Bœuf", "coeur de boeuf"),
        ("Straße", "strasse"),
        ("E\N{COMBINING ACUTE ACCENT}lodie", "elodie"),
        ("Łódź, Øresund, Đà Nẵng", "lodz, oresund, da nang"),
        ("ＡＢＣ ①", "abc 1"),
        ("", ""),
    ],
)
def test_accents_and_capitals_are_folded(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_a_column_is_folded_as_its_texts_are_and_keeps_its_blanks() -> None:
    assert fold_column(pa.array(["É", None, "œ"], pa.string())).to_pylist() == ["e", None, "oe"]
