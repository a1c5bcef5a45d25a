"""Everything that changes records or their definitions: one verb each, rows and change log in one transaction.

Nothing reacts in here. Lists, reports and workflows read the change log.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any, Final

import orjson
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import get_language, gettext

from jalon.accounts.access import SYSTEM, Actor
from jalon.records import definitions, history, queries
from jalon.records.columns import Catalog, FieldType, Origin, Position, PropertySpec, Source, Type
from jalon.records.log import actions as log
from jalon.records.log import queries as log_queries
from jalon.records.models import (
    AssociationType,
    Change,
    Definitions,
    Epoch,
    ObjectType,
    Property,
    PropertyGroup,
    Record,
    UniqueValue,
)
from jalon.records.plan import Decision, Line, Problem, Rules, State, decide, parse_row
from jalon.records.values import ISO, BadValue, Formats, canonicalizer, instant_text

SLICE: Final = 5_000  # rows in one transaction: none lasts longer than a second (design, section 1)
TRIES: Final = 5
MAY_SET_READ_ONLY: Final = frozenset({Source.IMPORT, Source.SYSTEM, Source.CALCULATED, Source.MERGE, Source.UNDO, Source.INTEGRATION})
NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,99}")
RESERVED: Final = frozenset({"id", "search_text"})


class Refused(ValueError):
    """A definition or a request that cannot be carried out; `sentences` say why and what would be right."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


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

    def __add__(self, other: Outcome) -> Outcome:
        moved = tuple(replace(refusal, index=refusal.index + len(self.ids)) for refusal in other.refused)
        return Outcome(
            self.created + other.created,
            self.updated + other.updated,
            self.unchanged + other.unchanged,
            self.refused + moved,
            self.ids + other.ids,
            other.position or self.position,
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
) -> Outcome:
    """Creates and updates records: one, or a million in slices of 5,000, each slice one transaction.

    `match` is "id" or a unique property; `mode` is both, create or update. Rows that do not fit are refused with
    sentences and the others go in. Called inside a transaction, all slices share it. A dry run writes nothing.
    """
    catalog = queries.catalog(object_type)
    rules = _rules(catalog, origin, actor, match, mode, formats)
    source, outcome = iter(rows), Outcome()
    while part := list(islice(source, SLICE)):
        outcome += _write_slice(catalog, rules, part, actor, origin, dry_run)
    return outcome


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
    """Takes the record's unique values again; a sentence when somebody else holds one."""
    wanted = [
        (spec.name, record.properties[spec.name]) for spec in catalog.properties.values() if spec.unique and spec.name in record.properties
    ]
    ids = queries.property_ids(catalog.object_type)
    for name, value in wanted:
        holder = UniqueValue.objects.filter(property_id=ids[name], value=value.casefold()).first()
        if holder is not None:
            return gettext("“%(value)s” now belongs to record %(id)d; change one of the two first.") % {
                "value": value,
                "id": holder.record_id,
            }
    UniqueValue.objects.bulk_create(UniqueValue(property_id=ids[n], value=v.casefold(), record=record) for n, v in wanted)
    return ""


def _rules(catalog: Catalog, origin: Origin, actor: Actor, match: str, mode: str, formats: Formats) -> Rules:
    if match != "id" and (match not in catalog.properties or not catalog.properties[match].unique):
        raise Refused(gettext("Records can be matched by id or by a unique property; “%(name)s” is neither.") % {"name": match})
    privileged = origin.source in MAY_SET_READ_ONLY
    settable = {
        name: spec for name, spec in catalog.properties.items() if (privileged or not spec.read_only_value) and name != "hs_object_id"
    }
    born = {"hs_object_source": origin.source.value, "hs_object_source_detail_1": origin.detail, "hs_object_source_user_id": actor.user_id}
    return Rules(
        specs=catalog.properties,
        parsers={name: canonicalizer(spec, formats) for name, spec in settable.items()},
        match=match,
        mode=mode,
        may_set_read_only=privileged,
        language=get_language() or "en",
        new_values={name: str(value) for name, value in born.items() if value and name in catalog.properties},
        say=sentence_of,
    )


def sentence_of(bad: BadValue) -> str:
    """A bad value's reason in the present language."""
    return _sentence((bad.message, bad.params))


def _sentence(problem: Problem) -> str:
    message, params = problem
    text = gettext(message)
    return text % params if params else text


def _write_slice(catalog: Catalog, rules: Rules, rows: Sequence[Row], actor: Actor, origin: Origin, dry_run: bool) -> Outcome:
    """One slice, tried again when somebody else took a unique value between our look and our write."""
    keys = [_folded_key(rules, row) for row in rows]
    parsed = [parse_row(rules, _with_key(rules, row)) for row in rows]
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


def _decide(catalog: Catalog, rules: Rules, keys: list[str | None], parsed: list[tuple[dict[str, str | None], list[Problem]]]) -> Decision:
    wanted = {(name, value.casefold()) for values, _ in parsed for name in values if rules.specs[name].unique and (value := values[name])}
    if rules.match != "id":
        wanted |= {(rules.match, key) for key in keys if key}
    holders = _holders(catalog, wanted)
    ids = {int(key) for key in keys if key and key.isdigit() and len(key) < 19} if rules.match == "id" else set()
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
    return Outcome(created, tuple(id for id in updated if id), decision.unchanged, refused, ids, position)


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
        ids = {int(key): key for key in keys if key and key.isdigit() and len(key) < 19}
        return {ids[id]: state for id, state in _states(catalog, set(ids)).items()}
    holders = _holders(catalog, {(rules.match, key) for key in keys if key})
    states = _states(catalog, set(holders.values()))
    return {value: states[id] for (_, value), id in holders.items() if id in states}


# Links


def associate(type_name: str, pairs: Sequence[tuple[int, int]], *, actor: Actor, origin: Origin, primary: bool = False) -> Position | None:
    """Links records, read from the type's from-side to its to-side. A pair that is linked already is left as it is."""
    return _link(type_name, pairs, Change.Kind.LINKED, actor, origin, primary)


def dissociate(type_name: str, pairs: Sequence[tuple[int, int]], *, actor: Actor, origin: Origin) -> Position | None:
    """Takes links away; a pair that is not linked is passed over."""
    return _link(type_name, pairs, Change.Kind.UNLINKED, actor, origin, False)


def _link(
    type_name: str, pairs: Sequence[tuple[int, int]], kind: Change.Kind, actor: Actor, origin: Origin, primary: bool
) -> Position | None:
    link = AssociationType.objects.select_related("from_type").filter(name=type_name).first()
    if link is None:
        raise Refused(gettext("There is no association type “%(name)s”.") % {"name": type_name})
    catalog = queries.catalog(link.from_type.name)
    position = None
    for start in range(0, len(pairs), SLICE):
        with transaction.atomic():
            position = _link_slice(link, pairs[start : start + SLICE], kind, catalog, actor, origin, primary) or position
    return position


def _link_slice(
    link: AssociationType,
    pairs: Sequence[tuple[int, int]],
    kind: Change.Kind,
    catalog: Catalog,
    actor: Actor,
    origin: Origin,
    primary: bool,
) -> Position | None:
    sides = [list(side) for side in zip(*pairs, strict=True)]
    with connection.cursor() as cursor:
        if kind is Change.Kind.LINKED:
            cursor.execute(
                "INSERT INTO records_association (type_id, from_record_id, to_record_id, is_primary, created_at)"
                " SELECT %s, f.id, t.id, %s, now() FROM unnest(%s::bigint[], %s::bigint[]) AS p(a, b)"
                " JOIN records_record f ON f.id = p.a AND f.object_type_id = %s"
                " JOIN records_record t ON t.id = p.b AND t.object_type_id = %s"
                " ON CONFLICT DO NOTHING RETURNING from_record_id, to_record_id",
                [link.pk, primary, *sides, link.from_type_id, link.to_type_id],
            )
        else:
            cursor.execute(
                "DELETE FROM records_association a USING unnest(%s::bigint[], %s::bigint[]) AS p(f, t)"
                " WHERE a.type_id = %s AND a.from_record_id = p.f AND a.to_record_id = p.t RETURNING a.from_record_id, a.to_record_id",
                [*sides, link.pk],
            )
        done = cursor.fetchall()
    now = timezone.now()
    other_ends: dict[int, list[int]] = {}
    for from_id, to_id in done:
        other_ends.setdefault(from_id, []).append(to_id)
    rows = ((id, kind.value, now, origin, False, {"type": link.pk, "to": ends}) for id, ends in other_ends.items())
    return log.append(catalog, rows, actor) if done else None


# Definitions


def define_object_type(definition: definitions.ObjectTypeDefinition, *, actor: Actor) -> None:
    """Creates an object type with its groups and properties, or adds what is missing to one that exists."""
    if not NAME.fullmatch(definition.name) or not NAME.fullmatch(definition.plural):
        raise Refused(
            gettext("Names of object types are small letters, digits and underscores: “%(name)s” is not.") % {"name": definition.name}
        )
    with transaction.atomic():
        labels = {key: getattr(definition, key) for key in ("plural", "label_en", "label_fr", "plural_en", "plural_fr", "primary", "order")}
        object_type, _ = ObjectType.objects.get_or_create(name=definition.name, defaults={**labels, "is_system": definition.is_system})
        for group in definition.groups:
            PropertyGroup.objects.get_or_create(
                object_type=object_type,
                name=group.name,
                defaults={"label_en": group.label_en, "label_fr": group.label_fr, "order": group.order},
            )
        groups = {group.name: group for group in object_type.groups.all()}
        there = set(object_type.properties.values_list("name", flat=True))
        Property.objects.bulk_create(
            _property_row(object_type, groups[spec.group], spec, actor, is_system=definition.is_system)
            for spec in definition.properties
            if spec.name not in there
        )
        definitions_changed()


def define_property(object_type: str, spec: PropertySpec, *, actor: Actor) -> PropertySpec:
    """Adds a property to an object type. Raises Refused with every problem of the definition."""
    owner = ObjectType.objects.get(name=object_type)
    problems = _definition_problems(spec)
    if owner.properties.filter(name=spec.name).exists():
        problems.append(gettext("A property named “%(name)s” exists already.") % {"name": spec.name})
    if problems:
        raise Refused(*problems)
    with transaction.atomic():
        group = owner.groups.filter(name=spec.group).first() or owner.groups.first()
        if group is None:
            group = PropertyGroup.objects.create(object_type=owner, name="other", label_en="Other", label_fr="Autres")
        _property_row(owner, group, spec, actor, is_system=False).save()
        definitions_changed()
    return queries.catalog(object_type).properties[spec.name]


def change_property(object_type: str, name: str, *, actor: Actor, **changes: Any) -> PropertySpec:
    """Changes labels, description, group, options, hint, order, hidden. Name, type and uniqueness never change."""
    row = Property.objects.filter(object_type__name=object_type, name=name, archived_at=None).first()
    if row is None:
        raise Refused(gettext("There is no property “%(name)s”.") % {"name": name})
    wrong = set(changes) - {"label_en", "label_fr", "description", "group", "options", "hint", "order", "hidden", "field_type"}
    if wrong:
        raise Refused(gettext("These parts of a property cannot be changed: %(parts)s.") % {"parts": ", ".join(sorted(wrong))})
    proposed = replace(definitions.spec_of(row), **changes)
    problems = _definition_problems(proposed)
    if row.read_only_options and "options" in changes:
        problems.append(gettext("The options of “%(name)s” are kept by Jalon itself.") % {"name": name})
    if proposed.kind is not definitions.spec_of(row).kind:
        problems.append(gettext("The type of a property cannot change; create another one."))
    if problems:
        raise Refused(*problems)
    with transaction.atomic():
        for key in changes:
            setattr(row, key, _stored(row, key, changes[key]))
        row.updated_at, row.updated_by_id = timezone.now(), actor.user_id
        row.save()
        definitions_changed()
    return queries.catalog(object_type).properties[name]


def archive_property(object_type: str, name: str, *, actor: Actor) -> None:
    """Hides a property everywhere. Its values and history stay in PostgreSQL and come back when it is restored."""
    row = Property.objects.filter(object_type__name=object_type, name=name, archived_at=None).first()
    if row is None or row.is_system:
        raise Refused(gettext("“%(name)s” is a property that Jalon needs; hide it instead.") % {"name": name})
    with transaction.atomic():
        row.archived_at, row.updated_by_id = timezone.now(), actor.user_id
        row.save()
        definitions_changed()


def _stored(row: Property, key: str, value: Any) -> Any:
    if key == "options":
        return [definitions.option_json(option) for option in value]
    if key == "group":
        return PropertyGroup.objects.get(object_type=row.object_type, name=value)
    return value.value if isinstance(value, Type | FieldType) else value


def _definition_problems(spec: PropertySpec) -> list[str]:
    problems = []
    if not NAME.fullmatch(spec.name) or spec.name in RESERVED or "__" in spec.name:
        problems.append(
            gettext("“%(name)s” cannot be an internal name; use small letters, digits and single underscores.") % {"name": spec.name}
        )
    if not (spec.label_en or spec.label_fr):
        problems.append(gettext("The property needs a label."))
    values = [option.value for option in spec.options]
    doubles = sorted({value for value in values if values.count(value) > 1})
    if doubles:
        problems.append(gettext("These options stand twice: %(values)s.") % {"values": ", ".join(doubles)})
    if any(not value or ";" in value for value in values):
        problems.append(gettext("Every option needs an internal value without a semicolon."))
    if spec.type is Type.ENUMERATION and len(values) > 5_000:
        problems.append(gettext("A property has at most 5,000 options."))
    if spec.unique and spec.type not in (Type.STRING, Type.NUMBER):
        problems.append(gettext("Only a text or a number can be unique."))
    return problems


def _property_row(object_type: ObjectType, group: PropertyGroup, spec: PropertySpec, actor: Actor, *, is_system: bool) -> Property:
    return Property(
        object_type=object_type,
        group=group,
        name=spec.name,
        type=spec.type.value,
        field_type=spec.field_type.value,
        label_en=spec.label_en or spec.label_fr,
        label_fr=spec.label_fr or spec.label_en,
        description=spec.description,
        options=[definitions.option_json(option) for option in spec.options],
        hint=spec.hint,
        order=spec.order,
        hidden=spec.hidden,
        unique=spec.unique,
        read_only_value=spec.read_only_value,
        is_system=is_system,
        created_by_id=actor.user_id,
        updated_by_id=actor.user_id,
    )


def definitions_changed() -> None:
    """Makes every process read the definitions again, and the columns follow."""
    Definitions.objects.update(version=F("version") + 1)
    queries.forget_catalogs()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify('jalon', '')")


# Set-up


def seed(preset: str = "sales") -> None:
    """The object types, properties and association types that every deployment has. Safe to repeat: adds what is missing."""
    with transaction.atomic():
        Definitions.objects.get_or_create(id=1)
        Epoch.objects.get_or_create(id=1)
        for definition in definitions.system_object_types(preset):
            define_object_type(definition, actor=SYSTEM)
        types = {object_type.name: object_type for object_type in ObjectType.objects.all()}
        for name, link in definitions.system_associations().items():
            from_type, to_type = types[link.pop("from")], types[link.pop("to")]
            AssociationType.objects.get_or_create(
                name=name, defaults={**link, "from_type": from_type, "to_type": to_type, "category": "HUBSPOT_DEFINED", "is_system": True}
            )
    log.prepare_partitions(timezone.now())


def choose_stages(preset: str, actor: Actor) -> None:
    """Lays out the preset's lifecycle stages and their date properties. Contacts that have a stage keep theirs, and it stays an option."""
    stage, *dates = definitions.stage_properties(preset)
    present = queries.catalog("contact").properties["lifecyclestage"]
    used = set(
        Record.objects.filter(object_type_id=queries.type_id("contact")).values_list("properties__lifecyclestage", flat=True).distinct()
    )
    offered = {option.value for option in stage.options}
    kept = tuple(option for option in present.options if option.value in used - offered)
    with transaction.atomic():
        change_property("contact", "lifecyclestage", actor=actor, options=(*stage.options, *kept))
        owner = ObjectType.objects.get(name="contact")
        kept_dates = {spec.name for option in kept for spec in definitions.stage_dates(option, 0)} | {spec.name for spec in dates}
        left_over = owner.properties.filter(name__regex=definitions.STAGE_DATE).exclude(name__in=kept_dates)
        left_over.delete()
        group = owner.groups.get(name="lifecycle")
        there = set(owner.properties.values_list("name", flat=True))
        Property.objects.bulk_create(_property_row(owner, group, spec, actor, is_system=True) for spec in dates if spec.name not in there)
        definitions_changed()
