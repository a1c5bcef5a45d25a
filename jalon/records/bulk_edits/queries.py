"""Reading bulk edits: what one would do, and those that were done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import QuerySet
from sqlglot import exp

from jalon.accounts.access import Access
from jalon.jobs.queries import JobView, job
from jalon.records import queries, selection
from jalon.records.bulk_edits.plan import Change, Deed, from_json
from jalon.records.columns import PropertySpec
from jalon.records.models import Association, AssociationType, BulkEdit
from jalon.records.selection import Selection
from jalon.records.values import parse_instant
from jalon.warehouse import query
from jalon.warehouse.schema import Kind

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change would do to a selection: `chosen` = `changing` + `same` + `out_of_reach`."""

    chosen: int
    changing: int
    same: int
    out_of_reach: int


def preview(access: Access, chosen: Selection, change: Change) -> Preview:
    """Counted in the columns; the change itself looks at each record again."""
    every = selection.count(access, chosen)
    reached = selection.count(access, chosen, change.deed.verb)
    already = _has_already(chosen, change)
    same = selection.count(access, chosen, change.deed.verb, already) if already is not None else 0
    return Preview(every, reached - same, same, every - reached)


def _has_already(chosen: Selection, change: Change) -> exp.Expression | None:
    """The records whose values are these already, or that are linked already; None where one cannot say."""
    specs = chosen.catalog.properties
    if change.deed is Deed.SET:
        return query.conjunction([_is(specs[name], value) for name, value in change.values.items() if name in specs])
    if change.deed not in (Deed.LINK, Deed.UNLINK):
        return None
    type_id = AssociationType.objects.filter(name=change.association).values_list("id", flat=True).first() or 0
    own, other = ("to_id", "from_id") if change.inverse else ("from_id", "to_id")
    asked = [exp.EQ(this=query.column(name), expression=query.whole(id)) for name, id in (("type_id", type_id), (other, change.other_id))]
    linked = query.among(query.column("id"), query.select(query.column(own)).from_(query.table("associations")).where(*asked))
    return linked if change.deed is Deed.LINK else query.negation(linked)


def _is(spec: PropertySpec, value: str | None) -> exp.Expression:
    column = query.column(spec.name)
    if value is None:
        return query.is_null(column)
    match spec.kind:
        case Kind.NUMBER:
            literal = query.number(value)
        case Kind.USER | Kind.ID | Kind.INTEGER:
            literal = query.whole(int(value))
        case Kind.BOOL:
            literal = query.truth(value == "true")
        case Kind.DATE:
            literal = exp.cast(query.text(value), "DATE")
        case Kind.DATETIME:
            literal = query.instant(parse_instant(value))
        case Kind.MULTI:
            literal = query.text(f";{value.strip(';')};")
        case _:
            literal = query.text(value)
    return query.conjunction([query.is_known(column), exp.EQ(this=column.copy(), expression=literal)])


@dataclass(frozen=True, slots=True)
class BulkEditView:
    """A bulk edit as it stands. While a job does or undoes it, `job` says how far it is."""

    id: int
    object_type: str
    change: Change
    total: int
    done: int
    changed: int
    refused: int
    user_id: int | None
    created_at: datetime
    finished_at: datetime | None
    undone_at: datetime | None
    undone: int
    kept: int
    kept_lines: Sequence[Mapping[str, Any]]
    job: JobView | None
    undo_job: JobView | None

    @property
    def unchanged(self) -> int:
        return self.done - self.changed - self.refused

    @property
    def working(self) -> JobView | None:
        """The job that is at it now."""
        return next((one for one in (self.undo_job, self.job) if one and not one.finished), None)

    @property
    def may_be_undone(self) -> bool:
        return self.changed > 0 and self.undone_at is None and self.working is None


def bulk_edit(access: Access, id: int) -> BulkEditView | None:
    """One's own; those of others for whoever reads the audit log."""
    row = _seen(access).filter(pk=id).first()
    return _view(row) if row else None


def bulk_edits(access: Access, object_type: str, before: int | None = None) -> list[BulkEditView]:
    """The history, newest first."""
    rows = _seen(access).filter(object_type__name=object_type)
    return [_view(row) for row in (rows.filter(pk__lt=before) if before else rows).order_by("-pk")[:PAGE]]


def _seen(access: Access) -> QuerySet[BulkEdit]:
    rows = BulkEdit.objects.select_related("object_type").defer("ids")
    return rows if access.may("audit") else rows.filter(user_id=access.actor.user_id)


def _view(row: BulkEdit) -> BulkEditView:
    plain = ("total", "done", "changed", "refused", "user_id", "created_at", "finished_at", "undone_at", "undone", "kept", "kept_lines")
    return BulkEditView(
        id=row.pk,
        object_type=row.object_type.name,
        change=from_json(row.kind, row.arguments),
        job=job(row.job_id) if row.job_id else None,
        undo_job=job(row.undo_job_id) if row.undo_job_id else None,
        **{name: getattr(row, name) for name in plain},
    )


def within_reach(access: Access, object_type: str, ids: list[int], verb: str) -> list[int]:
    """Those that this person may edit or delete now; everything for somebody whom nothing is kept from."""
    return ids if access.owners(object_type, verb) is None else queries.reachable(access, object_type, ids, verb)


def linked(change: Change, ids: Sequence[int]) -> set[int]:
    """Those of the records that are linked in this way now."""
    rows = Association.objects.filter(type__name=change.association)
    if change.inverse:
        return set(rows.filter(from_record_id=change.other_id, to_record_id__in=ids).values_list("to_record_id", flat=True))
    return set(rows.filter(to_record_id=change.other_id, from_record_id__in=ids).values_list("from_record_id", flat=True))
