"""The functions of formulas: what they take, what they give, and the sentence that helps somebody choose one. Pure.

A function whose argument has no value gives no value (spec 1.4); the few that look at the absence itself stand in `LAZY`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal
from enum import StrEnum
from typing import Any, Final

from jalon.warehouse.words import N_

EXACT: Final = Context(prec=60, rounding=ROUND_HALF_UP)
MOST_PLACES: Final = 6
DAY_MS: Final = 86_400_000


class Is(StrEnum):
    """What a part of a formula is."""

    NUMBER = "number"
    TEXT = "text"
    TRUTH = "truth"
    DAY = "day"
    INSTANT = "instant"
    SET = "set"  # the values of a property with several options
    NOTHING = "nothing"  # null: fits wherever any other does


N, T, B, D, M, S = Is.NUMBER, Is.TEXT, Is.TRUTH, Is.DAY, Is.INSTANT, Is.SET
WHEN: Final = (D, M)


@dataclass(frozen=True, slots=True)
class Rates:
    """What one unit of each currency is worth in the account's own, from a day on. The first rate holds for all days before it too."""

    home: str = ""
    by_code: Mapping[str, tuple[tuple[date, Decimal], ...]] = field(default_factory=dict)  # by day

    def rate(self, code: str, day: date) -> Decimal | None:
        if code == self.home or not code:
            return Decimal(1)
        rates = self.by_code.get(code)
        if not rates:
            return None
        return rates[max(0, bisect_right(rates, day, key=lambda rate: rate[0]) - 1)][1]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a formula may know besides its record: the account's time zone and its exchange rates. Never the clock."""

    zone: tzinfo = UTC
    rates: Rates = Rates()

    def day(self, when: date | datetime) -> date:
        """The calendar day, of an instant that in the account's zone."""
        return when.astimezone(self.zone).date() if isinstance(when, datetime) else when


@dataclass(frozen=True, slots=True)
class Function:
    """One function. `takes` has what each argument may be; the last one repeats where `repeats`; `optional` may be left out."""

    name: str
    takes: tuple[tuple[Is, ...], ...]
    gives: Is | None  # None: what its last argument is
    apply: Callable[..., Any]  # the surroundings first, then the arguments, all with a value
    help: str
    example: str
    optional: int = 0
    repeats: bool = False

    def fits(self, count: int) -> bool:
        return len(self.takes) - self.optional <= count and (self.repeats or count <= len(self.takes))


ANYTHING: Final = (N, T, B, D, M, S)
SAME: Final = (N, T, B, D, M)


def instant(when: date | datetime) -> datetime:
    """A day begins at midnight UTC where it is measured against an instant (spec 1.3)."""
    return when if isinstance(when, datetime) else datetime(when.year, when.month, when.day, tzinfo=UTC)


def _between(around: Surroundings, first: date | datetime, last: date | datetime) -> Decimal:
    apart = instant(last) - instant(first)
    return Decimal(apart.days * DAY_MS + apart.seconds * 1000 + apart.microseconds // 1000)


def _days_between(around: Surroundings, first: date | datetime, last: date | datetime) -> Decimal:
    return EXACT.divide(_between(around, first, last), Decimal(DAY_MS))


def _round(around: Surroundings, value: Decimal, places: Decimal = Decimal(0)) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-max(0, min(MOST_PLACES, int(places)))), ROUND_HALF_UP, EXACT)


def _home(around: Surroundings, amount: Decimal, code: str, when: date | datetime) -> Decimal | None:
    rate = around.rates.rate(code, around.day(when))
    return None if rate is None else EXACT.multiply(amount, rate)


def _extreme(choose: Callable[..., Any]) -> Callable[..., Any]:
    return lambda around, *values: choose(values, key=instant if isinstance(values[0], date) else None)


def _text(value: Any) -> str:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def _concat(around: Surroundings, *texts: Any) -> str:
    return "".join(map(_text, texts))


def _lowered(test: Callable[[str, str], bool]) -> Callable[..., bool]:
    return lambda around, text, part: test(text.lower(), part.lower())


def _has(around: Surroundings, values: Sequence[str], value: str) -> bool:
    return value.lower() in {each.lower() for each in values}


def _never(*arguments: Any) -> Any:
    raise AssertionError("evaluated where it stands, so that it sees what has no value")


LAZY: Final = ("if", "known", "first_known", "home_currency")
FUNCTIONS: Final = {
    function.name: function
    for function in (
        Function("if", ((B,), SAME, SAME), None, _never, N_("one value or another"), 'if(amount > 1000, "large", "small")'),
        Function("known", (ANYTHING,), B, _never, N_("whether there is a value"), "known(closedate)"),
        Function(
            "first_known", (SAME,), None, _never, N_("the first that has a value"), "first_known(closedate, createdate)", repeats=True
        ),
        Function("time_between", (WHEN, WHEN), N, _between, N_("milliseconds between them"), "time_between(createdate, closedate)"),
        Function("days_between", (WHEN, WHEN), N, _days_between, N_("days between them"), "days_between(createdate, closedate)"),
        Function("year", (WHEN,), N, lambda around, when: Decimal(around.day(when).year), N_("the year"), "year(closedate)"),
        Function("month", (WHEN,), N, lambda around, when: Decimal(around.day(when).month), N_("the month, 1 to 12"), "month(closedate)"),
        Function("day", (WHEN,), D, lambda around, when: around.day(when), N_("the day of an instant"), "day(createdate)"),
        Function("date", ((T,),), D, lambda around, text: date.fromisoformat(text), N_("a day written out"), 'date("2026-01-31")'),
        Function("round", ((N,), (N,)), N, _round, N_("rounded, to so many places"), "round(amount * 0.055, 2)", optional=1),
        Function("floor", ((N,),), N, lambda around, n: n.to_integral_value(ROUND_FLOOR), N_("rounded down"), "floor(amount)"),
        Function("ceil", ((N,),), N, lambda around, n: n.to_integral_value(ROUND_CEILING), N_("rounded up"), "ceil(amount)"),
        Function("abs", ((N,),), N, lambda around, n: EXACT.abs(n), N_("without its sign"), "abs(amount)"),
        Function("min", ((N, D, M),), None, _extreme(min), N_("the lowest or earliest"), "min(amount, 1000)", repeats=True),
        Function("max", ((N, D, M),), None, _extreme(max), N_("the highest or latest"), "max(amount, 0)", repeats=True),
        Function(
            "concat", ((T, N),), T, _concat, N_("texts joined"), 'concat(zip, " ", city)', repeats=True
        ),
        Function("lower", ((T,),), T, lambda around, text: text.lower(), N_("in small letters"), "lower(city)"),
        Function("upper", ((T,),), T, lambda around, text: text.upper(), N_("in capitals"), "upper(country)"),
        Function("length", ((T,),), N, lambda around, text: Decimal(len(text)), N_("how many characters"), "length(description)"),
        Function("contains", ((T,), (T,)), B, _lowered(lambda text, part: part in text), N_("it has this part"), 'contains(city, "saint")'),
        Function("starts_with", ((T,), (T,)), B, _lowered(str.startswith), N_("it begins like this"), 'starts_with(zip, "75")'),
        Function("ends_with", ((T,), (T,)), B, _lowered(str.endswith), N_("it ends like this"), 'ends_with(email, ".fr")'),
        Function("has", ((S,), (T,)), B, _has, N_("one of several options is chosen"), 'has(interests, "events")'),
        Function(
            "home_currency", ((N,), (T,), WHEN), N, _home, N_("an amount in the account's currency, at the rate of a day"),
            "home_currency(amount, deal_currency_code, closedate)",
        ),
    )
}  # fmt: skip
SYNONYMS: Final = {"coalesce": "first_known"}
