"""Everything that changes records: one verb each, rows and change log in one transaction.

Nothing reacts in here. Lists, reports and workflows read the change log. The verbs of links come from `links/actions.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any, Final

import orjson
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import get_language, gettext

from jalon.accounts.access import Actor
from jalon.accounts.actions import Refused
from jalon.records import history, queries
from jalon.records.columns import Catalog, Origin, Position, PropertySpec, Source
from jalon.records.links.actions import associate as associate
from jalon.records.links.actions import clear_primary as clear_primary
from jalon.records.links.actions import dissociate as dissociate
from jalon.records.links.actions import relabel as relabel
from jalon.records.links.actions import set_primary as set_primary
from jalon.records.log import actions as log
from jalon.records.log import queries as log_queries
from jalon.records.models import Change, Record, UniqueValue
from jalon.records.plan import Decision, Line, Parsed, Problem, Rules, State, claimed, decide, parse_row
from jalon.records.values import ISO, BadValue, Formats, canonicalizer, instant_text
from jalon.web.numbers import whole

SLICE: Final = 5_000  # rows in one transaction: none lasts longer than a second (design, section 1)
TRIES: Final = 5
MAY_SET_READ_ONLY: Final = frozenset({Source.IMPORT, Source.SYSTEM, Source.CALCULATED, Source.MERGE, Source.UNDO, Source.INTEGRATION})
MAY_CARRY_CALCULATED: Final = frozenset({Source.CALCULATED, Source.MERGE, Source.UNDO, Source.SYSTEM})


@dataclass(frozen=True, slots=True)
class Row:
    """One record to write. `key` is its id or its value of the property it is matched by; "" or None in values clears."""

    values: Mapping[str, Any]
    key: str | int | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why the row at `index` did not go in."""

    index: int
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a write did. `ids` has the record of every row in order, None for a refused one."""

    created: tuple[int, ...] = ()
    updated: tuple[int, ...] = ()
    unchanged: int = 0
    refused: tuple[Refusal, ...] = ()
    ids: tuple[int | None, ...] = ()
    position: Position | None = None
    deltas: tuple[Line | None, ...] = ()  # of a dry run: what each row would change, None for nothing

    def __add__(self, other: Outcome) -> Outcome:
        moved = tuple(replace(refusal, index=refusal.index + len(self.ids)) for refusal in other.refused)
        return Outcome(
            self.created + other.created,
            self.updated + other.updated,
            self.unchanged + other.unchanged,
            self.refused + moved,
            self.ids + other.ids,
            other.position or self.position,
            self.deltas + other.deltas,
        )


# Records


def write(
    object_type: str,
    rows: Iterable[Row],
    *,
    actor: Actor,
    origin: Origin,
    match: str = "id",
    mode: str = "both",
    formats: Formats = ISO,
    dry_run: bool = False,
    is_canonical: bool = False,
) -> Outcome:
    """Creates and updates records: one, or a million in slices of 5,000, each slice one transaction.

    `match` is "id" or a unique property; `mode` is both, create or update. Rows that do not fit are refused with
    sentences and the others go in. Called inside a transaction, all slices share it. A dry run writes nothing.
    `is_canonical` promises canonical texts, None for a clearing: an import that has converted whole columns.
    """
    catalog = queries.catalog(object_type)
    rules = _rules(catalog, origin, actor, match, mode, formats)
    source, outcome = iter(rows), Outcome()
    while part := list(islice(source, SLICE)):
        outcome += _write_slice(catalog, rules, part, _parsed(rules, part, is_canonical), actor, origin, dry_run)
    return outcome


def create_linked(
    object_type: str, values: Mapping[str, Any], type_name: str, other: int, *, is_from: bool, actor: Actor, origin: Origin
) -> Outcome:
    """A new record and its link to one that exists, both or neither; `is_from` says that the new one stands on the from-side."""
    with transaction.atomic():
        outcome = write(object_type, [Row(values)], actor=actor, origin=origin, mode="create")
        if outcome.refused:
            return outcome
        (id,) = outcome.created
        position = associate(type_name, [(id, other) if is_from else (other, id)], actor=actor, origin=origin)
    return replace(outcome, position=position or outcome.position)


def archive(object_type: str, ids: Sequence[int], *, actor: Actor, origin: Origin) -> Outcome:
    """Takes records out of every page, list and report; their rows and history stay and can be restored."""
    catalog = queries.catalog(object_type)
    outcome = Outcome()
    for start in range(0, len(ids), SLICE):
        part = list(ids[start : start + SLICE])
        with transaction.atomic():
            rows = Record.objects.select_for_update().filter(id__in=part, object_type_id=queries.type_id(object_type), archived_at=None)
            found = list(rows.order_by("id").values_list("id", flat=True))
            Record.objects.filter(id__in=found).update(archived_at=timezone.now())
            UniqueValue.objects.filter(record_id__in=found).delete()
            position = _log_marks(catalog, found, Change.Kind.ARCHIVED, actor, origin)
        outcome += Outcome(updated=tuple(found), unchanged=len(part) - len(found), ids=tuple(part), position=position)
    return outcome


def restore(object_type: str, ids: Sequence[int], *, actor: Actor, origin: Origin) -> Outcome:
    """Brings archived records back. One whose unique value was taken meanwhile stays archived and says who has it."""
    catalog = queries.catalog(object_type)
    refused: list[Refusal] = []
    back: list[int] = []
    with transaction.atomic():
        rows = Record.objects.select_for_update().filter(id__in=list(ids), object_type_id=queries.type_id(object_type))
        for record in rows.exclude(archived_at=None).order_by("id"):
            sentence = _reclaim(catalog, record)
            if sentence:
                refused.append(Refusal(list(ids).index(record.pk), (sentence,)))
            else:
                back.append(record.pk)
        Record.objects.filter(id__in=back).update(archived_at=None)
        position = _log_marks(catalog, back, Change.Kind.RESTORED, actor, origin)
    return Outcome(updated=tuple(back), refused=tuple(refused), ids=tuple(ids), position=position)


def _reclaim(catalog: Catalog, record: Record) -> str:
    """Takes the record's unique values again; a sentence when somebody else holds one, or when it was merged."""
    if record.merged_into_id is not None:
        return gettext("It was merged into record %(id)d; undo that merge to have it back.") % {"id": record.merged_into_id}
    ids = queries.property_ids(catalog.object_type)
    unique = [spec.name for spec in catalog.properties.values() if spec.unique]
    wanted = [(ids[name], folded, value) for name in unique for folded, value in claimed(record.properties, name).items()]
    for property_id, folded, value in wanted:
        holder = UniqueValue.objects.filter(property_id=property_id, value=folded).first()
        if holder is not None:
            return gettext("“%(value)s” now belongs to record %(id)d; change one of the two first.") % {
                "value": value,
                "id": holder.record_id,
            }
    UniqueValue.objects.bulk_create(UniqueValue(property_id=property_id, value=folded, record=record) for property_id, folded, _ in wanted)
    return ""


def _rules(catalog: Catalog, origin: Origin, actor: Actor, match: str, mode: str, formats: Formats) -> Rules:
    if match != "id" and (match not in catalog.properties or not catalog.properties[match].unique):
        raise Refused(gettext("Records can be matched by id or by a unique property; “%(name)s” is neither.") % {"name": match})
    privileged = origin.source in MAY_SET_READ_ONLY
    settable = {name: spec for name, spec in catalog.properties.items() if may_set(spec, origin.source) and name != "hs_object_id"}
    born = {"hs_object_source": origin.source.value, "hs_object_source_detail_1": origin.detail, "hs_object_source_user_id": actor.user_id}
    return Rules(
        specs=catalog.properties,
        unique=tuple(name for name, spec in catalog.properties.items() if spec.unique),
        parsers={name: canonicalizer(spec, formats) for name, spec in settable.items()},
        match=match,
        mode=mode,
        may_set_read_only=privileged,
        language=get_language() or "en",
        new_values={name: str(value) for name, value in born.items() if value and name in catalog.properties},
        say=sentence_of,
    )


def may_set(spec: PropertySpec, source: Source) -> bool:
    """Nobody but the calculation writes a computed value; a merge and an undo carry it along, and it is computed again after them."""
    if spec.is_computed:
        return source in MAY_CARRY_CALCULATED
    return not spec.read_only_value or source in MAY_SET_READ_ONLY


def sentence_of(bad: BadValue) -> str:
    """A bad value's reason in the present language."""
    return _sentence((bad.message, bad.params))


def _sentence(problem: Problem) -> str:
    message, params = problem
    text = gettext(message)
    return text % params if params else text


def _parsed(rules: Rules, rows: Sequence[Row], is_canonical: bool) -> list[Parsed]:
    """The rows with canonical texts, and what is wrong with them."""
    if is_canonical and set().union(*(row.values for row in rows)) <= rules.parsers.keys():
        return [(dict(_with_key(rules, row)), []) for row in rows]
    return [parse_row(rules, _with_key(rules, row)) for row in rows]


def _write_slice(
    catalog: Catalog, rules: Rules, rows: Sequence[Row], parsed: list[Parsed], actor: Actor, origin: Origin, dry_run: bool
) -> Outcome:
    """One slice, tried again when somebody else took a unique value between our look and our write."""
    keys = [_folded_key(rules, row) for row in rows]
    for attempt in range(TRIES):
        try:
            with transaction.atomic():
                decision = _decide(catalog, rules, keys, parsed)
                position = None if dry_run else _apply(catalog, decision, actor, origin)
            return _outcome(decision, position, dry_run)
        except IntegrityError:
            if attempt == TRIES - 1:
                raise
    raise AssertionError("unreachable")


def _folded_key(rules: Rules, row: Row) -> str | None:
    key = row.values.get(rules.match) if row.key is None and rules.match != "id" else row.key
    text = "" if key is None else str(key).strip()
    return text.casefold() or None


def _with_key(rules: Rules, row: Row) -> Mapping[str, Any]:
    if rules.match == "id" or row.key is None or rules.match in row.values:
        return row.values
    return {**row.values, rules.match: row.key}


def _decide(catalog: Catalog, rules: Rules, keys: list[str | None], parsed: list[Parsed]) -> Decision:
    wanted = {(name, value) for name in rules.unique for values, _ in parsed for value in claimed(values, name)}
    if rules.match != "id":
        wanted |= {(rules.match, key) for key in keys if key}
    holders = _holders(catalog, wanted)
    ids = {id for key in keys if key and (id := whole(key)) is not None} if rules.match == "id" else set()
    states = _states(catalog, ids | set(holders.values()))
    owners = {claim: states[id] for claim, id in holders.items() if id in states}
    if rules.match == "id":
        existing = {str(id): states[id] for id in ids if id in states}
    else:
        existing = {value: state for (name, value), state in owners.items() if name == rules.match}
    return decide(rules, keys, parsed, existing, owners)


def _holders(catalog: Catalog, wanted: set[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Which records hold these unique values now."""
    found: dict[tuple[str, str], int] = {}
    property_ids = queries.property_ids(catalog.object_type)
    with connection.cursor() as cursor:
        for name in {name for name, _ in wanted}:
            values = [value for other, value in wanted if other == name]
            cursor.execute(
                "SELECT value, record_id FROM records_uniquevalue WHERE property_id = %s AND value = ANY(%s)", [property_ids[name], values]
            )
            found |= {(name, value): record_id for value, record_id in cursor.fetchall()}
    return found


def _states(catalog: Catalog, ids: set[int]) -> dict[int, State]:
    """Locks the records, in the order of their ids, so that two writers wait instead of dead-locking."""
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, properties::text, created_at FROM records_record"
            " WHERE id = ANY(%s) AND object_type_id = %s AND archived_at IS NULL ORDER BY id FOR UPDATE",
            [sorted(ids), queries.type_id(catalog.object_type)],
        )
        return {id: State(id, orjson.loads(properties), instant_text(created_at)) for id, properties, created_at in cursor.fetchall()}


def _outcome(decision: Decision, position: Position | None, dry_run: bool) -> Outcome:
    refused = tuple(Refusal(index, tuple(_sentence(p) for p in problems)) for index, problems in sorted(decision.refused.items()))
    new = {id(state) for state in decision.created}
    updated = dict.fromkeys(line.state.id for line in decision.lines if not line.is_new and id(line.state) not in new)
    created = tuple(0 if dry_run else state.id or 0 for state in decision.created)
    ids = tuple(state.id if state else None for state in decision.per_row)
    deltas = tuple(decision.line_of_row.get(index) for index in range(len(ids))) if dry_run else ()
    return Outcome(created, tuple(id for id in updated if id), decision.unchanged, refused, ids, position, deltas)


def _apply(catalog: Catalog, decision: Decision, actor: Actor, origin: Origin) -> Position | None:
    if not decision.lines:
        return None
    now = timezone.now()
    _insert_records(catalog, decision.created, now)
    new = {id(state) for state in decision.created}
    _update_records([s for s in {id(line.state): line.state for line in decision.lines}.values() if id(s) not in new], now)
    _settle_unique_values(catalog, decision)
    return _log(catalog, decision.lines, actor, origin, now)


def _insert_records(catalog: Catalog, states: list[State], now: datetime) -> None:
    if not states:
        return
    type_id, stamp = queries.type_id(catalog.object_type), now.isoformat()
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('records_record', 'id')) FROM generate_series(1, %s)", [len(states)])
        for state, (id,) in zip(states, cursor.fetchall(), strict=True):
            state.id = id
        lines = (
            b"%d\t%d\t%b\t%b\t%b" % (s.id or 0, type_id, log.escaped(s.values), (s.created or stamp).encode(), stamp.encode())
            for s in states
        )
        log.copy_in(cursor, "records_record (id, object_type_id, properties, created_at, updated_at)", lines)


def _update_records(states: list[State], now: datetime) -> None:
    if not states:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE records_record r SET properties = v.properties::jsonb, created_at = v.created::timestamptz, updated_at = %s"
            " FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS v(id, properties, created) WHERE r.id = v.id",
            [now, [s.id for s in states], [orjson.dumps(s.values).decode() for s in states], [s.created for s in states]],
        )


def _settle_unique_values(catalog: Catalog, decision: Decision) -> None:
    ids = queries.property_ids(catalog.object_type)
    for name in {name for name, _ in decision.releases}:
        values = [value for other, value in decision.releases if other == name]
        UniqueValue.objects.filter(property_id=ids[name], value__in=values).delete()
    if decision.claims:
        claims = sorted((ids[name], log.plain(value), state.id or 0) for (name, value), state in decision.claims.items())
        lines = (b"%d\t%b\t%d" % claim for claim in claims)  # in one order for all writers, so that they wait instead of dead-locking
        with connection.cursor() as cursor:
            log.copy_in(cursor, "records_uniquevalue (property_id, value, record_id)", lines)


def _log(catalog: Catalog, lines: Sequence[Line], actor: Actor, origin: Origin, now: datetime) -> Position:
    created, updated = Change.Kind.CREATED.value, Change.Kind.UPDATED.value
    rows = ((line.state.id or 0, created if line.is_new else updated, now, origin, False, line.delta) for line in lines)
    return log.append(catalog, rows, actor)


def _log_marks(catalog: Catalog, ids: Sequence[int], kind: str, actor: Actor, origin: Origin) -> Position | None:
    now = timezone.now()
    return log.append(catalog, ((id, kind, now, origin, False, {}) for id in ids), actor) if ids else None


# Past values


@dataclass(frozen=True, slots=True)
class PastValue:
    """One dated value that a company brings from another system. `at` is aware; an empty value is a clearing."""

    key: str | int
    property: str
    value: Any
    at: datetime
    source: Source = Source.IMPORT
    source_detail: str = ""


def write_history(
    object_type: str, values: Iterable[PastValue], *, actor: Actor, match: str = "id", formats: Formats = ISO, dry_run: bool = False
) -> Outcome:
    """Enters dated values into the log at their own instant and with their own source (spec 11.1).

    The present value changes only if the row is the newest of its property. A row that the log has already, same
    record, property, instant and value, changes nothing, so the same file twice is the same file once.
    """
    catalog = queries.catalog(object_type)
    rules = _rules(catalog, Origin(Source.IMPORT), actor, match, "update", formats)
    source, outcome = iter(values), Outcome()
    while part := list(islice(source, SLICE)):
        outcome += _write_history_slice(catalog, rules, part, actor, dry_run)
    return outcome


def _write_history_slice(catalog: Catalog, rules: Rules, part: Sequence[PastValue], actor: Actor, dry_run: bool) -> Outcome:
    rows = [Row({past.property: past.value}, past.key) for past in part]
    keys = [_folded_key(rules, row) for row in rows]
    parsed = [parse_row(rules, row.values) for row in rows]
    with transaction.atomic():
        records = _records_by_key(catalog, rules, keys)
        known = log_queries.instants(sorted({state.id for state in records.values() if state.id}), {past.property for past in part})
        plan = history.place(rules, part, keys, parsed, records, known, timezone.now())
        position = None
        if plan.lines and not dry_run:
            _update_records([records[key] for key in plan.moved], timezone.now())
            rows_of_log = (
                (line.record_id, Change.Kind.UPDATED.value, line.at, Origin(line.source, line.detail), True, line.delta)
                for line in plan.lines
            )
            position = log.append(catalog, rows_of_log, actor)
    refused = tuple(Refusal(index, tuple(_sentence(p) for p in problems)) for index, problems in sorted(plan.refused.items()))
    touched = tuple(dict.fromkeys(line.record_id for line in plan.lines))
    return Outcome((), touched, plan.unchanged, refused, tuple(plan.per_row), position)


def _records_by_key(catalog: Catalog, rules: Rules, keys: Sequence[str | None]) -> dict[str, State]:
    if rules.match == "id":
        ids = {id: key for key in keys if key and (id := whole(key)) is not None}
        return {ids[id]: state for id, state in _states(catalog, set(ids)).items()}
    holders = _holders(catalog, {(rules.match, key) for key in keys if key})
    states = _states(catalog, set(holders.values()))
    return {value: states[id] for (_, value), id in holders.items() if id in states}
