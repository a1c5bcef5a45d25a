"""Whole numbers as addresses and forms name them."""

from __future__ import annotations


def whole(text: str, digits: int = 18) -> int | None:
    """The number that a text names; None for anything else. A “²” is a digit too, and a column of numbers holds no more than 18 safely."""
    return int(text) if len(text) <= digits and text.isascii() and text.isdigit() else None
