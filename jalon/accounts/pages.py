"""The pages under Settings and what the palette finds: tables that config's wiring fills."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from jalon.accounts.access import Access, Actor


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


@dataclass(frozen=True, slots=True)
class HitGroup:
    """Things of one kind that were found: the best of them, how many there are, and the page that shows them all."""

    label: str
    hits: tuple[Hit, ...]
    total: int
    url: str = ""

    @property
    def more(self) -> bool:
        return bool(self.url) and self.total > len(self.hits)


def _nothing(access: Access, typed: str) -> Sequence[HitGroup]:
    return ()


def _nobody(access: Access, paths: Sequence[str]) -> Sequence[Hit]:
    return ()


@dataclass(frozen=True, slots=True)
class SearchKind:
    """A kind of things that the palette finds, always only those that the person may see.

    `find` gives what holds the typed words; `similar` what nearly does, asked for when few were found; `recall` says what
    stands at addresses that the person visited lately, those of other kinds left out.
    """

    find: Callable[[Access, str], Sequence[HitGroup]]
    similar: Callable[[Access, str], Sequence[HitGroup]] = _nothing
    recall: Callable[[Access, Sequence[str]], Sequence[Hit]] = _nobody


@dataclass(frozen=True, slots=True)
class Owned:
    """How much of one kind belongs to somebody; the label is in the reader's language."""

    label: str
    count: int


@dataclass(frozen=True, slots=True)
class HandOver:
    """What a capability does with the things of somebody who leaves.

    `move(leaver, heir, actor, mark)` gives them to the heir, or to nobody, and yields how many after each slice it committed.
    """

    name: str
    owned: Callable[[int], Sequence[Owned]]
    move: Callable[[int, int | None, Actor, str], Iterator[int]]


_pages: list[SettingsPage] = []
_kinds: list[SearchKind] = []
_hand_overs: list[HandOver] = []
_guests: list[Callable[[], Guests | None]] = []


def install(pages: Sequence[SettingsPage], kinds: Sequence[SearchKind] = (), guests: Callable[[], Guests | None] | None = None) -> None:
    _pages[:] = sorted(pages, key=lambda page: page.order)
    _kinds[:] = kinds
    _guests[:] = [guests] if guests else []


def install_hand_overs(rows: Sequence[HandOver]) -> None:
    _hand_overs[:] = rows


def hand_overs() -> tuple[HandOver, ...]:
    return tuple(_hand_overs)


def owned(user_id: int) -> list[Owned]:
    """Everything that belongs to somebody, from every capability."""
    return [part for row in _hand_overs for part in row.owned(user_id)]


def guests() -> Guests | None:
    """What the sign-in page of a demo tells everybody."""
    return _guests[0]() if _guests else None


def settings_menu(request: HttpRequest, access: Access) -> list[SettingsLine]:
    """The settings this person may open."""
    allowed = [page for page in _pages if not page.permission or access.may(page.permission)]
    lines = [(page, reverse(page.url_name, args=page.arguments)) for page in allowed]
    return [SettingsLine(gettext(page.label), page.icon, url, request.path.startswith(url)) for page, url in lines]


def find(access: Access, typed: str) -> list[HitGroup]:
    return [group for kind in _kinds for group in kind.find(access, typed)]


def find_similar(access: Access, typed: str) -> list[HitGroup]:
    return [group for kind in _kinds for group in kind.similar(access, typed)]


def recall(access: Access, paths: Sequence[str]) -> list[Hit]:
    """What stands at these addresses, in their order."""
    hits = {hit.url: hit for kind in _kinds for hit in kind.recall(access, paths)}
    return [hits[path] for path in paths if path in hits]
