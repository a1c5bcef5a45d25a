"""The contacts report over a filled home: asked live, compiled, opened from its snapshot, its numbers opened. Questions of `asking`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from benchmarks.contacts_file import END
from benchmarks.figures import Figure, beside, typical

BASELINES = Path(__file__).parent / "baselines"
FIRST, LAST = date(END.year - 1, END.month, END.day), END
ALICE = "alice@cabrelle.example"


# Asked live, as the builder's preview is


def report() -> Iterator[Figure]:
    """The contacts report, month by month, split by source, with the sum of the score."""
    from jalon.accounts.access import EVERYTHING
    from jalon.reports import queries

    asked = definition()

    def ours() -> Any:
        return queries.answer(queries.ask(EVERYTHING, asked))

    def engine() -> list[tuple[Any, ...]]:
        return _raw(_baseline("contacts_report"), [FIRST, LAST])

    _check(ours(), engine())
    value, bare = typical(ours), typical(engine)
    yield Figure("contacts report, month x source x sum", value, "ms", "at most 2 x the engine + 10 ms", value <= 2 * bare + 10, bare)


def definition(*, always: bool = False) -> Any:
    """Of the last year, or of all time."""
    from jalon.records.queries import catalog
    from jalon.reports.kinds.definition import read

    raw_definition = {
        "date_property": "first_conversion_date",
        "period": None if always else {"first": FIRST.isoformat(), "last": LAST.isoformat()},
        "grouping": "month",
        "breakdown": "hs_analytics_source",
        "number": "hubspotscore",
        "measure": "sum",
    }
    return read(raw_definition, catalog("contact"))


def _check(result: Any, rows: list[tuple[Any, ...]]) -> None:
    """The same contacts and the same sum, in all and for every value."""
    ours = {series.value.text: (series.total.count, series.total.total) for series in result.series if series.total.count}
    theirs: dict[str | None, tuple[int, Decimal]] = {}
    for _, value, count, total in rows:
        before = theirs.get(value, (0, Decimal(0)))
        theirs[value] = (before[0] + count, before[1] + (total or 0))
    if ours != theirs:
        raise SystemExit(f"The report and the engine disagree: {ours} and {theirs}.")


# Compiled: every contact that has the date, frozen


def compiled() -> Iterator[Figure]:
    """From the request to a snapshot that PostgreSQL keeps and the columns have; then its page, and the contacts behind a number."""
    from jalon.accounts.access import SYSTEM
    from jalon.reports import actions

    report_id = actions.create(definition(always=True), actor=SYSTEM, title="Bench")
    try:
        yield from _compiled(report_id)
    finally:
        actions.delete(report_id, actor=SYSTEM)


def _compiled(report_id: int) -> Iterator[Figure]:
    from jalon.accounts.access import EVERYTHING
    from jalon.reports import queries

    def ours() -> None:
        _compile(report_id)

    def engine() -> None:
        _raw(_baseline("compile"))

    ours()
    found = queries.report(report_id, EVERYTHING)
    assert found is not None and found.snapshot is not None
    _check(queries.answer(queries.frozen(EVERYTHING, report_id, found.snapshot)), _raw(_baseline("contacts_report"), [date.min, date.max]))
    value, bare = beside(ours, engine)
    yield Figure("contacts report of every contact, compiled", value, "ms", "at most 2 x the engine + 20 ms", value <= 2 * bare + 20, bare)
    _raw("DROP TABLE baseline_snapshot")
    yield from _opened(report_id)


def _compile(report_id: int) -> None:
    """As the worker does it, and as somebody opens it at once."""
    from jalon.accounts.access import EVERYTHING, SYSTEM
    from jalon.jobs import runner
    from jalon.reports import actions, queries
    from jalon.reports.snapshots.queries import bring

    job = actions.compile(report_id, actor=SYSTEM)
    assert job is not None
    runner.run(job)
    found = queries.report(report_id, EVERYTHING)
    if found is None or found.snapshot is None or not found.snapshot.rows:
        raise SystemExit("The report was not compiled.")
    bring(found.snapshot)


def _opened(report_id: int) -> Iterator[Figure]:
    from django.urls import reverse

    page = _opening()
    address = reverse("reports:report", args=[report_id])
    value = typical(lambda: page(address))
    yield Figure("- its page, from the request to the last byte", value, "ms", "60 ms", value <= 60)
    behind = _behind(report_id)
    value = typical(lambda: page(behind))
    yield Figure("- the contacts behind a month of a source, first page", value, "ms", "100 ms", value <= 100)


def _behind(report_id: int) -> str:
    """The address of the index page that the largest cell opens."""
    from jalon.accounts.access import EVERYTHING
    from jalon.reports import queries
    from jalon.reports.kinds.display import Display
    from jalon.reports.sheet import Desk

    found = queries.report(report_id, EVERYTHING)
    assert found is not None and found.snapshot is not None
    question = queries.frozen(EVERYTHING, report_id, found.snapshot)
    result = queries.answer(question)
    largest = max(range(len(result.buckets)), key=lambda place: result.series[0].cells[place].count)
    href = Desk(question, result, found.title, Display()).href(result, index=largest, value=result.series[0].value)
    assert href is not None
    return href


def _opening() -> Callable[[str], None]:
    """Opens a page as Alice, without the network."""
    from django.test import Client

    from jalon.accounts.models import User
    from jalon.config.static_files import collect

    collect()
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(User.objects.get(email=ALICE), backend="allauth.account.auth_backends.AuthenticationBackend")

    def open(address: str) -> None:
        answer = client.get(address)
        if answer.status_code != 200:
            raise SystemExit(f"{address} answered {answer.status_code}.")

    return open


def _baseline(name: str) -> str:
    return (BASELINES / f"{name}.sql").read_text()


def _raw(sql: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
    from benchmarks.asking import raw

    return raw(sql, parameters)
