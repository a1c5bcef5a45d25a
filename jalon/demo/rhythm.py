"""When things happen in a year: growth, seasons, weekdays, holidays, trade fairs, hours of the day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from jalon.demo.chance import Chance, Weighted

HOUR = 3_600_000  # milliseconds
DAY = 24 * HOUR
YEAR = 365
GROWTH = 1.7  # the last day of the year is that much busier than the first

WEEKDAYS = (1.05, 1.15, 1.1, 1.05, 0.9, 0.45, 0.4)
MONTHS = (0.85, 0.9, 1.05, 1.15, 1.3, 1.15, 0.85, 0.6, 1.1, 1.15, 1.1, 0.8)
HOLIDAYS = {(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)}
FAIRS = {(1, 21), (1, 22), (1, 23), (6, 10), (6, 11), (10, 7), (10, 8)}  # days with a stand at a trade fair

OFFICE = Weighted({8: 3, 9: 9, 10: 12, 11: 11, 12: 4, 13: 5, 14: 10, 15: 11, 16: 10, 17: 7, 18: 3})
LEISURE = Weighted({7: 2, 8: 3, 9: 4, 10: 5, 11: 5, 12: 7, 13: 6, 14: 4, 15: 4, 16: 5, 17: 6, 18: 8, 19: 9, 20: 12, 21: 12, 22: 7, 23: 2})


def is_fair(day: date) -> bool:
    return (day.month, day.day) in FAIRS


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The year that ends before `end` (the first day without data), in the account's zone."""

    end: date
    zone: ZoneInfo
    seed: str

    @property
    def first(self) -> date:
        return self.end - timedelta(days=YEAR)

    def instant(self, day: date, seconds: float) -> int:
        """The instant of a local day and second of the day, in milliseconds since 1970."""
        midnight = datetime.combine(day, time(), self.zone).astimezone(UTC)
        return int(midnight.timestamp()) * 1000 + int(seconds * 1000)

    @property
    def last_instant(self) -> int:
        return self.instant(self.end, 0)

    def weight(self, number: int) -> float:
        """How busy the day with this number is."""
        day = self.first + timedelta(days=number)
        weight: float = WEEKDAYS[day.weekday()] * MONTHS[day.month - 1] * GROWTH ** (number / YEAR)
        if (day.month, day.day) in HOLIDAYS:
            weight *= 0.35
        if is_fair(day):
            weight *= 2.6
        return weight * (0.85 + 0.3 * Chance(self.seed, "day", number).share())

    def days(self, total: int) -> Iterator[tuple[date, int]]:
        """`total` things shared out over the days of the year: exact, whatever the total is."""
        weights = [self.weight(number) for number in range(YEAR)]
        whole, seen, given = sum(weights), 0.0, 0
        for number, weight in enumerate(weights):
            seen += weight
            due = total if number == YEAR - 1 else round(total * seen / whole)
            yield self.first + timedelta(days=number), due - given
            given = due


def wire(instant: int) -> str:
    """An instant as canonical text."""
    return datetime.fromtimestamp(instant / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def at_work(instant: int, chance: Chance) -> int:
    """The first moment of a working day at or after an instant when somebody sits at the desk."""
    day = instant // DAY
    while True:
        day += {5: 2, 6: 1}.get((day + 3) % 7, 0)  # 1 January 1970 was a Thursday
        seated = day * DAY + int((7.2 + chance.share() * 9.4) * HOUR)
        if seated >= instant:
            return seated
        day += 1


def moment(instant: int) -> datetime:
    return datetime.fromtimestamp(instant / 1000, UTC)
