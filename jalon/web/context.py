"""What the frame of a page needs to draw itself."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language

from jalon.web import menu

LANGUAGES = (("en", "English"), ("fr", "Français"))


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the rail, the create menu and the switches, for signed-in people only."""
    access = getattr(request, "access", None)
    context: dict[str, Any] = {"language": get_language() or "en", "languages": LANGUAGES, "signed_in": False}
    context["access"] = access
    context["account"] = getattr(request, "account", None)
    context["theme"] = getattr(request, "theme", "system")
    if access is not None and access.actor.user_id is not None:
        context["signed_in"] = True
        context["rail"], context["rail_foot"] = menu.rail(request, access)
        context["creates"] = menu.creates(access)
        context["rail_collapsed"] = request.COOKIES.get("rail") == "narrow"
    return context
