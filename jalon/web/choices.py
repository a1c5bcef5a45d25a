"""Long lists of choices in the reader's language: time zones, currencies, days of the week, months."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from zoneinfo import available_timezones

from babel.dates import format_date
from babel.numbers import get_currency_name

from jalon.web.formats import locale

_CURRENCIES = (
    "EUR USD GBP CHF CAD AUD NZD JPY CNY INR BRL MXN SEK NOK DKK PLN CZK HUF RON TND MAD DZD XOF XAF XPF ZAR SGD HKD KRW TRY AED SAR ILS"
)
_A_MONDAY = date(2024, 1, 1)


@lru_cache(maxsize=1)
def _zone_names() -> tuple[str, ...]:
    """Places, without the old three-letter names."""
    regions = ("Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
    return ("UTC", *sorted(name for name in available_timezones() if name.startswith(regions)))


def zones() -> list[tuple[str, str]]:
    return [(name, name.replace("_", " ").replace("/", " / ")) for name in _zone_names()]


def currencies() -> list[tuple[str, str]]:
    """The most used currencies, by code."""
    return [(code, f"{code} · {get_currency_name(code, locale=locale())}") for code in _CURRENCIES.split()]


def weekdays() -> list[tuple[int, str]]:
    """Monday = 0, as Python counts."""
    return [(day, str(format_date(_A_MONDAY + timedelta(days=day), "EEEE", locale=locale()))) for day in range(7)]


def months() -> list[tuple[int, str]]:
    """January = 1."""
    return [(month, str(format_date(_A_MONDAY.replace(month=month), "LLLL", locale=locale()))) for month in range(1, 13)]
