"""Where a request comes from."""

from __future__ import annotations

from django.http import HttpRequest


def ip_of(request: HttpRequest) -> str:
    """The caller's address; behind a web server on this machine uvicorn has put the real one here."""
    return str(request.META.get("REMOTE_ADDR", ""))[:45]


def agent_of(request: HttpRequest) -> str:
    return str(request.headers.get("User-Agent", ""))[:400]
