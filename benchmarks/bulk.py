"""Changing half a million contacts at once and taking it back, each with the columns caught up told apart: a question of `asking`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from benchmarks.figures import Figure

MOST, LIMIT = 500_000, 20.0


def bulk_edit() -> Iterator[Figure]:
    """Every contact of the home, at most 500,000, gets a city; then it is taken back. A smaller home is measured and not judged."""
    from jalon.accounts.access import SYSTEM
    from jalon.records import queries, runner
    from jalon.records.bulk_edits import actions
    from jalon.records.bulk_edits.plan import Change, Deed
    from jalon.records.models import BulkEdit, Record

    rows = Record.objects.filter(object_type__name="contact", archived_at=None).order_by("id")
    ids = list(rows.values_list("id", flat=True)[:MOST])
    change = Change(Deed.SET, {"city": f"Ville {time.time_ns()}"})
    begun = actions.begin_with(SYSTEM, queries.catalog("contact"), ids, change)
    full = len(ids) == MOST
    seconds = _timed(lambda: actions.do(begun.id))
    if (changed := BulkEdit.objects.get(pk=begun.id).changed) != len(ids):
        raise SystemExit(f"Of {len(ids)} contacts {changed} were changed.")
    yield Figure(f"bulk edit of {len(ids)} contacts", seconds, "s", f"{LIMIT:g} s for {MOST}", seconds <= LIMIT if full else None)
    yield Figure("the columns after it", _timed(runner.catch_up), "s")
    seconds = _timed(lambda: actions.take_back(begun.id))
    if (undone := BulkEdit.objects.get(pk=begun.id).undone) != len(ids):
        raise SystemExit(f"Of {len(ids)} contacts {undone} were taken back.")
    yield Figure("taking it back", seconds, "s", f"{LIMIT:g} s for {MOST}", seconds <= LIMIT if full else None)
    yield Figure("the columns after that", _timed(runner.catch_up), "s")


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
