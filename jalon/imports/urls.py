from __future__ import annotations

from django.urls import path

from jalon.imports import views
from jalon.imports.keeping import views as keeping
from jalon.imports.undoing import views as undoing
from jalon.imports.uploads import views as uploads
from jalon.imports.verdicts import views as verdicts

app_name = "imports"
urlpatterns = [
    path("", views.start, name="start"),
    path("pieces/", uploads.piece, name="piece"),
    path("history/", views.history, name="history"),
    path("keeping/", keeping.keeping, name="keeping"),
    path("keeping/<int:template_id>/forget/", keeping.forget, name="forget_template"),
    path("<int:import_id>/", views.show, name="show"),
    path("<int:import_id>/columns/", views.columns, name="columns"),
    path("<int:import_id>/files/<int:place>/choose/", views.choose, name="choose"),
    path("<int:import_id>/files/<int:place>/", keeping.original, name="original"),
    path("<int:import_id>/rows/", verdicts.rows, name="rows"),
    path("<int:import_id>/begin/", views.begin, name="begin"),
    path("<int:import_id>/cancel/", views.cancel, name="cancel"),
    path("<int:import_id>/undo/", undoing.undo, name="undo"),
    path("<int:import_id>/kept/", undoing.kept, name="kept"),
    path("<int:import_id>/kept.csv", undoing.kept_file, name="kept_file"),
    path("<int:import_id>/refused.csv", views.refused, name="refused"),
    path("<int:import_id>/files/<int:place>/refused.csv", views.refused, name="refused_of"),
    path("<int:import_id>/created/", views.touched, {"what": "created"}, name="created"),
    path("<int:import_id>/updated/", views.touched, {"what": "updated"}, name="updated"),
]
