"""Values of the columns as texts of a file, a whole column at a time: 20 columns of a row cost a few microseconds."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from typing import Any

from jalon.exports.sheet import Heading
from jalon.warehouse.schema import Kind

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
REPEATED = (Kind.MULTI, Kind.ENUMERATION, Kind.BOOL, Kind.DATE, Kind.USER)  # few values, many rows
PLAIN_NUMBER = re.compile(r"[-+]?[0-9]+(?:[.,][0-9]+)?\Z")


def defused(text: str) -> str:
    """The text, with an apostrophe before it when a spreadsheet would run it as a formula. A plain number stays a number."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) and not PLAIN_NUMBER.match(text) else text


class Memo(dict[Any, str]):
    """Texts of values that come again and again, each made once; None is an empty text."""

    def __init__(self, write: Callable[[Any], str]) -> None:
        super().__init__({None: ""})
        self.write = write

    def __missing__(self, value: Any) -> str:
        text = self[value] = self.write(value)
        return text


def texts(heading: Heading, values: Sequence[Any], zone: tzinfo) -> list[str]:
    """One column of a batch as texts; an empty value is an empty text."""
    if heading.kind in REPEATED or heading.labels:
        return list(map(Memo(label_of(heading)).__getitem__, values))
    if heading.kind is Kind.NUMBER:
        return ["" if value is None else number(value) for value in values]
    if heading.kind is Kind.DATETIME:
        return ["" if value is None else instant(value, zone) for value in values]
    if heading.kind in (Kind.ID, Kind.INTEGER):
        return ["" if value is None else str(value) for value in values]
    return ["" if value is None else defused(value) if value.startswith(FORMULA_STARTS) else value for value in values]


def label_of(heading: Heading) -> Callable[[Any], str]:
    """How a value is written that comes again and again: its label, made harmless."""
    labels = heading.labels
    if heading.kind is Kind.MULTI:
        return lambda value: joined(value, labels)
    return lambda value: defused(labels.get(key := key_of(value), key))


def key_of(value: Any) -> str:
    """The canonical text that labels are known by."""
    if value is True or value is False:
        return "true" if value else "false"
    return str(value)


def joined(value: str, labels: Mapping[str, str]) -> str:
    """A set of options, ";a;b;" in the columns, as "A;B"."""
    return defused(";".join(labels.get(part, part) for part in value.strip(";").split(";")))


def number(value: Decimal | float) -> str:
    """12.500000 as 12.5, without an exponent."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def instant(value: datetime, zone: tzinfo) -> str:
    """An instant as the account's clock showed it; in UTC as the canonical text that an import reads back unchanged."""
    if zone is UTC:
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return value.astimezone(zone).replace(tzinfo=None).isoformat(" ", "seconds")
