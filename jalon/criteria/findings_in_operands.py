"""What is wrong with the values of one filter."""

from __future__ import annotations

from collections.abc import Iterator

from jalon.criteria import operands
from jalon.criteria.operators import PERIODS, Operands, Operator
from jalon.criteria.problems import Problem, Word
from jalon.records.columns import Catalog, PropertySpec
from jalon.warehouse.schema import Kind
from jalon.warehouse.words import N_

KINDS = {
    Kind.STRING: N_("a text"),
    Kind.NUMBER: N_("a number"),
    Kind.BOOL: N_("a yes/no choice"),
    Kind.ENUMERATION: N_("a choice of one option"),
    Kind.MULTI: N_("a choice of several options"),
    Kind.USER: N_("a user"),
    Kind.DATE: N_("a date"),
    Kind.DATETIME: N_("a date and time"),
    Kind.ID: N_("a number"),
    Kind.INTEGER: N_("a number"),
}

COUNTS = {
    Operands.NONE: N_("“%(property)s” “%(operator)s” takes no value."),
    Operands.ONE: N_("“%(property)s” “%(operator)s” takes exactly one value."),
    Operands.TWO: N_("“%(property)s” “%(operator)s” takes two values, the lower one first."),
    Operands.MANY: N_("“%(property)s” “%(operator)s” takes at least one value."),
    Operands.DAYS: N_("“%(property)s” “%(operator)s” takes one number of days."),
    Operands.OFFSETS: N_("“%(property)s” “%(operator)s” takes two numbers of days from today, the earlier one first."),
    Operands.PERIOD: N_("“%(property)s” “%(operator)s” takes one period."),
    Operands.PROPERTY: N_("“%(property)s” “%(operator)s” takes the name of one other property."),
}


def in_operands(values: tuple[str, ...], spec: PropertySpec, fitting: Operator, catalog: Catalog) -> Iterator[Problem]:
    """What is wrong with the values that an operator is given for a property."""
    if not right_count(fitting.operands, len(values)):
        yield Problem(COUNTS[fitting.operands], {"property": spec, "operator": Word(fitting.label)})
        return
    match fitting.operands:
        case Operands.DAYS if operands.days(values[0]) is None:
            message = N_("“%(value)s” is not a number of days: a whole number from 0 to %(most)s.")
            yield Problem(message, {"value": values[0], "most": str(operands.MOST_DAYS)})
        case Operands.OFFSETS:
            yield from _in_offsets(values)
        case Operands.PERIOD if values[0] not in PERIODS:
            message = N_("“%(value)s” is not a period. Possible: %(possible)s.")
            yield Problem(message, {"value": values[0], "possible": tuple(PERIODS)})
        case Operands.PROPERTY:
            yield from _in_other_property(values[0], spec, fitting, catalog)
        case Operands.ONE | Operands.TWO | Operands.MANY:
            yield from _in_values(values, spec, fitting)


def right_count(expected: Operands, given: int) -> bool:
    """Whether as many values are given as an operator takes."""
    if expected is Operands.MANY:
        return given >= 1
    return given == {Operands.NONE: 0, Operands.TWO: 2, Operands.OFFSETS: 2}.get(expected, 1)


def _in_offsets(values: tuple[str, ...]) -> Iterator[Problem]:
    days = [operands.offset(value) for value in values]
    for value, found in zip(values, days, strict=True):
        if found is None:
            message = N_("“%(value)s” is not a number of days from today: a whole number up to %(most)s, with a minus for the past.")
            yield Problem(message, {"value": value, "most": str(operands.MOST_DAYS)})
    first, last = days
    if first is not None and last is not None and first > last:
        yield Problem(N_("The first of the two days lies after the second one: put the earlier day first."))


def _in_other_property(name: str, spec: PropertySpec, fitting: Operator, catalog: Catalog) -> Iterator[Problem]:
    other = catalog.properties.get(name)
    if other is None:
        yield no_such_property(name)
    elif other.kind not in fitting.other_kinds:
        message = N_("“%(property)s” is %(kind)s and “%(other)s” is %(other_kind)s: the two cannot be compared.")
        kinds = {"kind": Word(KINDS[spec.kind]), "other_kind": Word(KINDS[other.kind])}
        yield Problem(message, {"property": spec, "other": other, **kinds})


def _in_values(values: tuple[str, ...], spec: PropertySpec, fitting: Operator) -> Iterator[Problem]:
    wrong = [problem for value in values if (problem := _in_value(value, spec)) is not None]
    yield from wrong
    if fitting.operands is Operands.TWO and not wrong and _reversed(values, spec):
        message = N_("“%(low)s” lies above “%(high)s”: put the lower value first.")
        yield Problem(message, {"low": values[0], "high": values[1]})


def _reversed(values: tuple[str, ...], spec: PropertySpec) -> bool:
    if spec.kind is Kind.NUMBER:
        low, high = (operands.number(value) for value in values)
        return low is not None and high is not None and low > high
    return values[0] > values[1]


def _in_value(value: str, spec: PropertySpec) -> Problem | None:
    match spec.kind:
        case Kind.STRING:
            return (
                None if value else Problem(N_("A value is empty. Type one, or ask whether “%(property)s” is unknown."), {"property": spec})
            )
        case Kind.NUMBER if operands.number(value) is None:
            message = N_("“%(value)s” is not a number that “%(property)s” can hold: at most 12 digits before and 6 after the point.")
        case Kind.BOOL if value not in {"true", "false"}:
            message = N_("“%(value)s” is neither true nor false, which is all that “%(property)s” can be.")
        case Kind.ENUMERATION | Kind.MULTI if spec.option(value) is None and value not in spec.removed:
            message = N_("“%(value)s” is not an option of “%(property)s”.")
        case Kind.USER if operands.whole(value) is None:
            message = N_("“%(value)s” is not a user of “%(property)s”: users are named by their number.")
        case Kind.DATE | Kind.DATETIME if operands.day(value) is None:
            message = N_("“%(value)s” is not a date. Write year, month and day, such as 2024-05-06.")
        case _:
            return None
    return Problem(message, {"value": value, "property": spec})


def no_such_property(name: str) -> Problem:
    return Problem(N_("The property “%(name)s” does not exist. It may have been archived; choose another one."), {"name": name})
