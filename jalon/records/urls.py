"""Addresses of records. Mounted last: the first word of an address is an object type where it is nothing else."""

from __future__ import annotations

from django.urls import path

from jalon.records.views import associations, editing, export, index, link_types, objects, properties, record

app_name = "records"

urlpatterns = [
    path("settings/properties/", properties.first, name="properties_first"),
    path("settings/properties/<slug:plural>/", properties.index, name="properties"),
    path("settings/properties/<slug:plural>/new/", properties.create, name="property_create"),
    path("settings/properties/<slug:plural>/<slug:name>/", properties.change, name="property"),
    path("settings/properties/<slug:plural>/<slug:name>/archiving/", properties.ask_archive, name="property_ask_archive"),
    path("settings/properties/<slug:plural>/<slug:name>/archive/", properties.archive, name="property_archive"),
    path("settings/objects/", objects.index, name="objects"),
    path("settings/objects/new/", objects.create, name="object_create"),
    path("settings/objects/<slug:name>/", objects.change, name="object"),
    path("settings/objects/<slug:name>/archiving/", objects.ask_archive, name="object_ask_archive"),
    path("settings/objects/<slug:name>/archive/", objects.archive, name="object_archive"),
    path("settings/objects/<slug:name>/restore/", objects.restore, name="object_restore"),
    path("settings/associations/", link_types.index, name="link_types"),
    path("settings/associations/new/", link_types.create, name="link_type_create"),
    path("settings/associations/<slug:name>/", link_types.change, name="link_type"),
    path("settings/associations/<slug:name>/delete/", link_types.delete, name="link_type_delete"),
    path("<slug:plural>/", index.index, name="index"),
    path("<slug:plural>/columns/", index.columns, name="columns"),
    path("<slug:plural>/columns/choose/", index.choose_columns, name="choose_columns"),
    path("<slug:plural>/export/", export.export, name="export"),
    path("<slug:plural>/new/", editing.create, name="create"),
    path("<slug:plural>/<int:id>/", record.record, name="record"),
    path("<slug:plural>/<int:id>/preview/", record.preview, name="preview"),
    path("<slug:plural>/<int:id>/edit/", editing.edit, name="edit"),
    path("<slug:plural>/<int:id>/properties/<slug:name>/", editing.one_property, name="one_property"),
    path("<slug:plural>/<int:id>/properties/<slug:name>/history/", record.history, name="history"),
    path("<slug:plural>/<int:id>/archiving/", editing.ask_archive, name="ask_archive"),
    path("<slug:plural>/<int:id>/archive/", editing.archive, name="archive"),
    path("<slug:plural>/<int:id>/restore/", editing.restore, name="restore"),
    path("<slug:plural>/<int:id>/links/<slug:type_name>/<slug:side>/", associations.panel, name="link_panel"),
    path("<slug:plural>/<int:id>/links/<slug:type_name>/<slug:side>/search/", associations.search, name="link_search"),
    path("<slug:plural>/<int:id>/links/<slug:type_name>/<slug:side>/add/", associations.add, name="link_add"),
    path("<slug:plural>/<int:id>/links/<slug:type_name>/<slug:side>/remove/", associations.remove, name="link_remove"),
    path("<slug:plural>/<int:id>/links/<slug:type_name>/<slug:side>/primary/", associations.primary, name="link_primary"),
    path("<slug:plural>/<int:id>/links/<slug:type_name>/<slug:side>/label/", associations.relabel, name="link_relabel"),
]
