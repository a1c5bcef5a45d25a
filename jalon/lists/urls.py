"""Addresses of lists."""

from __future__ import annotations

from django.urls import path

from jalon.lists.views import creating, editing, hands, index, members, past, settings

app_name = "lists"

urlpatterns = [
    path("", index.index, name="index"),
    path("deleted/", index.deleted, name="deleted"),
    path("folders/new/", index.folder_new, name="folder_new"),
    path("folders/<int:folder_id>/", index.folder, name="folder"),
    path("folders/<int:folder_id>/delete/", index.folder_delete, name="folder_delete"),
    path("new/", creating.new, name="new"),
    path("new/criteria/", creating.new_criteria, name="new_criteria"),
    path("test/<slug:plural>/", editing.candidates, name="candidates"),
    path("test/<slug:plural>/<int:record_id>/", editing.test, name="test"),
    path("add/<slug:plural>/", hands.bulk, name="bulk"),
    path("of/<slug:plural>/<int:id>/", hands.panel, name="panel"),
    path("of/<slug:plural>/<int:id>/choose/", hands.choose, name="choose"),
    path("of/<slug:plural>/<int:id>/join/<int:list_id>/", hands.join, name="join"),
    path("of/<slug:plural>/<int:id>/leave/<int:list_id>/", hands.leave, name="leave"),
    path("<int:list_id>/", members.members, name="list"),
    path("<int:list_id>/standing/", members.standing, name="standing"),
    path("<int:list_id>/columns/", members.columns, name="columns"),
    path("<int:list_id>/columns/choose/", members.choose_columns, name="choose_columns"),
    path("<int:list_id>/export/", members.export, name="export"),
    path("<int:list_id>/growth/", past.growth, name="growth"),
    path("<int:list_id>/history/", past.history, name="history"),
    path("<int:list_id>/settings/", settings.settings, name="settings"),
    path("<int:list_id>/edit/", editing.edit, name="edit"),
    path("<int:list_id>/rename/", settings.rename, name="rename"),
    path("<int:list_id>/describe/", settings.describe, name="describe"),
    path("<int:list_id>/move/", settings.move, name="move"),
    path("<int:list_id>/clone/", settings.clone, name="clone"),
    path("<int:list_id>/conversion/", settings.conversion, name="conversion"),
    path("<int:list_id>/conversion/cancel/", settings.cancel_conversion, name="cancel_conversion"),
    path("<int:list_id>/deleting/", settings.ask_delete, name="ask_delete"),
    path("<int:list_id>/delete/", settings.delete, name="delete"),
    path("<int:list_id>/restore/", settings.restore, name="restore"),
    path("<int:list_id>/add/", hands.hand, name="hand"),
    path("<int:list_id>/add/<int:record_id>/", hands.put_in, name="put_in"),
    path("<int:list_id>/take-out/", hands.take_out, name="take_out"),
]
