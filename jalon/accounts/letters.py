"""The mails that accounts writes, each in its reader's language."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from jalon.accounts import queries
from jalon.accounts.models import User
from jalon.mail import actions as mail
from jalon.mail.letters import Letter
from jalon.web.sentences import said


@contextmanager
def speaking_to(person: User | None) -> Iterator[None]:
    """The reader's language, else the account's."""
    with translation.override((person.language if person else "") or queries.account().language):
        yield


def notice(person: User, sentence: str, params: dict[str, object], link: str) -> None:
    """What a notice says, with a button where the public address is known."""
    with speaking_to(person):
        text = said(sentence, params)
        url = f"{settings.ENVIRONMENT.url}{link}" if settings.ENVIRONMENT.url and link.startswith("/") else ""
        foot = gettext("You choose in your profile what you hear of by e-mail.")
        _send(person.email, Letter(_subject(text), (text,), gettext("Open in Jalon") if url else "", url, foot))


def invitation(email: str, url: str, days: int, *, language: str = "", invited_by: str = "") -> None:
    """To somebody new, with the link behind which they choose name and password."""
    name = queries.account().name
    with translation.override(language or queries.account().language):
        subject = gettext("Join %(account)s") % {"account": name}
        sentence = gettext("%(person)s invites you to %(account)s. Behind this link you choose your name and your password.")
        letter = Letter(subject, (sentence % {"person": invited_by, "account": name}, _lives(days)), gettext("Join"), url)
        _send(email, letter)


def password_link(person: User, url: str, days: int) -> None:
    """To somebody who lost the password."""
    with speaking_to(person):
        sentence = gettext("Behind this link you choose a new password. Until then the old one holds.")
        unasked = gettext("If you did not ask for it, you need not do anything.")
        letter = Letter(gettext("Choose a new password"), (sentence, _lives(days), unasked), gettext("Choose a new password"), url)
        _send(person.email, letter)


def _lives(days: int) -> str:
    return translation.ngettext("It works once, for %(days)s day.", "It works once, for %(days)s days.", days) % {"days": days}


def _subject(text: str) -> str:
    first, dot, _rest = text.partition(". ")
    return first if dot and len(first) < 100 else text


def _send(to: str, letter: Letter) -> None:
    name = queries.account().name
    mail.send(to, Letter(letter.subject, letter.sentences, letter.button, letter.url, letter.foot, name))
