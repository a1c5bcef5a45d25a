"""Files of reports that are made in the background: asked for, made, sent, and deleted after seven days or with a person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from jalon.accounts.access import Access
from jalon.accounts.actions import audit
from jalon.jobs import actions as jobs
from jalon.reports.exporting.choice import Choice, written
from jalon.reports.exporting.queries import LIVES
from jalon.reports.models import Export
from jalon.reports.queries import ReportView, title_of
from jalon.warehouse.words import N_

KIND = "report_export"  # of the background job
AT_ONCE = 100  # files that are deleted in one turn


@transaction.atomic
def start(found: ReportView, choice: Choice, *, access: Access, language: str) -> int:
    """Has a file made and sent to whoever asks; returns the job."""
    row = Export.objects.create(report_id=found.id, user_id=access.actor.user_id, choice=written(choice), language=language)
    return jobs.start(KIND, title_of(found)[:200], arguments={"export_id": row.pk}, user_id=access.actor.user_id).pk


def begin(row: Export) -> datetime:
    """The file is written from here on: what is read before an erasure must not stay."""
    row.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    row.began_at = timezone.now()
    row.save(update_fields=["began_at"])
    return row.began_at


def finish(row: Export, file_name: str, rows: int, *, access: Access, tell: Callable[[], None]) -> bool:
    """The file is whole, and `tell` sends it, in one transaction: a crash before or after sends nothing twice.

    False where somebody was erased since `begin`, so that it has to be written anew.
    """
    with transaction.atomic():
        values = {"file_name": file_name, "rows": rows, "size": row.path.stat().st_size, "ready_at": timezone.now()}
        if not Export.objects.filter(pk=row.pk, began_at=row.began_at, ready_at=None).update(**values):
            return False
        tell_export(row.report_id or 0, access)
        row.refresh_from_db()
        tell()
    return True


def tell_export(report_id: int, access: Access) -> None:
    """Figures or contacts of a report leave the house."""
    sentence = N_("%(who)s exported the report %(number)s.")
    audit(access.actor, "export.report", sentence, link=f"/reports/{report_id}/", number=report_id)


def delete_old(now: datetime) -> bool:
    """Deletes the files that have lived long enough; whether there are more."""
    old = list(Export.objects.filter(gone_at=None, created_at__lt=now - LIVES).order_by("pk")[:AT_ONCE])
    for row in old:
        delete_file(row)
    return len(old) == AT_ONCE


def delete_file(row: Export) -> None:
    Export.objects.filter(pk=row.pk).update(gone_at=timezone.now())
    row.path.unlink(missing_ok=True)


def write_anew() -> None:
    """What is being written now may hold somebody who is erased: it is thrown away and begun again."""
    Export.objects.filter(ready_at=None).update(began_at=None)
