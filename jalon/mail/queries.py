"""Read the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from django.utils.translation import gettext

from jalon.mail import transport
from jalon.mail.models import Mail, State


@dataclass(frozen=True, slots=True)
class MailLine:
    """A mail on the outbox page."""

    id: int
    to: str
    subject: str
    state: State
    attempts: int
    trouble: str
    at: datetime
    next_at: datetime | None

    @property
    def may_be_sent_again(self) -> bool:
        return self.state in {State.FAILED, State.UNCERTAIN}


@dataclass(frozen=True, slots=True)
class Content:
    """What a mail says."""

    text: str
    html: str


def lines(*, before: int | None = None, limit: int = 50) -> list[MailLine]:
    """The newest first; `before` is the last id of the page before."""
    rows = Mail.objects.order_by("-id")
    return [_line(row) for row in (rows if before is None else rows.filter(pk__lt=before))[:limit]]


def line(mail_id: int) -> MailLine | None:
    row = Mail.objects.filter(pk=mail_id).first()
    return _line(row) if row else None


def content(mail_id: int) -> Content | None:
    """What a mail says: while it waits from its row, later from its file; None where it was sent and is kept nowhere."""
    row = Mail.objects.filter(pk=mail_id).first()
    if row is None:
        return None
    return Content(row.text, row.html) if row.text else _of_file(row.message_id)


def is_due(now: datetime) -> bool:
    """Is there anything to send, or anything that a dead process left?"""
    return Mail.objects.filter(state__in=[State.QUEUED, State.SENDING], due_at__lte=now).exists()


def troubles() -> int:
    """How many mails did not arrive, or may not have."""
    return Mail.objects.filter(state__in=[State.FAILED, State.UNCERTAIN]).count()


def _line(row: Mail) -> MailLine:
    trouble = gettext(row.trouble) % {"answer": row.answer} if row.trouble else ""
    waits = row.state == State.QUEUED and row.attempts > 0
    return MailLine(
        row.pk, row.recipient, row.subject, State(row.state), row.attempts, trouble, row.created_at, row.due_at if waits else None
    )


def _of_file(message_id: str) -> Content | None:
    file = transport.file_of(message_id)
    return _content(_read(file)) if file.exists() else None


def words_of(file: Path) -> str:
    """Everything that a mail in a file says, to whom, and about what."""
    message = _read(file)
    content = _content(message)
    return "\n".join((message.get("To", ""), message.get("Subject", ""), content.text, content.html))


def _read(file: Path) -> EmailMessage:
    return message_from_bytes(file.read_bytes(), policy=policy.default)


def _content(message: EmailMessage) -> Content:
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    return Content(text.get_content() if text else "", html.get_content() if html else "")
