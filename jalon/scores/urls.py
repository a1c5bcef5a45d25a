"""Addresses of scores: the rules of a property, their preview, and how one record came to its points."""

from __future__ import annotations

from django.urls import path

from jalon.scores import views

app_name = "scores"

urlpatterns = [
    path("settings/properties/<slug:plural>/score/new/", views.create, name="create"),
    path("settings/properties/<slug:plural>/score/rule/", views.rule, name="rule"),
    path("settings/properties/<slug:plural>/score/preview/", views.preview, name="preview"),
    path("settings/properties/<slug:plural>/<slug:name>/rules/", views.change, name="score"),
    path("settings/properties/<slug:plural>/<slug:name>/rules/state/", views.state, name="state"),
    path("settings/properties/<slug:plural>/<slug:name>/rules/stop/", views.stop, name="stop"),
    path("scores/<slug:plural>/<int:id>/<slug:name>/", views.explain, name="explain"),
]
