"""A formula turned into a function of one record's values. Pure: the same values give the same result, now and ever.

Numbers are exact decimals. A part without a value has no result; `and` and `or` know their result where one side
decides it; a division by zero has no result (spec 1.4).
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from jalon.records.calculated.functions import EXACT, FUNCTIONS, SYNONYMS, Surroundings, instant
from jalon.records.calculated.tree import (
    Among,
    Arithmetic,
    Call,
    Comparison,
    Logic,
    Measure,
    Minus,
    Node,
    Not,
    Number,
    Own,
    Rollup,
    Text,
    Truth,
    rollups,
)
from jalon.records.values import LARGEST, MAX_TEXT, SIX_PLACES, instant_text

Values = Mapping[Any, Any]  # by property name, and by rollup
Result = Callable[[Values], Any]

ARITHMETIC: Final[dict[str, Callable[[Decimal, Decimal], Decimal | None]]] = {
    "+": EXACT.add,
    "-": EXACT.subtract,
    "*": EXACT.multiply,
    "/": lambda left, right: EXACT.divide(left, right) if right else None,
}
ORDER: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def result(node: Node, around: Surroundings) -> Result:
    """The function that gives the formula's value, typed; `canonical` writes it."""
    match node:
        case Number() | Text() | Truth():
            value = node.value
            return lambda values: value
        case Own(name=name):
            return lambda values: values.get(name)
        case Rollup():
            return lambda values: values.get(node)
        case Minus() | Not():
            return _given(EXACT.minus if isinstance(node, Minus) else operator.not_, result(node.of, around))
        case Among():
            return _among(result(node.of, around), [result(value, around) for value in node.values])
        case Call():
            return _call(node, around)
        case Arithmetic() | Comparison() | Logic():
            return _pair(node, result(node.left, around), result(node.right, around))
    return lambda values: None


def _pair(node: Arithmetic | Comparison | Logic, left: Result, right: Result) -> Result:
    if isinstance(node, Logic):
        return _logic(node.operator == "or", left, right)
    apply = ARITHMETIC[node.operator] if isinstance(node, Arithmetic) else _compared(ORDER[node.operator])
    return _given(apply, left, right)


def _given(apply: Callable[..., Any], *sides: Result) -> Result:
    """Applied where every side has a value, nothing otherwise."""

    def given(values: Values) -> Any:
        found = [side(values) for side in sides]
        return None if None in found else apply(*found)

    return given


def _compared(order: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def compared(left: Any, right: Any) -> bool:
        if isinstance(left, str):
            return order(left.lower(), right.lower())
        if isinstance(left, date) and isinstance(left, datetime) != isinstance(right, datetime):
            return order(instant(left), instant(right))
        return order(left, right)

    return compared


def _logic(decisive: bool, left: Result, right: Result) -> Result:
    def logic(values: Values) -> Any:
        first = left(values)
        if first is decisive:
            return decisive
        second = right(values)
        if second is decisive:
            return decisive
        return None if first is None or second is None else not decisive

    return logic


def _among(of: Result, members: list[Result]) -> Result:
    equal = _compared(ORDER["="])

    def among(values: Values) -> Any:
        value = of(values)
        if value is None:
            return None
        found = [member(values) for member in members]
        if any(equal(value, each) for each in found if each is not None):
            return True
        return None if None in found else False

    return among


def _call(node: Call, around: Surroundings) -> Result:
    function = FUNCTIONS[SYNONYMS.get(node.name, node.name)]
    arguments = [result(argument, around) for argument in node.arguments]
    match function.name:
        case "if":
            condition, then, otherwise = arguments
            return lambda values: None if (met := condition(values)) is None else then(values) if met else otherwise(values)
        case "known":
            return lambda values: arguments[0](values) is not None
        case "first_known":
            return lambda values: next((found for each in arguments if (found := each(values)) is not None), None)
        case "home_currency":  # a deal without a currency is in the account's own
            amount, code, when = arguments
            return _given(lambda *found: function.apply(around, *found), amount, lambda values: code(values) or "", when)
    return _given(lambda *found: function.apply(around, *found), *arguments)


def canonical(value: Any) -> str | None:
    """A result as PostgreSQL and the log hold it: half up at six places; what is too large for a number has no value."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        if abs(value) >= LARGEST or abs(rounded := value.quantize(SIX_PLACES, ROUND_HALF_UP)) >= LARGEST:
            return None
        plain = f"{rounded:f}".rstrip("0").rstrip(".")
        return "0" if plain == "-0" else plain
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    return value.strip()[:MAX_TEXT] or None if isinstance(value, str) else None


def calculated(calculation: Result, values: Values) -> str | None:
    """The canonical result for one record; one that no decimal of 60 digits can hold has no value."""
    try:
        return canonical(calculation(values))
    except ArithmeticError:
        return None


def of_nothing(node: Node, around: Surroundings) -> str | None:
    """The value for a record that has none of the values and no associated record."""
    counted: dict[Any, Any] = {rollup: Decimal(0) for rollup in rollups(node) if rollup.measure is Measure.COUNT}
    return calculated(result(node, around), counted)
