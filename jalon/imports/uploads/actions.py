"""Uploads of any size, piece by piece: each is written behind the last one, so nothing is ever held or copied."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from jalon.imports.models import folder

LARGEST: Final = 2 << 30  # bytes of a file
STALE: Final = 24 * 3600  # seconds after which an upload that was never finished is thrown away
TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{16,40}\Z")


class TooLarge(Exception):
    """More than a file may have."""


def incoming() -> Path:
    """Where files lie until the import that they belong to is made."""
    path = folder() / "incoming"
    path.mkdir(mode=0o700, exist_ok=True)
    return path


def begin() -> str:
    """The token of a new upload. Those that somebody left behind yesterday go."""
    for path in incoming().iterdir():
        if path.stat().st_mtime < time.time() - STALE:
            path.unlink(missing_ok=True)
    return secrets.token_urlsafe(16)


def place(user_id: int, token: str) -> Path | None:
    """Where an upload of this user lies; None for a token that is none."""
    return incoming() / f"{user_id}-{token}" if TOKEN.match(token) else None


def append(path: Path, offset: int, blocks: Iterable[bytes]) -> int:
    """Write a piece where the last one ended; the size of the file then. A piece from elsewhere writes nothing: it was sent twice."""
    size = path.stat().st_size if path.exists() else 0
    if offset != size:
        return size
    try:
        with path.open("ab") as out:
            path.chmod(0o600)
            for block in blocks:
                size += out.write(block)
                if size > LARGEST:
                    raise TooLarge
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return size
