"""Numbers, dates and durations as the reader's language writes them: 1 234,5 % in French, 1,234.5% in English."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from babel import Locale
from babel.dates import format_date, format_datetime, format_time, format_timedelta
from babel.numbers import format_currency, format_decimal, format_percent
from django.utils import timezone
from django.utils.translation import get_language, gettext

DASH = "\N{EN DASH}"  # null is not zero
MINUS = "\N{MINUS SIGN}"
MANY_TIMES = 10  # a change of so many times what was
_STEPS = ((86_400_000, "d"), (3_600_000, "h"), (60_000, "min"), (1000, "s"))


def locale() -> Locale:
    return Locale.parse((get_language() or "en").split("-")[0])


def number(value: Any, places: int | None = None) -> str:
    """A number with the reader's separators; a missing one is a dash."""
    exact = _decimal(value)
    if exact is None:
        return DASH
    if places is None:
        return str(format_decimal(exact, format="#,##0.######", locale=locale()))
    return str(format_decimal(exact, format=f"#,##0.{'0' * places}".rstrip("."), locale=locale()))


def plain(typed: str) -> str:
    """A number that was typed as it is read here, separators and all, in the way of computers: 1,200.5 and 1 200,5 are 1200.5.

    A comma for the decimal point is understood in any language. What is no number comes back as it is.
    """
    symbols = locale().number_symbols["latn"]
    text = re.sub(r"\s", "", typed)
    if re.fullmatch(rf"\d{{1,3}}({re.escape(symbols['group'])}\d{{3}})+({re.escape(symbols['decimal'])}\d+)?", text):
        text = text.replace(symbols["group"], "")
    text = text.replace(",", ".")
    return text if re.fullmatch(r"\d+(\.\d+)?", text) else typed.strip()


def signed(value: Any, places: int | None = None) -> str:
    """A difference: +1.5, −2."""
    exact = _decimal(value)
    return DASH if exact is None else ("+" if exact > 0 else "") + number(exact, places).replace("-", MINUS)


def money(value: Any, currency: str, *, whole: bool = False) -> str:
    """An amount; `whole` leaves the cents out where they would only be noise."""
    exact = _decimal(value)
    if exact is None:
        return DASH
    if not whole:
        return str(format_currency(exact, currency, locale=locale()))
    pattern = str(locale().currency_formats["standard"].pattern).replace("0.00", "0")
    return str(format_currency(exact, currency, format=pattern, currency_digits=False, locale=locale()))


def percent(share: Any, places: int = 1) -> str:
    """A share (0.123) as 12.3%; for readers, so with a minus sign of a digit's width."""
    exact = _decimal(share)
    if exact is None:
        return DASH
    pattern = str(locale().percent_formats[None].pattern).replace("#,##0", f"#,##0.{'0' * places}".rstrip("."))
    return str(format_percent(exact, format=pattern, locale=locale())).replace("-", MINUS)


def change(ratio: Any) -> str:
    """How much more or less, with its sign; from eleven times as much on as a factor, since +99,800% says little and × 999 does."""
    exact = _decimal(ratio)
    if exact is None:
        return DASH
    if exact >= MANY_TIMES:
        return f"×\N{NO-BREAK SPACE}{number(exact + 1, 0)}"
    return ("+" if exact > 0 else "") + percent(exact)


def day(value: date | datetime | None) -> str:
    """A date, or the account-local date of an instant: Mar 3, 2026; 3 mars 2026."""
    if value is None:
        return DASH
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return str(format_date(value, format="medium", locale=locale()))


def moment(value: datetime) -> str:
    """An instant in the account's zone, to the minute."""
    local = timezone.localtime(value)
    return f"{format_date(local, format='medium', locale=locale())}, {format_time(local, format='short', locale=locale())}"


def full_moment(value: datetime) -> str:
    """An instant to the second with its zone: what stands behind the short form."""
    local = timezone.localtime(value)
    return str(format_datetime(local, format="full", tzinfo=timezone.get_current_timezone(), locale=locale()))


def apart(when: date | datetime, now: datetime) -> str:
    """How far something lies from now, in one unit: 3 days ago, in 2 months; today for a date that is."""
    if isinstance(when, datetime):
        return str(format_timedelta(when - now, add_direction=True, locale=locale()))
    days = (when - timezone.localtime(now).date()).days
    return str(format_timedelta(timedelta(days=days), granularity="day", add_direction=True, locale=locale())) if days else gettext("today")


def duration(milliseconds: int | float | None) -> str:
    """The two largest units: 2 d 3 h, 4 min 10 s, 0 s."""
    if milliseconds is None:
        return DASH
    rest, parts = abs(int(milliseconds)), []
    for size, unit in _STEPS:
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count}\N{NO-BREAK SPACE}{_unit(unit)}")
    sign = MINUS if milliseconds < 0 and parts else ""
    return sign + (" ".join(parts[:2]) or f"0\N{NO-BREAK SPACE}{_unit('s')}")


def _unit(unit: str) -> str:
    return _units(get_language() or "en")[unit]


@cache
def _units(language: str) -> dict[str, str]:
    """Looked up once for each language: a file may tell a million durations."""
    return {"d": gettext("d"), "h": gettext("h"), "min": gettext("min"), "s": gettext("s")}


def _decimal(value: Any) -> Decimal | None:
    """None for what is missing or no number, so that a page never breaks on a value."""
    if value is None or value == "":
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None
