"""Many criteria at once over the columns: who of a few records meets which, and who is remembered otherwise than it is now."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, TypeVar

import pyarrow as pa
from sqlglot import exp

from jalon.accounts.access import EVERYTHING
from jalon.criteria import queries
from jalon.criteria.question import Setting
from jalon.criteria.sets import apart, plan
from jalon.criteria.sets.apart import Formula
from jalon.criteria.sets.elsewhere import FEW, RECORD
from jalon.criteria.sets.plan import Members, Ready
from jalon.criteria.sets.ready import Kept
from jalon.criteria.tree import Criteria
from jalon.warehouse import current, query
from jalon.warehouse.engine import Engine

TOGETHER: Final = 250  # criteria in one question about all records: its plan grows with each

K = TypeVar("K", bound=Hashable)


def _as_text(predicate: exp.Expression, setting: Setting, engine: Engine) -> Ready:
    return plan.ready(predicate, engine.sql, setting.now)


def _in_parts(predicate: exp.Expression, setting: Setting, engine: Engine) -> Formula:
    return apart.taken_apart(predicate, setting.catalog.plural, engine.sql, setting.now)


_texts: Final = Kept(_as_text)
_formulas: Final = Kept(_in_parts)


def matches(criteria: Mapping[K, Criteria], object_type: str, only: Sequence[int], *, now: datetime | None = None) -> dict[K, set[int]]:
    """Which of a few records meet which of many criteria. Raises CriteriaError."""
    if not criteria or not only:
        return {key: set() for key in criteria}
    engine, setting = current.engine(), queries.setting(queries.known().catalogs[object_type], EVERYTHING, now=now, of=RECORD, only=FEW)
    formulas = dict(zip(criteria, _formulas.of(list(criteria.values()), setting, engine), strict=True))
    return {key: set(ids) for key, ids in answered(engine, formulas, setting.catalog.plural, only, setting.now).items()}


def answered(engine: Engine, formulas: Mapping[K, Formula], table: str, only: Sequence[int], now: datetime) -> dict[K, frozenset[int]]:
    """The same of criteria that were taken apart."""
    asked = apart.question(formulas.values(), table, now)
    given = {query.GIVEN: pa.table({"id": pa.array(only, pa.int64())}), apart.OPERANDS: asked.operands}
    met = {asked.conditions[number]: frozenset(ids or ()) for number, ids in engine.rows(asked.tree, given=given)}
    there = met.get(asked.conditions[0], frozenset())
    return {key: apart.holds(formula, met, there) for key, formula in formulas.items()}


@dataclass(frozen=True, slots=True)
class Difference:
    """Records that have to come in, and records that have to go."""

    entered: Sequence[int] = ()
    left: Sequence[int] = ()


def differences(
    criteria: Mapping[int, Criteria], object_type: str, window: tuple[int, int], members: Members, *, now: datetime | None = None
) -> dict[int, Difference]:
    """What a table that remembers who meets which criteria, by their numbers, has otherwise than it is now.

    Looked at are the records with ids in the window, both ends included; numbers without a difference are left out. Records
    that no longer exist are among those that go. Raises CriteriaError.
    """
    changed: dict[int, Difference] = {}
    numbers, engine = list(criteria), current.engine()
    setting = queries.setting(queries.known().catalogs[object_type], EVERYTHING, now=now, of=RECORD)
    for start in range(0, len(numbers), TOGETHER):
        asked = numbers[start : start + TOGETHER]
        ready = [one.at(setting.now) for one in _texts.of([criteria[number] for number in asked], setting, engine)]
        tree = plan.differences(dict(zip(asked, ready, strict=True)), setting.catalog.plural, plan.window(*window), members)
        for number, entered, ids in engine.rows(tree):
            before = changed.get(number, Difference())
            changed[number] = replace(before, entered=ids) if entered else replace(before, left=ids)
    return changed
