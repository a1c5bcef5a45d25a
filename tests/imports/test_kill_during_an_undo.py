"""`kill -9` while an import is undone: the next worker does the rest, nothing is half taken back, the list is whole."""

from __future__ import annotations

import signal

from jalon.accounts.access import EVERYTHING, SYSTEM
from jalon.imports import queries
from jalon.imports.undoing import actions as undoing
from jalon.jobs import queries as jobs
from jalon.records.actions import Row, write
from jalon.records.columns import Origin, Source
from jalon.records.models import Record
from tests.imports.conftest import bring_in
from tests.imports.test_kill_during_an_import import worker
from tests.waiting import until

ROWS = 24_000
EDITED = 40


def test_a_killed_undo_is_done_by_the_next_worker(house: None) -> None:
    before = bring_in("email,city\n" + "".join(f"p{n}@a.fr,Paris\n" for n in range(0, ROWS, 2)))
    done = bring_in("email,city\n" + "".join(f"p{n}@a.fr,Lyon\n" for n in range(ROWS)))
    assert (before.created, done.created, done.updated) == (ROWS // 2, ROWS // 2, ROWS // 2)
    edited = list(Record.objects.filter(created_at__isnull=False).order_by("pk").values_list("pk", flat=True)[:EDITED])
    write("contact", [Row({"city": "Brest"}, id) for id in edited], actor=SYSTEM, origin=Origin(Source.USER))
    job_id = undoing.begin(done.id, access=EVERYTHING)

    def progress() -> int:
        job = jobs.job(job_id)
        return job.done if job else 0

    with worker() as process:
        until(lambda: progress() > 0, seconds=120)
        process.send_signal(signal.SIGKILL)
    with worker():
        until(lambda: (found := queries.one(EVERYTHING, done.id)) is not None and found.state == "undone", seconds=120)
    found = queries.one(EVERYTHING, done.id)
    assert found is not None
    assert found.undone["kept"] == EDITED
    there = Record.objects.filter(archived_at=None)
    assert there.count() == ROWS // 2
    assert there.filter(properties__city="Paris").count() == ROWS // 2 - EDITED
    assert there.filter(properties__city="Brest").count() == EDITED
