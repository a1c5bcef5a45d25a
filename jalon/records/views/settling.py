"""After a write: the page that follows shows it, or says that it will."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext

from jalon.records import queries
from jalon.records.columns import Position
from jalon.web.pages import wants_part


def settle(request: HttpRequest, position: Position | None) -> None:
    """Waits until the columns have what was just written, and says so where they lag."""
    if not queries.wait(position):
        messages.info(request, gettext("Saved. Tables and reports will show it in a moment."))


def leave_for(request: HttpRequest, url: str) -> HttpResponse:
    """To another page, from a form or from a drawer."""
    if wants_part(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)
