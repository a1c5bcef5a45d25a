"""Criteria made ready once for an engine and kept: compiling a filter takes longer than answering it for a thousand records."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

from sqlglot import exp

from jalon.criteria.compile import compiled
from jalon.criteria.known import Known
from jalon.criteria.question import Setting
from jalon.criteria.tree import Criteria
from jalon.warehouse.engine import Engine

MOST_KEPT: Final = 2_000

T = TypeVar("T")


@dataclass(slots=True)
class Kept(Generic[T]):
    """Criteria as `make` has them, good for any instant of a day. With new definitions, or a new day, all are forgotten."""

    make: Callable[[exp.Expression, Setting, Engine], T]
    known: Known | None = None
    terms: tuple[object, ...] = ()
    made: dict[tuple[Criteria, str], T] = field(default_factory=dict)
    turn: threading.Lock = field(default_factory=threading.Lock)

    def of(self, some: Sequence[Criteria], setting: Setting, engine: Engine) -> list[T]:
        """Raises CriteriaError."""
        with self.turn:
            self._forget_outdated(setting, engine)
            return [self._one(criteria, setting, engine) for criteria in some]

    def _one(self, criteria: Criteria, setting: Setting, engine: Engine) -> T:
        key = (criteria, setting.catalog.object_type)
        if key not in self.made:
            self.made[key] = self.make(compiled(criteria, setting), setting, engine)
        return self.made[key]

    def _forget_outdated(self, setting: Setting, engine: Engine) -> None:
        terms = (setting.zone, setting.first_weekday, setting.fiscal_month, setting.today, engine.dialect)
        if self.known is not setting.known or self.terms != terms or len(self.made) >= MOST_KEPT:
            self.known, self.terms = setting.known, terms
            self.made.clear()
