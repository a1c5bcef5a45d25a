"""The background job that makes a file of a report and sends it, and the beat part that deletes the files of last week."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from jalon.accounts.access import Access
from jalon.accounts.queries import access_of
from jalon.exports.files import write
from jalon.exports.sheet import Batch, ExportError, Sheet
from jalon.jobs.actions import JobFailed, report
from jalon.jobs.queries import JobView
from jalon.reports import queries as reports
from jalon.reports.exporting import actions, letters, queries
from jalon.reports.exporting.choice import Choice, kept
from jalon.reports.models import Export
from jalon.reports.queries import ReportView

OFTEN = timedelta(hours=1)
_next: list[datetime] = []


class _Cancelled(Exception):
    """Somebody does not want the file any more."""


def run(job: JobView) -> dict[str, Any]:
    """Makes the file that the job names, under the rights that the asking person has now, and mails it to them."""
    row = Export.objects.select_related("user").get(pk=job.arguments["export_id"])
    with translation.override(row.language):
        access = access_of(row.user_id or 0)
        found = reports.report(row.report_id or 0, access)
        if found is None or not access.may("export"):
            raise JobFailed(gettext("This report is not there any more, or you may not export it."))
        try:
            while row.ready_at is None and not _made(row, found, access, job):
                pass  # somebody was erased meanwhile
        except _Cancelled:
            return {}
        except queries.NothingYet as error:
            raise JobFailed(
                gettext("This report was not compiled yet, so there is nothing to take away. Try again in a moment.")
            ) from error
        except ExportError as error:
            raise JobFailed(gettext(error.message) % error.values) from error
    return {"export_id": row.pk, "rows": row.rows}


def _made(row: Export, found: ReportView, access: Access, job: JobView) -> bool:
    choice = kept(row.choice)
    actions.begin(row)
    sheet = queries.sheet(access, found, choice)
    form = queries.format_of(sheet, choice)
    write(replace(sheet, batches=_reported(sheet, job)), row.path, form, bom=True)
    name = f"{queries.stem(found, choice)}.{form.value}"
    return actions.finish(row, name, sheet.total, access=access, tell=lambda: _tell(row, found, choice))


def _tell(row: Export, found: ReportView, choice: Choice) -> None:
    if row.user is not None:
        letters.send(row.user, reports.title_of(found), choice.what, queries.view(row))


def _reported(sheet: Sheet, job: JobView) -> Iterator[Batch]:
    done = 0
    for batch in sheet.batches:
        yield batch
        done += len(batch)
        with transaction.atomic():
            if not report(job.id, done, sheet.total):
                raise _Cancelled


def turn(now: datetime) -> bool:
    """Once an hour; whether more waits."""
    if _next and now < _next[0]:
        return False
    more = actions.delete_old(now)
    _next[:] = [now if more else now + OFTEN]
    return more
