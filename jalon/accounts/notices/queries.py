"""Read what people were told, and how they want to be told."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jalon.accounts.models import Notice, Preference, User
from jalon.accounts.notices import Way, kind, kinds
from jalon.web.sentences import said

PREFERENCE = "notices"


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A notice in the reader's language."""

    id: int
    kind: str
    sentence: str
    link: str
    at: datetime
    unread: bool


def unread_count(user_id: int) -> int:
    return Notice.objects.filter(user_id=user_id, read_at=None).count()


def notices(user_id: int, *, before: int | None = None, limit: int = 20) -> list[NoticeLine]:
    """The newest first; `before` is the last id of the page before."""
    rows = Notice.objects.filter(user_id=user_id).order_by("-id")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return [line(row) for row in rows[:limit]]


def line(row: Notice) -> NoticeLine:
    return NoticeLine(row.pk, row.kind, said(row.sentence, row.params), row.link, row.created_at, row.read_at is None)


def link_of(user_id: int, notice_id: int) -> str | None:
    """Where a notice of this person leads; None where they have none of that number."""
    return Notice.objects.filter(user_id=user_id, pk=notice_id).values_list("link", flat=True).first()


def ways(user_id: int) -> dict[str, Way]:
    """How this person hears of each kind."""
    chosen = _chosen([user_id]).get(user_id, {})
    return {row.name: way_of(chosen, row.name) for row in kinds()}


def way_of(chosen: dict[str, Any], name: str) -> Way:
    value = chosen.get(name)
    return Way(value) if value in set(Way) else kind(name).way


def recipients(users: Collection[int], name: str) -> list[tuple[User, Way]]:
    """The active ones of these people who want to hear of it at all, and how."""
    chosen = _chosen(users)
    people = User.objects.filter(pk__in=users, is_active=True).order_by("pk")
    found = [(person, way_of(chosen.get(person.pk, {}), name)) for person in people]
    return [(person, way) for person, way in found if way is not Way.NONE]


def _chosen(users: Collection[int]) -> dict[int, dict[str, Any]]:
    rows = Preference.objects.filter(user_id__in=users, name=PREFERENCE)
    return dict(rows.values_list("user_id", "value"))
