"""One change to very many records, and taking it back: SQL in slices, a transaction each, nothing parsed row by row.

`records.actions.write` reads what people and files say; these verbs are given canonical texts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

import orjson
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext

from jalon.accounts.access import Actor
from jalon.accounts.actions import Refused
from jalon.records import actions, queries
from jalon.records.bulk import plan
from jalon.records.bulk.plan import Entry, Link, Reversal
from jalon.records.columns import Catalog, Origin, Position, Source
from jalon.records.models import Association, AssociationType
from jalon.records.plan import ROW_COLUMNS

KEPT: Final = 10_000  # of what could not be taken back, so many are told one by one
Values = Mapping[str, str | None]
Report = Callable[[int, int], bool]  # told how many of how many are done; False stops

SET: Final = """
WITH wanted AS ({wanted}),
locked AS MATERIALIZED (
    SELECT r.id, r.properties, w.given FROM records_record r JOIN wanted w USING (id)
    WHERE r.object_type_id = %(type)s AND r.archived_at IS NULL ORDER BY r.id FOR UPDATE OF r
), changes AS MATERIALIZED (
    SELECT l.id, jsonb_object_agg(g.key, jsonb_build_array(l.properties -> g.key, g.value)) AS delta,
           jsonb_object_agg(g.key, g.value) AS given
    FROM locked l, jsonb_each(l.given) g
    WHERE l.properties -> g.key IS DISTINCT FROM NULLIF(g.value, 'null'::jsonb) GROUP BY l.id
), written AS (
    UPDATE records_record r SET properties = jsonb_strip_nulls(r.properties || c.given), updated_at = %(now)s
    FROM changes c WHERE r.id = c.id RETURNING r.id
), logged AS (
    INSERT INTO records_change (epoch, at, record_id, object_type_id, kind, source, source_detail, actor_id, delta)
    SELECT (SELECT value FROM records_epoch), %(now)s, c.id, %(type)s, 'u', %(source)s, %(detail)s, %(actor)s, c.delta
    FROM changes c ORDER BY c.id RETURNING id, epoch
)
SELECT (SELECT count(*) FROM locked), (SELECT count(*) FROM written), max(epoch), pg_current_xact_id()::text::bigint, max(id),
       pg_notify('jalon', '') FROM logged
"""
SAME_FOR_ALL: Final = "SELECT id, %(given)s::jsonb AS given FROM unnest(%(ids)s::bigint[]) AS id"
ONE_EACH: Final = "SELECT key::bigint AS id, value AS given FROM jsonb_each(%(given)s::jsonb)"  # one text: a list costs more than the work


@dataclass(frozen=True, slots=True)
class BulkOutcome:
    """How many records changed and how many had the values already; ids that are gone or archived are in neither."""

    changed: int = 0
    unchanged: int = 0
    position: Position | None = None

    def __add__(self, other: BulkOutcome) -> BulkOutcome:
        return BulkOutcome(self.changed + other.changed, self.unchanged + other.unchanged, other.position or self.position)


def set_all(object_type: str, ids: Sequence[int], values: Values, *, actor: Actor, origin: Origin) -> BulkOutcome:
    """Gives all these records the same canonical values; None clears. Raises Refused for values that may not be set this way."""
    catalog = queries.catalog(object_type)
    _check(catalog, set(values), origin)
    given = orjson.dumps(dict(values)).decode()
    outcome = BulkOutcome()
    for start in range(0, len(ids), actions.SLICE):
        outcome += _set(SAME_FOR_ALL, catalog, ids[start : start + actions.SLICE], given, actor, origin)
    return outcome


def set_each(object_type: str, rows: Sequence[tuple[int, Values]], *, actor: Actor, origin: Origin) -> BulkOutcome:
    """Gives each record its own canonical values; None clears. One row per record. Raises Refused as `set_all` does."""
    catalog = queries.catalog(object_type)
    _check(catalog, set().union(*(values for _, values in rows)), origin)
    outcome = BulkOutcome()
    for start in range(0, len(rows), actions.SLICE):
        part = {str(id): dict(values) for id, values in rows[start : start + actions.SLICE]}
        outcome += _set(ONE_EACH, catalog, (), orjson.dumps(part).decode(), actor, origin)
    return outcome


def _check(catalog: Catalog, names: set[str], origin: Origin) -> None:
    problems = [
        gettext("There is no property “%(name)s”; create it first or leave the column out.") % {"name": name}
        for name in sorted(names - catalog.properties.keys())
    ]
    specs = [catalog.properties[name] for name in sorted(names & catalog.properties.keys())]
    problems += [
        gettext("“%(name)s” is different for every record and cannot be set for many at once.") % {"name": spec.name}
        for spec in specs
        if spec.unique
    ]
    fixed = [spec.name for spec in specs if spec.name in ROW_COLUMNS or not actions.may_set(spec, origin.source)]
    problems += [gettext("“%(label)s” is kept by Jalon itself and cannot be set.") % {"label": name} for name in fixed]
    if problems:
        raise Refused(*problems)


def _set(wanted: str, catalog: Catalog, ids: Sequence[int], given: str, actor: Actor, origin: Origin) -> BulkOutcome:
    told: dict[str, Any] = {
        "ids": list(ids),
        "given": given,
        "type": queries.type_id(catalog.object_type),
        "now": timezone.now(),
        "source": origin.source.value,
        "detail": origin.detail[:200],
        "actor": actor.user_id,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SET.format(wanted=wanted), told)
        there, changed, epoch, xid, last, _ = cursor.fetchone()
    return BulkOutcome(changed, there - changed, Position(epoch, xid, last) if changed else None)


# Taking back


@dataclass(frozen=True, slots=True)
class Kept:
    """Something that was not taken back: a property of a record, or with "" the record itself. `why` is a message id."""

    object_type: str
    record_id: int
    property: str
    why: str


@dataclass(slots=True)
class UndoOutcome:
    """`undone` counts records. Of what was kept, the first ten thousand are told."""

    undone: int = 0
    kept: list[Kept] = field(default_factory=list)
    kept_count: int = 0
    position: Position | None = None
    finished: bool = True


def undo_origin(origin: Origin) -> Origin:
    """Where the lines of taking something back come from."""
    return Origin(Source.UNDO, f"{origin.source.value} {origin.detail}".strip())


def undo(origin: Origin, *, actor: Actor, report: Report | None = None, since: datetime | None = None) -> UndoOutcome:
    """Takes back all that the log says came from `origin`: values, new records, links, archivings.

    What somebody changed since stays as it is and is told. Safe to repeat: a crash in the middle, then the same call
    again, does the rest and tells the whole. `since` spares reading the log before it.
    """
    outcome, done = UndoOutcome(), 0
    first, touched = _touched(origin, since)
    total = sum(map(len, touched.values()))
    for name, ids in touched.items():
        for start in range(0, len(ids), actions.SLICE):
            part = ids[start : start + actions.SLICE]
            with transaction.atomic():
                _undo_slice(name, dict(_reversals(part, first, origin)), undo_origin(origin), actor, outcome)
            done += len(part)
            if report is not None and not report(done, total):
                outcome.finished = done == total
                return outcome
    return outcome


def _touched(origin: Origin, since: datetime | None) -> tuple[int, dict[str, list[int]]]:
    """The first line that came from there, and the records that it touched by object type."""
    names = {queries.type_id(name): name for name in queries.catalogs()}
    touched: dict[str, list[int]] = {name: [] for name in names.values()}
    lowest = 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT object_type_id, record_id, min(id) FROM records_change WHERE source = %s AND source_detail = %s"
            " AND (%s::timestamptz IS NULL OR recorded_at >= %s) GROUP BY object_type_id, record_id ORDER BY record_id",
            [origin.source.value, origin.detail[:200], since, since],
        )
        for type_id, record_id, first in cursor.fetchall():
            if type_id in names:
                touched[names[type_id]].append(record_id)
                lowest = min(lowest or first, first)
    return lowest, touched


def _undo_slice(object_type: str, reversals: dict[int, Reversal], back: Origin, actor: Actor, outcome: UndoOutcome) -> None:
    archived_before = _which(reversals, "restore")
    restored = actions.restore(object_type, archived_before, actor=actor, origin=back) if archived_before else actions.Outcome()
    for refusal in restored.refused:
        refused = reversals[restored.ids[refusal.index] or 0]
        refused.values.clear()
        refused.kept.append(("", plan.TAKEN_SINCE))
    linked, at = _unlink_and_link(reversals, back, actor)
    given, then = _give_back(object_type, {id: r for id, r in reversals.items() if r.values}, back, actor)
    archived = actions.archive(object_type, _which(reversals, "archive"), actor=actor, origin=back)
    outcome.undone += len({*restored.updated, *linked, *given, *archived.updated})
    positions = [outcome.position, restored.position, at, then, archived.position]
    outcome.position = max((position for position in positions if position), default=None)
    _tell(object_type, reversals, outcome)


def _reversals(ids: list[int], first: int, origin: Origin) -> Iterator[tuple[int, Reversal]]:
    """What to do to each record; locked, so that nobody changes it between our look and our write."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM (SELECT id FROM records_record WHERE id = ANY(%s) ORDER BY id FOR UPDATE) AS locked", [ids])
        cursor.execute(
            "SELECT record_id, kind::text, source, source_detail, delta::text FROM records_change"
            " WHERE record_id = ANY(%s) AND id >= %s AND NOT backdated ORDER BY record_id, id",
            [ids, first],
        )
        rows = cursor.fetchall()
    origins: dict[tuple[str, str], Origin] = {}
    back = undo_origin(origin)
    for id, lines in groupby(rows, key=itemgetter(0)):
        entries = [Entry(kind, _origin(origins, source, detail), orjson.loads(delta)) for _, kind, source, detail, delta in lines]
        yield int(id), plan.reverse(entries, origin, back)


def _origin(known: dict[tuple[str, str], Origin], source: str, detail: str) -> Origin:
    key = (source, detail)
    if key not in known:
        known[key] = Origin(Source(source), detail)
    return known[key]


def _which(reversals: Mapping[int, Reversal], mark: str) -> list[int]:
    return [id for id, reversal in reversals.items() if getattr(reversal, mark)]


def _give_back(object_type: str, reversals: Mapping[int, Reversal], back: Origin, actor: Actor) -> tuple[set[int], Position | None]:
    """The former values; those of unique properties and creation dates row by row, since somebody may have them by now."""
    live = queries.catalog(object_type).properties
    special = {spec.name for spec in live.values() if spec.unique} | set(ROW_COLUMNS)
    rows = {id: {n: v for n, v in reversal.values.items() if n in live} for id, reversal in reversals.items()}
    plain = [(id, values) for id, values in rows.items() if values and special.isdisjoint(values)]
    given = set_each(object_type, plain, actor=actor, origin=back)
    others = [id for id, values in rows.items() if not special.isdisjoint(values)]
    written = actions.write(
        object_type,
        [actions.Row(rows[id], id) for id in others],
        actor=actor,
        origin=back,
        mode="update",
        is_canonical=True,
    )
    for refusal in written.refused:
        reversals[others[refusal.index]].kept.append(("", plan.TAKEN_SINCE))
    return {id for id, _ in plain} | set(written.updated), written.position or given.position


def _unlink_and_link(reversals: Mapping[int, Reversal], back: Origin, actor: Actor) -> tuple[set[int], Position | None]:
    names = dict(AssociationType.objects.values_list("id", "name"))
    done: set[int] = set()
    position: Position | None = None
    for verb, pairs in ((actions.dissociate, _pairs(reversals, "unlink")), (actions.associate, _pairs(reversals, "link"))):
        for type_id in pairs.keys() & names.keys():
            position = verb(names[type_id], pairs[type_id], actor=actor, origin=back) or position
            done.update(id for id, _ in pairs[type_id])
    for id, reversal in reversals.items():
        for type_id in reversal.primary.keys() & names.keys():
            position = _choose_again(names[type_id], id, reversal.primary[type_id], back, actor) or position
            done.add(id)
    return done, position


def _choose_again(type_name: str, id: int, former: int | None, back: Origin, actor: Actor) -> Position | None:
    """The link that was the primary one is it again, where it is still there."""
    if former is None:
        return actions.clear_primary(type_name, id, actor=actor, origin=back)
    if Association.objects.filter(type__name=type_name, from_record_id=id, to_record_id=former).exists():
        return actions.set_primary(type_name, (id, former), actor=actor, origin=back)
    return None


def _pairs(reversals: Mapping[int, Reversal], which: str) -> dict[int, list[Link]]:
    found: dict[int, list[Link]] = {}
    for id, reversal in reversals.items():
        for type_id, other in getattr(reversal, which):
            found.setdefault(type_id, []).append((id, other))
    return found


def _tell(object_type: str, reversals: Mapping[int, Reversal], outcome: UndoOutcome) -> None:
    for id, reversal in reversals.items():
        outcome.kept_count += len(reversal.kept)
        if len(outcome.kept) < KEPT:
            outcome.kept += [Kept(object_type, id, name, why) for name, why in reversal.kept]
