"""What people and the clock do with reports by e-mail. A time that is due is claimed once, and ends sent or failed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext

from jalon.accounts.access import Actor
from jalon.accounts.actions import audit, notify
from jalon.figures.measures import Measure
from jalon.jobs.actions import start
from jalon.jobs.models import State
from jalon.jobs.queries import JobView, job
from jalon.mail import actions as mail
from jalon.mail.letters import Letter, Part
from jalon.reports import actions as reports
from jalon.reports import queries as saved
from jalon.reports.kinds.definition import Style
from jalon.reports.models import Frequency, Report, Schedule, Sending, SendingState
from jalon.reports.schedules import queries
from jalon.reports.schedules.calendar import Rhythm
from jalon.warehouse.words import N_

SEND: Final = "report_mail"  # the kind of the background job
FAILED: Final = N_("The report “%(title)s” could not be sent by e-mail. %(reason)s")


@dataclass(frozen=True, slots=True)
class ScheduleValues:
    """What somebody chose: to whom, when, and how it looks."""

    rhythm: Rhythm
    recipients: tuple[str, ...]
    message: str
    metrics: tuple[Measure, ...]
    style: Style
    language: str


@transaction.atomic
def create(report_id: int, values: ScheduleValues, *, actor: Actor) -> int:
    """Has a report sent: at once where it is sent once, else from the next day of its rhythm on. The author owns it."""
    row = Schedule(report_id=report_id, owner_id=actor.user_id, **_columns(values))
    _set_clock(row, timezone.now())
    row.save()
    _tell(actor, "report.scheduled", N_("%(who)s has the report %(number)s sent by e-mail."), report_id)
    if row.frequency == Frequency.ONCE:
        _begin(row, timezone.now())
    return row.pk


@transaction.atomic
def change(schedule_id: int, values: ScheduleValues, *, actor: Actor) -> bool:
    """Whoever changes it owns it from then on: what is sent is what they may see. False when it is gone."""
    row = _locked(schedule_id)
    if row is None:
        return False
    for name, value in _columns(values).items():
        setattr(row, name, value)
    row.owner_id, row.edited_at = actor.user_id, timezone.now()
    _set_clock(row, timezone.now())
    row.save()
    _tell(actor, "report.scheduled", N_("%(who)s changed how the report %(number)s is sent by e-mail."), row.report_id)
    return True


@transaction.atomic
def pause(schedule_id: int, *, actor: Actor) -> bool:
    return _turn(schedule_id, actor, active=False, sentence=N_("%(who)s paused an e-mail of the report %(number)s."))


@transaction.atomic
def resume(schedule_id: int, *, actor: Actor) -> bool:
    """It leaves again from its next day on; what was missed meanwhile stays missed."""
    return _turn(schedule_id, actor, active=True, sentence=N_("%(who)s resumed an e-mail of the report %(number)s."))


def _turn(schedule_id: int, actor: Actor, *, active: bool, sentence: str) -> bool:
    row = _locked(schedule_id)
    if row is None:
        return False
    row.active = active
    _set_clock(row, timezone.now())
    row.save()
    _tell(actor, "report.scheduled", sentence, row.report_id)
    return True


@transaction.atomic
def delete(schedule_id: int, *, actor: Actor) -> bool:
    """Nothing is sent any more, and what was is forgotten. False when it was gone already."""
    row = _locked(schedule_id)
    if row is None:
        return False
    report_id = row.report_id
    row.delete()
    _tell(actor, "report.scheduled", N_("%(who)s deleted an e-mail of the report %(number)s."), report_id)
    return True


@transaction.atomic
def send_now(schedule_id: int) -> bool:
    """Once more than its rhythm says. False when it is gone."""
    row = _locked(schedule_id)
    if row is not None:
        _begin(row, timezone.now())
    return row is not None


def _locked(schedule_id: int) -> Schedule | None:
    return Schedule.objects.select_for_update().filter(pk=schedule_id).first()


def _columns(values: ScheduleValues) -> dict[str, Any]:
    return {
        "frequency": values.rhythm.frequency,
        "weekday": values.rhythm.weekday,
        "day": values.rhythm.day,
        "recipients": list(values.recipients),
        "message": values.message,
        "metrics": [metric.value for metric in values.metrics],
        "style": values.style.value,
        "language": values.language,
    }


def _set_clock(row: Schedule, now: datetime) -> None:
    """When it leaves next, in the zone of the account as it is now."""
    zone = queries.zone()
    row.active = row.active and row.frequency != Frequency.ONCE and bool(row.recipients)  # an erasure may have left nobody
    row.next_at = queries.rhythm_of(row).after(now, zone) if row.active else None
    row.zone = zone.key


def _tell(actor: Actor, kind: str, sentence: str, report_id: int) -> None:
    audit(actor, kind, sentence, link=f"/reports/{report_id}/mails/", number=report_id)


# What the clock does


def follow_zone(now: datetime) -> None:
    """Tells all that waits anew where the account has chosen another zone."""
    for row in Schedule.objects.filter(active=True).exclude(zone=queries.zone().key):
        with transaction.atomic():
            locked = _locked(row.pk)
            if locked is not None:
                _set_clock(locked, now)
                locked.save(update_fields=["next_at", "zone", "active"])


@transaction.atomic
def begin_due(schedule_id: int, now: datetime) -> None:
    """Claims the instant that has come and sets the clock. Of several that were missed the last one stands for all."""
    row = _locked(schedule_id)
    if row is None or not row.active or row.next_at is None or row.next_at > now:
        return
    due_at = queries.rhythm_of(row).last(now, queries.zone()) or row.next_at
    _set_clock(row, now)
    row.save(update_fields=["next_at", "zone", "active"])
    if row.recipients:
        _begin(row, due_at)


def _begin(row: Schedule, due_at: datetime) -> None:
    """One time, of which the instant is the key. The report is compiled first."""
    sending, is_fresh = Sending.objects.get_or_create(schedule=row, due_at=due_at, defaults={"recipients": row.recipients})
    if is_fresh:
        _compile(sending, row)


def _compile(sending: Sending, row: Schedule) -> None:
    sending.job_id = reports.compile(row.report_id, actor=Actor(row.owner_id, ""))
    sending.save(update_fields=["job_id"])


@transaction.atomic
def advance(sending_id: int, now: datetime) -> None:
    """The next step of a time whose background job has ended: compiled, it is written; anything else ends it with the reason."""
    sending = Sending.objects.select_for_update().select_related("schedule").filter(pk=sending_id).first()
    if sending is None or sending.state not in (SendingState.COMPILING, SendingState.WRITING):
        return
    waited = job(sending.job_id) if sending.job_id else None
    if waited is None:
        sending.state = SendingState.COMPILING
        _compile(sending, sending.schedule)
    elif waited.finished and sending.state == SendingState.COMPILING and waited.state == State.DONE:
        _write(sending)
    elif waited.finished:
        _fail(sending, _reason(waited), now)


def _write(sending: Sending) -> None:
    row = sending.schedule
    sending.state = SendingState.WRITING
    sending.job_id = start(SEND, _title(row), arguments={"sending_id": sending.pk}, user_id=row.owner_id).pk
    sending.save(update_fields=["state", "job_id"])


def _reason(ended: JobView) -> str:
    return ended.message or N_("Somebody cancelled it.")


def _fail(sending: Sending, reason: str, now: datetime) -> None:
    row = sending.schedule
    sending.state, sending.trouble, sending.ended_at = SendingState.FAILED, reason, now
    sending.save(update_fields=["state", "trouble", "ended_at"])
    if row.owner_id:
        notify([row.owner_id], SEND, FAILED, f"/reports/{row.report_id}/mails/", title=_title(row), reason=gettext(reason))


def _title(row: Schedule) -> str:
    with translation.override(row.language):
        return saved.title_of(Report.objects.get(pk=row.report_id))


@transaction.atomic
def post(sending_id: int, letter: Letter, parts: Sequence[Part]) -> int:
    """Puts the mails into the outbox and notes that they are there, both or neither; how many there are."""
    sending = Sending.objects.select_for_update().filter(pk=sending_id, state=SendingState.WRITING).first()
    if sending is None:
        return 0
    sending.mails = [mail.send(address, letter, parts=parts).pk for address in sending.recipients]
    sending.state, sending.ended_at = SendingState.SENT, timezone.now()
    sending.save(update_fields=["mails", "state", "ended_at"])
    return len(sending.mails)


# When people leave


def hand_over(leaver: int, heir: int | None, actor: Actor, mark: str) -> Iterator[int]:
    """What somebody who leaves has sent is the heir's, with the figures that the heir may see; nobody's is not sent, and says so."""
    yield Schedule.objects.filter(owner_id=leaver).update(owner_id=heir)


@transaction.atomic
def forget(addresses: Collection[str]) -> int:
    """Nothing goes to these addresses any more, and nothing tells that it did. Says how many lines lost one."""
    return sum(_forget_in(rows, addresses) for rows in (Schedule.objects, Sending.objects))


def _forget_in(rows: Any, addresses: Collection[str]) -> int:
    lost = 0
    for row in rows.only("recipients").all():
        kept = [address for address in row.recipients if address.casefold() not in addresses]
        if len(kept) != len(row.recipients):
            lost += rows.filter(pk=row.pk).update(recipients=kept)
    return lost
