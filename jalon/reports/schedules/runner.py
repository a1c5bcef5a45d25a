"""The clock of reports by e-mail, and the background job that writes the mails of one time.

A time goes through rows only: claimed with its instant, compiled by the ordinary job, written by the job here, handed to
the outbox in one transaction with the note that it was. Whatever dies in between goes on where its row says it was.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.utils import timezone, translation
from django.utils.translation import gettext

from jalon.accounts.access import Access
from jalon.accounts.queries import access_of, account
from jalon.charts.pictures import NotDrawn
from jalon.jobs.actions import JobFailed
from jalon.jobs.beat import BeatPart
from jalon.jobs.queries import JobView
from jalon.reports import queries as reports
from jalon.reports.queries import ReportView
from jalon.reports.schedules import actions, letters, queries
from jalon.reports.schedules.queries import ScheduleView

SLICE: Final = 20  # schedules that begin at one turn


def turn(now: datetime) -> bool:
    """Begins what is due, and takes what was begun a step further; True where more is due."""
    actions.follow_zone(now)
    due = queries.due(now, SLICE)
    for schedule_id in due:
        actions.begin_due(schedule_id, now)
    for sending_id in queries.under_way():
        actions.advance(sending_id, now)
    return len(due) == SLICE


MAILS: Final = BeatPart("reports by e-mail", turn)


def run(job: JobView) -> dict[str, Any]:
    """Writes the mails of one time, in the language chosen for them and with the rights of whoever has them sent."""
    sending_id = job.arguments["sending_id"]
    schedule = queries.to_write(sending_id)
    if schedule is None:
        return {}
    with translation.override(schedule.language), timezone.override(account().tz):
        access = rights(schedule)
        found = to_send(schedule, access)
        try:
            letter, parts = letters.written(found, schedule, access)
        except NotDrawn as error:
            raise JobFailed(gettext("The chart could not be drawn: %(reason)s.") % {"reason": error}) from error
        return {"mails": actions.post(sending_id, letter, parts)}


def rights(schedule: ScheduleView) -> Access:
    """What the owner may see now. Raises JobFailed with a sentence where there is no such person any more."""
    if schedule.owner_id is None:
        raise JobFailed(gettext("Nobody owns this e-mail any more. Whoever may edit the report can save it anew, in their own name."))
    access = access_of(schedule.owner_id)
    if access.actor.user_id is None:
        text = gettext("%(name)s, in whose name it is sent, was deactivated. Whoever saves it anew has it sent in their own name.")
        raise JobFailed(text % {"name": schedule.owner_name})
    return access


def to_send(schedule: ScheduleView, access: Access) -> ReportView:
    """The report as its last compile left it, for an owner who may still see it."""
    found = reports.report(schedule.report_id, access)
    if found is None or found.snapshot is None or not access.may("reports.view"):
        text = gettext("%(name)s, in whose name it is sent, may not see this report any more.")
        raise JobFailed(text % {"name": schedule.owner_name})
    return found
