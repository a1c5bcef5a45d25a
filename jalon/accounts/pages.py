"""The pages under Settings and what the palette finds: tables that config's wiring fills."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from jalon.accounts.access import Access


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """One line of the settings' own menu. `label` is a message id; an empty permission is for everybody."""

    label: str
    icon: str
    url_name: str
    permission: str = ""
    order: int = 0
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SettingsLine:
    label: str
    icon: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """Something the palette found: a name, a word about it, its address."""

    label: str
    detail: str
    icon: str
    url: str


@dataclass(frozen=True, slots=True)
class Guests:
    """Who anybody may sign in as, with the password that all of them share: only a home that shows itself has guests."""

    password: str
    people: tuple[tuple[str, str], ...]  # e-mail address, and what the person is called


# Finds at most `limit` things that the person may see: find(access, text, limit).
SearchKind = Callable[[Access, str, int], Sequence[Hit]]

_pages: list[SettingsPage] = []
_kinds: list[SearchKind] = []
_guests: list[Callable[[], Guests | None]] = []


def install(pages: Sequence[SettingsPage], kinds: Sequence[SearchKind] = (), guests: Callable[[], Guests | None] | None = None) -> None:
    _pages[:] = sorted(pages, key=lambda page: page.order)
    _kinds[:] = kinds
    _guests[:] = [guests] if guests else []


def guests() -> Guests | None:
    """What the sign-in page of a demo tells everybody."""
    return _guests[0]() if _guests else None


def settings_menu(request: HttpRequest, access: Access) -> list[SettingsLine]:
    """The settings this person may open."""
    allowed = [page for page in _pages if not page.permission or access.may(page.permission)]
    lines = [(page, reverse(page.url_name, args=page.arguments)) for page in allowed]
    return [SettingsLine(gettext(page.label), page.icon, url, request.path.startswith(url)) for page, url in lines]


def find(access: Access, text: str, limit: int = 8) -> list[Hit]:
    return [hit for kind in _kinds for hit in kind(access, text, limit)]
