"""Waiting for another thread or process: until a condition holds, never for a time."""

from __future__ import annotations

import time
from collections.abc import Callable


def until(condition: Callable[[], bool], seconds: float = 90.0) -> None:
    """Returns as soon as the condition holds; fails when it never does."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"it did not come true within {seconds:.0f} s"
        time.sleep(0.01)
