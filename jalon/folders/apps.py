from __future__ import annotations

from django.apps import AppConfig


class FoldersConfig(AppConfig):
    name = "jalon.folders"
    label = "folders"
    default_auto_field = "django.db.models.BigAutoField"
