"""Addresses of the criteria editor, which pages with filters open in their drawer."""

from __future__ import annotations

from django.urls import path

from jalon.criteria import views

app_name = "criteria"

urlpatterns = [
    path("criteria/<slug:plural>/", views.editor, name="editor"),
    path("criteria/<slug:plural>/filter/", views.filter_box, name="filter"),
    path("criteria/<slug:plural>/check/", views.check, name="check"),
    path("criteria/<slug:plural>/apply/", views.apply, name="apply"),
]
