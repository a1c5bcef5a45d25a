"""Internal names of definitions. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from typing import Final

MOST_NAME: Final = 100


def internal_name(label: str) -> str:
    """ "Date d’essai" becomes date_d_essai."""
    name = _plain(label)[:MOST_NAME]
    return name if name[:1].isalpha() else f"p_{name}"[:MOST_NAME] if name else ""


def free_name(label: str, taken: Collection[str], *, otherwise: str, most: int) -> str:
    """A name made of a label, with a number behind it where one of `taken` is called so; `otherwise` if nothing of it is left."""
    name = _plain(label)[:most] or otherwise
    wanted, number = name, 1
    while wanted in taken:
        number += 1
        wanted = f"{name}_{number}"
    return wanted


def _plain(label: str) -> str:
    letters = unicodedata.normalize("NFKD", label.replace("’", "'")).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", letters).strip("_")
