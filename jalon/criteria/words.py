"""Criteria in a person's words: a chip for each filter, and the whole as one sentence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_decimal
from django.utils.translation import gettext, override

from jalon.criteria import operands
from jalon.criteria.operators import PERIODS, Operands, Operator, operator
from jalon.criteria.tree import Criteria, Filter
from jalon.records.columns import Catalog, PropertySpec
from jalon.warehouse.schema import Kind
from jalon.warehouse.words import N_

_NO_USERS: Mapping[int, str] = {}


def chips(criteria: Criteria, catalog: Catalog, language: str, *, users: Mapping[int, str] = _NO_USERS) -> list[str]:
    """A chip for each filter, in their order: "Lifecycle stage is any of Lead, MQL". `users` names users by id."""
    with override(language):
        return [_chip(one, catalog, language, users) for one in criteria.filters()]


def sentence(criteria: Criteria, catalog: Catalog, language: str, *, users: Mapping[int, str] = _NO_USERS) -> str:
    """The whole of it: chips joined by "and", groups joined by "or"; nothing for criteria that ask nothing."""
    with override(language):
        both, either = gettext("and"), gettext("or")
        groups = [[_chip(one, catalog, language, users) for one in group.filters] for group in criteria.groups]
        joined = [f" {both} ".join(group) for group in groups]
        return joined[0] if len(joined) == 1 else f" {either} ".join(f"({group})" for group in joined)


def operator_label(fitting: Operator, language: str) -> str:
    """The operator as a menu shows it, its ellipsis kept where the operand will stand."""
    with override(language):
        return gettext(fitting.label)


def _chip(one: Filter, catalog: Catalog, language: str, users: Mapping[int, str]) -> str:
    spec = catalog.properties.get(one.property)
    fitting = operator(spec.kind, one.operator) if spec else None
    if spec is None or fitting is None:  # the property was archived or changed: still say what was asked
        return " ".join((spec.label(language) if spec else one.property, one.operator, ", ".join(one.values))).strip()
    told = _with_operands(gettext(fitting.label), _told(one, spec, fitting, catalog, language, users))
    blank = gettext("or is unknown") if one.include_blank and fitting.takes_blank() else ""
    return " ".join(part for part in (spec.label(language), told, blank) if part)


def _with_operands(label: str, told: list[str]) -> str:
    """Each ellipsis gives way to an operand; operands without one follow the label."""
    for operand in told[:]:
        if "…" not in label:
            break
        label = label.replace("…", operand, 1)
        told = told[1:]
    return f"{label} {', '.join(told)}" if told else label


def _told(one: Filter, spec: PropertySpec, fitting: Operator, catalog: Catalog, language: str, users: Mapping[int, str]) -> list[str]:
    match fitting.operands:
        case Operands.DAYS:
            return [_number(value, language) for value in one.values]
        case Operands.PERIOD:
            return [gettext(PERIODS.get(value, value)) for value in one.values]
        case Operands.PROPERTY:
            return [catalog.properties[name].label(language) if name in catalog.properties else name for name in one.values]
    return [value_words(value, spec, language, users=users) for value in one.values]


def value_words(value: str, spec: PropertySpec, language: str, *, users: Mapping[int, str] = _NO_USERS) -> str:
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
    return value


_TRUTHS = {"true": N_("Yes"), "false": N_("No")}


def _number(value: str, language: str) -> str:
    number = operands.number(value)
    return value if number is None else str(format_decimal(Decimal(number), "#,##0.######", locale=language))


def _date(value: str, language: str) -> str:
    day: date | None = operands.day(value)
    return value if day is None else str(format_date(day, "long" if language.startswith("fr") else "medium", locale=language))
