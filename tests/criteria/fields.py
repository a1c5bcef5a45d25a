"""What a browser sends for a page: the fields of its HTML, in their order."""

from __future__ import annotations

from html.parser import HTMLParser

from django.http import QueryDict
from django.template.loader import render_to_string

from jalon.criteria.forms import boxes
from jalon.criteria.tree import Criteria
from jalon.records import queries


def sent(criteria: Criteria, object_type: str = "contact") -> QueryDict:
    """What the editor sends when it was opened with these criteria and nothing was touched."""
    editor = boxes.editor(criteria, queries.catalog(object_type))
    return of_html(render_to_string("criteria/_editor.html", {"editor": editor}))


def of_html(html: str) -> QueryDict:
    reader = _Fields()
    reader.feed(html)
    found = QueryDict(mutable=True)
    for name, value in reader.found:
        found.appendlist(name, value)
    return found


class _Fields(HTMLParser):
    """Inputs, menus and areas that have a name; what stands in a <template> is no part of the page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._templates = 0
        self._menu = ""
        self._options: list[tuple[str, bool]] = []
        self._area: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._templates += tag == "template"
        if self._templates:
            return
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "input" and name and (given.get("type") != "checkbox" or "checked" in given):
            self.found.append((name, given.get("value", "")))
        elif tag == "select":
            self._menu, self._options = name, []
        elif tag == "option":
            self._options.append((given.get("value", ""), "selected" in given))
        elif tag == "textarea":
            self._area = ""
            self._menu = name

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area += data

    def handle_endtag(self, tag: str) -> None:
        self._templates -= tag == "template"
        if self._templates:
            return
        if tag == "select" and self._menu:
            chosen = [value for value, selected in self._options if selected] or [self._options[0][0]]
            self.found.append((self._menu, chosen[0]))
        elif tag == "textarea" and self._area is not None:
            self.found.append((self._menu, self._area))
            self._area = None
