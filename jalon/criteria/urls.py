"""Addresses of the criteria editor, which pages with filters open in their drawer or hold themselves."""

from __future__ import annotations

from django.urls import path

from jalon.criteria.views import drawer, filters, verdict

app_name = "criteria"

urlpatterns = [
    path("criteria/<slug:plural>/", drawer.editor, name="editor"),
    path("criteria/<slug:plural>/filter/", filters.filter_box, name="filter"),
    path("criteria/<slug:plural>/asked/", filters.asked, name="asked"),
    path("criteria/<slug:plural>/picked/", filters.picked, name="picked"),
    path("criteria/<slug:plural>/check/", verdict.check, name="check"),
    path("criteria/<slug:plural>/apply/", drawer.apply, name="apply"),
]
