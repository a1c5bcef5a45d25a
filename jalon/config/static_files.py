"""Lays out the static files with hashed names, when they changed since the last start."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from jalon.config.home import StartProblem
from jalon.warehouse.words import N_

MARK = "laid-out-from"
FRONT = Path(__file__).parent.parent / "web" / "static" / "vendor"


def collect() -> bool:
    """True if the files were laid out anew; most starts find them as they are and cost a few milliseconds."""
    folder = Path(settings.STATIC_ROOT)
    mark, wanted = folder / MARK, _fingerprint(settings.ROOT)
    if mark.exists() and mark.read_text() == wanted:
        return False
    if not any(FRONT.glob("*.js")):
        raise StartProblem(N_("The front-end packages are missing: run `make front`."))
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    mark.write_text(wanted)
    return True


def _fingerprint(root: Path) -> str:
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for path in sorted(root.glob("*/static/**/*")):
        if path.is_file():
            state = path.stat()
            digest.update(f"{path.relative_to(root)} {state.st_size} {state.st_mtime_ns}\n".encode())
    return digest.hexdigest()
