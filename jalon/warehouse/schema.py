"""What a column table looks like, said once for both engines."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a column holds. Every kind but `ID` may be empty (NULL), and empty is never zero."""

    ID = "id"  # BIGINT, never empty
    STRING = "string"
    NUMBER = "number"  # DECIMAL(18, 6), exact
    BOOL = "bool"
    ENUMERATION = "enumeration"  # one internal value; VARCHAR, since a DuckDB ENUM cannot grow
    MULTI = "multi"  # a set of internal values as canonical text ";a;b;": the same test on both engines
    DATE = "date"  # a calendar date without a zone
    DATETIME = "datetime"  # a UTC instant, and its account-local day and hour beside it
    USER = "user"  # BIGINT, a user's id
    INTEGER = "integer"  # BIGINT: counts, milliseconds


@dataclass(frozen=True, slots=True)
class Column:
    """A column as people of the product speak of it.

    A DATETIME named `x` is stored as `x` (UTC instant, microseconds), `x__day` (account-local date) and
    `x__hour` (account-local hour, 0 to 23), converted once at sync, so that no query does time-zone arithmetic.
    """

    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Table:
    """A column table. `key` names the columns that a row is replaced by; `()` is a table that is only appended to."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ("id",)


def day_column(name: str) -> str:
    """The column with the account-local date of the datetime `name`."""
    return f"{name}__day"


def hour_column(name: str) -> str:
    """The column with the account-local hour (0 to 23) of the datetime `name`."""
    return f"{name}__hour"
