"""After a write: the page that follows shows it, or says that it will."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext

from jalon.records import queries
from jalon.records.columns import Position


def settle(request: HttpRequest, position: Position | None) -> None:
    """Waits until the columns have what was just written, and says so where they lag."""
    if not queries.wait(position):
        messages.info(request, gettext("Saved. Tables and reports will show it in a moment."))
