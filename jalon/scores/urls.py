"""Addresses of scores: the rules of a property, their preview, and how one record came to its points."""

from __future__ import annotations

from django.urls import path

from jalon.scores import views

app_name = "scores"

urlpatterns = [
    path("settings/scores/<slug:plural>/", views.create, name="create"),
    path("settings/scores/<slug:plural>/rule/new/", views.rule, name="rule"),
    path("settings/scores/<slug:plural>/rules/preview/", views.preview, name="preview"),
    path("settings/scores/<slug:plural>/<slug:name>/", views.change, name="score"),
    path("settings/scores/<slug:plural>/<slug:name>/state/", views.state, name="state"),
    path("settings/scores/<slug:plural>/<slug:name>/stop/", views.stop, name="stop"),
    path("scores/<slug:plural>/<int:id>/<slug:name>/", views.explain, name="explain"),
]
