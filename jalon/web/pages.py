"""One address gives a page, or the part of it that htmx asked for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render as render_template
from django.utils.cache import patch_vary_headers


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


def leave_for(request: HttpRequest, url: str) -> HttpResponse:
    """To another page, from a form or from a drawer."""
    if wants_part(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)
