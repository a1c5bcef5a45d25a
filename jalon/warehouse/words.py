"""Words in modules that know nothing of Django: a message id is marked here and translated where it is shown."""

from __future__ import annotations


def N_(message: str) -> str:
    """Marks an English message id for the catalogs (a keyword of the extraction)."""
    return message
