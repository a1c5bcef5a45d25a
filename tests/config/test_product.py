"""What the product is made of."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for path in (ROOT / "jalon").rglob("*.py")
    if not {"migrations", "__main__.py", "__init__.py"} & set(path.parts)
)

WITHOUT = """
import importlib, os, sys
for heavy in ("numpy", "pandas"):
    sys.modules[heavy] = None  # an import of it fails
os.environ["DJANGO_SETTINGS_MODULE"] = "jalon.config.settings"
import django
django.setup()
for name in sys.argv[1:]:
    importlib.import_module(name)
"""


def test_the_product_needs_neither_numpy_nor_pandas() -> None:
    done = subprocess.run([sys.executable, "-c", WITHOUT, *MODULES], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]


@pytest.mark.parametrize("lock", sorted(path.name for path in ROOT.glob("*.lock")))
def test_a_lock_file_has_hashes_and_names_no_host(lock: str) -> None:
    text = (ROOT / lock).read_text()
    packages = re.findall(r"^[a-z0-9][^\s=]*==.*?(?=^\S|\Z)", text, re.M | re.S)
    assert packages
    assert all("--hash=sha256:" in package for package in packages)
    assert "://" not in text


def test_the_front_lock_names_no_host() -> None:
    assert "://" not in re.sub(r'"(url|funding)":.*', "", (ROOT / "package-lock.json").read_text())


def test_the_product_is_locked_without_numpy_and_pandas() -> None:
    assert not re.search(r"^(numpy|pandas)==", (ROOT / "requirements.lock").read_text(), re.M)
