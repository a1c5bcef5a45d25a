"""Sentences that were kept as a message id with its values, said in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext

from jalon.web import formats


def said(sentence: str, params: Mapping[str, Any]) -> str:
    """The sentence with its values; whole numbers as the reader writes them. One that lost a value stays as it is."""
    shown = {name: _shown(value) for name, value in params.items()}
    try:
        return gettext(sentence) % shown if shown else gettext(sentence)
    except (KeyError, ValueError, TypeError):
        return gettext(sentence)


def _shown(value: Any) -> Any:
    return formats.number(value) if isinstance(value, int) and not isinstance(value, bool) else value
