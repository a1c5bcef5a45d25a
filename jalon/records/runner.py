"""Follows the change log into the columns: the first part of the beat.

A batch holds the present rows of the records that a slice of the log touches, so applying it twice gives the same
columns; the position is stored in the same transaction as the rows, so a crash repeats a batch or does not begin it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils import timezone
from sqlglot import exp

from jalon.accounts.queries import account
from jalon.jobs.beat import BeatPart
from jalon.jobs.locks import Session
from jalon.records import needles, progress, queries
from jalon.records.columns import ASSOCIATIONS, HISTORY, Catalog, Position
from jalon.records.log import queries as log
from jalon.records.log.actions import prepare_partitions
from jalon.warehouse import current
from jalon.warehouse.engine import Batch, Engine, Put, Remove
from jalon.warehouse.schema import Table

SLICE: Final = 25_000  # lines of the log in one turn: half a second when so many wait
REBUILD_SLICE: Final = 20_000
ZONE: Final = "zone"  # the mark that says which zone the local days and hours are of
SEARCH: Final = "search"  # the mark that says how the text that search reads is laid out
NEW_HISTORY: Final = replace(HISTORY, key=())  # the same tables, appended to
NEW_LINKS: Final = replace(ASSOCIATIONS, key=())

Report = Callable[[int, int], None]  # told how many of how many are done


@dataclass(frozen=True, slots=True)
class Feed:
    """Column tables that another part of the beat keeps up, from rows of its own.

    `fill` lays everything into columns that are made anew and returns the marks that say how far; who keeps them up holds
    `lock` meanwhile, so nothing is laid into the old ones that the new ones do not get.
    """

    name: str
    tables: tuple[Table, ...]
    lock: int
    fill: Callable[[Engine], Mapping[str, str]]


_feeds: list[Feed] = []


def install(feeds: Sequence[Feed]) -> None:
    """Takes the rows of the wiring, in place of those it had."""
    _feeds[:] = feeds


def silently(done: int, total: int) -> None:
    """For who does not want to know how far it is."""


_shaped_for: tuple[Engine, int] | None = None  # the engine, and the version of the definitions, that its tables were made for


def sync(now: datetime) -> bool:
    """One slice of the log into the columns; True if more waits."""
    shape()
    _renew_outdated()
    after = progress.stored() or log.START
    with transaction.atomic():
        log.one_moment()
        reading = log.read(after, SLICE)
        if reading.position is None:
            current.engine().checkpoint()  # a quiet moment; it is free when there is little to fold in
            return False
        changes = tuple(_changes(reading, after, reading.position))
    engine = current.engine()
    engine.apply(Batch(changes, _marks(engine, reading.position)))
    progress.moved(reading.position)
    return reading.more


def prepare_months(now: datetime) -> bool:
    """Once a day: the change log has its partitions before the first line that needs them."""
    global _prepared_on
    if _prepared_on != now.date():
        prepare_partitions(now)
        _prepared_on = now.date()
    return False


_prepared_on: date | None = None
COLUMNS: Final = BeatPart("columns", sync)
MONTHS: Final = BeatPart("months", prepare_months)


def _changes(reading: log.Reading, after: Position, last: Position) -> Iterator[Put | Remove]:
    types = {queries.type_id(name): catalog for name, catalog in queries.catalogs().items()}
    for type_number, ids in reading.records.items():
        if type_number in types:  # an archived type has no table; it is filled again when the type comes back
            yield from _records(types[type_number], ids)
    families = log.families(sorted(reading.backdated)) if reading.backdated else {}
    retold = sorted(reading.erased | families.keys())
    yield Put(NEW_HISTORY, log.history_between(after, last, without=retold))
    if retold:
        yield Remove(HISTORY, retold)
    if families:
        yield Put(NEW_HISTORY, log.derived_history_of(families, last))
    if reading.links:
        ends = sorted(reading.links | log.neighbors(sorted(reading.links)))
        yield Remove(ASSOCIATIONS, ends)
        yield Put(NEW_LINKS, log.links_of(ends))


def _records(catalog: Catalog, ids: set[int]) -> Iterator[Put | Remove]:
    rows = log.rows_of(catalog, sorted(ids))
    yield Put(catalog.table(), rows)
    gone = ids - set(map(int, rows.column("id").to_pylist()))
    if gone:
        yield Remove(catalog.table(), sorted(gone))


def shape() -> None:
    """Gives every object type its table and every property its column, and fills the columns that are new."""
    global _shaped_for
    engine, version = current.engine(), queries.definitions_version()
    if _shaped_for == (engine, version):
        return
    queries.forget_catalogs()
    before, marks = engine.tables(), engine.marks()
    engine.ensure(_tables())
    for catalog in queries.catalogs().values():
        filled = marks.get(_shape_mark(catalog))
        had = filled.split(",") if filled is not None else before.get(catalog.plural, tuple(catalog.properties))
        if differing := _differing(catalog, had):
            _fill(catalog, log.with_values(catalog, differing))
        if catalog.plural not in before and progress.stored() is not None:
            _fill(catalog, log.ids_of(catalog))  # a custom object that came back from the archive
    engine.apply(Batch((), _shape_marks()))
    _shaped_for = (engine, version)


def _differing(catalog: Catalog, had: Sequence[str]) -> list[str]:
    """The properties that are new or came back from the archive, and those archived since whose words search would still find."""
    new = [name for name in catalog.properties if name not in had]
    gone = [name for name in had if name not in catalog.properties]
    return new + log.archived_texts(catalog.object_type, gone)


def _shape_marks() -> dict[str, str]:
    """Which properties each table is filled with: an archived one keeps its column, so the columns alone do not tell."""
    return {_shape_mark(catalog): ",".join(catalog.properties) for catalog in queries.catalogs().values()}


def _shape_mark(catalog: Catalog) -> str:
    return f"properties of {catalog.object_type}"


def _renew_outdated() -> None:
    """Days and hours are the account's, and the searched text is laid out as this version does it: else the columns are made anew."""
    engine, zone = current.engine(), account().zone
    engine.zone = zone
    marks = engine.marks()
    if progress.MARK in marks and (marks.get(ZONE, zone) != zone or marks.get(SEARCH) != needles.FORMAT):
        _rebuild(silently)


def _marks(engine: Engine, position: Position) -> dict[str, str]:
    return {progress.MARK: progress.to_mark(position), ZONE: engine.zone, SEARCH: needles.FORMAT}


def _tables() -> list[Table]:
    fed = (table for feed in _feeds for table in feed.tables)
    return [*(catalog.table() for catalog in queries.catalogs().values()), HISTORY, ASSOCIATIONS, *fed]


def _fill(catalog: Catalog, ids: Sequence[int]) -> None:
    """A property that comes back from the archive has values already."""
    for start in range(0, len(ids), REBUILD_SLICE):
        rows = log.rows_of(catalog, ids[start : start + REBUILD_SLICE])
        current.engine().apply(Batch((Put(catalog.table(), rows),), {}))


# From scratch


@contextmanager
def alone() -> Iterator[None]:
    """Keeps the beat's sync away, in this process and in others."""
    with Session() as session:
        session.lock(COLUMNS.lock)
        yield


def catch_up(report: Report = silently) -> None:
    """Everything in the log into the columns now; columns that hold nothing yet are filled table by table, which is quicker."""
    with alone():
        if progress.stored() is None:
            _rebuild(report)
        while sync(timezone.now()):
            report(0, 1)


def rebuild(report: Report = silently) -> int:
    """Makes the columns again from PostgreSQL and puts them in the place of the old ones. Returns the number of records."""
    with alone():
        return _rebuild(report)


def _rebuild(report: Report) -> int:
    with Session() as session:
        for feed in _feeds:
            session.lock(feed.lock)
        return _filled_and_swapped(report)


def _filled_and_swapped(report: Report) -> int:
    queries.forget_catalogs()
    present, done = current.engine(), 0
    fresh, filled = present.aside(), _shape_marks()
    fresh.ensure(_tables())
    with transaction.atomic():
        log.one_moment()
        last, total = log.last_settled(), log.how_many()
        for put in _everything(last):
            fresh.apply(Batch((put,), {}))
            done += put.rows.num_rows if put.table is not NEW_HISTORY else 0
            report(min(done, total), total)
        marks = {name: mark for feed in _feeds for name, mark in feed.fill(fresh).items()}
        fresh.apply(Batch((Put(NEW_LINKS, log.all_links()),), _marks(fresh, last) | filled | marks))
    present.take_over(fresh)
    progress.moved(last)
    return done


def _everything(last: Position) -> Iterator[Put]:
    for catalog in queries.catalogs().values():
        table, after = catalog.table(), 0  # ids ascend, so an engine sees that nothing has to be replaced
        while (rows := log.rows_after(catalog, after, REBUILD_SLICE)).num_rows:
            after = int(rows.column("id")[-1].as_py())
            yield Put(table, rows)
    for plain, derived in log.changed_records(REBUILD_SLICE):
        yield Put(NEW_HISTORY, log.history_of(plain, last))
        if derived:
            yield Put(NEW_HISTORY, log.derived_history_of(derived, last))


@dataclass(frozen=True, slots=True)
class Status:
    """How the columns stand: rows there and in PostgreSQL, bytes, and the lines of the log that wait."""

    tables: dict[str, int]
    records: int
    bytes: int
    position: Position | None
    waiting: int


def status() -> Status:
    """What `jalon warehouse status` prints."""
    engine, position = current.engine(), progress.stored()
    there = engine.tables()
    counts = {
        catalog.plural: int(engine.rows(exp.select(exp.Count(this=exp.Star())).from_(exp.table_(catalog.plural, quoted=True)))[0][0])
        for catalog in queries.catalogs().values()
        if catalog.plural in there
    }
    return Status(counts, log.how_many(), engine.size(), position, log.waiting(position or log.START))
