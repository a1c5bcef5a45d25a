"""The beat: in order, at once, one process at a time, and never stopped by one part."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
from django.db import connection

from jalon.jobs.beat import Beat, BeatPart
from jalon.jobs.locks import Session
from tests.waiting import until


@contextmanager
def beating(*parts: BeatPart) -> Iterator[Beat]:
    beat = Beat(parts)
    beat.start()
    try:
        yield beat
    finally:
        assert beat.stop(), "the beat did not end"


def part(name: str, turned: list[str], more: bool = False) -> BeatPart:
    """A part that notes its turns."""

    def turn(now: datetime) -> bool:
        turned.append(name)
        return more

    return BeatPart(name, turn)


def test_parts_turn_in_their_order(house: None) -> None:
    turned: list[str] = []
    parts = [part(name, turned) for name in ("sync", "lists", "lifecycle")]
    with beating(*parts):
        until(lambda: len(turned) >= 6)
    assert turned[:6] == ["sync", "lists", "lifecycle"] * 2


def test_a_part_with_more_to_do_leaves_the_others_their_turn(house: None) -> None:
    turned: list[str] = []
    with beating(part("busy", turned, more=True), part("other", turned)):
        until(lambda: turned.count("other") >= 20)
    assert abs(turned.count("busy") - turned.count("other")) <= 1


def test_a_notification_wakes_the_beat_before_its_rest_is_over(house: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jalon.jobs.beat.REST", 600.0)
    turns: list[datetime] = []
    seen = threading.Event()

    def turn(now: datetime) -> bool:
        turns.append(now)
        seen.set()
        return False

    with beating(BeatPart("sync", turn)):
        until(lambda: len(turns) == 1)
        seen.clear()
        with connection.cursor() as cursor:
            cursor.execute("NOTIFY jalon")
        assert seen.wait(60)


def test_a_failing_part_is_told_of_and_does_not_stop_the_others(house: None) -> None:
    turned: list[str] = []

    def broken(now: datetime) -> bool:
        raise OSError(28, "No space left on device")

    with beating(BeatPart("broken", broken), part("sound", turned)) as beat:
        until(lambda: len(turned) >= 2)
        (trouble,) = beat.troubles()
    assert trouble.part == "broken"
    assert trouble.sentence.startswith("The disk is full")


def test_a_part_that_failed_is_tried_again_and_forgets_its_trouble(house: None) -> None:
    attempts: list[int] = []

    def once_broken(now: datetime) -> bool:
        attempts.append(1)
        if len(attempts) == 1:
            raise ValueError("the first time")
        return False

    with beating(BeatPart("mended", once_broken)) as beat:
        until(lambda: bool(beat.troubles()))
        until(lambda: not beat.troubles())
    assert len(attempts) >= 2


def test_two_processes_never_turn_one_part_at_the_same_time(house: None) -> None:
    turns: list[str] = []
    sync = part("sync", turns)
    with Session() as another_process:
        assert another_process.try_lock(sync.lock)
        with beating(sync) as beat:
            beat.wake()
            until(lambda: _waiting_listeners() == 1)
            assert turns == []
            another_process.unlock(sync.lock)
            beat.wake()
            until(lambda: bool(turns))


def test_what_is_said_while_a_lock_is_asked_for_is_heard(house: None) -> None:
    """The word comes with the answer about the lock: the socket stays silent, and the next look must not wait for it."""
    with Session() as session:
        session.listen("jalon")
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify('jalon', '')")
        assert session.try_lock(1)
        waiting = threading.Thread(target=session.wait, args=(60.0,), daemon=True)
        waiting.start()
        waiting.join(20.0)
        assert not waiting.is_alive()


def test_the_beat_goes_on_after_its_connection_was_cut(house: None) -> None:
    turns: list[str] = []
    with beating(part("sync", turns)):
        until(lambda: _waiting_listeners() == 1)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_advisory_unlock%'")
        before = len(turns)
        until(lambda: len(turns) > before + 1)


def _waiting_listeners() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND state = 'idle' AND query ~ 'advisory|LISTEN'"
        )
        (count,) = cursor.fetchone()
    return int(count)


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("CRITICAL")
