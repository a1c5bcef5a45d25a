"""How this process asks the system for memory, so that what a page or a job has used goes back when it is done.

Left alone, glibc gives every thread a store of its own and learns to keep large pieces, and Arrow's allocator keeps what it once had:
after a walk through all pages of a demo that was 90 MB which nobody used. Two stores are enough for threads that take turns at the
interpreter, and pieces from a quarter of a megabyte on come from the system one by one and return to it at once.
"""

from __future__ import annotations

import ctypes
import os
from typing import Final

MMAP_THRESHOLD, ARENA_MAX = -3, -8  # of glibc's mallopt
PIECE: Final = 256 << 10
STORES: Final = 2


def be_frugal() -> None:
    """Before Arrow is loaded. Where the system's library is another one than glibc, it has no such habits."""
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(MMAP_THRESHOLD, PIECE)
        mallopt(ARENA_MAX, STORES)
