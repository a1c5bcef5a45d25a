"""A mail's life: queued with the change that wants it, claimed, sent once, marked."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from jalon.mail import queries, transport
from jalon.mail.letters import Letter, Part
from jalon.mail.models import Mail, MailPart, State
from jalon.warehouse.words import N_

LOCK = 0x4F << 48
MOST_ATTEMPTS = 8  # the last one two hours after the first
FIRST_PAUSE = timedelta(minutes=1)
ERASED = N_("Its files named somebody whose data were erased, so it is not sent. Whoever waits for it can ask for it again.")


@transaction.atomic
def send(to: str, letter: Letter, *, parts: Sequence[Part] = ()) -> Mail:
    """Puts a letter and what comes with it into the outbox, in the caller's transaction: what rolls back is not sent."""
    message_id = f"<{uuid.uuid4().hex}@{transport.domain()}>"
    mail = Mail.objects.create(message_id=message_id, recipient=to, subject=letter.one_line_subject, text=letter.text(), html=letter.html())
    MailPart.objects.bulk_create(
        MailPart(mail=mail, name=part.name, content_type=part.content_type, inline=part.inline, data=part.data) for part in parts
    )
    return mail


@contextmanager
def alone() -> Iterator[bool]:
    """True for the one thread of all processes that may send now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        mine = cursor.fetchone() == (True,)
        try:
            yield mine
        finally:
            if mine:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def settle_interrupted(now: datetime) -> None:
    """What a dead process was sending: a file is written again in place, a server may have taken it already."""
    left = Mail.objects.filter(state=State.SENDING)
    if transport.in_files():
        left.update(state=State.QUEUED, due_at=now)
    else:
        left.update(state=State.UNCERTAIN, trouble=transport.LOST, ended_at=now)


def send_next(now: datetime) -> bool:
    """Sends the mail that has waited longest; False when none is due. Only one thread does this (`alone`)."""
    mail = Mail.objects.filter(state=State.QUEUED, due_at__lte=now).order_by("due_at", "id").first()
    if mail is None:
        return False
    if Mail.objects.filter(pk=mail.pk, state=State.QUEUED).update(state=State.SENDING, attempts=F("attempts") + 1):
        _attempt(mail, now)
    return True


def _attempt(mail: Mail, now: datetime) -> None:
    try:
        parts = queries.parts_of(mail.pk)
        transport.deliver(transport.Message(mail.message_id, mail.recipient, mail.subject, mail.text, mail.html, parts))
    except transport.Away as away:
        _come_again(mail, now, str(away))
    except transport.Refused as refused:
        _end(mail, State.FAILED, now, transport.REFUSED, str(refused))
    except transport.Lost:
        _end(mail, State.UNCERTAIN, now, transport.LOST)
    else:
        _end(mail, State.SENT, now)


def _come_again(mail: Mail, now: datetime, answer: str) -> None:
    if mail.attempts + 1 >= MOST_ATTEMPTS:
        _end(mail, State.FAILED, now, transport.AWAY, answer)
    else:
        due = now + FIRST_PAUSE * 2**mail.attempts
        Mail.objects.filter(pk=mail.pk).update(state=State.QUEUED, due_at=due, trouble=transport.AWAY, answer=answer)


@transaction.atomic
def _end(mail: Mail, state: State, now: datetime, trouble: str = "", answer: str = "") -> None:
    """What was said is kept only where somebody may still need to send it by hand."""
    kept = {}
    if state is State.SENT:
        kept = _nothing_to_say(mail.pk)
    Mail.objects.filter(pk=mail.pk).update(state=state, trouble=trouble, answer=answer, ended_at=now, **kept)


def _nothing_to_say(mail_id: int) -> dict[str, str]:
    MailPart.objects.filter(mail_id=mail_id).delete()
    return {"text": "", "html": ""}


def forget_parts(mentions: Callable[[str], bool]) -> int:
    """Mails whose files name somebody who is erased are not sent any more, and say so; how many there were."""
    named = [
        mail_id for mail_id in queries.waiting_with_parts() if any(mentions(queries.words_in(part)) for part in queries.parts_of(mail_id))
    ]
    for mail_id in named:
        kept = _nothing_to_say(mail_id)
        Mail.objects.filter(pk=mail_id).update(state=State.FAILED, trouble=ERASED, answer="", ended_at=timezone.now(), **kept)
    return len(named)


def forget_files(mentions: Callable[[str], bool]) -> int:
    """Deletes the mails in files that say something of somebody; how many there were."""
    found = [file for file in transport.folder().glob("*") if mentions(queries.words_of(file))]
    for file in found:
        file.unlink(missing_ok=True)
    return len(found)


@transaction.atomic
def send_again(mail_id: int, now: datetime) -> bool:
    """Somebody decided that a failed or uncertain mail is to be tried once more. False where there is nothing to send."""
    ended = Mail.objects.filter(pk=mail_id, state__in=[State.FAILED, State.UNCERTAIN]).exclude(text="")
    return bool(ended.update(state=State.QUEUED, due_at=now, attempts=0, trouble="", answer="", ended_at=None))
