"""One round of the proofs about crashes; `make prove` does many (benchmarks/prove.py)."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.crashes import Round, history_round, sync_round
from benchmarks.server import Home, free_port
from tests.leftovers import prefix


@pytest.fixture
def attempt() -> Iterator[Round]:
    with tempfile.TemporaryDirectory(prefix=prefix("crash")) as folder:
        yield Round(Home(Path(folder) / "home", free_port()), 1, random.Random("test"), rows=7_000)


def test_a_sync_that_is_killed_three_times_goes_on_and_the_columns_are_right(attempt: Round) -> None:
    assert sync_round(attempt)["kills"] >= 1


def test_a_history_import_that_is_killed_enters_every_value_once(attempt: Round) -> None:
    assert history_round(attempt) == {"kills": 1, "past values": 7_000}
