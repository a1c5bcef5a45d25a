from __future__ import annotations

from django.urls import path

from jalon.dashboards import views

urlpatterns = [
    path("", views.home, name="home"),
    path("pinned/<int:report_id>/", views.pinned, name="pinned"),
    path("pinned/<int:report_id>/pin/", views.pin, name="pin"),
]
