"""One import in a home of its own, as the worker does it, with the beat following into the columns beside it.

python -m benchmarks.importing FILE : prints what it took as JSON.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

Sample = tuple[float, int]  # seconds since the beginning, rows done


@dataclass(frozen=True, slots=True)
class Took:
    """Rows, seconds until the import was done and until the columns had it all, and the rates of its first and last tenth."""

    rows: int
    refused: int
    import_seconds: float
    columns_seconds: float
    first_rate: float
    last_rate: float


def main(file: Path) -> None:
    from jalon.config.opening import house

    with house():
        from jalon.demo.chapters import cast
        from jalon.jobs.beat import Beat

        cast.enter()
        beat = Beat()
        beat.start()
        try:
            print(json.dumps(asdict(_bring_in(file))))
        finally:
            beat.stop()


def _bring_in(file: Path) -> Took:
    from jalon.accounts.access import EVERYTHING
    from jalon.imports import actions, queries
    from jalon.imports.bringing import actions as bringing
    from jalon.jobs import runner
    from jalon.records import runner as columns

    with file.open("rb") as content:
        chunks = iter(lambda: content.read(1 << 20), b"")
        import_id = actions.take([actions.Upload(file.name, chunks, "contact")], access=EVERYTHING)
    start = time.perf_counter()
    samples = _watched(bringing, start)
    runner.run(actions.begin(import_id, access=EVERYTHING))
    imported = time.perf_counter() - start
    while columns.status().waiting:
        time.sleep(0.05)
    whole = time.perf_counter() - start
    found = queries.one(EVERYTHING, import_id)
    assert found is not None
    tenth = max(1, len(samples) // 10)
    return Took(found.created, found.refused, imported, whole, _rate(samples[0], samples[tenth]), _rate(samples[-1 - tenth], samples[-1]))


def _watched(actions: Any, start: float) -> list[Sample]:
    """Notes the time at which each slice was reported."""
    samples: list[Sample] = [(0.0, 0)]
    report = actions.jobs.report

    def noted(job_id: int, done: int, total: int) -> bool:
        samples.append((time.perf_counter() - start, done))
        return bool(report(job_id, done, total))

    actions.jobs.report = noted
    return samples


def _rate(first: Sample, last: Sample) -> float:
    return (last[1] - first[1]) / (last[0] - first[0])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
