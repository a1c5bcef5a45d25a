"""Tabler's outline icons and our own mark, as inline SVG that takes the text's color."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

_SVG = (
    '<svg class="icon {}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75"'
    ' stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">{}</svg>'
)
_FILE = Path(__file__).parent / "vendor" / "icons.tsv"


class UnknownIcon(LookupError):
    """A template names an icon that Tabler does not have."""


@lru_cache(maxsize=512)
def icon(name: str, classes: str = "") -> SafeString:
    """The drawing is decoration: the text beside it, or the button's label, says what it means."""
    return format_html(_SVG, classes, mark_safe(_shapes(name)))


def _shapes(name: str) -> str:
    """Read line by line: 5,000 icons need not stay in memory for the few dozen in use."""
    if not _FILE.exists():
        raise UnknownIcon(f"{_FILE} is missing: run `make front`, which copies the front-end packages")
    start = f"{name}\t"
    with _FILE.open(encoding="utf-8") as lines:
        found = next((line for line in lines if line.startswith(start)), None)
    if found is None:
        raise UnknownIcon(f"Tabler has no outline icon named '{name}'; see tabler.io/icons")
    return found.removeprefix(start).strip()
