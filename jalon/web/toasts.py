"""Messages at the lower edge of the next page, some with a way back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest


def say(request: HttpRequest, text: str, *, undo: str = "") -> None:
    """A message of success. `undo` is the address that takes back what it tells; it travels as the message's extra tags."""
    messages.success(request, text, extra_tags=undo)
