"""What stands in the rail, behind the create button and in the palette. The rows come from config's wiring."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Any, Protocol, TypeVar

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One line of the rail. `label` and `section` are message ids; an empty section stands at the top."""

    label: str
    icon: str
    url_name: str
    permission: str = ""
    section: str = ""
    order: int = 0
    arguments: tuple[str, ...] = ()
    at_foot: bool = False
    count: Callable[[Any], int] | None = None  # of things that wait for this person, given their access


@dataclass(frozen=True, slots=True)
class CreateEntry:
    """One line behind the create button: "Contact", "Report"."""

    label: str
    icon: str
    url_name: str
    permission: str
    order: int = 0
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """An entry ready to be drawn for one person on one page."""

    label: str
    icon: str
    url: str
    section: str
    current: bool
    count: Any = 0  # asked for when it is drawn: a part of a page has no rail


E = TypeVar("E", MenuEntry, CreateEntry)


class MayAsk(Protocol):
    def may(self, permission: str) -> bool: ...


# Entries that depend on data, such as custom objects, come from a function that is asked at every page.
MenuSource = Callable[[], Iterable[MenuEntry]]
CreateSource = Callable[[], Iterable[CreateEntry]]

_entries: list[MenuEntry | MenuSource] = []
_creates: list[CreateEntry | CreateSource] = []


def install(entries: Sequence[MenuEntry | MenuSource], creates: Sequence[CreateEntry | CreateSource] = ()) -> None:
    """Takes the rows of the wiring, in place of those it had."""
    _entries[:] = entries
    _creates[:] = creates


def rail(request: HttpRequest, access: MayAsk) -> tuple[list[tuple[str, list[Line]]], list[Line]]:
    """The rail's sections in order, and the lines at its foot. What the user may not see is not there."""
    entries = _allowed(_flat(_entries), access)
    current = _current([_url(entry) for entry in entries], request.path)
    lines = [(entry.at_foot, _line(entry, current, access)) for entry in entries]
    body = sorted((line for at_foot, line in lines if not at_foot), key=lambda line: bool(line.section))
    sections = [(section, list(found)) for section, found in groupby(body, key=lambda line: line.section)]
    return sections, [line for at_foot, line in lines if at_foot]


def creates(access: MayAsk) -> list[Line]:
    """What the create button offers to this person."""
    return [_line(entry, "") for entry in _allowed(_flat(_creates), access)]


def _flat(rows: Sequence[E | Callable[[], Iterable[E]]]) -> list[E]:
    """The rows with the functions asked, in their order."""
    found: list[E] = []
    for row in rows:
        found.extend(row() if callable(row) else [row])
    return sorted(found, key=lambda entry: entry.order)


def _allowed(entries: list[E], access: MayAsk) -> list[E]:
    return [entry for entry in entries if not entry.permission or access.may(entry.permission)]


def _url(entry: MenuEntry | CreateEntry) -> str:
    return reverse(entry.url_name, args=entry.arguments)


def _current(urls: list[str], path: str) -> str:
    """The longest address the page lies under; the root only stands for itself."""
    under = [url for url in urls if path == url or (url != "/" and path.startswith(url))]
    return max(under, key=len, default="")


def _line(entry: MenuEntry | CreateEntry, current: str, access: MayAsk | None = None) -> Line:
    url = _url(entry)
    section = entry.section if isinstance(entry, MenuEntry) else ""
    count = SimpleLazyObject(partial(entry.count, access)) if isinstance(entry, MenuEntry) and entry.count else 0
    return Line(gettext(entry.label), entry.icon, url, gettext(section) if section else "", url == current, count)
