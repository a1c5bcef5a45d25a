"""Static files with a hash in their name, so that browsers may keep them for a year."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):
    """Imports between our ES modules are rewritten too. Before `collectstatic` ran, names stay plain."""

    support_js_module_import_aggregation = True
    manifest_strict = False
