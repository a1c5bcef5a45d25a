"""Where mails go: to the SMTP server of MAIL_URL, or without one into files of the home. One answer for each mail."""

from __future__ import annotations

import os
import smtplib
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import cast

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.utils import timezone

from jalon.mail.letters import Part
from jalon.warehouse.words import N_

REFUSED = N_("The mail server refused it: %(answer)s")
AWAY = N_("The mail server cannot be reached: %(answer)s")
LOST = N_("The connection broke before the mail server answered, so it may have arrived. It is not sent again by itself.")


@dataclass(frozen=True, slots=True)
class Message:
    """What is handed over. Its Message-ID stays the same however often it is tried."""

    message_id: str
    to: str
    subject: str
    text: str
    html: str
    parts: tuple[Part, ...] = ()


class Refused(Exception):
    """The server will never take this mail."""


class Away(Exception):
    """It was not handed over: another attempt cannot make it arrive twice."""


class Lost(Exception):
    """It was handed over, and nobody knows whether it was taken."""


def in_files() -> bool:
    """True where no mail server is set."""
    return not settings.ENVIRONMENT.mail_url


def folder() -> Path:
    place: Path = settings.ENVIRONMENT.home / "outbox"
    return place


def file_of(message_id: str) -> Path:
    """A mail's file. Its name follows from the Message-ID, so that writing it again is writing it once."""
    return folder() / f"{message_id.partition('@')[0].strip('<')}.eml"


def deliver(message: Message) -> None:
    if in_files():
        _write(message)
    else:
        _hand_over(message)


def _write(message: Message) -> None:
    """Complete or not at all, and for nobody else's eyes."""
    target = file_of(message.message_id)
    target.parent.mkdir(mode=0o700, exist_ok=True)
    half = target.with_suffix(".half")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(_mime(message).as_bytes())
    half.replace(target)


def _hand_over(message: Message) -> None:
    connection = cast(EmailBackend, get_connection())  # that of SMTP, since a server is set
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        raise Away(_answer(error)) from error
    server = connection.connection
    assert server is not None  # opened
    try:
        server.send_message(_mime(message))
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as error:
        raise (Refused if _for_ever(error) else Away)(_answer(error)) from error
    except (OSError, smtplib.SMTPException) as error:
        raise Lost(_answer(error)) from error
    finally:
        connection.close()


def _mime(message: Message) -> EmailMessage:
    """Text and HTML to choose from, the HTML with its pictures, and beside them the files."""
    mime = EmailMessage(policy=SMTP)
    mime["Subject"], mime["From"], mime["To"] = message.subject, settings.DEFAULT_FROM_EMAIL, message.to
    mime["Date"], mime["Message-ID"], mime["Auto-Submitted"] = format_datetime(timezone.now()), message.message_id, "auto-generated"
    mime.set_content(message.text, cte="quoted-printable")
    mime.add_alternative(message.html, subtype="html", cte="quoted-printable")
    for part in message.parts:
        _attach(mime, part)
    return mime


def _attach(mime: EmailMessage, part: Part) -> None:
    main, _, sub = part.content_type.partition("/")
    html = mime.get_body(("html",))
    if part.inline and html is not None:
        html.add_related(part.data, main, sub, cid=f"<{part.cid}>", filename=part.name, disposition="inline")
    else:
        mime.add_attachment(part.data, main, sub, filename=part.name)


def _for_ever(error: smtplib.SMTPException) -> bool:
    """A code from 500 on is an answer that will not change; 4xx asks to come again."""
    return all(code >= 500 for code, _answer in _codes(error))


def _codes(error: smtplib.SMTPException) -> list[tuple[int, bytes | str]]:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return list(error.recipients.values())
    return [(error.smtp_code, error.smtp_error)] if isinstance(error, smtplib.SMTPResponseException) else []


def _answer(error: Exception) -> str:
    codes = _codes(error) if isinstance(error, smtplib.SMTPException) else []
    if not codes:
        return str(error) or type(error).__name__
    code, answer = codes[0]
    return f"{code} {answer.decode(errors='replace') if isinstance(answer, bytes) else answer}"


def domain() -> str:
    """The part of a Message-ID after the @: that of our own address."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] or "localhost"
