"""Every address of Jalon: each capability's own addresses, mounted where its users look for them."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from jalon.config import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("health", views.healthy, name="health"),
    path("settings/health/", views.health_page, name="health_page"),
    path("settings/health/back-up/", views.back_up, name="back_up"),
    path("", include("jalon.dashboards.urls")),
    path("import/", include("jalon.imports.urls")),
    path("", include("jalon.accounts.urls")),
    path("reports/", include("jalon.reports.urls")),
    path("lists/", include("jalon.lists.urls")),
    path("", include("jalon.criteria.urls")),
    path("", include("jalon.scores.urls")),
    path("", include("jalon.lifecycle.urls")),
    path("", include("jalon.records.urls")),  # last: any other first word may be an object type
]

handler400 = "jalon.web.errors.unreadable"
handler403 = "jalon.web.errors.denied"
handler404 = "jalon.web.errors.not_found"
handler500 = "jalon.web.errors.broken"
