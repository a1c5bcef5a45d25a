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
    goal = {"goal": {"number": str(display.goal.number), "every": display.goal.every.value}} if display.goal else {}
    return goal | ({"colors": dict(display.colors)} if display.colors else {})


def read(raw: Mapping[str, Any]) -> Display:
    """What JSON holds. Raises DefinitionError."""
    told = raw.get("goal")
    colors = {str(key): str(color) for key, color in (raw.get("colors") or {}).items() if is_color(str(color))}
    return Display(goal(str(told.get("number", "")), str(told.get("every", ""))) if told else None, MappingProxyType(colors))


def goal(number: str, every: str) -> Goal:
    """A goal as it was typed, a comma for the decimal point too. Raises DefinitionError with a sentence."""
    typed = re.sub(r"\s", "", number).replace(",", ".")
    try:
        amount = Decimal(typed)
    except InvalidOperation:
        amount = Decimal(0)
    if not 0 < amount < LARGEST:
        raise DefinitionError((Problem(N_("“%(number)s” is not a goal. Type a number above 0."), {"number": number}),))
    if every not in set(EVERY):
        message = N_("“%(every)s” is not how often a goal can return. Choose one of: %(known)s.")
        raise DefinitionError((Problem(message, {"every": every, "known": ", ".join(unit.value for unit in EVERY)}),))
    return Goal(amount, Unit(every))


def is_color(text: str) -> bool:
    """#rrggbb in small letters, as a browser sends it."""
    return _COLOR.fullmatch(text) is not None
