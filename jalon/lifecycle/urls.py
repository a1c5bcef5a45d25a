"""Addresses of the lifecycle: its stages in the settings."""

from __future__ import annotations

from django.urls import path

from jalon.lifecycle.views import changing, deleting, presets, stages

app_name = "lifecycle"

urlpatterns = [
    path("settings/lifecycle/", stages.index, name="stages"),
    path("settings/lifecycle/order/", stages.order, name="order"),
    path("settings/lifecycle/shown/", stages.show, name="show"),
    path("settings/lifecycle/default/", stages.default, name="default"),
    path("settings/lifecycle/new/<slug:kind>/", changing.create, name="new"),
    path("settings/lifecycle/preset/<slug:preset>/", presets.choose, name="preset"),
    path("settings/lifecycle/stage/<str:name>/", changing.change, name="stage"),
    path("settings/lifecycle/stage/<str:name>/delete/", deleting.delete, name="delete"),
]
