"""Cells into canonical texts, a whole column at a time: a value that comes again is converted once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from types import MappingProxyType

from jalon.imports.dates import Order, as_date, as_instant
from jalon.imports.numbers import as_number
from jalon.imports.trouble import Trouble, shown
from jalon.records.columns import FieldType, PropertySpec, Type
from jalon.warehouse.folding import fold
from jalon.warehouse.words import N_

SHORT = 10_000  # characters: longer texts are measured by the property's check
REMEMBERED = 50_000  # values of a column that are converted once; more than that are hardly repeated
SUSPECT = ("=", "+", "-", "@", "'")
FORMULA = re.compile(r"=|[+\-@]\s*[A-Za-z_.]+[A-Za-z0-9_.]*\s*[(|!]")
DEFUSED = re.compile(r"'[=+\-@\t\r]")
TRUE = frozenset({"true", "yes", "y", "oui", "o", "vrai", "1", "x", "on", "checked", "coche", "✓", "✔", "t", "v"})
ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA"})
FALSE = frozenset({"false", "no", "n", "non", "faux", "0", "off", "unchecked", "decoche", "✗", "✘", "f"})

Convert = Callable[[str], str | Trouble]


@dataclass(frozen=True, slots=True)
class Reading:
    """How the cells of an import are to be read. `users` are ids by folded e-mail or name."""

    order: Order = Order.DMY
    zone: tzinfo = UTC
    decimal: str = "."
    users: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    language: str = "en"  # of the labels that a sentence names


class Column(dict[str, str | Trouble]):
    """Converts the cells of one column. The dictionary is what was converted before."""

    def __init__(self, convert: Convert) -> None:
        super().__init__()
        self.convert = convert

    def __missing__(self, cell: str) -> str | Trouble:
        text = cell.strip()
        value = self[cell] = self.convert(text) if text and text not in ERRORS else as_error(text)
        return value

    def __call__(self, cells: Sequence[str]) -> list[str | Trouble]:
        if len(self) > REMEMBERED:
            self.clear()
        return list(map(self.__getitem__, cells))


def column(spec: PropertySpec, reading: Reading, check: Convert) -> Column:
    """The column of a property. `check` is the property's own last word, asked where reading alone does not make a text canonical."""
    read = _reader(spec, reading)
    needs_check = _needs_check(spec)

    def convert(text: str) -> str | Trouble:
        value = read(text)
        return check(value) if not isinstance(value, Trouble) and (needs_check or len(value) > SHORT) else value

    return Column(convert)


def _needs_check(spec: PropertySpec) -> bool:
    """Numbers are rounded, sets put in the order of their options, addresses made lower case; dates and options are canonical as read."""
    return spec.type is Type.NUMBER or spec.field_type is FieldType.CHECKBOX or spec.hint == "email"


def _reader(spec: PropertySpec, reading: Reading) -> Convert:
    match spec.type:
        case Type.NUMBER:
            return lambda text: as_number(text, reading.decimal)
        case Type.BOOL:
            return as_bool
        case Type.DATE:
            return lambda text: as_date(text, reading.order, reading.zone)
        case Type.DATETIME:
            return lambda text: as_instant(text, reading.order, reading.zone)
        case Type.ENUMERATION:
            return options(spec, reading.language)
        case Type.USER:
            return lambda text: as_user(text, reading.users)
        case _:
            return as_text


def as_error(text: str) -> str | Trouble:
    """An empty cell, or one that a spreadsheet could not work out."""
    message = N_("The cell holds the error %(cell)s of the spreadsheet. Correct its formula, or empty the cell.")
    return Trouble(message, {"cell": text}) if text else ""


def as_text(text: str) -> str | Trouble:
    """The text, unless it is a formula; the apostrophe that an export puts before a dangerous text is taken away again."""
    if text.startswith(SUSPECT):
        if DEFUSED.match(text):
            return text[1:]
        if FORMULA.match(text):
            message = N_("“%(cell)s” is a formula, not a value. Save the sheet with its values, or put an apostrophe before the text.")
            return Trouble(message, {"cell": shown(text)})
    return text


def as_bool(text: str) -> str | Trouble:
    """Yes or no, in both languages."""
    word = fold(text)
    if word in TRUE:
        return "true"
    if word in FALSE:
        return "false"
    return Trouble(N_("“%(cell)s” is neither yes nor no. Write yes or no, true or false, 1 or 0."), {"cell": shown(text)})


def as_user(text: str, users: Mapping[str, str]) -> str | Trouble:
    """A user by e-mail, name or id."""
    if (user := users.get(fold(text))) is not None:
        return user
    return Trouble(N_("There is no user “%(cell)s”. Write the e-mail address of a user of this account."), {"cell": shown(text)})


def options(spec: PropertySpec, language: str) -> Convert:
    """Options by internal value or by label in either language; several of them joined by ";"."""
    known = {fold(text): option.value for option in reversed(spec.options) for text in (option.label_fr, option.label_en) if text}
    known |= {fold(option.value): option.value for option in spec.options}
    examples = ", ".join(option.label(language) for option in spec.options[:5]) + ("…" if len(spec.options) > 5 else "")

    def one(text: str) -> str | Trouble:
        if (value := known.get(fold(text))) is not None:
            return value
        message = N_(
            "“%(cell)s” is not one of the options. The options are: %(options)s. Correct the cell, or add the option to the property."
        )
        return Trouble(message, {"cell": shown(text), "options": examples})

    def several(text: str) -> str | Trouble:
        values = [one(part.strip()) for part in text.split(";") if part.strip()]
        wrong = next((value for value in values if isinstance(value, Trouble)), None)
        return wrong or ";".join(str(value) for value in values)

    return several if spec.field_type is FieldType.CHECKBOX else one
