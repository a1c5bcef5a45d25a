"""Waiting until the beat has done what was asked of a list, so that whoever asked sees it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from django.db.models import Max

from jalon.lists.columns import MARK
from jalon.lists.models import List, Movement, Request
from jalon.warehouse import current

ASK_AGAIN: Final = 0.02  # seconds between two looks while somebody waits


def wait(list_id: int, timeout_ms: int) -> bool:
    """Until what was asked of a list is done: its version, and who was added or removed. False: it takes longer."""
    return _until(lambda: _is_settled(list_id), timeout_ms)


def _is_settled(list_id: int) -> bool:
    unfinished = List.objects.filter(pk=list_id, deleted_at=None, trouble=[]).exclude(state=List.State.DONE)
    asked = Request.objects.filter(list_id=list_id, list__deleted_at=None)
    return not unfinished.exists() and not asked.exists() and _is_laid_down(list_id)


def _is_laid_down(list_id: int) -> bool:
    """The columns, which pages read members from, have passed the list's last movement."""
    last = Movement.objects.filter(list_id=list_id).aggregate(last=Max("id"))["last"]
    return last is None or last <= int(current.engine().marks().get(MARK, 0))


def _until(condition: Callable[[], bool], timeout_ms: int) -> bool:
    deadline = time.monotonic() + timeout_ms / 1000
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(ASK_AGAIN)
    return True
