"""Operands as people and pages hand them over: texts, read into what they mean."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

#: A hundred years: whatever lies beyond is a slip of the keyboard.
MOST_DAYS = 36_500

_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_OFFSET = re.compile(r"-?\d{1,18}")
_WHOLE = re.compile(r"\d{1,18}")


def number(value: str) -> Decimal | None:
    """An exact number as the columns can hold it (12 digits before the point, 6 after); None for anything else."""
    if not _NUMBER.fullmatch(value) or not value.isascii():
        return None
    read = Decimal(value)
    if abs(read) >= 10**12 or read != round(read, 6):
        return None
    return read


def canonical_number(value: str) -> str:
    """The number as the change log writes it: no trailing zeros, no exponent, no negative zero."""
    read = Decimal(value).normalize()
    return f"{read:f}" if read else "0"


def day(value: str) -> date | None:
    """A calendar date, YYYY-MM-DD."""
    if not _DAY.fullmatch(value) or not value.isascii():
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def days(value: str) -> int | None:
    """How many days: 0 to a hundred years."""
    read = whole(value)
    return read if read is not None and read <= MOST_DAYS else None


def offset(value: str) -> int | None:
    """A day counted from today: 0, up to a hundred years ago (negative) or ahead."""
    read = int(value) if _OFFSET.fullmatch(value) and value.isascii() else None
    return read if read is not None and abs(read) <= MOST_DAYS else None


def whole(value: str) -> int | None:
    """A whole number from 0, such as a user's id."""
    return int(value) if _WHOLE.fullmatch(value) and value.isascii() else None
