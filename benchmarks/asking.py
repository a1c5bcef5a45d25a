"""Questions to a filled home, each beside the raw engine's answer: python -m benchmarks.asking prints figures as JSON."""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks import bulk, lists, persons, reports, scores
from benchmarks.figures import Figure, typical

BASELINES = Path(__file__).parent / "baselines"
STAGES, SCORE = ("hot_lead", "payment"), 20
CHANGED, ROUNDS, READERS = 1_000, 7, 2
WIDE = (
    "email",
    "firstname",
    "lastname",
    "company",
    "city",
    "hs_analytics_source",
    "lifecyclestage",
    "hubspotscore",
    "createdate",
    "lastmodifieddate",
    "country",
    "phone",
    "jobtitle",
    "industry",
    "total_revenue",
    "closedate",
    "hubspot_owner_id",
    "website",
    "zip",
)


def main(name: str, *arguments: str) -> None:
    from jalon.config.opening import house

    with house():
        figures = list(MEASURES[name](*arguments))
    print(json.dumps([asdict(figure) for figure in figures]))


def baseline(name: str) -> str:
    return (BASELINES / f"{name}.sql").read_text()


def raw(sql: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
    """The engine itself, without anything of ours."""
    from jalon.warehouse import current

    with current.engine()._cursor() as cursor:  # type: ignore[attr-defined]
        return list(cursor.execute(sql, parameters or []).fetchall())


def index() -> Iterator[Figure]:
    """The first page of the contacts: two filters, a sort, the total."""
    from sqlglot import exp

    from jalon.accounts.access import EVERYTHING
    from jalon.records import queries

    stage, score = exp.column("lifecyclestage", quoted=True), exp.column("hubspotscore", quoted=True)
    where: Any = exp.and_(stage.isin(*STAGES), exp.GT(this=score, expression=exp.Literal.number(SCORE)))
    shown = ("firstname", "lastname", "email", "hubspotscore", "createdate")

    def ours() -> Any:
        return queries.page(EVERYTHING, "contact", columns=shown, where=where, sort="-hubspotscore")

    def engine() -> tuple[list[tuple[Any, ...]], int]:
        return raw(baseline("index_page")), raw(baseline("index_total"))[0][0]

    page, (rows, total) = ours(), engine()
    if page.total != total or [row["id"] for row in page.rows] != [row[0] for row in rows]:
        raise SystemExit("The index page and the engine disagree.")
    value = typical(ours)
    yield Figure("index page, two filters and a sort: data ready", value, "ms", "150 ms", value <= 150, typical(engine))


def record() -> Iterator[Figure]:
    """The page of one contact, from the request to the last byte, without the network."""
    from django.db import connection
    from django.test import Client
    from django.urls import reverse

    from jalon.accounts.models import User
    from jalon.config.static_files import collect
    from jalon.records.models import Record

    ids = list(Record.objects.filter(object_type__name="contact").order_by("id").values_list("id", flat=True)[:100_000:7919])
    collect()  # the style sheets and scripts, as `jalon serve` does on its way up
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(User.objects.get(email="alice@cabrelle.example"), backend="allauth.account.auth_backends.AuthenticationBackend")
    turn = iter(range(1_000_000))

    def ours() -> None:
        answer = client.get(reverse("records:record", args=["contacts", ids[next(turn) % len(ids)]]))
        if answer.status_code != 200:
            raise SystemExit(f"The record page answered {answer.status_code}.")

    def engine() -> None:
        with connection.cursor() as cursor:
            cursor.execute(baseline("record"), [ids[next(turn) % len(ids)]])
            cursor.fetchone()

    value = typical(ours)
    yield Figure("record page", value, "ms", "50 ms", value <= 50, typical(engine))


def export() -> Iterator[Figure]:
    """Contacts with twenty columns, labels and all, as the pages write them: every one to CSV, 64,000 to Excel."""
    from dataclasses import replace

    from jalon.accounts.access import EVERYTHING
    from jalon.exports.files import write_csv, write_xlsx
    from jalon.exports.sheet import XLSX_ROWS
    from jalon.records import queries, sheets

    catalog = queries.catalog("contact")
    names = [name for name in WIDE if name in catalog.properties]
    assert len(names) == 19, "with the record's number these are not 20 columns"
    with tempfile.TemporaryDirectory() as folder:
        sheet = sheets.sheet(EVERYTHING, catalog, names, sort="createdate")
        before, seconds = _resident(), _seconds(lambda: write_csv(sheet, Path(folder) / "ours.csv"))
        grown = _resident() - before
        bare = _seconds(lambda: _raw_export(Path(folder) / "engine.csv"))
        rate = sheet.total / seconds
        yield Figure("CSV export, 20 columns", rate, "rows/s", "100,000 rows/s", rate >= 100_000, sheet.total / bare)
        yield Figure("- memory that it took", grown / 1_000_000, "MB", "flat")
        rows = min(sheet.total, XLSX_ROWS)
        where = _first(catalog.plural, rows)
        some = replace(sheets.sheet(EVERYTHING, catalog, names, where=where), total=rows)
        took = _seconds(lambda: write_xlsx(some, Path(folder) / "ours.xlsx"))
        yield Figure(f"XLSX export of {rows:,} rows, 20 columns", took, "s", "6 s for 64,000", took <= 6)


def _seconds(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _resident() -> int:
    """Bytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


def _first(table: str, rows: int) -> Any:
    """So many records, by number."""
    from jalon.warehouse import query

    tree = query.select(query.column("id")).from_(query.table(table)).order_by("1").limit(rows)
    return query.among(query.column("id"), tree)


def _raw_export(file: Path) -> None:
    from pyarrow import csv

    from jalon.warehouse import current

    with current.engine()._cursor() as cursor:  # type: ignore[attr-defined]
        batches = cursor.sql(baseline("export")).to_arrow_reader(10_000)
        with csv.CSVWriter(file, batches.schema) as writer:
            for batch in batches:
                writer.write_batch(batch)


def freshness() -> Iterator[Figure]:
    """From the commit of 1,000 changes to the first report that shows them, while two threads run reports."""
    from jalon.accounts.access import EVERYTHING, SYSTEM
    from jalon.jobs.beat import Beat
    from jalon.records import actions, queries
    from jalon.records.actions import Row
    from jalon.records.columns import Origin, Source

    ids = [row["id"] for row in _some_contacts(queries, EVERYTHING)]
    beat = Beat()
    beat.start()
    waits = []
    with _reports_running() as latencies:
        for number in range(ROUNDS):
            mark = f"Ville {time.time_ns()} {number}"
            rows = [Row({"city": mark}, id) for id in ids]
            actions.write("contact", rows, actor=SYSTEM, origin=Origin(Source.BULK_EDIT))
            waits.append(_seconds_until(lambda mark=mark: _shown(mark) == CHANGED))  # type: ignore[misc]
    beat.stop()
    worst, p50 = max(waits), statistics.median(latencies) * 1000
    yield Figure(f"{CHANGED} changed contacts visible to a report, worst of {ROUNDS}", worst, "s", "1 s, while reports run", worst <= 1.0)
    yield Figure("a report beside these changes (median)", p50, "ms")


def _some_contacts(queries: Any, access: Any) -> list[dict[str, Any]]:
    page = queries.page(access, "contact", columns=["email"], sort="email", limit=CHANGED)
    if len(page.rows) != CHANGED:
        raise SystemExit("There are too few contacts to change.")
    return list(page.rows)


def _shown(city: str) -> int:
    from sqlglot import exp

    from jalon.accounts.access import EVERYTHING
    from jalon.records import queries

    return queries.count(EVERYTHING, "contact", exp.column("city", quoted=True).eq(exp.Literal.string(city)))


def _seconds_until(condition: Callable[[], bool]) -> float:
    start = time.perf_counter()
    while not condition():
        if time.perf_counter() - start > 60:
            raise SystemExit("The changes did not become visible within a minute.")
        time.sleep(0.005)
    return time.perf_counter() - start


@contextmanager
def _reports_running() -> Iterator[list[float]]:
    """Threads that ask for the report as fast as a person who cannot wait: one after the other, with a short breath."""
    from django.db import connection

    from jalon.accounts.access import EVERYTHING
    from jalon.reports import queries

    stop, latencies, definition = threading.Event(), [], reports.definition()

    def read() -> None:
        while not stop.wait(0.02):
            start = time.perf_counter()
            queries.answer(queries.ask(EVERYTHING, definition))
            latencies.append(time.perf_counter() - start)
        connection.close()

    threads = [threading.Thread(target=read, daemon=True) for _ in range(READERS)]
    for thread in threads:
        thread.start()
    try:
        yield latencies
    finally:
        stop.set()
        for thread in threads:
            thread.join()


FOUND, MISSPELLED = ("martin", "ma", "lyon mar", "0639985"), "delacriox"


def search() -> Iterator[Figure]:
    """The palette, as one types: the slowest of several searches over every object type, and names spelled nearly so."""
    from jalon.accounts.access import EVERYTHING
    from jalon.records import queries, search

    slowest = max((typical(lambda: search.find(EVERYTHING, typed)), typed) for typed in FOUND)  # noqa: B023  # called at once
    value, typed = slowest
    total = next((group.total for group in search.find(EVERYTHING, typed)), 0)
    if total != queries.count(EVERYTHING, "contact", search=typed):
        raise SystemExit(f"The palette and the index page disagree about “{typed}”.")
    bare = typical(lambda: raw(baseline("search"), [typed.split()[0]]))
    yield Figure("search as one types, the slowest of four", value, "ms", "100 ms", value <= 100, bare)
    value = typical(lambda: search.similar(EVERYTHING, MISSPELLED), times=5)
    yield Figure("names spelled nearly so", value, "ms", "400 ms", value <= 400)


def raw_import(file: str) -> Iterator[Figure]:
    """PostgreSQL's own loader takes the same file into one table of texts."""
    from django.db import connection

    with Path(file).open("rb") as content, connection.cursor() as cursor:
        columns = ", ".join(f'"{name}" text' for name in content.readline().decode().strip().split(","))
        create, copy = [part.strip() for part in baseline("import_rows").format(columns=columns).split(";")][:2]
        content.seek(0)
        cursor.execute("DROP TABLE IF EXISTS baseline_import")
        start = time.perf_counter()
        cursor.execute(create)
        with cursor.copy(copy) as target:
            for chunk in iter(lambda: content.read(1 << 20), b""):
                target.write(chunk)
        seconds = time.perf_counter() - start
        cursor.execute("DROP TABLE baseline_import")
    yield Figure("the same file into one plain table", seconds, "s")


MEASURES: dict[str, Callable[..., Iterator[Figure]]] = {
    "report": reports.report,
    "compile": reports.compiled,
    "index": index,
    "record": record,
    "export": export,
    "freshness": freshness,
    "search": search,
    "duplicates": persons.duplicates,
    "erase": persons.erase,
    "bulk": bulk.bulk_edit,
    "lists": lists.lists,
    "scores": scores.scores,
    "raw_import": raw_import,
}

if __name__ == "__main__":
    main(*sys.argv[1:])
