"""What an operator is given, in a person's words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from babel.dates import format_date
from babel.numbers import format_decimal
from django.utils.translation import gettext, ngettext, override, pgettext

from jalon.criteria import operands
from jalon.criteria.operators import PERIODS, Operands, Operator
from jalon.records.columns import PropertySpec
from jalon.warehouse.schema import Kind
from jalon.warehouse.words import N_

_TURNS: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
NO_USERS: Mapping[int, str] = {}


def with_operands(label: str, told: list[str]) -> str:
    """Each ellipsis gives way to an operand; operands without one follow the label."""
    for operand in told[:]:
        if "…" not in label:
            break
        label = label.replace("…", operand, 1)
        told = told[1:]
    return f"{label} {', '.join(told)}" if told else label


def operand_words(
    values: tuple[str, ...], spec: PropertySpec, fitting: Operator, language: str, *, users: Mapping[int, str] = NO_USERS
) -> list[str]:
    """What an operator is given, as people read it."""
    match fitting.operands:
        case Operands.DAYS:
            return [_number(value, language) for value in values]
        case Operands.OFFSETS:
            return [_offset(value, language) for value in values]
        case Operands.PERIOD:
            return [gettext(PERIODS.get(value, value)) for value in values]
    return [value_words(value, spec, language, users=users) for value in values]


def value_words(value: str, spec: PropertySpec, language: str, *, users: Mapping[int, str] = NO_USERS) -> str:
    """One operand as people read it: an option's label, a date and a number of the language; odd input as it is."""
    match spec.kind:
        case Kind.ENUMERATION | Kind.MULTI:
            option = spec.option(value)
            return option.label(language) if option else value
        case Kind.BOOL:
            with override(language):
                return gettext(_TRUTHS.get(value, value))
        case Kind.NUMBER:
            return _number(value, language)
        case Kind.DATE | Kind.DATETIME:
            return _date(value, language)
        case Kind.USER:
            user = operands.whole(value)
            return users.get(user, value) if user is not None else value
    return _by_itself(value)


def _by_itself(value: str) -> str:
    """A text with marks of direction in it turns its own letters round, and not the sentence behind it."""
    return f"\N{FIRST STRONG ISOLATE}{value}\N{POP DIRECTIONAL ISOLATE}" if _TURNS.search(value) else value


def _offset(value: str, language: str) -> str:
    """A day counted from today."""
    days = operands.offset(value)
    if days is None:
        return value
    if days == 0:
        return pgettext("as the first or last of two days", "today")
    told = {"days": _number(str(abs(days)), language)}
    if days < 0:
        return ngettext("%(days)s day ago", "%(days)s days ago", -days) % told
    return ngettext("%(days)s day from now", "%(days)s days from now", days) % told


_TRUTHS = {"true": N_("Yes"), "false": N_("No")}


def _number(value: str, language: str) -> str:
    number = operands.number(value)
    return value if number is None else str(format_decimal(Decimal(number), "#,##0.######", locale=language))


def _date(value: str, language: str) -> str:
    day: date | None = operands.day(value)
    return value if day is None else str(format_date(day, "long" if language.startswith("fr") else "medium", locale=language))
