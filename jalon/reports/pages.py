"""What higher capabilities give to the pages of reports: where reports stand, and buttons. Tables that config's wiring fills."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse

from jalon.accounts.access import Access


@dataclass(frozen=True, slots=True)
class Place:
    """A page on which a report stands, in the reader's language."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Toggle:
    """Something that is on or off for a report and the one who asks; a button of its menu, posted to `url_name` with its number.

    The labels are message ids: `turn_on` where it is off. `on` are the reports for which it is on.
    """

    turn_on: str
    turn_off: str
    icon: str
    icon_on: str
    url_name: str
    on: Callable[[Access], Collection[int]]


@dataclass(frozen=True, slots=True)
class Button:
    """A toggle ready to be drawn."""

    label: str
    icon: str
    url: str
    wanted: str  # what is posted: "1" turns it on


Places = Callable[[Access], Mapping[int, Sequence[Place]]]

_places: Sequence[Places] = ()
_toggles: Sequence[Toggle] = ()


def install(places: Sequence[Places], toggles: Sequence[Toggle]) -> None:
    """Takes the rows of the wiring, in place of those it had."""
    global _places, _toggles
    _places, _toggles = tuple(places), tuple(toggles)


def places(access: Access) -> dict[int, list[Place]]:
    """Where reports stand that this person sees, by the report's number."""
    found: dict[int, list[Place]] = {}
    for ask in _places:
        for report_id, where in ask(access).items():
            found.setdefault(report_id, []).extend(where)
    return found


class Buttons:
    """The toggles of many reports, each asked once."""

    def __init__(self, access: Access) -> None:
        self._on = [(toggle, toggle.on(access)) for toggle in _toggles]

    def of(self, report_id: int) -> list[Button]:
        return [_button(toggle, report_id, is_on=report_id in on) for toggle, on in self._on]


def _button(toggle: Toggle, report_id: int, *, is_on: bool) -> Button:
    url = reverse(toggle.url_name, args=[report_id])
    return Button(toggle.turn_off, toggle.icon_on, url, "") if is_on else Button(toggle.turn_on, toggle.icon, url, "1")
