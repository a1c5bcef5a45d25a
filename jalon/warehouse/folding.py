"""Text as search reads it: lower case, without accents. One implementation for stored text and for needles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

#: The column of every object table that is folded on its way in.
SEARCH_COLUMN = "search_text"

#: Letters that Unicode does not take apart, though people type them so ("coeur" finds "cœur").
_LETTERS = (("œ", "oe"), ("æ", "ae"), ("ß", "ss"), ("ø", "o"), ("ł", "l"), ("đ", "d"), ("\u0131", "i"), ("\u2019", "'"))


def fold_column(texts: Any) -> Any:
    """An Arrow column of texts, folded. Both engines store what this gives, so no engine has rules of its own."""
    plain = pc.replace_substring_regex(pc.utf8_normalize(texts, form="NFKD"), pattern=r"\p{Mn}+", replacement="")
    folded = pc.utf8_lower(plain)  # after the letters are taken apart: a bold capital has no small letter of its own
    for letter, typed in _LETTERS:
        folded = pc.replace_substring(folded, pattern=letter, replacement=typed)
    return folded


def fold(text: str) -> str:
    """The same for one needle: `fold(part)` is in `fold(whole)` wherever a person would say so."""
    return fold_each([text])[0]


def fold_each(texts: Sequence[str]) -> list[str]:
    """Several texts at once, which takes no longer than one."""
    return [str(text) for text in fold_column(pa.array(texts, pa.string())).to_pylist()]
