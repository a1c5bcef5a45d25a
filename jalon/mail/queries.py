"""Read the outbox."""

from __future__ import annotations

import io
import zipfile
from base64 import b64encode
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from django.utils.translation import gettext

from jalon.mail import transport
from jalon.mail.letters import Part
from jalon.mail.models import Mail, MailPart, State


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
    says_something: bool

    @property
    def may_be_sent_again(self) -> bool:
        return self.says_something and self.state in {State.FAILED, State.UNCERTAIN}


@dataclass(frozen=True, slots=True)
class Content:
    """What a mail says, and what comes with it."""

    text: str
    html: str
    parts: tuple[Part, ...] = ()

    @property
    def files(self) -> tuple[Part, ...]:
        """What its reader finds attached."""
        return tuple(part for part in self.parts if not part.inline)

    @property
    def page(self) -> str:
        """The HTML with its pictures inside, as a document of its own."""
        page = self.html
        for part in self.parts:
            if part.inline:
                page = page.replace(f"cid:{part.cid}", f"data:{part.content_type};base64,{b64encode(part.data).decode()}")
        return page


def lines(*, before: int | None = None, limit: int = 50) -> list[MailLine]:
    """The newest first; `before` is the last id of the page before."""
    rows = Mail.objects.order_by("-id")
    return [_line(row) for row in (rows if before is None else rows.filter(pk__lt=before))[:limit]]


def lines_of(mail_ids: Collection[int]) -> list[MailLine]:
    """What became of these."""
    return [_line(row) for row in Mail.objects.filter(pk__in=mail_ids)] if mail_ids else []


def line(mail_id: int) -> MailLine | None:
    row = Mail.objects.filter(pk=mail_id).first()
    return _line(row) if row else None


def content(mail_id: int) -> Content | None:
    """What a mail says: while it waits from its row, later from its file; None where it was sent and is kept nowhere."""
    row = Mail.objects.filter(pk=mail_id).first()
    if row is None:
        return None
    return Content(row.text, row.html, parts_of(row.pk)) if row.text else _of_file(row.message_id)


def parts_of(mail_id: int) -> tuple[Part, ...]:
    """What goes with a mail that is not sent yet, in the order in which it was put there."""
    rows = MailPart.objects.filter(mail_id=mail_id).order_by("id")
    return tuple(Part(row.name, row.content_type, bytes(row.data), row.inline) for row in rows)


def waiting_with_parts() -> list[int]:
    """The mails that hold files still."""
    return list(MailPart.objects.filter(inline=False).order_by("mail_id").values_list("mail_id", flat=True).distinct())


def is_due(now: datetime) -> bool:
    """Is there anything to send, or anything that a dead process left?"""
    return Mail.objects.filter(state__in=[State.QUEUED, State.SENDING], due_at__lte=now).exists()


def troubles() -> int:
    """How many mails did not arrive, or may not have."""
    return Mail.objects.filter(state__in=[State.FAILED, State.UNCERTAIN]).count()


def _line(row: Mail) -> MailLine:
    trouble = gettext(row.trouble) % {"answer": row.answer} if row.trouble else ""
    waits = row.state == State.QUEUED and row.attempts > 0
    next_at = row.due_at if waits else None
    return MailLine(
        row.pk, row.recipient, row.subject, State(row.state), row.attempts, trouble, row.created_at, next_at, says_something=bool(row.text)
    )


def _of_file(message_id: str) -> Content | None:
    file = transport.file_of(message_id)
    return _content(_read(file)) if file.exists() else None


def words_of(file: Path) -> str:
    """Everything that a mail in a file says, to whom, and about what."""
    message = _read(file)
    content = _content(message)
    files = (words_in(part) for part in content.files)
    return "\n".join((message.get("To", ""), message.get("Subject", ""), content.text, content.html, *files))


def words_in(part: Part) -> str:
    """What a file says: its text, or that of the files in it, which a workbook is made of; nothing of a picture."""
    if part.content_type.startswith("text/"):
        return part.data.decode(errors="replace")
    if not zipfile.is_zipfile(io.BytesIO(part.data)):
        return ""
    with zipfile.ZipFile(io.BytesIO(part.data)) as archive:
        return "\n".join(archive.read(name).decode(errors="replace") for name in archive.namelist())


def _read(file: Path) -> EmailMessage:
    return message_from_bytes(file.read_bytes(), policy=policy.default)


def _content(message: EmailMessage) -> Content:
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    return Content(text.get_content() if text else "", html.get_content() if html else "", tuple(_parts(message)))


def _parts(message: EmailMessage) -> Iterator[Part]:
    for part in message.walk():
        if name := part.get_filename():
            data = part.get_payload(decode=True)
            yield Part(name, part.get_content_type(), data if isinstance(data, bytes) else b"", part.get_content_disposition() == "inline")
