"""Every address of Jalon: each capability's own addresses, mounted where its users look for them."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
