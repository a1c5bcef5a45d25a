"""Rich text as it is kept and shown: a few tags, everything else taken out. Pure.

It is cleaned when it is written and once more when it is shown: bulk writes bring canonical text that nobody looked at.
"""

from __future__ import annotations

import html
import re
from typing import Final

TAGS: Final = {"a", "b", "blockquote", "br", "code", "div", "em", "h3", "h4", "i", "li", "ol", "p", "s", "span", "strong", "u", "ul"}
MARK: Final = re.compile(r"<[a-zA-Z/!]|&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z]+);")  # what makes a text HTML
BREAKS: Final = re.compile(r"<(?:br|/p|/div|/li|/h[34])\b[^>]*>", re.IGNORECASE)


def clean(text: str) -> str:
    """Harmless HTML; plain text keeps its lines."""
    import nh3  # 2 MB that only those need who read or write an activity

    if not MARK.search(text):
        text = html.escape(text, quote=False).replace("\n", "<br>")
    return nh3.clean(text, tags=TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto", "tel"}).strip()


def plain(text: str) -> str:
    """The words alone, on one line: for a table, a name, a preview."""
    import nh3

    words = nh3.clean(BREAKS.sub(" ", text), tags=set()) if MARK.search(text) else text
    return " ".join(html.unescape(words).split())
