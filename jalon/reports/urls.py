from __future__ import annotations

from django.urls import path

from jalon.reports import views

app_name = "reports"

urlpatterns = [
    path("", views.home, name="home"),
    path("new/", views.start, name="start"),
    path("new/contacts/", views.build, name="build"),
    path("new/contacts/create/", views.create, name="create"),
    path("preview/", views.preview, name="preview"),
    path("<int:report_id>/", views.report, name="report"),
    path("<int:report_id>/edit/", views.edit, name="edit"),
    path("<int:report_id>/change/", views.change, name="change"),
    path("<int:report_id>/refresh/", views.refresh, name="refresh"),
    path("<int:report_id>/compiling/", views.compiling, name="compiling"),
    path("<int:report_id>/gone/", views.gone, name="gone"),
    path("<int:report_id>/goal/", views.goal, name="goal"),
    path("<int:report_id>/color/", views.color, name="color"),
    path("<int:report_id>/title/", views.rename, name="rename"),
    path("<int:report_id>/duplicate/", views.duplicate, name="duplicate"),
    path("<int:report_id>/delete/", views.delete, name="delete"),
    path("<int:report_id>/table.csv", views.table_csv, name="table"),
    path("<int:report_id>/contacts.csv", views.contacts_csv, name="contacts"),
    path("<int:report_id>/chart.png", views.chart_png, name="png"),
    path("<int:report_id>/chart.svg", views.chart_svg, name="svg"),
]
