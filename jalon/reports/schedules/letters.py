"""The mail that brings a report: what its kind tells, as its owner would see it now, in the frame of all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext

from jalon.accounts.access import Access
from jalon.accounts.queries import account
from jalon.mail.letters import Letter, Part
from jalon.reports.by_kind import table
from jalon.reports.letters.parts import EMPTY, Body
from jalon.reports.queries import ReportView, title_of
from jalon.reports.schedules.calendar import HOUR, ONCE
from jalon.reports.schedules.queries import ScheduleView
from jalon.reports.schedules.wording import rhythm
from jalon.web import formats


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture of the mail: by which name the HTML calls it, and what it says to who does not see it."""

    cid: str
    label: str
    description: str
    note: str


@dataclass(frozen=True)
class ReportLetter(Letter):
    """A report as a mail."""

    template: ClassVar = "reports/mails/report"

    body: Body = EMPTY
    note: tuple[str, ...] = ()  # what the sender wrote, paragraph by paragraph
    pictures: tuple[Shown, ...] = ()
    facts: tuple[str, ...] = ()


def written(found: ReportView, schedule: ScheduleView, access: Access) -> tuple[ReportLetter, tuple[Part, ...]]:
    """The mail and its pictures, in the current language; the report was compiled."""
    body = table.of(found).letter(found, access, schedule.metrics, schedule.style)
    parts = tuple(Part(f"chart-{number}.png", "image/png", each.data, inline=True) for number, each in enumerate(body.pictures, 1))
    address = settings.ENVIRONMENT.url
    letter = ReportLetter(
        subject=title_of(found),
        sentences=(),
        button=gettext("Open the report") if address else "",
        url=f"{address}/reports/{found.id}/" if address else "",
        foot=_foot(schedule),
        sender=account().name,
        body=body,
        note=tuple(line.strip() for line in schedule.message.splitlines() if line.strip()),
        pictures=tuple(Shown(part.cid, each.label, each.description, each.note) for part, each in zip(parts, body.pictures, strict=True)),
        facts=_facts(found, schedule),
    )
    return letter, parts


def _facts(found: ReportView, schedule: ScheduleView) -> tuple[str, ...]:
    compiled = found.snapshot.compiled_at if found.snapshot else timezone.now()
    return (
        gettext("Compiled on %(instant)s (%(zone)s).") % {"instant": formats.moment(compiled), "zone": account().zone},
        gettext("The figures are those that %(name)s may see.") % {"name": schedule.owner_name},
    )


def _foot(schedule: ScheduleView) -> str:
    words = {"name": schedule.owner_name, "address": schedule.owner_email}
    if schedule.rhythm.frequency == ONCE:
        return gettext("%(name)s (%(address)s) had this report sent to you.") % words
    words |= {"rhythm": rhythm(schedule.rhythm), "hour": HOUR.strftime("%H:%M"), "zone": account().report_mail_zone}
    text = gettext("%(name)s (%(address)s) has this report sent to you %(rhythm)s at %(hour)s (%(zone)s), and can stop it.")
    return text % words
