"""One address gives a page, or the part of it that htmx asked for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render as render_template
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme


def wants_part(request: HttpRequest) -> bool:
    """True for an htmx request that expects a fragment: not a boosted link, not a page restored by Back."""
    htmx = getattr(request, "htmx", None)
    return htmx is not None and bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def render(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, *, part: str | None = None, status: int = 200
) -> HttpResponse:
    """The page, or to htmx only its named part: for `records/index.html` and part "rows", `records/_rows.html`.

    Part and page are the same address, so caches are told to keep them apart.
    """
    if part and wants_part(request):
        template = str(PurePosixPath(template).with_name(f"_{part}.html"))
    response = render_template(request, template, dict(context or {}), status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def inside(request: HttpRequest, address: str, otherwise: str) -> str:
    """An address that came with a request, where it is one of ours: none that leads away, and no word that is no address."""
    is_address = address.startswith(("/", "http://", "https://"))
    return address if is_address and url_has_allowed_host_and_scheme(address, {request.get_host()}) else otherwise


def page_under(request: HttpRequest, otherwise: str) -> str:
    """The page that a drawer stands beside."""
    return inside(request, request.headers.get("HX-Current-URL", ""), otherwise)


def leave_for(request: HttpRequest, url: str) -> HttpResponse:
    """To another page, from a form or from a drawer."""
    if wants_part(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)
