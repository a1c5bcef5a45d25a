"""The one thing in generated criteria that moves with every turn: the instant they are asked at. Pure."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Final

from sqlglot import exp

from jalon.warehouse import query

MARK: Final = "\0now"  # no value holds this character


@lru_cache(maxsize=8)
def literal(now: datetime) -> str:
    """An instant as it stands in generated text, between its quotes."""
    (text,) = query.instant(now).find_all(exp.Literal)
    return str(text.this)


def marked(text: str, now: datetime) -> str:
    """Text made for one instant, good for any."""
    return text.replace(literal(now), MARK)


def told(text: str, now: datetime) -> str:
    """The same as of an instant."""
    return text.replace(MARK, literal(now))
