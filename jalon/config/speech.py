"""What Jalon says where Django does not stand yet: by the house's own catalogs, in the language of the terminal."""

from __future__ import annotations

import gettext
import os
from pathlib import Path

CATALOGS = tuple(Path(__file__).parents[1] / folder / "locale" for folder in ("config", "warehouse"))


def language() -> str:
    """French where the terminal speaks it, else English."""
    spoken = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "fr" if spoken.startswith("fr") else "en"


def said(message: str, **told: object) -> str:
    """A message id in words; its own English where no catalog is compiled yet."""
    found = (gettext.translation("django", folder, [language()], fallback=True).gettext(message) for folder in CATALOGS)
    text = next((text for text in found if text != message), message)
    return text % told if told else text
