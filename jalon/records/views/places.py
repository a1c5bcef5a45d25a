"""The address that the browser shows while a part of its page is asked for: what is open stands in it."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit

from django.http import HttpRequest, HttpResponse

from jalon.web.pages import page_under


def without(request: HttpRequest, name: str) -> str:
    """The address of the page that asks, without one of its parameters; "" where it is none of ours."""
    current = urlsplit(page_under(request, ""))
    if not current.path:
        return ""
    query = urlencode([(key, value) for key, value in parse_qsl(current.query, keep_blank_values=True) if key != name])
    return f"{current.path}?{query}" if query else current.path


def stand(request: HttpRequest, response: HttpResponse, name: str, value: str) -> HttpResponse:
    """Has the address say what is open now, or with an empty value that nothing is: reload, Back and a shared link keep it."""
    under = without(request, name)
    wanted = f"{under}{'&' if '?' in under else '?'}{name}={value}" if value else under
    if under and not request.headers["HX-Current-URL"].endswith(wanted):
        response.headers["HX-Push-Url"] = wanted
    return response
