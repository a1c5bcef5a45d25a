"""Read who gets which report when, and what became of each time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import F, Min
from django.utils.translation import gettext

from jalon.accounts.pages import Owned
from jalon.accounts.queries import account
from jalon.figures.measures import Measure
from jalon.mail import queries as mail
from jalon.mail.models import State as MailState
from jalon.mail.queries import MailLine
from jalon.reports.kinds.definition import Style
from jalon.reports.models import Schedule, Sending, SendingState
from jalon.reports.schedules.calendar import Rhythm

HISTORY = 30  # times that the page tells


@dataclass(frozen=True, slots=True)
class ScheduleView:
    """Whom a report is sent to, when, and how it looks in the mail."""

    id: int
    report_id: int
    rhythm: Rhythm
    recipients: tuple[str, ...]
    message: str
    metrics: tuple[Measure, ...]
    style: Style
    language: str
    owner_id: int | None
    owner_name: str
    owner_email: str
    active: bool
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class SendingView:
    """One time that a report was sent, or is being sent."""

    id: int
    schedule_id: int
    due_at: datetime
    began_at: datetime
    ended_at: datetime | None
    state: str  # compiling, writing, sent, failed; on_the_way while the outbox has not handed all of its mails over
    recipients: tuple[str, ...]
    troubles: tuple[str, ...]

    @property
    def has_failed(self) -> bool:
        return bool(self.troubles)


def zone() -> ZoneInfo:
    """The zone in which it must be six in the morning."""
    return ZoneInfo(account().report_mail_zone)


def rhythm_of(row: Schedule) -> Rhythm:
    return Rhythm(row.frequency, row.weekday, row.day)


def schedules(report_id: int) -> list[ScheduleView]:
    """What is sent regularly of this report, the next one first."""
    rows = Schedule.objects.select_related("owner").filter(report_id=report_id).exclude(frequency="once")
    return [_schedule(row) for row in rows.order_by(F("next_at").asc(nulls_last=True), "id")]


def schedule(schedule_id: int, report_id: int) -> ScheduleView | None:
    row = Schedule.objects.select_related("owner").filter(pk=schedule_id, report_id=report_id).first()
    return _schedule(row) if row else None


def _schedule(row: Schedule) -> ScheduleView:
    owner = row.owner
    return ScheduleView(
        id=row.pk,
        report_id=row.report_id,
        rhythm=rhythm_of(row),
        recipients=tuple(row.recipients),
        message=row.message,
        metrics=tuple(Measure(each) for each in row.metrics),
        style=Style(row.style),
        language=row.language,
        owner_id=row.owner_id,
        owner_name=(owner.name or owner.email) if owner else "",
        owner_email=owner.email if owner else "",
        active=row.active,
        next_at=row.next_at,
    )


def sendings(report_id: int, limit: int = HISTORY) -> list[SendingView]:
    """The last times that this report was sent, the newest first, with what the outbox says of their mails."""
    rows = list(Sending.objects.filter(schedule__report_id=report_id).order_by("-began_at", "-id")[:limit])
    lines = {line.id: line for line in mail.lines_of([id for row in rows for id in row.mails])}
    return [_sending(row, lines) for row in rows]


def _sending(row: Sending, lines: Mapping[int, MailLine]) -> SendingView:
    mails = [lines[id] for id in row.mails if id in lines]
    troubles = _troubles(row, mails)
    waits = any(line.state in (MailState.QUEUED, MailState.SENDING) for line in mails)
    state = "failed" if troubles else "on_the_way" if waits else row.state
    return SendingView(row.pk, row.schedule_id, row.due_at, row.began_at, row.ended_at, state, tuple(row.recipients), troubles)


def _troubles(row: Sending, mails: Sequence[MailLine]) -> tuple[str, ...]:
    if row.state == SendingState.FAILED:
        return (gettext(row.trouble),)
    ended = (line for line in mails if line.state in (MailState.FAILED, MailState.UNCERTAIN))
    return tuple(gettext("%(address)s: %(trouble)s") % {"address": line.to, "trouble": line.trouble} for line in ended)


@dataclass(frozen=True, slots=True)
class Standing:
    """What the page of a report tells of its mails: when the next one leaves, and the last time where that failed."""

    next_at: datetime | None
    failed: SendingView | None


def standing(report_id: int) -> Standing:
    next_at = Schedule.objects.filter(report_id=report_id, active=True).aggregate(next_at=Min("next_at"))["next_at"]
    last = sendings(report_id, 1)
    return Standing(next_at, last[0] if last and last[0].has_failed else None)


def owned(user_id: int) -> list[Owned]:
    """What somebody who leaves has reports sent for, for the page that asks who gets it."""
    count = Schedule.objects.filter(owner_id=user_id, active=True).count()
    return [Owned(gettext("Reports by e-mail"), count)] if count else []


def due(now: datetime, limit: int) -> list[int]:
    """The schedules whose instant has come."""
    return list(Schedule.objects.filter(active=True, next_at__lte=now).order_by("next_at", "id").values_list("pk", flat=True)[:limit])


def under_way() -> list[int]:
    """The times that have not ended, which wait for a background job."""
    waiting = Sending.objects.filter(state__in=[SendingState.COMPILING, SendingState.WRITING])
    return list(waiting.order_by("id").values_list("pk", flat=True))


def to_write(sending_id: int) -> ScheduleView | None:
    """What a time that is compiled sends; None where it has ended."""
    row = Sending.objects.select_related("schedule__owner").filter(pk=sending_id, state=SendingState.WRITING).first()
    return _schedule(row.schedule) if row else None
