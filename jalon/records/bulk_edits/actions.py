"""The verbs of bulk edits: begin one, do a slice of it, take it back. Each slice is a transaction with its own progress in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from jalon.accounts.access import EVERYTHING, SYSTEM, Access, Actor
from jalon.accounts.actions import Refused
from jalon.accounts.queries import access_of
from jalon.jobs import actions as jobs
from jalon.records import actions, selection
from jalon.records.bulk import actions as bulk
from jalon.records.bulk.actions import UndoOutcome
from jalon.records.bulk_edits import queries
from jalon.records.bulk_edits.plan import Change, Deed, from_json, in_turn
from jalon.records.bulk_edits.queries import BulkEditView
from jalon.records.bulk_edits.words import AT_ONCE
from jalon.records.columns import Catalog, Origin, Position, Source
from jalon.records.models import BulkEdit, ObjectType
from jalon.records.selection import Selection

KIND: Final = "bulk_edit"
UNDO_KIND: Final = "bulk_undo"
TOLD: Final = 200  # of what could not be taken back, so many are kept with the bulk edit


@dataclass(frozen=True, slots=True)
class Begun:
    """A bulk edit that was done at once, or that a job does now."""

    id: int
    finished: bool
    position: Position | None = None


def begin(access: Access, chosen: Selection, change: Change) -> Begun:
    """Freezes which records are meant, and changes them: at once where they are few, else in the background."""
    access.require(change.deed.permission)
    ids = selection.resolve(access, chosen, change.deed.verb)
    return begin_with(access.actor, chosen.catalog, ids, change)


def begin_with(actor: Actor, catalog: Catalog, ids: list[int], change: Change, *, everywhere: bool = False) -> Begun:
    """The same for records that are known already. `everywhere` also changes those that this person may not edit one by one."""
    _check(catalog, change)
    row = BulkEdit.objects.create(
        object_type=ObjectType.objects.get(name=catalog.object_type),
        kind=change.deed.value,
        arguments=change.to_json() | {"everywhere": everywhere},
        ids=ids,
        total=len(ids),
        user_id=actor.user_id,
    )
    if len(ids) > AT_ONCE:
        label = gettext("Change of %(count)s records") % {"count": len(ids)}
        job = jobs.start(KIND, label, arguments={"bulk_edit_id": row.pk}, user_id=actor.user_id)
        BulkEdit.objects.filter(pk=row.pk).update(job_id=job.pk)
        return Begun(row.pk, finished=False)
    return Begun(row.pk, finished=True, position=do(row.pk))


def _check(catalog: Catalog, change: Change) -> None:
    if change.deed is Deed.SPREAD and not change.owners:
        raise Refused(gettext("Choose at least one person."))
    for name in change.values:
        spec = catalog.properties.get(name)
        if spec is None or spec.unique or spec.read_only_value or spec.is_computed:
            raise Refused(gettext("This property cannot be changed for many records at once."))


def do(id: int, report: Callable[[int, int], bool] = lambda done, total: True) -> Position | None:
    """Changes what is left to change, slice by slice. `report` says False where the work is to stop."""
    row = BulkEdit.objects.select_related("object_type").get(pk=id)
    change, ids, position = from_json(row.kind, row.arguments), row.ids, None
    access = EVERYTHING if row.user_id is None else access_of(row.user_id)
    reach = EVERYTHING if row.arguments.get("everywhere") else access
    done = row.done
    while done < row.total:
        part = ids[done : done + actions.SLICE]
        with transaction.atomic():
            reached = queries.within_reach(reach, row.object_type.name, part, change.deed.verb)
            changed, gone, at = _apply(row, change, reached, done, access.actor)
            position, done = at or position, done + len(part)
            row.changed, row.refused, row.done = row.changed + changed, row.refused + gone + len(part) - len(reached), done
            row.save(update_fields=["changed", "refused", "done"])
            going_on = report(done, row.total)
        if not going_on:
            break
    BulkEdit.objects.filter(pk=id).update(finished_at=timezone.now())
    return position


def _apply(row: BulkEdit, change: Change, ids: list[int], start: int, actor: Actor) -> tuple[int, int, Position | None]:
    """How many changed, how many are gone, and the position of the last change."""
    name, origin = row.object_type.name, origin_of(row.pk)
    if change.deed in (Deed.LINK, Deed.UNLINK):
        making = change.deed is Deed.LINK
        there = queries.linked(change, ids)
        wanted = [id for id in ids if (id in there) != making]
        verb = actions.associate if making else actions.dissociate
        return len(wanted), 0, verb(change.association, _pairs(change, wanted), actor=actor, origin=origin) if wanted else None
    if change.deed is Deed.ARCHIVE:
        archived = actions.archive(name, ids, actor=actor, origin=origin)
        return len(archived.updated), archived.unchanged, archived.position
    if change.deed is Deed.SPREAD:
        outcome = bulk.set_each(name, in_turn(change.owners, ids, start), actor=actor, origin=origin)
    else:
        outcome = bulk.set_all(name, ids, change.values, actor=actor, origin=origin)
    return outcome.changed, len(ids) - outcome.changed - outcome.unchanged, outcome.position


def _pairs(change: Change, ids: Sequence[int]) -> list[tuple[int, int]]:
    return [(change.other_id, id) if change.inverse else (id, change.other_id) for id in ids]


def origin_of(id: int) -> Origin:
    """What the lines of a bulk edit in the change log say of their source."""
    return Origin(Source.BULK_EDIT, str(id))


# Taking back


def begin_undo(access: Access, id: int) -> Begun:
    """Takes a bulk edit back, except what somebody changed since: at once where it was small, else in the background."""
    found = queries.bulk_edit(access, id)
    if found is None or not _may_undo(access, found):
        raise Refused(gettext("Only the person who changed these records, or a super admin, can take it back."))
    with transaction.atomic():
        row = BulkEdit.objects.select_for_update().get(pk=id)
        if row.undone_at is not None:
            raise Refused(gettext("This was taken back already."))
        if found.working:
            raise Refused(gettext("It is still at work. Cancel it, or wait for its end."))
        if row.changed > AT_ONCE:
            label = gettext("Taking back the change of %(count)s records") % {"count": row.changed}
            job = jobs.start(UNDO_KIND, label, arguments={"bulk_edit_id": id}, user_id=access.actor.user_id)
            BulkEdit.objects.filter(pk=id).update(undo_job_id=job.pk)
            return Begun(id, finished=False)
    return Begun(id, finished=True, position=take_back(id, access.actor).position)


def _may_undo(access: Access, found: BulkEditView) -> bool:
    return access.super_admin or (found.user_id == access.actor.user_id and access.may(found.change.deed.permission))


def take_back(id: int, actor: Actor = SYSTEM, report: Callable[[int, int], bool] | None = None) -> UndoOutcome:
    """Takes back what the log says of it. Safe to repeat."""
    row = BulkEdit.objects.get(pk=id)
    outcome = bulk.undo(origin_of(id), actor=actor, report=report, since=row.created_at)
    told = [_line(kept.record_id, kept.property, kept.why) for kept in outcome.kept[:TOLD]]
    BulkEdit.objects.filter(pk=id).update(
        undone=outcome.undone,
        kept=outcome.kept_count,
        kept_lines=told,
        undone_at=timezone.now() if outcome.finished else None,
    )
    return outcome


def _line(record_id: int, name: str, why: str) -> Mapping[str, str | int]:
    return {"record_id": record_id, "property": name, "why": why}
