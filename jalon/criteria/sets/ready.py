"""Criteria made ready once for an engine and kept: compiling a filter takes longer than answering it for a thousand records."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from jalon.criteria.compile import compiled
from jalon.criteria.known import Known
from jalon.criteria.question import Setting
from jalon.criteria.sets import plan
from jalon.criteria.sets.plan import Ready
from jalon.criteria.tree import Criteria
from jalon.warehouse import query
from jalon.warehouse.engine import Engine

MOST_KEPT: Final = 2_000


@dataclass(slots=True)
class Kept:
    """Criteria made ready, each with the instant it was made for. With new definitions, or a new day, all are forgotten."""

    known: Known | None = None
    terms: tuple[object, ...] = ()
    made: dict[tuple[Criteria, str, bool], tuple[Ready, str]] = field(default_factory=dict)
    turn: threading.Lock = field(default_factory=threading.Lock)

    def ready(self, some: Sequence[Criteria], setting: Setting, engine: Engine, *, few: bool) -> list[Ready]:
        """`few`: what is asked of other tables is asked for the ids alone that the engine is handed. Raises CriteriaError."""
        now = engine.sql(query.instant(setting.now))
        own = replace(setting, of=plan.RECORD, only=plan.FEW if few else None)
        with self.turn:
            self._forget_outdated(setting, engine)
            return [self._one(criteria, own, now, engine) for criteria in some]

    def _one(self, criteria: Criteria, setting: Setting, now: str, engine: Engine) -> Ready:
        key = (criteria, setting.catalog.object_type, setting.only is not None)
        if key not in self.made:
            self.made[key] = (plan.ready(compiled(criteria, setting), engine.sql), now)
        made, instant = self.made[key]
        return made.at(instant, now)

    def _forget_outdated(self, setting: Setting, engine: Engine) -> None:
        terms = (setting.zone, setting.first_weekday, setting.fiscal_month, setting.today, engine.dialect)
        if self.known is not setting.known or self.terms != terms or len(self.made) >= MOST_KEPT:
            self.known, self.terms = setting.known, terms
            self.made.clear()
