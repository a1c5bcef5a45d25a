"""Folded text: what search and matching compare. The engines fold the same way."""

from __future__ import annotations

import unicodedata


def fold(text: str) -> str:
    """Lower case, accents stripped."""
    if text.isascii():
        return text.lower()
    return "".join(letter for letter in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(letter))
