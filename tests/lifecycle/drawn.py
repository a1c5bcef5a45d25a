"""Movements of contacts as hypothesis draws them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from jalon.lifecycle.journeys.path import Path
from tests.lifecycle.naive import Move

PATH = Path(("one", "two", "three"), "won", ("cold", "poor"), ("beside",))
STAGES = [None, *PATH.known]
START = datetime(2026, 3, 28, 22, 59, 59, 998000, tzinfo=UTC)  # two milliseconds before a local midnight, in the night of DST


@st.composite
def logs(draw: st.DrawFn, step: timedelta = timedelta(milliseconds=1)) -> dict[int, list[Move]]:
    """Contacts whose stage changes by hand, or by an import that nobody logs; many changes share an instant."""
    numbers = list(range(1, 301))
    draw(st.randoms(use_true_random=False)).shuffle(numbers)
    ids = iter(numbers)
    found: dict[int, list[Move]] = {}
    for record in range(1, draw(st.integers(1, 30)) + 1):
        stage, at = None, START
        for to, logged, later in draw(st.lists(st.tuples(st.sampled_from(STAGES), st.integers(0, 3), st.integers(0, 3)), max_size=10)):
            at += later * step
            if to != stage and logged:
                found.setdefault(record, []).append(Move(next(ids), stage, to, at))
            stage = to
    return found
