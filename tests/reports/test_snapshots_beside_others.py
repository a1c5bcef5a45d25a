"""A compile does not stand alone: somebody reads the report at that moment, another erases a person. The order of events is real."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import connection

from jalon.accounts.access import EVERYTHING, SYSTEM
from jalon.jobs import runner as jobs_runner
from jalon.jobs.models import Job, State
from jalon.records import queries as records
from jalon.records.erasing import actions as erasing
from jalon.reports import actions, queries
from jalon.reports.columns import SNAPSHOTS
from jalon.reports.models import Snapshot, SnapshotPart
from jalon.reports.queries import ReportView
from jalon.reports.snapshots import actions as snapshots
from jalon.reports.snapshots.queries import laid_down, lay_down
from jalon.reports.snapshots.rows import unpacked
from jalon.warehouse import current, query
from tests.reports.compiling import compiled
from tests.waiting import until
from tests.world import World


@pytest.fixture
def report(cabrelle: World) -> ReportView:
    """Of every contact by city, compiled."""
    raw = {"date_property": "createdate", "period": None, "grouping": "month", "breakdown": "city"}
    number = actions.create(queries.read_definition(raw), actor=SYSTEM)
    compiled()
    return now(number)


def now(number: int) -> ReportView:
    found = queries.report(number, EVERYTHING)
    assert found is not None and found.snapshot is not None
    return found


def total(found: ReportView) -> int:
    assert found.snapshot is not None
    return queries.answer(queries.frozen(EVERYTHING, found.id, found.snapshot)).whole.total.count


def compile_again(number: int) -> None:
    actions.compile(number, actor=SYSTEM)
    compiled()


def in_postgresql() -> set[int]:
    """The records that any snapshot has a row of."""
    numbers = Snapshot.objects.values_list("pk", flat=True)
    return {id for number in numbers for id in rows_of(number).column("record_id").to_pylist()}


def rows_of(snapshot: int) -> Any:
    """As PostgreSQL keeps them: few enough for one part."""
    return unpacked(bytes(SnapshotPart.objects.get(snapshot=snapshot).rows))


def in_the_columns() -> set[int]:
    tree = query.select(query.column("record_id")).from_(query.table(SNAPSHOTS.name))
    return {id for (id,) in current.engine().rows(tree)}


# Somebody reads


def test_who_opened_a_report_just_before_it_was_compiled_anew_sees_its_figures(report: ReportView) -> None:
    everybody = records.count(EVERYTHING, "contact")
    assert report.snapshot is not None
    asked = queries.frozen(EVERYTHING, report.id, report.snapshot)
    compile_again(report.id)
    assert queries.answer(asked).whole.total.count == everybody
    assert total(report) == everybody
    compile_again(report.id)
    assert not Snapshot.objects.filter(pk=report.snapshot.id).exists()
    assert total(report) == everybody  # the snapshot that the page knew is gone; the report has another


def test_only_the_snapshot_before_is_kept(report: ReportView) -> None:
    for _ in range(3):
        compile_again(report.id)
    kept = set(Snapshot.objects.filter(report=report.id).values_list("pk", flat=True))
    assert len(kept) == 2 and laid_down() == kept


# Somebody is erased


@contextmanager
def held_back(statement: str) -> Iterator[None]:
    """Whoever wants what the statement locks waits for the end of this block."""
    parameters = {name: value for name, value in connection.get_connection_params().items() if name not in {"cursor_factory", "context"}}
    with psycopg.connect(**parameters) as other:
        other.execute(statement)
        yield


def waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return int(cursor.fetchone()[0])


def in_a_thread(work: Callable[[], object]) -> threading.Thread:
    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.mark.parametrize(
    "where",
    [
        pytest.param("SELECT 1 FROM reports_report FOR UPDATE", id="before it keeps what it found"),
        pytest.param("LOCK TABLE reports_snapshotpart IN SHARE MODE", id="while it keeps it"),
    ],
)
def test_a_person_who_is_erased_while_a_compile_runs_is_in_no_snapshot(cabrelle: World, report: ReportView, where: str) -> None:
    person = min(in_postgresql())
    everybody = total(report)
    job = actions.compile(report.id, actor=SYSTEM)
    assert job is not None
    with held_back(where):
        compiling = in_a_thread(lambda: jobs_runner.run(job))
        until(lambda: waiting() == 1)  # the columns have told it about this person
        erasing.erase("contact", [person], actor=SYSTEM)
        cleaning = in_a_thread(lambda: snapshots.forget([person]))  # what its job begins with; then it waits for the columns
        until(lambda: waiting() == 2 or not cleaning.is_alive())
    compiling.join()
    cleaning.join()
    cabrelle.catch_up()  # not before: the log is read up to the oldest transaction that is open
    assert Job.objects.get(pk=job).state == State.DONE
    assert person not in in_postgresql() | in_the_columns()
    assert total(now(report.id)) == everybody - 1


def test_an_erasure_takes_a_person_out_of_the_copy_that_somebody_reads(cabrelle: World, report: ReportView) -> None:
    assert report.snapshot is not None
    person, everybody = min(in_postgresql()), total(report)
    before = queries.frozen(EVERYTHING, report.id, report.snapshot)
    compile_again(report.id)
    after = now(report.id).snapshot
    assert after is not None
    present = queries.frozen(EVERYTHING, report.id, after)
    of_a_killed_compile = report.snapshot.id + 100
    lay_down(of_a_killed_compile, {SNAPSHOTS: rows_of(report.snapshot.id)}, instead_of=[])
    assert snapshots.forget([person]) == 1
    assert person not in in_postgresql() | in_the_columns()
    assert laid_down() == {report.snapshot.id, after.id}
    assert [queries.answer(asked).whole.total.count for asked in (before, present)] == [everybody - 1] * 2
