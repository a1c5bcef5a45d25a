from __future__ import annotations

from django.urls import path

from jalon.imports import views

app_name = "imports"
urlpatterns = [
    path("", views.start, name="start"),
    path("<int:import_id>/", views.show, name="show"),
    path("<int:import_id>/columns/", views.columns, name="columns"),
    path("<int:import_id>/begin/", views.begin, name="begin"),
    path("<int:import_id>/cancel/", views.cancel, name="cancel"),
    path("<int:import_id>/refused.csv", views.refused, name="refused"),
    path("<int:import_id>/created/", views.touched, {"what": "created"}, name="created"),
    path("<int:import_id>/updated/", views.touched, {"what": "updated"}, name="updated"),
]
