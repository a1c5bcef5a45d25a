"""Every address of Jalon: each capability's own addresses, mounted where its users look for them."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("jalon.accounts.urls")),
]

handler403 = "jalon.web.errors.denied"
handler404 = "jalon.web.errors.not_found"
handler500 = "jalon.web.errors.broken"
