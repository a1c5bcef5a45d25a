"""The pages for what went wrong, each with a sentence that helps."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext


def denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    sentence = str(exception) if exception and str(exception) else gettext("You do not have the right to see this page.")
    return _page(request, 403, gettext("This page is not open to you"), sentence)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    sentence = gettext("The address may be mistyped, or what stood here was deleted. Search finds records by name or e-mail.")
    return _page(request, 404, gettext("There is nothing at this address"), sentence)


def broken(request: HttpRequest) -> HttpResponse:
    """Drawn without context processors: whatever broke may be what they need."""
    return HttpResponse(render_to_string("web/broken.html", {"language": getattr(request, "LANGUAGE_CODE", "en")}), status=500)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's check against forged forms failed: nearly always a page left open across a sign-in."""
    sentence = gettext("The form was open too long, or you signed in again in another tab. Go back, reload the page and send it once more.")
    return _page(request, 403, gettext("The form has expired"), sentence)


def unreadable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What no form of ours sends: characters that no text can hold, or more at once than is ever asked for."""
    too_much = isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent)
    sentence = (
        gettext("This is too much for one form. Send it in several parts, or as a file to import.")
        if too_much
        else gettext(
            "What was sent holds characters that cannot be stored (a NUL byte or half a character). Remove them, and send it again."
        )
    )
    return _page(request, 400, gettext("This cannot be read"), sentence)


def _page(request: HttpRequest, status: int, title: str, sentence: str) -> HttpResponse:
    """A whole page; where only a part of one was asked for, the sentence, which stands at the lower edge of the page that is open."""
    if "HX-Request" in request.headers:
        return HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")
    return render(request, "web/error.html", {"status": status, "error_title": title, "sentence": sentence}, status=status)
