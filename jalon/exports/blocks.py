"""Batches of Arrow as blocks of CSV, a whole column at a time in the engine's own memory: a value costs no Python object.

What comes out is what `texts` and the csv module of Python give; a test holds the two against each other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from jalon.exports.sheet import Heading, Sheet
from jalon.exports.texts import REPEATED, Memo, label_of
from jalon.warehouse.schema import Kind

RUN: Final = r"^[=+\-@\t\r]"  # what a spreadsheet would run as a formula
PLAIN_NUMBER: Final = r"^[-+]?[0-9]+([.,][0-9]+)?\z"
QUOTED: Final = '[",\r\n]'
_DAY: Final = 86_400


def block(sheet: Sheet, batch: pa.RecordBatch, clock: Clock) -> bytes:
    """The lines of a batch, each with its end, in UTF-8."""
    cells = [_quoted(_column(heading, values, clock)) for heading, values in zip(sheet.headings, batch.columns, strict=True)]
    lines = pc.binary_join_element_wise(*cells, ",")
    if len(cells) == 1:  # a line of nothing at all is no line to those who read it
        lines = pc.if_else(pc.equal(lines, ""), '""', lines)
    whole = pa.ListArray.from_arrays(pa.array([0, len(lines) + 1], pa.int32()), pa.concat_arrays([lines, pa.array([""])]))
    return bytes(pc.binary_join(whole, "\r\n")[0].as_buffer())


def rows(batch: pa.RecordBatch) -> list[tuple[Any, ...]]:
    """A batch as Python's values, instants aware."""
    return list(zip(*(_values(column) for column in batch.columns), strict=True))


def _values(column: pa.Array) -> list[Any]:
    values: list[Any] = column.to_pylist()
    if pa.types.is_timestamp(column.type) and column.type.tz is None:
        return [None if value is None else value.replace(tzinfo=UTC) for value in values]
    return values


def _column(heading: Heading, values: pa.Array, clock: Clock) -> pa.Array:
    """One column of a batch as texts; an empty value is an empty text."""
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    if heading.kind in REPEATED or heading.labels:
        return _labelled(heading, values)
    if heading.kind is Kind.NUMBER:
        return _filled(_number(values.cast(pa.string())))
    if heading.kind is Kind.DATETIME:
        return _filled(clock.texts(values))
    text = _filled(values.cast(pa.string()))
    return text if heading.kind in (Kind.ID, Kind.INTEGER) else _defused(text)


def _labelled(heading: Heading, values: pa.Array) -> pa.Array:
    """Each of the few different values is written once."""
    coded = values.dictionary_encode(null_encoding="encode")
    write = Memo(label_of(heading))
    return pa.array([write[value] for value in coded.dictionary.to_pylist()], pa.string()).take(coded.indices)


def _number(texts: pa.Array) -> pa.Array:
    """12.500000 as 12.5."""
    return pc.if_else(pc.match_substring(texts, "."), pc.utf8_rtrim(pc.utf8_rtrim(texts, "0"), "."), texts)


def _filled(texts: pa.Array) -> pa.Array:
    return pc.fill_null(texts, "")


def _defused(texts: pa.Array) -> pa.Array:
    run = pc.match_substring_regex(texts, RUN)
    if not pc.any(run).as_py():
        return texts
    run = pc.and_not(run, pc.match_substring_regex(texts, PLAIN_NUMBER))
    return pc.if_else(run, pc.binary_join_element_wise("'", texts, ""), texts)


def _quoted(texts: pa.Array) -> pa.Array:
    open_to_doubt = pc.match_substring_regex(texts, QUOTED)
    if not pc.any(open_to_doubt).as_py():
        return texts
    doubled = pc.replace_substring(texts, '"', '""')
    return pc.if_else(open_to_doubt, pc.binary_join_element_wise('"', doubled, '"', ""), texts)


@dataclass(slots=True)
class Clock:
    """Instants as the account's clock showed them, by Python's own time zones: Arrow would want those of the system."""

    zone: tzinfo
    shifts: dict[int | None, int | None] = field(default_factory=dict)  # by day since 1970 in UTC; None: the clock was changed on it

    def texts(self, instants: pa.Array) -> pa.Array:
        instants = instants.cast(pa.timestamp("us"))
        if self.zone is UTC:
            text = pc.floor_temporal(instants, unit="millisecond").cast(pa.timestamp("ms")).cast(pa.string())
            return pc.binary_join_element_wise(pc.replace_substring(text, " ", "T"), "Z", "")
        seconds = pc.floor_temporal(instants, unit="second").cast(pa.timestamp("s")).cast(pa.int64())
        return pc.add(seconds, self._shifts_of(seconds)).cast(pa.timestamp("s")).cast(pa.string())

    def _shifts_of(self, seconds: pa.Array) -> pa.Array:
        """How many seconds the local clock is ahead at each of these instants."""
        days = pc.floor(pc.divide(seconds.cast(pa.float64()), float(_DAY))).cast(pa.int64()).dictionary_encode(null_encoding="encode")
        by_day = pa.array([self._shift_of_day(day) for day in days.dictionary.to_pylist()], pa.int64())
        shifts = by_day.take(days.indices)
        if shifts.null_count == seconds.null_count:
            return shifts
        exact = zip(shifts.to_pylist(), seconds.to_pylist(), strict=True)
        return pa.array([self._shift(second) if shift is None and second is not None else shift for shift, second in exact], pa.int64())

    def _shift_of_day(self, day: int | None) -> int | None:
        if day not in self.shifts:
            self.shifts[day] = None if day is None else self._unchanging(day)
        return self.shifts[day]

    def _unchanging(self, day: int) -> int | None:
        first, last = self._shift(day * _DAY), self._shift((day + 1) * _DAY - 1)
        return first if first == last else None

    def _shift(self, second: int) -> int:
        shift = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=second)).astimezone(self.zone).utcoffset()
        return int(shift.total_seconds()) if shift else 0
