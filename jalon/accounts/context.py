from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from jalon.accounts.access import access_of_request
from jalon.accounts.pages import SettingsLine, guests, settings_menu


class _SettingsMenu:
    """Asked for by the settings pages alone, so the others do not pay for it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def __call__(self) -> list[SettingsLine]:
        return settings_menu(self.request, access_of_request(self.request))


def settings(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the lines of the settings menu, and the guests of a demo; each asked for by the page that shows it."""
    return {"settings_menu": _SettingsMenu(request), "guests": guests}
