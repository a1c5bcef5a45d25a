"""How far the columns have come in the change log, known to every thread that waits to read its own write."""

from __future__ import annotations

import threading
import time
from typing import Final

from jalon.records.columns import Position
from jalon.warehouse import current
from jalon.warehouse.engine import Engine

MARK: Final = "records"  # the name of the position among the marks that the columns keep
ASK_AGAIN: Final = 0.05  # seconds between two looks at the marks, where another process fills the columns

_moved = threading.Condition()
_position: Position | None = None
_begun: Engine | None = None  # these columns were seen to hold something


def to_mark(position: Position) -> str:
    return f"{position.epoch} {position.xid} {position.id}"


def from_mark(mark: str | None) -> Position | None:
    return Position(*map(int, mark.split())) if mark else None


def stored() -> Position | None:
    """The position that the columns themselves keep, in the same transaction as their rows."""
    return from_mark(current.engine().marks().get(MARK))


def begun() -> bool:
    """Whether the columns hold anything yet; once they do, they always will."""
    global _begun
    engine = current.engine()
    if _begun is not engine and stored() is not None:
        _begun = engine
    return _begun is engine


def moved(position: Position) -> None:
    """Told by the sync after each batch."""
    global _position
    with _moved:
        _position = position
        _moved.notify_all()


def reached(position: Position, timeout_ms: int) -> bool:
    """Whether the columns pass `position` within the time."""
    deadline = time.monotonic() + timeout_ms / 1000
    while not _passed(position):
        with _moved:
            if not _told(position):  # by the sync, since the look a moment ago
                left = deadline - time.monotonic()
                if left <= 0:
                    return False
                _moved.wait(min(left, ASK_AGAIN))
    return True


def _told(position: Position) -> bool:
    return _position is not None and _position >= position


def _passed(position: Position) -> bool:
    """As this process was told, or else by a look at the columns: those of a worker are filled by another process."""
    if _told(position):
        return True
    there = stored()
    return there is not None and there >= position
