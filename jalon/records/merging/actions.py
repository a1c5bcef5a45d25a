"""Merging records, and taking a merge back. Each is one transaction: rows, links and the lines of the log together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext

from jalon.accounts.access import Actor
from jalon.accounts.actions import Refused
from jalon.accounts.audit.actions import audit
from jalon.records import actions, queries
from jalon.records.actions import Row
from jalon.records.bulk.actions import undo_origin
from jalon.records.columns import Catalog, Origin, Position, Source
from jalon.records.log import actions as log
from jalon.records.merging import plan
from jalon.records.merging import queries as merges
from jalon.records.merging.plan import LOSER, SURVIVOR, Link
from jalon.records.models import Association, Change, DuplicatePair, Merge, Record, UniqueValue
from jalon.records.plan import claimed
from jalon.records.values import instant_text
from jalon.warehouse.words import N_

CHANGED_SINCE: Final = N_("It was changed since.")
TAKEN_SINCE: Final = N_("Its former value belongs to another record now.")
LINK_GONE: Final = N_("This link was taken away since.")
MERGED: Final = N_("%(who)s merged record %(loser)s into record %(survivor)s.")
SEPARATED: Final = N_("%(who)s took back the merge of record %(loser)s into record %(survivor)s.")


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge did: the rows that undo it, in their order, and where the columns have to come to."""

    merges: tuple[int, ...]
    position: Position | None


@dataclass(frozen=True, slots=True)
class Separated:
    """What taking a merge back could not: (what, why) as message ids, a property by its name."""

    kept: tuple[tuple[str, str], ...]
    position: Position | None


def merge(object_type: str, survivor: int, losers: Sequence[int], choices: Mapping[str, int] | None = None, *, actor: Actor) -> Merged:
    """Makes one record of several. `choices` says by property whose value it has, as the id of one of them.

    Without a choice the survivor's value stays, filled in where it is empty. Raises Refused where one of them is not
    there any more, archived, or named twice.
    """
    catalog, chosen = queries.catalog(object_type), dict(choices or {})
    done: list[int] = []
    with transaction.atomic():
        _lock(catalog, [survivor, *losers])
        position = None
        for place, loser in enumerate(losers):
            sides = {name: _side(id, loser, losers[place + 1 :]) for name, id in chosen.items()}
            row, position = _merge_one(catalog, survivor, loser, sides, actor)
            done.append(row)
        for loser in losers:
            audit(actor, "record.merged", MERGED, link=f"/{catalog.plural}/{survivor}/", loser=loser, survivor=survivor)
    return Merged(tuple(done), position)


def _side(chosen: int, loser: int, later: Sequence[int]) -> str:
    """A choice seen from one merge of several: a record that comes later will bring its own value then."""
    return LOSER if chosen == loser or chosen in later else SURVIVOR


def _lock(catalog: Catalog, ids: Sequence[int]) -> None:
    rows = Record.objects.select_for_update().filter(id__in=ids, object_type_id=queries.type_id(catalog.object_type), archived_at=None)
    if len(set(ids)) < 2 or len(set(ids)) != len(ids):
        raise Refused(gettext("A merge needs two different records at least."))
    if len(rows.order_by("id")) != len(ids):
        raise Refused(gettext("One of these records is archived, merged or gone by now: open the page again."))


def _merge_one(catalog: Catalog, survivor: int, loser: int, choices: Mapping[str, str], actor: Actor) -> tuple[int, Position | None]:
    kept, lost = _values(survivor), _values(loser)
    combination = plan.combine(catalog, kept, lost, choices)
    row = Merge.objects.create(
        object_type_id=queries.type_id(catalog.object_type),
        survivor_id=survivor,
        loser_id=loser,
        choices=dict(choices),
        before={name: kept.get(name) for name in combination.changed},
        after=combination.changed,
        actor_id=actor.user_id,
    )
    origin = Origin(Source.MERGE, str(row.pk))
    _put_away(catalog, loser, survivor, actor, origin)
    _write(catalog, survivor, combination.changed, actor, origin)
    row.links = _move_links(loser, survivor, actor, origin)
    row.save(update_fields=["links"])
    DuplicatePair.objects.filter(first_id=loser).delete()
    DuplicatePair.objects.filter(second_id=loser).delete()
    said_again = {name: [value, value] for name, value in combination.confirmed.items()}
    return row.pk, _log(catalog, survivor, Change.Kind.UPDATED, said_again, actor, origin)


def _values(id: int) -> dict[str, str]:
    row = Record.objects.get(pk=id)
    return {**row.properties, "createdate": instant_text(row.created_at)}


def _put_away(catalog: Catalog, loser: int, survivor: int, actor: Actor, origin: Origin) -> None:
    Record.objects.filter(pk=loser).update(archived_at=timezone.now(), merged_into_id=survivor)
    UniqueValue.objects.filter(record_id=loser).delete()
    _log(catalog, loser, Change.Kind.MERGED, {"into": survivor}, actor, origin)


def _write(catalog: Catalog, id: int, values: Mapping[str, str | None], actor: Actor, origin: Origin) -> None:
    if not values:
        return
    outcome = actions.write(catalog.object_type, [Row(values, id)], actor=actor, origin=origin, mode="update", is_canonical=True)
    if outcome.refused:
        raise Refused(*outcome.refused[0].sentences)


def _log(catalog: Catalog, id: int, kind: Change.Kind, delta: Mapping[str, Any], actor: Actor, origin: Origin) -> Position:
    return log.append(catalog, [(id, kind.value, timezone.now(), origin, False, delta)], actor)


# Links


def _move_links(loser: int, survivor: int, actor: Actor, origin: Origin) -> list[dict[str, Any]]:
    moves = plan.move_links(merges.links_of(loser), merges.links_of(survivor), loser, survivor, merges.limits())
    old = [*(before for before, _ in moves.moved), *moves.dropped]
    _unlink(old, actor, origin)
    _link([after for _, after in moves.moved], actor, origin)
    _mark(moves.raised, True)
    return [
        *({"raised": _image(link)} for link in moves.raised),
        *({"was": _image(before), "is": _image(after)} for before, after in moves.moved),
        *({"was": _image(link), "is": None} for link in moves.dropped),
    ]


def _image(link: Link) -> list[Any]:
    return [link.type_id, link.from_id, link.to_id, link.primary, link.since]


def _unlink(links: Sequence[Link], actor: Actor, origin: Origin) -> None:
    if not links:
        return
    sides = [list(side) for side in zip(*(link.pair for link in links), strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM records_association a USING unnest(%s::int[], %s::bigint[], %s::bigint[]) AS p(type, f, t)"
            " WHERE a.type_id = p.type AND a.from_record_id = p.f AND a.to_record_id = p.t",
            sides,
        )
    _log_links(links, Change.Kind.UNLINKED, actor, origin)


def _link(links: Sequence[Link], actor: Actor, origin: Origin) -> None:
    """Rows as they are said, their age with them; a record that is gone for ever meanwhile gets none."""
    if not links:
        return
    columns = [list(side) for side in zip(*((*link.pair, link.primary, link.since) for link in links), strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO records_association (type_id, from_record_id, to_record_id, is_primary, created_at)"
            " SELECT p.type, p.f, p.t, p.is_primary AND NOT EXISTS (SELECT FROM records_association o"
            " WHERE o.type_id = p.type AND o.from_record_id = p.f AND o.is_primary), p.since"
            " FROM unnest(%s::int[], %s::bigint[], %s::bigint[], %s::bool[], %s::timestamptz[]) AS p(type, f, t, is_primary, since)"
            " JOIN records_record rf ON rf.id = p.f JOIN records_record rt ON rt.id = p.t ON CONFLICT DO NOTHING",
            columns,
        )
    _log_links(links, Change.Kind.LINKED, actor, origin)


def _mark(links: Iterable[Link], primary: bool) -> None:
    """Makes links primary, or no longer. The lines of the log about the links beside them let the columns see it."""
    for link in links:
        Association.objects.filter(type_id=link.type_id, from_record_id=link.from_id, to_record_id=link.to_id).update(is_primary=primary)


def _log_links(links: Iterable[Link], kind: Change.Kind, actor: Actor, origin: Origin) -> None:
    told: dict[tuple[int, int], list[int]] = {}
    for link in links:
        told.setdefault((link.type_id, link.from_id), []).append(link.to_id)
    catalogs = merges.ends({type_id for type_id, _ in told})
    now = timezone.now()
    for type_id, catalog in catalogs.items():
        rows = [
            (from_id, kind.value, now, origin, False, {"type": type_id, "to": ends})
            for (own_type, from_id), ends in told.items()
            if own_type == type_id
        ]
        log.append(catalog, rows, actor)


# Taking a merge back


def undo_merge(id: int, *, actor: Actor) -> Separated:
    """Brings both records back as they were. What somebody changed since stays on the survivor and is told.

    Raises Refused where the survivor is archived or gone, or another merge stands on this one.
    """
    with transaction.atomic():
        row = Merge.objects.select_for_update().select_related("object_type").filter(pk=id, undone_at=None).first()
        seen = merges.merge(id) if row else None
        if row is None or seen is None:
            raise Refused(gettext("This merge was taken back already."))
        catalog = queries.catalog(row.object_type.name)
        records = {r.pk: r for r in Record.objects.select_for_update().filter(pk__in=[row.survivor_id, row.loser_id]).order_by("id")}
        _check_undo(seen, records)
        origin = undo_origin(Origin(Source.MERGE, str(row.pk)))
        kept = _give_back_values(catalog, row, actor, origin)
        kept += _bring_back(catalog, row, actor, origin)
        kept += _give_back_links(row, actor, origin)
        row.undone_at, row.undone_by_id, row.kept = timezone.now(), actor.user_id, kept
        row.save(update_fields=["undone_at", "undone_by_id", "kept"])
        position = _log(catalog, row.loser_id, Change.Kind.SEPARATED, {"into": row.survivor_id}, actor, origin)
        audit(
            actor, "record.separated", SEPARATED, link=f"/{catalog.plural}/{row.survivor_id}/", loser=row.loser_id, survivor=row.survivor_id
        )
    return Separated(tuple(kept), position)


def _check_undo(row: merges.MergeView, records: Mapping[int, Record]) -> None:
    survivor, loser = records.get(row.survivor_id), records.get(row.loser_id)
    if survivor is None or loser is None:
        raise Refused(gettext("One of the two records was deleted for ever, so that this merge cannot be taken back."))
    later = merges.in_the_way(row)
    if later is not None:
        raise Refused(
            gettext("First take back the later merge of record %(loser)d into record %(survivor)d: it stands on this one.")
            % {"loser": later.loser_id, "survivor": later.survivor_id}
        )
    if survivor.archived_at is not None:
        raise Refused(gettext("The merged record is archived: bring it back first."))


def _give_back_values(catalog: Catalog, row: Merge, actor: Actor, origin: Origin) -> list[tuple[str, str]]:
    present, loser = _values(row.survivor_id), _values(row.loser_id)
    back = plan.take_back(present, row.before, row.after, loser)
    taken = _taken(catalog, {name: v for name, v in back.values.items() if v is not None}, {row.survivor_id, row.loser_id})
    live = {name: value for name, value in back.values.items() if name in catalog.properties and name not in taken}
    _write(catalog, row.survivor_id, live, actor, origin)
    return [*((name, CHANGED_SINCE) for name in back.kept), *((name, TAKEN_SINCE) for name in sorted(taken))]


def _taken(catalog: Catalog, values: Mapping[str, str | None], own: set[int]) -> set[str]:
    """The unique properties of which somebody else holds a value by now."""
    ids = queries.property_ids(catalog.object_type)
    unique = [spec.name for spec in catalog.properties.values() if spec.unique]
    wanted = {name: claimed(values, name) for name in unique}
    return {
        name
        for name, found in wanted.items()
        if found and UniqueValue.objects.filter(property_id=ids[name], value__in=list(found)).exclude(record_id__in=own).exists()
    }


def _bring_back(catalog: Catalog, row: Merge, actor: Actor, origin: Origin) -> list[tuple[str, str]]:
    """The loser with its own values; a unique one that somebody took meanwhile it goes without."""
    values = Record.objects.get(pk=row.loser_id).properties
    lost = _taken(catalog, values, {row.loser_id})
    left = {name: value for name, value in values.items() if name not in lost}
    Record.objects.filter(pk=row.loser_id).update(archived_at=None, merged_into_id=None, properties=left)
    ids = queries.property_ids(catalog.object_type)
    UniqueValue.objects.bulk_create(
        UniqueValue(property_id=ids[spec.name], value=folded, record_id=row.loser_id)
        for spec in catalog.properties.values()
        if spec.unique
        for folded in claimed(left, spec.name)
    )
    if lost:
        _log(catalog, row.loser_id, Change.Kind.UPDATED, {name: [values[name], None] for name in sorted(lost)}, actor, origin)
    return [(name, TAKEN_SINCE) for name in sorted(lost)]


def _give_back_links(row: Merge, actor: Actor, origin: Origin) -> list[tuple[str, str]]:
    raised = [Link(*image["raised"]) for image in row.links if "raised" in image]
    images = [(Link(*image["was"]), Link(*image["is"]) if image["is"] else None) for image in row.links if "was" in image]
    there = merges.present_links([after for _, after in images if after is not None])
    gone = [after for _, after in images if after is not None and after.pair not in there]
    back = [(before, after) for before, after in images if after is None or after.pair in there]
    _unlink([after for _, after in back if after is not None], actor, origin)
    _mark(raised, False)
    _link([before for before, _ in back], actor, origin)
    return [(f"{link.type_id}:{link.from_id}:{link.to_id}", LINK_GONE) for link in gone]
