"""How a report is looked at, beside what it asks: a goal, and the colors that people chose. Changing it compiles nothing. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any, Final

from jalon.criteria.problems import Problem
from jalon.figures.goals import EVERY, Goal
from jalon.figures.measures import Measure
from jalon.figures.periods import Unit
from jalon.reports.kinds.definition import DefinitionError
from jalon.warehouse.words import N_

LARGEST: Final = Decimal(10) ** 12
_COLOR = re.compile(r"#[0-9a-f]{6}")


@dataclass(frozen=True, slots=True)
class Display:
    """`colors` are those chosen for values of the breakdown, by the key of the value in the chart."""

    goal: Goal | None = None
    colors: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


def written(display: Display) -> dict[str, Any]:
    goal = {"goal": _written(display.goal)} if display.goal else {}
    return goal | ({"colors": dict(display.colors)} if display.colors else {})


def _written(goal: Goal) -> dict[str, str]:
    measure = {} if goal.measure is Measure.COUNT else {"measure": goal.measure.value}
    return {"number": str(goal.number), "every": goal.every.value, **measure}


def read(raw: Mapping[str, Any]) -> Display:
    """What JSON holds. Raises DefinitionError."""
    told = raw.get("goal")
    colors = {str(key): str(color) for key, color in (raw.get("colors") or {}).items() if is_color(str(color))}
    options = [str(told.get(option, usual)) for option, usual in (("number", ""), ("every", ""), ("measure", "count"))] if told else []
    return Display(goal(*options) if told else None, MappingProxyType(colors))


def goal(number: str, every: str, measure: str = "count") -> Goal:
    """A goal as it was typed, a comma for the decimal point too. Raises DefinitionError with a sentence."""
    typed = re.sub(r"\s", "", number).replace(",", ".")
    try:
        amount = Decimal(typed)
    except InvalidOperation:
        amount = Decimal(0)
    if not (amount.is_finite() and 0 < amount < LARGEST):
        raise DefinitionError((Problem(N_("“%(number)s” is not a goal. Type a number above 0."), {"number": number}),))
    if every not in set(EVERY):
        message = N_("“%(every)s” is not how often a goal can return. Choose one of: %(known)s.")
        raise DefinitionError((Problem(message, {"every": every, "known": ", ".join(unit.value for unit in EVERY)}),))
    if measure not in set(Measure):
        message = N_("“%(value)s” is not a possible value of “%(option)s”. Choose one of: %(known)s.")
        raise DefinitionError((Problem(message, {"value": measure, "option": "measure", "known": ", ".join(Measure)}),))
    return Goal(amount, Unit(every), Measure(measure))


def is_color(text: str) -> bool:
    """#rrggbb in small letters, as a browser sends it."""
    return _COLOR.fullmatch(text) is not None
