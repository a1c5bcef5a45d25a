"""The settings of the tests: those of the product, in a home that lives as long as the test process."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from tests.leftovers import prefix

# Before the product's settings are read. Tests that start a `jalon` of their own give it a home of its own.
TEST_HOME = Path(tempfile.mkdtemp(prefix=prefix("test")))
os.environ["JALON_HOME"] = str(TEST_HOME)
os.environ["SECRET_KEY"] = "only for tests"
os.environ["JALON_PATIENCE_MS"] = "1"  # no beat turns beside these tests: each lets the columns catch up where it needs them
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps an event loop in the thread that the other tests run in
for name in ("DATABASE_URL", "WAREHOUSE_URL", "JALON_URL", "JALON_DEBUG"):
    os.environ.pop(name, None)

from jalon.config.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STATIC_ROOT = None  # type: ignore[assignment]  # the files are served from where they lie
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
