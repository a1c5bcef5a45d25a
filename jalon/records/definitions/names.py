"""Internal names of definitions. Pure."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

MOST_NAME: Final = 100


def internal_name(label: str) -> str:
    """ "Date d'essai" becomes date_d_essai."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:MOST_NAME]
    return name if name[:1].isalpha() else f"p_{name}"[:MOST_NAME] if name else ""
