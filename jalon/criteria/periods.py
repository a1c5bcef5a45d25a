"""The calendar periods that date operators name: this, last and next day, week, month, quarter, year."""

from __future__ import annotations

from datetime import date, timedelta

Days = tuple[date, date]


def period(unit: str, shift: int, today: date, *, first_weekday: int, fiscal_month: int) -> Days:
    """First and last day of a period: the one with today at shift 0, the one before it at -1, the one after it at 1.

    `first_weekday` is 0 for Monday; `fiscal_month` is the month in which the fiscal year begins.
    """
    if unit == "day":
        day = today + timedelta(days=shift)
        return day, day
    if unit == "week":
        first = today - timedelta(days=(today.weekday() - first_weekday) % 7) + timedelta(weeks=shift)
        return first, first + timedelta(days=6)
    months, begins = _MONTHS[unit], fiscal_month if unit.startswith("fiscal_") else 1
    here = today.year * 12 + today.month - begins  # months since the count began, the year beginning in `begins`
    first_month = (here // months + shift) * months + begins - 1
    return _first_of(first_month), _first_of(first_month + months) - timedelta(days=1)


_MONTHS = {"month": 1, "quarter": 3, "year": 12, "fiscal_quarter": 3, "fiscal_year": 12}


def _first_of(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)
