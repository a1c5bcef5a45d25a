"""Many criteria at once over the columns: who of a few records meets which, and who is remembered otherwise than it is now."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, TypeVar

from jalon.accounts.access import EVERYTHING
from jalon.criteria import queries
from jalon.criteria.sets import plan
from jalon.criteria.sets.plan import Members, Ready
from jalon.criteria.sets.ready import Kept
from jalon.criteria.tree import Criteria
from jalon.warehouse import current

TOGETHER: Final = 250  # criteria in one question: its plan grows with each

K = TypeVar("K", bound=Hashable)
_kept: Final = Kept()


def matches(criteria: Mapping[K, Criteria], object_type: str, only: Sequence[int], *, now: datetime | None = None) -> dict[K, set[int]]:
    """Which of a few records meet which of many criteria. Raises CriteriaError."""
    met: dict[K, set[int]] = {key: set() for key in criteria}
    keys = list(criteria)
    for start in range(0, len(keys) if only else 0, TOGETHER):
        asked = keys[start : start + TOGETHER]
        table, ready = _ready([criteria[key] for key in asked], object_type, now, few=True)
        for id, numbers in current.engine().rows(plan.answers(dict(enumerate(ready)), table, plan.few), given=only):
            for number in numbers:
                met[asked[number]].add(id)
    return met


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
    numbers = list(criteria)
    for start in range(0, len(numbers), TOGETHER):
        asked = numbers[start : start + TOGETHER]
        table, ready = _ready([criteria[number] for number in asked], object_type, now, few=False)
        tree = plan.differences(dict(zip(asked, ready, strict=True)), table, plan.window(*window), members)
        for number, entered, ids in current.engine().rows(tree):
            before = changed.get(number, Difference())
            changed[number] = replace(before, entered=ids) if entered else replace(before, left=ids)
    return changed


def _ready(criteria: Sequence[Criteria], object_type: str, now: datetime | None, *, few: bool) -> tuple[str, list[Ready]]:
    """The column table of the object type, and the criteria for it, in their order."""
    engine, setting = current.engine(), queries.setting(queries.known().catalogs[object_type], EVERYTHING, now=now)
    return setting.catalog.plural, _kept.ready(criteria, setting, engine, few=few)
