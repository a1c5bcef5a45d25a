"""Characters that no text of ours can hold: PostgreSQL keeps no NUL, and UTF-8 has no half of a character. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

_HALF: Final = re.compile("[\ud800-\udfff]")


def is_storable(text: str) -> bool:
    return "\x00" not in text and (text.isascii() or _HALF.search(text) is None)


def are_storable(parsed: Any) -> bool:
    r"""Whether every text in a value that was read from JSON is; its escapes (\u0000, \ud800) can write what no page can send."""
    match parsed:
        case str():
            return is_storable(parsed)
        case Mapping():
            return all(are_storable(name) and are_storable(value) for name, value in parsed.items())
        case list() | tuple():
            return all(map(are_storable, parsed))
        case _:
            return True
