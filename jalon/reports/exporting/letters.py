"""The mail that brings a file of a report, or says where it lies."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from jalon.accounts.models import User
from jalon.accounts.queries import account
from jalon.mail import actions as mail
from jalon.mail.letters import Letter, Part
from jalon.reports.exporting.choice import What
from jalon.reports.exporting.queries import ExportView
from jalon.web import formats

ATTACHED: Final = 10_000_000  # bytes: what every mail server takes, a third larger on its way


def send(person: User, title: str, what: What, made: ExportView) -> None:
    """In the language that is active: the file itself where it is small, else the address behind which it lies."""
    subject = gettext("Export: %(title)s") % {"title": title}
    foot = gettext("You asked for this file in Jalon. It shows what you may see there.")
    told = _told(what, made)
    if made.size <= ATTACHED:
        letter = Letter(subject, (told, gettext("It is attached.")), foot=foot, sender=account().name)
        mail.send(person.email, letter, parts=(Part(made.file_name, made.format.content_type, made.path.read_bytes()),))
        return
    url = f"{settings.ENVIRONMENT.url}{reverse('reports:kept_export', args=[made.id])}" if settings.ENVIRONMENT.url else ""
    letter = Letter(subject, (told, _too_large(made)), gettext("Download the file") if url else "", url, foot, account().name)
    mail.send(person.email, letter)


def _told(what: What, made: ExportView) -> str:
    words = {"file": made.file_name, "rows": formats.number(made.rows)}
    if what is What.CONTACTS:
        return ngettext("“%(file)s” holds %(rows)s contact.", "“%(file)s” holds %(rows)s contacts.", made.rows) % words
    return ngettext("“%(file)s” holds %(rows)s line.", "“%(file)s” holds %(rows)s lines.", made.rows) % words


def _too_large(made: ExportView) -> str:
    words = {"size": filesizeformat(made.size), "day": formats.day(made.until.astimezone(account().tz).date())}
    return gettext("With %(size)s it is too large for a mail. Until %(day)s you find it in Jalon: open the report, then Export.") % words
