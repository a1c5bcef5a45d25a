"""Writing what formulas give, and how far that has come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

from jalon.accounts.access import SYSTEM
from jalon.jobs.actions import save_position
from jalon.records import queries as records
from jalon.records.bulk import actions as bulk
from jalon.records.calculated import queries
from jalon.records.calculated.compile import Ids
from jalon.records.calculated.evaluate import calculated, canonical
from jalon.records.calculated.plan import Book, Formula
from jalon.records.calculated.queries import PASSED, READ, WRITTEN, Pass
from jalon.records.columns import Origin, Position, Source
from jalon.records.models import Calculation

SLICE: Final = 5_000  # records in one transaction
WINDOW: Final = 20_000  # records that a pass looks at in one turn
ORIGIN: Final = Origin(Source.CALCULATED)
Row = tuple[int, dict[str, str | None]]


def start_from(position: Position) -> None:
    """The first time: the log is followed from here, and whatever lies before it is computed by passes over all records."""
    save_position(READ, position.epoch, position.xid, position.id)


def begin(book: Book) -> None:
    """Makes a formula that is new or changed start with its first record again."""
    stands = {(type, name): print_of for type, name, print_of in _stands()}
    for formula in book.formulas:
        if stands.get((formula.object_type, formula.name)) != formula.fingerprint:
            property_id = records.property_ids(formula.object_type)[formula.name]
            begun = {"fingerprint": formula.fingerprint, "after_id": 0, "is_done": False}
            Calculation.objects.update_or_create(property_id=property_id, defaults=begun)


def _stands() -> Iterable[tuple[str, str, str]]:
    return Calculation.objects.values_list("property__object_type__name", "property__name", "fingerprint")


def recompute(object_type: str, formulas: Sequence[Formula], ids: Sequence[int]) -> None:
    """Computes formulas for some records, writes what differs, and keeps how far that went: passes wait for it."""
    for start in range(0, len(ids), SLICE):
        some = Ids(some=ids[start : start + SLICE])
        rows = [_row(formulas, id, values) for id, values in queries.inputs(object_type, formulas, some)]
        if position := _write(object_type, rows):
            save_position(WRITTEN, position.epoch, position.xid, position.id)


def read_up_to(position: Position) -> None:
    """The slice of the log is done; computing it again after a crash would change nothing."""
    save_position(READ, position.epoch, position.xid, position.id)


def go_on(step: Pass) -> None:
    """The next records of a pass. The columns know the present values, so that only what differs is written."""
    window = queries.next_window(step.object_type, step.after, WINDOW)
    rows = _differing(step, window) if window else iter(())
    while part := list(islice(rows, SLICE)):
        if position := _write(step.object_type, part):
            save_position(PASSED, position.epoch, position.xid, position.id)
    ids = records.property_ids(step.object_type)
    own = Calculation.objects.filter(property_id__in=[ids[formula.name] for formula in step.formulas])
    own.update(after_id=window.last) if window else own.update(is_done=True)


def _differing(step: Pass, window: Ids) -> Iterator[Row]:
    present = [formula.name for formula in step.formulas]
    for id, values in queries.inputs(step.object_type, step.formulas, window, present):
        row = _row(step.formulas, id, values)
        if any(canonical(values[name]) != text for name, text in row[1].items()):
            yield row


def _row(formulas: Sequence[Formula], id: int, values: dict[object, object]) -> Row:
    return id, {formula.name: calculated(formula.calculation, values) for formula in formulas}


def _write(object_type: str, rows: Sequence[Row]) -> Position | None:
    return bulk.set_each(object_type, rows, actor=SYSTEM, origin=ORIGIN).position if rows else None
