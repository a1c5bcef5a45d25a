"""Where dated values from another system find their place among those that the log has. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol

from jalon.records.columns import Source
from jalon.records.plan import NO_KEY, NOT_FOUND, READ_ONLY, ROW_COLUMNS, Delta, Problem, Rules, State
from jalon.warehouse.words import N_

IN_THE_FUTURE: Final = N_("%(at)s lies in the future; a history row needs the instant at which the value was set.")
NO_ZONE: Final = N_("The instant %(at)s has no time zone.")
UNIQUE_NOW: Final = N_("“%(label)s” is unique; set its present value by an ordinary import.")


class Dated(Protocol):
    """One dated value; see actions.PastValue."""

    @property
    def at(self) -> datetime: ...
    @property
    def source(self) -> Source: ...
    @property
    def source_detail(self) -> str: ...
    @property
    def property(self) -> str: ...


Known = Mapping[tuple[int, str], list[tuple[datetime, str | None]]]  # (record, property) -> the log's instants and values


@dataclass(frozen=True, slots=True)
class PastLine:
    """One backdated line for the change log."""

    record_id: int
    at: datetime
    source: Source
    detail: str
    delta: Delta


@dataclass(slots=True)
class Placement:
    """What a slice of history does. `moved` are the match keys of the records whose present value changes."""

    lines: list[PastLine] = field(default_factory=list)
    moved: set[str] = field(default_factory=set)
    refused: dict[int, list[Problem]] = field(default_factory=dict)
    per_row: list[int | None] = field(default_factory=list)
    unchanged: int = 0


def place(
    rules: Rules,
    part: Sequence[Dated],
    keys: Sequence[str | None],
    parsed: Sequence[tuple[dict[str, str | None], list[Problem]]],
    records: Mapping[str, State],
    known: Known,
    now: datetime,
) -> Placement:
    """Reads dated values in any order; `records` are changed in place where a value is the newest of its property."""
    plan = Placement()
    instants = {pair: list(values) for pair, values in known.items()}
    for index, (past, key, (values, problems)) in enumerate(zip(part, keys, parsed, strict=True)):
        state = records.get(key) if key else None
        problems = problems + _misfit(rules, past, key, state, now)
        if problems or state is None or state.id is None or key is None:
            plan.refused[index] = problems
            plan.per_row.append(None)
            continue
        there = instants.setdefault((state.id, past.property), [])
        plan.per_row.append(state.id)
        _enter(rules, plan, index, past, key, state, values.get(past.property), there)
    return plan


def _enter(
    rules: Rules,
    plan: Placement,
    index: int,
    past: Dated,
    key: str,
    state: State,
    value: str | None,
    there: list[tuple[datetime, str | None]],
) -> None:
    at = past.at.replace(microsecond=past.at.microsecond // 1000 * 1000)
    if (at, value) in there:
        plan.unchanged += 1
        return
    newest = all(at >= other for other, _ in there)
    if newest and value != state.values.get(past.property):
        spec = rules.specs[past.property]
        if spec.unique:
            plan.refused[index] = [(UNIQUE_NOW, {"label": spec.label(rules.language)})]
            plan.per_row[index] = None
            return
        plan.moved.add(key)
        state.values.pop(past.property, None)
        if value is not None:
            state.values[past.property] = value
    there.append((at, value))
    plan.lines.append(PastLine(state.id or 0, at, past.source, past.source_detail, {past.property: [None, value]}))


def _misfit(rules: Rules, past: Dated, key: str | None, state: State | None, now: datetime) -> list[Problem]:
    label = rules.specs[rules.match].label(rules.language) if rules.match in rules.specs else "id"
    problems: list[Problem] = []
    if key is None:
        problems.append((NO_KEY, {"label": label}))
    elif state is None:
        problems.append((NOT_FOUND, {"label": label, "key": key}))
    if past.property in ROW_COLUMNS and past.property in rules.parsers:
        problems.append((READ_ONLY, {"label": rules.specs[past.property].label(rules.language)}))
    if past.at.tzinfo is None:
        problems.append((NO_ZONE, {"at": past.at.isoformat()}))
    elif past.at > now:
        problems.append((IN_THE_FUTURE, {"at": past.at.isoformat()}))
    return problems
