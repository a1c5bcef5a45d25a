"""Taking an import back: only what it changed and nobody changed since. What stays is listed, as a page and as a file."""

from __future__ import annotations

import csv
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from jalon.accounts.access import Access
from jalon.accounts.actions import audit, notify
from jalon.imports import queries
from jalon.imports.actions import NotReady
from jalon.imports.listing import actions as listing
from jalon.imports.models import Import, State
from jalon.jobs import actions as jobs
from jalon.records.bulk.actions import Kept, UndoOutcome
from jalon.warehouse.words import N_

KIND = "import_undo"  # of the background job
FIRST = 200  # of what was kept: so many are on the page, all that are told in the file
UNDONE = N_("Your import of %(files)s was undone: %(undone)s records are as they were before, %(kept)s changes since were kept.")
AUDITED = N_("%(who)s undid the import of %(files)s")


@dataclass(frozen=True, slots=True)
class KeptLine:
    """Something that stayed: a property of a record, or with "" the record itself."""

    object_type: str
    record_id: int
    property: str
    why: str


def begin(import_id: int, *, access: Access) -> int:
    """Start taking an import back, or go on with it. Returns the job."""
    with transaction.atomic():
        row = Import.objects.select_for_update().get(pk=import_id)
        found = queries.view(row)
        if not found.can_be_undone:
            raise NotReady(gettext("This import is not done, was undone already, or brought in past values, which cannot be undone."))
        row.state = State.UNDOING
        row.job_id = jobs.start(KIND, found.name, arguments={"import_id": row.pk}, user_id=access.actor.user_id).pk
        row.save(update_fields=["state", "job_id"])
        audit(access.actor, "import.undone", AUDITED, link=f"/import/{row.pk}/", files=found.name)
    return row.job_id


def finish(import_id: int, outcome: UndoOutcome, user_id: int | None) -> None:
    """All that could be taken back has been: keep what the job tells, and tell whoever asked for it."""
    with transaction.atomic():
        row = Import.objects.select_for_update().get(pk=import_id)
        if row.state != State.UNDOING:
            return
        row.folder.mkdir(mode=0o700, exist_ok=True)
        _write_kept(row, outcome.kept)
        listing.take_out(row, user_id)
        first = [[kept.object_type, kept.record_id, kept.property, kept.why] for kept in outcome.kept[:FIRST]]
        row.undone = {"records": outcome.undone, "kept": outcome.kept_count, "told": len(outcome.kept), "first": first}
        row.state, row.undone_at = State.UNDONE, timezone.now()
        row.save(update_fields=["undone", "state", "undone_at"])
        if user_id:
            said = {"files": queries.view(row).name, "undone": outcome.undone, "kept": outcome.kept_count}
            notify([user_id], "import", UNDONE, link=f"/import/{row.pk}/", **said)


def _write_kept(row: Import, kept: list[Kept]) -> None:
    with (row.folder / "kept.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerows((one.object_type, one.record_id, one.property, one.why) for one in kept)


def kept_lines(row: Import) -> list[KeptLine]:
    """Everything that was told to have stayed."""
    path = row.folder / "kept.csv"
    if not path.exists():
        return [KeptLine(str(name), int(id), str(prop), str(why)) for name, id, prop, why in row.undone.get("first", [])]
    with path.open(encoding="utf-8", newline="") as file:
        return [KeptLine(name, int(id), prop, why) for name, id, prop, why in csv.reader(file)]
