"""Static files with a hash in their name, so that browsers may keep them for a year."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib.staticfiles.finders import AppDirectoriesFinder
from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Imports between our ES modules are rewritten too. Before `collectstatic` ran, names stay plain."""

    support_js_module_import_aggregation = True
    manifest_strict = False


class OurFiles(AppDirectoriesFinder):
    """Only the capabilities' own files: those of other packages are copied by `make front`, or not wanted."""

    def __init__(self, app_names: list[str] | None = None, *args: Any, **kwargs: Any) -> None:
        ours = [config.name for config in apps.get_app_configs() if config.name.startswith("jalon.")]
        super().__init__(app_names or ours, *args, **kwargs)
