"""Dates as people write them: the order of day, month and year told from the data, clock times, names of months in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from enum import StrEnum

from jalon.imports.trouble import Trouble, shown
from jalon.warehouse.folding import fold
from jalon.warehouse.words import N_


class Order(StrEnum):
    """The order of a date's parts; a year of four digits in front is always read as such."""

    DMY = "dmy"
    MDY = "mdy"
    YMD = "ymd"

    @property
    def label(self) -> str:
        """The message id of the order's name."""
        return {"dmy": N_("day/month/year"), "mdy": N_("month/day/year"), "ymd": N_("year-month-day")}[self.value]


EXAMPLES = {Order.DMY: "31/12/2024", Order.MDY: "12/31/2024", Order.YMD: "2024-12-31"}
MONTHS = (
    "jan january janv janvier",
    "feb february fev fevr fevrier",
    "mar march mars",
    "apr april avr avril",
    "may mai",
    "jun june juin",
    "jul july juil juillet",
    "aug august aout",
    "sep sept september septembre",
    "oct october octobre",
    "nov november novembre",
    "dec december decembre",
)
NAMES = {word: number for number, words in enumerate(MONTHS, 1) for word in words.split()}
CLOCK = (
    r"(?:(?:\s*[T,]?\s*|\s+(?:a|à|at)\s+)(?P<hour>\d{1,2})(?:[:hH](?P<minute>\d{2})?)"
    r"(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,6})\d*)?)?\s*(?P<half>[ap]\.?m\.?)?)?"
)
ZONE = r"\s*(?P<zone>z|utc|gmt|[+-]\d{2}(?::?\d{2})?)?"
NUMERIC = re.compile(rf"(?P<a>\d{{1,4}})[-/. ](?P<b>\d{{1,2}})[-/. ](?P<c>\d{{1,4}}){CLOCK}{ZONE}\Z", re.IGNORECASE)
NAMED = re.compile(
    r"(?:[^\W\d]+\.?,?\s+)??"  # the day of the week
    r"(?:(?P<day>\d{1,2})(?:er|st|nd|rd|th)?[\s-]+(?P<month>[^\W\d]+)\.?|(?P<month2>[^\W\d]+)\.?\s+(?P<day2>\d{1,2})(?:st|nd|rd|th)?,?)"
    rf"[\s-]+(?P<year>\d{{4}}){CLOCK}{ZONE}\Z",
    re.IGNORECASE,
)
EPOCH = re.compile(r"-?\d{9,14}\Z")
COMPACT = re.compile(r"(?P<a>(?:19|20)\d{2})(?P<b>\d{2})(?P<c>\d{2})\Z")


@dataclass(frozen=True, slots=True)
class DateGuess:
    """What a column says of its dates: not `certain` where every day is 12 or less, `mixed` where no one order reads all."""

    order: Order
    certain: bool
    mixed: bool
    dates: int
    filled: int

    @property
    def is_date(self) -> bool:
        return self.filled > 0 and self.dates >= 0.8 * self.filled


def guess_order(cells: Iterable[str], default: Order = Order.DMY) -> DateGuess:
    """The order that reads most of the cells; `default` where the data leave it open."""
    reads = dict.fromkeys(Order, 0)
    dates = filled = undecided = 0
    for text in filter(None, map(str.strip, cells)):
        filled += 1
        found = {order: value for order in Order if not isinstance(value := read(text, order), Trouble)}
        dates += bool(found) and not EPOCH.match(text)
        undecided += Order.DMY in found and Order.MDY in found and found[Order.DMY] != found[Order.MDY]
        for order in found:
            reads[order] += 1
    best = max(Order, key=lambda order: (reads[order], order is default))
    if best is not default and reads[best] == reads[default]:
        best = default
    rival = reads[Order.MDY if best is Order.DMY else Order.DMY]
    return DateGuess(best, certain=not undecided or reads[best] > rival, mixed=0 < reads[best] < dates, dates=dates, filled=filled)


def read(text: str, order: Order) -> date | datetime | Trouble:
    """A date, or a date with its time (aware where a zone is written), or what is wrong."""
    if match := NUMERIC.match(text) or COMPACT.match(text):
        return _dated(text, match, _ordered(match, order), order)
    if match := NAMED.match(text):
        month = NAMES.get(fold(match["month"] or match["month2"]))
        if month:
            return _dated(text, match, (int(match["year"]), month, int(match["day"] or match["day2"])), order)
    if EPOCH.match(text):
        return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=int(text) if len(text.lstrip("-")) > 10 else int(text) * 1000)
    return Trouble(
        N_("“%(cell)s” is not a date. Write it as %(example)s (%(order)s)."),
        {"cell": shown(text), "example": EXAMPLES[order], "order": order},
    )


def _ordered(match: re.Match[str], order: Order) -> tuple[int, int, int]:
    a, b, c = match["a"], match["b"], match["c"]
    if len(a) > 2 or order is Order.YMD:
        return _year(a), int(b), int(c)
    return (_year(c), int(b), int(a)) if order is Order.DMY else (_year(c), int(a), int(b))


def _year(digits: str) -> int:
    """The year; of two digits, 70 to 99 are of the last century."""
    year = int(digits)
    return year if len(digits) > 2 else year + (1900 if year >= 70 else 2000)


def _dated(text: str, match: re.Match[str], parts: tuple[int, int, int], order: Order) -> date | datetime | Trouble:
    try:
        day = date(*parts)
    except ValueError:
        message = N_(
            "“%(cell)s” is not a day of the calendar when it is read as %(order)s. Check the date, or the date format of the import."
        )
        return Trouble(message, {"cell": shown(text), "order": order})
    clock = match.groupdict()
    if clock.get("hour") is None:
        return day
    try:
        return datetime.combine(day, _clock(clock), _zone(clock["zone"]))
    except ValueError:
        return Trouble(N_("“%(cell)s” has no such time of day. Hours go from 0 to 23, minutes and seconds to 59."), {"cell": shown(text)})


def _clock(parts: dict[str, str]) -> time:
    hour = int(parts["hour"])
    if parts["half"]:
        if not 1 <= hour <= 12:
            raise ValueError(hour)
        hour = hour % 12 + (12 if parts["half"].lower().startswith("p") else 0)
    return time(hour, int(parts["minute"] or 0), int(parts["second"] or 0), int((parts["fraction"] or "").ljust(6, "0")))


def _zone(text: str | None) -> tzinfo | None:
    if not text:
        return None
    if text[0] not in "+-":
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if text[0] == "-" else offset)


def as_date(text: str, order: Order, zone: tzinfo) -> str | Trouble:
    """The cell as a calendar date, "2024-05-06": the day as it is written; where a zone is written too, the day in `zone`."""
    found = read(text, order)
    if isinstance(found, Trouble):
        return found
    if isinstance(found, datetime):
        # Midnight UTC in milliseconds is how other systems hand over a plain date.
        found = found.date() if found.tzinfo is None or EPOCH.match(text) else found.astimezone(zone).date()
    return found.isoformat()


def as_instant(text: str, order: Order, zone: tzinfo) -> str | Trouble:
    """The cell as an instant, "2024-05-06T07:08:09.123Z"; a time without a zone is one of `zone`, a day without a time its midnight."""
    found = read(text, order)
    if isinstance(found, Trouble):
        return found
    if not isinstance(found, datetime):
        found = datetime.combine(found, time())
    if found.tzinfo is None:
        found = found.replace(tzinfo=zone)
    try:
        found = found.astimezone(UTC)
    except OverflowError:
        return Trouble(N_("“%(cell)s” lies outside the years 1 to 9999."), {"cell": shown(text)})
    return found.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
