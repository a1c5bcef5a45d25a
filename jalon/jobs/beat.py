"""The heartbeat: one ordered loop over the parts that follow the change log.

It is woken by NOTIFY "jalon" at a commit and turns at the latest every second. A part does one slice at a turn, so none
starves, and holds an advisory lock meanwhile, so that of many processes one does it. A part that fails says so in the
log and in `troubles()`, and is tried again after a pause that doubles; the others turn on.
"""

from __future__ import annotations

import os
import threading
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from django.db import connection

from jalon.jobs.locks import Session
from jalon.jobs.trouble import sentence

CHANNEL = "jalon"
REST = 1.0  # seconds between two rounds when nothing is said
LONGEST_PAUSE = 60.0
LOCKS = 0x4B << 48  # the beat's own range of advisory locks

log = structlog.get_logger("beat")


@dataclass(frozen=True, slots=True)
class BeatPart:
    """One part of the beat. `turn(now)` does one slice (200 ms or 5,000 records) and says whether more waits."""

    name: str
    turn: Callable[[datetime], bool]

    @property
    def lock(self) -> int:
        return LOCKS | zlib.crc32(self.name.encode())


@dataclass(frozen=True, slots=True)
class Trouble:
    """A part that fails, in a sentence, and when it is tried again."""

    part: str
    sentence: str
    since: datetime
    failures: int
    again_at: datetime


_parts: tuple[BeatPart, ...] = ()


def install(parts: Sequence[BeatPart]) -> None:
    """The parts in the order of their turns, from the wiring."""
    global _parts
    _parts = tuple(parts)


class Beat:
    """The loop in a thread of its own."""

    def __init__(self, parts: Sequence[BeatPart] | None = None) -> None:
        self._parts = _parts if parts is None else tuple(parts)
        self._troubles: dict[str, Trouble] = {}
        self._turns: dict[str, datetime] = {part.name: datetime.now(UTC) for part in self._parts}
        self._stopping = threading.Event()
        self._woken, self._wake = os.pipe()
        os.set_blocking(self._woken, False)
        os.set_blocking(self._wake, False)
        self._thread = threading.Thread(target=self._live, name="beat", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, seconds: float = 1.5) -> bool:
        """Ends after the slice that is being done; False where that takes longer than it may."""
        self.ask_to_stop()
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def ask_to_stop(self) -> None:
        self._stopping.set()
        self.wake()

    def wake(self) -> None:
        with suppress(BlockingIOError):  # the pipe is full of wishes already
            os.write(self._wake, b".")

    def troubles(self) -> tuple[Trouble, ...]:
        return tuple(self._troubles.values())

    def turns(self) -> dict[str, datetime]:
        """When each part has last had its turn, here or in another process."""
        return dict(self._turns)

    def _live(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            try:
                with Session() as session:
                    session.listen(CHANNEL)
                    failures = 0
                    self._rounds(session)
            except Exception as error:
                failures += 1
                log.error("beat lost its connection", reason=sentence(error), error=str(error))
                self._stopping.wait(_pause(failures))
            finally:
                connection.close()

    def _rounds(self, session: Session) -> None:
        while not self._stopping.is_set():
            if not self.round(session):
                session.wait(REST, self._woken)
                with suppress(BlockingIOError):
                    os.read(self._woken, 4096)

    def round(self, session: Session) -> bool:
        """One turn of every part, in order; True if any of them has more to do."""
        more = False
        for part in self._parts:
            if self._stopping.is_set():
                return False
            more |= self._turn(part, session)
        return more

    def _turn(self, part: BeatPart, session: Session) -> bool:
        now = datetime.now(UTC)
        trouble = self._troubles.get(part.name)
        self._turns[part.name] = now
        if (trouble and now < trouble.again_at) or not session.try_lock(part.lock):
            return False
        try:
            more = part.turn(now)
        except Exception as error:
            self._note(part, error, now)
            return False
        finally:
            session.unlock(part.lock)
        if self._troubles.pop(part.name, None):
            log.info("beat part works again", part=part.name)
        return more

    def _note(self, part: BeatPart, error: Exception, now: datetime) -> None:
        before = self._troubles.get(part.name)
        failures = before.failures + 1 if before else 1
        again_at = now + timedelta(seconds=_pause(failures))
        self._troubles[part.name] = Trouble(part.name, sentence(error), before.since if before else now, failures, again_at)
        log.error("beat part failed", part=part.name, reason=sentence(error), failures=failures, exc_info=error)
        connection.close()  # whatever state the part left it in


def _pause(failures: int) -> float:
    return float(min(LONGEST_PAUSE, 0.5 * 2**failures))
