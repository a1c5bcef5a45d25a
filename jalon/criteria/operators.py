"""Every operator of a property, by kind, in the order of the editor (spec 2.5)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from jalon.warehouse.schema import Kind
from jalon.warehouse.words import N_


class Operands(StrEnum):
    """What an operator is given."""

    NONE = "none"
    ONE = "one"
    TWO = "two"  # lower and upper bound, both included
    MANY = "many"  # at least one
    DAYS = "days"  # how many days: a whole number
    OFFSETS = "offsets"  # two days counted from today, both included: -30 is thirty days ago
    PERIOD = "period"  # day, week, month, quarter, year, fiscal_quarter or fiscal_year
    PROPERTY = "property"  # the name of another property


@dataclass(frozen=True, slots=True)
class Operator:
    """`label` is an English message id; an ellipsis in it stands where an operand is told, else operands follow it."""

    name: str
    label: str
    operands: Operands
    other_kinds: frozenset[Kind] = frozenset()  # the kinds of property it may be compared with

    def takes_blank(self) -> bool:
        """Whether the choice "include records without a value" means anything; it does not for the two about blanks."""
        return self.name not in {"is_known", "is_unknown"}


PERIODS = {
    "day": N_("day"),
    "week": N_("week"),
    "month": N_("month"),
    "quarter": N_("quarter"),
    "year": N_("year"),
    "fiscal_quarter": N_("fiscal quarter"),
    "fiscal_year": N_("fiscal year"),
}

_KNOWN = (
    Operator("is_known", N_("is known"), Operands.NONE),
    Operator("is_unknown", N_("is unknown"), Operands.NONE),
)

_STRING = (
    Operator("equal", N_("is equal to"), Operands.ONE),
    Operator("not_equal", N_("is not equal to"), Operands.ONE),
    Operator("contains", N_("contains"), Operands.ONE),
    Operator("not_contains", N_("does not contain"), Operands.ONE),
    Operator("starts_with", N_("starts with"), Operands.MANY),
    Operator("ends_with", N_("ends with"), Operands.MANY),
    Operator("equal_any", N_("is equal to any of"), Operands.MANY),
    Operator("not_equal_any", N_("is not equal to any of"), Operands.MANY),
    Operator("contains_any", N_("contains any of"), Operands.MANY),
    Operator("not_contains_any", N_("does not contain any of"), Operands.MANY),
    Operator("contains_exactly", N_("contains exactly"), Operands.MANY),
    Operator("not_contains_exactly", N_("does not contain exactly"), Operands.MANY),
    Operator("has_ever_equal", N_("has ever been equal to"), Operands.ONE),
    Operator("has_never_equal", N_("has never been equal to"), Operands.ONE),
    Operator("has_ever_contained", N_("has ever contained"), Operands.ONE),
    Operator("has_never_contained", N_("has never contained"), Operands.ONE),
    Operator("equal_property", N_("is equal to the property"), Operands.PROPERTY, frozenset({Kind.STRING})),
    Operator("not_equal_property", N_("is not equal to the property"), Operands.PROPERTY, frozenset({Kind.STRING})),
)

_NUMBER = (
    Operator("equal", N_("is equal to"), Operands.ONE),
    Operator("not_equal", N_("is not equal to"), Operands.ONE),
    Operator("greater", N_("is greater than"), Operands.ONE),
    Operator("greater_equal", N_("is greater than or equal to"), Operands.ONE),
    Operator("less", N_("is less than"), Operands.ONE),
    Operator("less_equal", N_("is less than or equal to"), Operands.ONE),
    Operator("between", N_("is between … and …"), Operands.TWO),
    Operator("not_between", N_("is not between … and …"), Operands.TWO),
    Operator("has_ever_equal", N_("has ever been equal to"), Operands.ONE),
    Operator("has_never_equal", N_("has never been equal to"), Operands.ONE),
    Operator("equal_property", N_("is equal to the property"), Operands.PROPERTY, frozenset({Kind.NUMBER})),
    Operator("greater_property", N_("is greater than the property"), Operands.PROPERTY, frozenset({Kind.NUMBER})),
    Operator("less_property", N_("is less than the property"), Operands.PROPERTY, frozenset({Kind.NUMBER})),
)

_BOOL = (
    Operator("equal", N_("is equal to"), Operands.ONE),
    Operator("not_equal", N_("is not equal to"), Operands.ONE),
    Operator("has_ever_been", N_("has ever been"), Operands.ONE),
    Operator("has_never_been", N_("has never been"), Operands.ONE),
    Operator("equal_property", N_("is equal to the property"), Operands.PROPERTY, frozenset({Kind.BOOL})),
    Operator("not_equal_property", N_("is not equal to the property"), Operands.PROPERTY, frozenset({Kind.BOOL})),
)

_ANY = (
    Operator("any_of", N_("is any of"), Operands.MANY),
    Operator("none_of", N_("is none of"), Operands.MANY),
)
_EVER_ANY = (
    Operator("has_ever_any", N_("has ever been any of"), Operands.MANY),
    Operator("has_never_any", N_("has never been any of"), Operands.MANY),
)

_ENUMERATION = (
    *_ANY,
    Operator("exactly", N_("is exactly"), Operands.MANY),
    Operator("not_exactly", N_("is not exactly"), Operands.MANY),
    Operator("all_of", N_("contains all of"), Operands.MANY),
    Operator("not_all_of", N_("does not contain all of"), Operands.MANY),
    *_EVER_ANY,
    Operator("has_ever_exactly", N_("has ever been exactly"), Operands.MANY),
    Operator("has_never_exactly", N_("has never been exactly"), Operands.MANY),
    Operator("has_ever_all", N_("has ever contained all of"), Operands.MANY),
    Operator("has_never_all", N_("has never contained all of"), Operands.MANY),
)

_DATES = frozenset({Kind.DATE, Kind.DATETIME})
_EVERY_KIND = frozenset(Kind)

_DATE = (
    Operator("on", N_("is on"), Operands.ONE),
    Operator("before", N_("is before"), Operands.ONE),
    Operator("after", N_("is after"), Operands.ONE),
    Operator("between", N_("is between … and …"), Operands.TWO),
    Operator("not_between", N_("is not between … and …"), Operands.TWO),
    Operator("less_than_days_ago", N_("is less than … days ago"), Operands.DAYS),
    Operator("more_than_days_ago", N_("is more than … days ago"), Operands.DAYS),
    Operator("less_than_days_from_now", N_("is less than … days from now"), Operands.DAYS),
    Operator("more_than_days_from_now", N_("is more than … days from now"), Operands.DAYS),
    Operator("between_days", N_("is from … to …"), Operands.OFFSETS),
    Operator("in_this", N_("is in this …"), Operands.PERIOD),
    Operator("in_this_so_far", N_("is in this … so far"), Operands.PERIOD),
    Operator("in_last", N_("is in last …"), Operands.PERIOD),
    Operator("in_next", N_("is in next …"), Operands.PERIOD),
    Operator("updated_in_last_days", N_("was updated in the last … days"), Operands.DAYS),
    Operator("not_updated_in_last_days", N_("was not updated in the last … days"), Operands.DAYS),
    Operator("before_property", N_("is before the property"), Operands.PROPERTY, _DATES),
    Operator("after_property", N_("is after the property"), Operands.PROPERTY, _DATES),
    Operator("before_property_updated", N_("is before the last update of"), Operands.PROPERTY, _EVERY_KIND),
    Operator("after_property_updated", N_("is after the last update of"), Operands.PROPERTY, _EVERY_KIND),
)

#: ID and INTEGER are no kinds of properties.
OPERATORS: dict[Kind, tuple[Operator, ...]] = {
    Kind.STRING: (*_KNOWN, *_STRING),
    Kind.NUMBER: (*_KNOWN, *_NUMBER),
    Kind.BOOL: (*_KNOWN, *_BOOL),
    Kind.ENUMERATION: (*_KNOWN, *_ENUMERATION),
    Kind.MULTI: (*_KNOWN, *_ENUMERATION),
    Kind.USER: (*_KNOWN, *_ANY, *_EVER_ANY),
    Kind.DATE: (*_KNOWN, *_DATE),
    Kind.DATETIME: (*_KNOWN, *_DATE),
}


def operator(kind: Kind, name: str) -> Operator | None:
    """The operator of that name for a kind of property; None when it does not fit."""
    return next((one for one in OPERATORS.get(kind, ()) if one.name == name), None)
