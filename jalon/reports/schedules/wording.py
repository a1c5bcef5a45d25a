"""How often a report is sent, in words."""

from __future__ import annotations

from django.utils.translation import gettext

from jalon.reports.schedules.calendar import DAILY, MONTHLY, WEEKLY, Rhythm
from jalon.warehouse.words import N_
from jalon.web import formats
from jalon.web.choices import weekdays

FREQUENCIES = {
    "once": N_("Once, now"),
    DAILY: N_("Every day"),
    WEEKLY: N_("Every week"),
    MONTHLY: N_("Every month"),
}


def rhythm(told: Rhythm) -> str:
    """“every Monday”, “on the 1st of each month”."""
    if told.frequency == DAILY:
        return gettext("every day")
    if told.frequency == WEEKLY:
        return gettext("every %(weekday)s") % {"weekday": dict(weekdays())[told.weekday]}
    return _day(told.day) if told.frequency == MONTHLY else gettext("once")


def _day(day: int) -> str:
    if day == 1:
        return gettext("on the first day of each month")
    if day == 31:
        return gettext("on the last day of each month")
    text = gettext("on day %(day)s of each month, or on its last") if day > 28 else gettext("on day %(day)s of each month")
    return text % {"day": formats.number(day)}
