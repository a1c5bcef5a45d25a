"""The one verb by which people hear of something, and what they do with what they were told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from jalon.accounts import letters, notices
from jalon.accounts.models import Notice, Preference
from jalon.accounts.notices import Way, queries


@transaction.atomic
def notify(users: Iterable[int], kind: str, sentence: str, link: str = "", **params: Any) -> None:
    """Tells these users something, each in the way they chose for this kind.

    `sentence` is a message id with %(name)s marks, translated when it is read; `link` is an address inside Jalon.
    Part of the caller's transaction: what rolls back was never said.
    """
    name = notices.kind(kind).name
    reached = queries.recipients(set(users), name)
    shown = [person for person, way in reached if way.shown]
    Notice.objects.bulk_create(Notice(user=person, kind=name, sentence=sentence, params=params, link=link) for person in shown)
    for person in (person for person, way in reached if way.mailed):
        letters.notice(person, sentence, params, link)


def mark_read(user_id: int, notice_id: int | None = None) -> None:
    """One notice of this person, or all of them."""
    unread = Notice.objects.filter(user_id=user_id, read_at=None)
    if notice_id is not None:
        unread = unread.filter(pk=notice_id)
    unread.update(read_at=timezone.now())


def choose_ways(user_id: int, ways: Mapping[str, Way]) -> None:
    """How this person wants to hear of each kind from now on."""
    Preference.remember(user_id, queries.PREFERENCE, {notices.kind(name).name: way.value for name, way in ways.items()})
