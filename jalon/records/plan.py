"""What a slice of rows does to the records it touches: decided here, applied once, in sets, by actions. Pure.

A slice is read in order, each row against the state that the rows before it left, so that the same key twice in one
slice behaves as it would in two.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from jalon.records.columns import PropertySpec
from jalon.records.values import BadValue, Canonicalizer
from jalon.warehouse.words import N_

Delta = dict[str, list[str | None]]
Problem = tuple[str, Mapping[str, object]]  # a message id and what fills it
Parsed = tuple[dict[str, str | None], list[Problem]]  # the canonical texts of a row, and what is wrong with it

UNKNOWN_PROPERTY: Final = N_("There is no property “%(name)s”; create it first or leave the column out.")
READ_ONLY: Final = N_("“%(label)s” is kept by Jalon itself and cannot be set.")
BAD_VALUE: Final = N_("%(label)s: %(reason)s")
NO_KEY: Final = N_("The row has no value for “%(label)s”, which it is matched by.")
NOT_FOUND: Final = N_("No record has %(label)s = “%(key)s”.")
EXISTS: Final = N_("A record with %(label)s = “%(key)s” exists already.")
TAKEN: Final = N_("%(label)s “%(value)s” already belongs to record %(id)d.")
#: Where a record keeps further values of a unique property, parted by ";": they find it as the present one does.
ALSO: Final[Mapping[str, str]] = {"email": "hs_additional_emails"}
ROW_COLUMNS: Final = ("createdate", "lastmodifieddate", "hs_object_id")


@dataclass(slots=True)
class State:
    """A record as the slice leaves it. `id` is None until the slice is applied, for one that the slice creates."""

    id: int | None
    values: dict[str, str]
    created: str | None = None  # canonical instant of createdate
    touched: bool = False


@dataclass(slots=True)
class Line:
    """One line for the change log."""

    state: State
    is_new: bool
    delta: Delta


@dataclass(slots=True)
class Decision:
    """All that the slice does. `per_row` gives each row's state, None for a refused one."""

    created: list[State] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    per_row: list[State | None] = field(default_factory=list)
    line_of_row: dict[int, Line] = field(default_factory=dict)  # of the rows that change something
    refused: dict[int, list[Problem]] = field(default_factory=dict)
    unchanged: int = 0
    claims: dict[tuple[str, str], State] = field(default_factory=dict)  # unique values newly taken
    releases: dict[tuple[str, str], State] = field(default_factory=dict)  # and given up


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for every row of one write."""

    specs: Mapping[str, PropertySpec]
    unique: tuple[str, ...]  # the names of the unique ones: asked for every row, so not looked up for every value
    parsers: Mapping[str, Canonicalizer]
    match: str  # "id" or the name of a unique property
    mode: str  # both, create, update
    may_set_read_only: bool
    language: str
    new_values: Mapping[str, str]  # what each created record is given besides, such as its source
    say: Callable[[BadValue], str]  # the sentence of a bad value in the reader's language


def claimed(values: Mapping[str, str | None], name: str) -> dict[str, str]:
    """The values of a unique property by which a record is found, folded, each with its own spelling."""
    present, others = values.get(name), values.get(ALSO.get(name, ""))
    found = {} if present is None else {present.casefold(): present}
    for value in others.split(";") if others else ():
        found.setdefault(value.casefold(), value)
    return found


def parse_row(rules: Rules, values: Mapping[str, Any]) -> tuple[dict[str, str | None], list[Problem]]:
    """The canonical text of one row's values, and every problem of that row at once."""
    known: dict[str, str | None] = {}
    problems: list[Problem] = []
    parsers = rules.parsers
    for name, raw in values.items():
        parser = parsers.get(name)
        if parser is None:
            problems.append(_unusable(rules, name))
            continue
        try:
            known[name] = parser(raw)
        except BadValue as bad:
            problems.append((BAD_VALUE, {"label": rules.specs[name].label(rules.language), "reason": rules.say(bad)}))
    return known, problems


def _unusable(rules: Rules, name: str) -> Problem:
    spec = rules.specs.get(name)
    if spec is None:
        return UNKNOWN_PROPERTY, {"name": name}
    return READ_ONLY, {"label": spec.label(rules.language)}


def decide(
    rules: Rules,
    keys: Sequence[str | None],
    rows: Sequence[tuple[dict[str, str | None], list[Problem]]],
    existing: Mapping[str, State],
    owners: Mapping[tuple[str, str], State],
) -> Decision:
    """Reads the parsed rows in order.

    `keys` are folded match keys (record ids as text when matching by id), `existing` the records they name,
    `owners` the records that hold a unique value which any row wants.
    """
    decision = Decision()
    by_key = dict(existing)
    holders = dict(owners)
    for index, (key, (values, problems)) in enumerate(zip(keys, rows, strict=True)):
        state = by_key.get(key) if key is not None else None
        values = _without_alias(rules, key, values, state)
        problems = problems + _misfit(rules, key, state) + _taken(rules, values, state, holders)
        if problems:
            decision.refused[index] = problems
            decision.per_row.append(None)
            continue
        lines = len(decision.lines)
        if state is None:
            state = _create(rules, decision, values, holders)
            if key is not None:
                by_key[key] = state
        else:
            _update(rules, decision, state, values, holders)
        decision.per_row.append(state)
        if len(decision.lines) > lines:
            decision.line_of_row[index] = decision.lines[-1]
    return decision


def _without_alias(rules: Rules, key: str | None, values: dict[str, str | None], state: State | None) -> dict[str, str | None]:
    """A record found by one of its additional addresses keeps its first one."""
    own = state.values.get(rules.match) if state is not None else None
    if own is None or key == own.casefold() or (values.get(rules.match) or "").casefold() != key:
        return values
    return {name: value for name, value in values.items() if name != rules.match}


def _misfit(rules: Rules, key: str | None, state: State | None) -> list[Problem]:
    label = rules.specs[rules.match].label(rules.language) if rules.match in rules.specs else "id"
    if key is None:
        return [(NO_KEY, {"label": label})] if rules.mode == "update" else []
    if state is None and (rules.mode == "update" or rules.match == "id"):
        return [(NOT_FOUND, {"label": label, "key": key})]
    if state is not None and rules.mode == "create":
        return [(EXISTS, {"label": label, "key": key})]
    return []


def _taken(rules: Rules, values: Mapping[str, str | None], state: State | None, holders: Mapping[tuple[str, str], State]) -> list[Problem]:
    problems: list[Problem] = []
    for name in rules.unique:
        for folded, value in claimed(values, name).items():
            holder = holders.get((name, folded))
            if holder is not None and holder is not state:
                label = rules.specs[name].label(rules.language)
                problems.append((TAKEN, {"label": label, "value": value, "id": holder.id or 0}))
    return problems


def _create(rules: Rules, decision: Decision, values: Mapping[str, str | None], holders: dict[tuple[str, str], State]) -> State:
    given = {name: value for name, value in values.items() if value is not None}
    delta: Delta = {name: [None, value] for name, value in given.items()}
    created = given.pop("createdate", None)
    given.pop("lastmodifieddate", None)
    state = State(None, {**rules.new_values, **given}, created, touched=True)
    for name in rules.unique:
        for value in claimed(given, name):
            _claim(decision, holders, (name, value), state)
    decision.created.append(state)
    decision.lines.append(Line(state, True, delta))
    return state


def _update(
    rules: Rules, decision: Decision, state: State, values: Mapping[str, str | None], holders: dict[tuple[str, str], State]
) -> None:
    delta: Delta = {}
    for name, value in values.items():
        old = state.created if name == "createdate" else state.values.get(name)
        if value == old or (name in ROW_COLUMNS and value is None) or name == "lastmodifieddate":
            continue
        delta[name] = [old, value]
    if not delta:
        decision.unchanged += 1
        return
    held = {name: claimed(state.values, name) for name in rules.unique if name in delta or ALSO.get(name) in delta}
    for name, (_, value) in delta.items():
        _assign(state, name, value)
    for name, before in held.items():
        now = claimed(state.values, name)
        for value in before.keys() - now.keys():
            _release(decision, holders, (name, value), state)
        for value in now.keys() - before.keys():
            _claim(decision, holders, (name, value), state)
    state.touched = True
    decision.lines.append(Line(state, False, delta))


def _assign(state: State, name: str, value: str | None) -> None:
    if name == "createdate":
        state.created = value
    elif value is None:
        state.values.pop(name, None)
    else:
        state.values[name] = value


def _claim(decision: Decision, holders: dict[tuple[str, str], State], claim: tuple[str, str], state: State) -> None:
    holders[claim] = state
    if decision.releases.get(claim) is state:
        del decision.releases[claim]
    else:
        decision.claims[claim] = state


def _release(decision: Decision, holders: dict[tuple[str, str], State], claim: tuple[str, str], state: State) -> None:
    holders.pop(claim, None)
    if decision.claims.pop(claim, None) is None:
        decision.releases[claim] = state
