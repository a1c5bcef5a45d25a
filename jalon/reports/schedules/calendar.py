"""When a report leaves: at six in the morning of a zone, on the days of its frequency. Pure."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

HOUR: Final = time(6)
ONCE: Final = "once"
DAILY: Final = "daily"
WEEKLY: Final = "weekly"
MONTHLY: Final = "monthly"


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often, and on which day. A month that is too short has its last day instead."""

    frequency: str
    weekday: int = 0  # 0 = Monday
    day: int = 1

    def falls_on(self, day: date) -> bool:
        if self.frequency == WEEKLY:
            return day.weekday() == self.weekday
        if self.frequency == MONTHLY:
            return day.day == min(self.day, monthrange(day.year, day.month)[1])
        return self.frequency == DAILY

    def after(self, instant: datetime, zone: ZoneInfo) -> datetime | None:
        """The first instant behind this one at which the report leaves; None where it is sent once."""
        return self._found(instant, zone, timedelta(days=1))

    def last(self, until: datetime, zone: ZoneInfo) -> datetime | None:
        """The latest instant up to this one, this one included."""
        return self._found(until, zone, timedelta(days=-1))

    def _found(self, instant: datetime, zone: ZoneInfo, step: timedelta) -> datetime | None:
        if self.frequency == ONCE:
            return None
        forward, day = step > timedelta(0), instant.astimezone(zone).date()
        while True:
            leaves = datetime.combine(day, HOUR, zone).astimezone(UTC)
            if self.falls_on(day) and (leaves > instant if forward else leaves <= instant):
                return leaves
            day += step
