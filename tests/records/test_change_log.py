"""The change log is read without losing a late commit and without reading a line twice."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from sqlglot import exp

from jalon.criteria.following import queries as following
from jalon.lifecycle.movements import queries as movements
from jalon.records import progress, queries, runner
from jalon.records.calculated import queries as calculated
from jalon.records.columns import Position
from jalon.records.log import queries as log
from jalon.records.log.queries import START
from jalon.records.models import Change
from jalon.warehouse import current
from tests.records.steps import asked, contact, write

END = Position(2**15, 2**62, 2**62)
pytestmark = pytest.mark.usefixtures("columns")


def history_ids() -> list[int]:
    return sorted(id for (id,) in current.engine().rows(exp.select("change_id").from_("property_history")))


def in_thread(work: Callable[[], None]) -> threading.Thread:
    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_a_commit_that_comes_late_is_read_all_the_same(sync: Callable[[], None]) -> None:
    written, may_commit = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            write({"email": "slow@example.com"})
            written.set()
            may_commit.wait()

    thread = in_thread(slow)
    written.wait()
    write({"email": "quick@example.com"})  # a younger transaction that commits first
    sync()
    assert history_ids() == [], "the younger line waits: the older one could still come before it"
    may_commit.set()
    thread.join()
    sync()
    assert history_ids() == sorted(Change.objects.values_list("id", flat=True))
    assert len(history_ids()) == 2


def test_many_writers_at_once_and_a_reader_beside_them_agree_in_the_end(sync: Callable[[], None]) -> None:
    def writer(seed: int) -> Callable[[], None]:
        def work() -> None:
            chance = random.Random(seed)
            for number in range(15):
                with transaction.atomic():
                    for part in range(chance.randint(1, 4)):
                        write({"email": f"w{seed}.{number}.{part}@example.com"})

        return work

    threads = [in_thread(writer(seed)) for seed in range(4)]
    while any(thread.is_alive() for thread in threads):
        runner.sync(datetime.now(UTC))
    sync()
    assert history_ids() == sorted(Change.objects.values_list("id", flat=True))


def test_a_writer_reads_what_it_wrote_once_the_columns_have_passed_it(sync: Callable[[], None]) -> None:
    position = write({"email": "a@example.com"}).position
    assert position is not None
    assert not queries.wait(position, timeout_ms=1)
    beat = in_thread(sync)
    assert queries.wait(position, timeout_ms=5_000)
    beat.join()
    assert progress.stored() == position


def test_positions_of_a_restored_log_come_after_those_of_the_old_one() -> None:
    assert Position(1, 5_000, 9) < Position(2, 10, 1)


def test_the_log_says_who_and_where_from() -> None:
    id = contact(email="a@example.com", city="Lyon")
    line = Change.objects.get(record_id=id)
    assert (line.source, line.kind, line.delta["city"], line.backdated) == ("user", "c", [None, "Lyon"], False)


def test_lines_lie_in_the_partition_of_their_month() -> None:
    contact(email="a@example.com")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM records_change_default")
        assert cursor.fetchone() == (0,)


def test_the_beat_makes_the_partitions_of_the_months_to_come() -> None:
    runner.prepare_months(datetime(2031, 12, 31, 23, 59, tzinfo=UTC))
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('records_change_2031_12'), to_regclass('records_change_2032_02')")
        assert None not in cursor.fetchone()
        cursor.execute("DROP TABLE records_change_2031_12, records_change_2032_01, records_change_2032_02")


def test_a_rebuild_gives_the_columns_that_the_log_gave(sync: Callable[[], None]) -> None:
    contact(email="a@example.com", city="Lyon")
    write({"email": "a@example.com", "city": "Paris"})
    sync()
    question = "SELECT * FROM property_history ORDER BY change_id, property"
    before = asked(question)
    runner.rebuild()
    assert asked(question) == before


READINGS: list[Any] = [
    pytest.param(lambda: log.read(START, 10), id="the columns"),
    pytest.param(lambda: calculated.read(START, END, ["email"], 10), id="formulas"),
    pytest.param(lambda: following.follow(START, END, (), 10), id="lists and scores"),
    pytest.param(lambda: movements.read(START, END, 10), id="movements"),
    pytest.param(log.last_settled, id="the newest that is settled"),
    pytest.param(queries.wait_for_all, id="the newest"),
]


@pytest.mark.parametrize("reading", READINGS)
def test_the_log_is_read_in_the_order_of_its_index(reading: Callable[[], object], sync: Callable[[], None]) -> None:
    """Sorting instead, a slice takes as long as all that waits behind it, and a bulk edit of a million lines never ends."""
    write({"email": "ada@example.com"})
    sync()
    with CaptureQueriesContext(connection) as asked:
        reading()
    statements = [each["sql"] for each in asked if "FROM records_change" in each["sql"]]
    assert statements
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off; SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        for statement in statements:
            cursor.execute(f"EXPLAIN {statement}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
            assert "Sort" not in plan.replace("Sort Key", ""), plan
