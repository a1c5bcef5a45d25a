"""A property made from a column of a file: its name from the heading, its type from what the cells hold."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from jalon.imports.converting import FALSE, TRUE
from jalon.imports.dates import guess_order, read
from jalon.imports.mapping import words
from jalon.imports.numbers import as_number, guess_decimal
from jalon.imports.trouble import Trouble
from jalon.records.columns import FieldType, Option, PropertySpec, Type
from jalon.warehouse.folding import fold
from jalon.warehouse.words import N_

FEW = 12  # different values at most for a list of options,
OFTEN = 3  # each so many times on average
LONG = 200  # characters: a longer text wants several lines
WORDS = {
    Type.STRING: N_("text"),
    Type.NUMBER: N_("number"),
    Type.BOOL: N_("yes or no"),
    Type.ENUMERATION: N_("list of options"),
    Type.DATE: N_("date"),
    Type.DATETIME: N_("date and time"),
}


def guess_type(cells: Sequence[str]) -> Type:
    """The type whose values these cells are."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    if not filled:
        return Type.STRING
    folded = {fold(cell) for cell in filled}
    if folded <= TRUE | FALSE and not all(word in {"1", "0"} for word in folded):
        return Type.BOOL
    decimal = guess_decimal(filled, ".")
    is_code = any(re.match(r"0\d|\+", cell) for cell in filled)  # a post code, a phone number
    if not is_code and all(not isinstance(as_number(cell, decimal), Trouble) for cell in filled):
        return Type.NUMBER
    guess = guess_order(filled)
    if guess.is_date:
        has_time = any(hasattr(value, "hour") for cell in filled if not isinstance(value := read(cell, guess.order), Trouble))
        return Type.DATETIME if has_time else Type.DATE
    short = all(len(cell) <= 60 for cell in filled)
    return Type.ENUMERATION if short and len(set(filled)) <= FEW and len(filled) >= OFTEN * len(set(filled)) else Type.STRING


def property_of(heading: str, cells: Sequence[str], taken: Collection[str]) -> PropertySpec:
    """The property of a column; its name is none of those taken."""
    kind = guess_type(cells)
    field_types = {Type.NUMBER: FieldType.NUMBER, Type.BOOL: FieldType.BOOL, Type.ENUMERATION: FieldType.SELECT}
    field_types |= {Type.DATE: FieldType.DATE, Type.DATETIME: FieldType.DATE}
    usual = FieldType.TEXTAREA if any(len(cell) > LONG for cell in cells) else FieldType.TEXT
    options: tuple[Option, ...] = ()
    if kind is Type.ENUMERATION:
        texts = dict.fromkeys(cell.strip() for cell in cells if cell.strip())
        options = tuple(Option(name_of(text, ()), text, text, order=place) for place, text in enumerate(texts))
    name = name_of(heading, taken)
    return PropertySpec(name, kind, field_types.get(kind, usual), heading[:200], heading[:200], options=options)


def name_of(text: str, taken: Collection[str]) -> str:
    """An internal name: small letters, digits and single underscores."""
    base = re.sub(r"_+", "_", words(text).replace(" ", "_"))[:60].strip("_")
    base = base if base[:1].isalpha() else f"p_{base}".strip("_")
    name, number = base, 1
    while name in taken:
        number += 1
        name = f"{base}_{number}"
    return name
