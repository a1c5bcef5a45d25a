"""What is done with whole persons: looking for duplicates among all of them, and deleting one of them for ever."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from benchmarks.figures import Figure

FACTS = 10_000
FINDER_AIM, ERASE_AIM = 120.0, 1.0


def duplicates() -> Iterator[Figure]:
    """The finder as its job runs it, for every reason that contacts have."""
    from jalon.jobs import runner
    from jalon.jobs.queries import job
    from jalon.records.duplicates import actions
    from jalon.records.duplicates import queries as found

    started = time.perf_counter()
    look = actions.look_for("contact", user_id=None)
    runner.run(look.pk)
    took = time.perf_counter() - started
    done = job(look.pk)
    if done is None or done.state != "done":
        raise SystemExit("The finder did not come to its end.")
    aim = found.population("contact") >= 1_000_000
    yield Figure("looking for duplicates, in the background", took, "s", "120 s at 1 M", took <= FINDER_AIM if aim else None)
    yield Figure("- pairs found", float(done.result["pairs"]), "pairs")


def erase() -> Iterator[Figure]:
    """A contact with ten thousand facts, forgotten in one transaction."""
    from jalon.accounts.access import SYSTEM
    from jalon.records import actions
    from jalon.records.columns import Origin, Source
    from jalon.records.erasing import actions as erasing

    made = actions.write("contact", [actions.Row({"email": "erased@bench.example"})], actor=SYSTEM, origin=Origin(Source.API, "bench"))
    (person,) = made.created
    start = datetime.now(UTC) - timedelta(days=FACTS)
    past = (actions.PastValue(person, "city", f"Place {number}", start + timedelta(hours=number), Source.API) for number in range(FACTS))
    actions.write_history("contact", past, actor=SYSTEM)
    started = time.perf_counter()
    done = erasing.erase("contact", [person], actor=SYSTEM)
    took = time.perf_counter() - started
    if done.counts["history"] <= FACTS:
        raise SystemExit(f"Only {done.counts['history']} of {FACTS} lines were forgotten.")
    yield Figure("deleting for ever a contact with 10,000 facts", took, "s", "1 s", took <= ERASE_AIM)
