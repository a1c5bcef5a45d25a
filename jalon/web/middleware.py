"""Headers on every answer: the strict content policy, and messages as toasts for htmx."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.contrib.messages import get_messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from jalon.warehouse.characters import is_storable
from jalon.web.errors import unreadable

Answer = Callable[[HttpRequest], HttpResponse]

POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data: blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)


class PolicyMiddleware:
    """Only our own files run: no inline script or style, no eval, nobody frames us (CSP level 3)."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        return response


class TextMiddleware:
    """Refuses what no text can hold before a view meets it: no page sends a NUL, and whatever keeps or looks for one would fail."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """After the check against forged forms, which has read the form already."""
        sent = (request.GET, request.POST) if request.method == "POST" else (request.GET,)
        texts = (text for form in sent for name, values in form.lists() for text in (name, *values))
        return None if is_storable(request.path) and all(map(is_storable, texts)) else unreadable(request)


def _toast(message: Message) -> dict[str, str]:
    """As the page's toasts read it; the extra tags hold the address that takes back what it tells."""
    undo = {"undo": message.extra_tags} if message.extra_tags else {}
    return {"level": message.level_tag, "text": str(message), **undo}


class ToastMiddleware:
    """A message set while htmx asked for a fragment travels in a header; a whole page draws it itself."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        patch_vary_headers(response, ["HX-Request"])
        leaves = response.status_code >= 300 or "HX-Redirect" in response.headers or "HX-Refresh" in response.headers
        if request.headers.get("HX-Request") != "true" or leaves:
            return response
        toasts = [_toast(message) for message in get_messages(request)]
        if toasts and "HX-Trigger" not in response.headers:
            response.headers["HX-Trigger"] = json.dumps({"toasts": {"toasts": toasts}})
        return response
