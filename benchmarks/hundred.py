"""A hundred lists of three filters each over the contacts of the benchmarks, the same at every run.

Every way to take three of six kinds of filters, five times over with other operands. `baselines/lists.sql` asks the very
same by hand.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import combinations

from benchmarks.contacts_file import END
from jalon.criteria.tree import Criteria, Filter, all_of

STAGES = ("new_lead", "hot_lead", "payment", "customer", "cold_lead", "no_budget", "not_interested")
SOURCES = ("ORGANIC_SEARCH", "DIRECT_TRAFFIC", "PAID_SEARCH", "REFERRALS", "OFFLINE", "SOCIAL_MEDIA", "EMAIL_MARKETING", "PAID_SOCIAL")
TRADES = ("sport", "retail", "hospitality", "services", "manufacturing", "education", "public", "media")
PLACES = ("paris", "ly", "gren", "annecy", "cham", "toul", "mars", "bord", "mont", "saint")


def criteria(today: date, count: int = 100) -> list[Criteria]:
    """The relative dates mean the same days whenever they are asked: they count from `today` back to the end of the year."""
    triples = list(combinations(range(len(_KINDS)), 3))
    back = (today - END).days
    return [all_of(*(_KINDS[kind](number, back) for kind in triples[number % len(triples)])) for number in range(count)]


def _some(values: tuple[str, ...], start: int, count: int) -> tuple[str, ...]:
    return tuple(values[(start + step) % len(values)] for step in range(count))


def _choice(n: int, back: int) -> Filter:
    name, values = (("lifecyclestage", STAGES), ("hs_analytics_source", SOURCES), ("industry", TRADES))[n // 20 % 3]
    return Filter(name, "any_of", _some(values, n, 3))


def _number(n: int, back: int) -> Filter:
    low = n * 7 % 30
    return Filter("hubspotscore", "between", (str(low), str(low + 10 + n % 40 + n // 100)))


def _day(n: int, back: int) -> Filter:
    operator = "less_than_days_ago" if n % 2 else "more_than_days_ago"
    return Filter("first_conversion_date", operator, (str(back + 30 + n * 13 % 300 + n // 100),))


def _text(n: int, back: int) -> Filter:
    name, values = (("city", PLACES), ("company", PLACES), ("email", ("mar", "jean", "an", "vallee", "12")))[n // 20 % 3]
    return Filter(name, "contains", (values[n % len(values)],))


def _ever(n: int, back: int) -> Filter:
    if n // 20 % 2:
        return Filter("city", "has_ever_contained", (PLACES[n % len(PLACES)],))
    return Filter("lifecyclestage", "has_ever_any", _some(STAGES, n, 2))


def _blank(n: int, back: int) -> Filter:
    return Filter(("company", "country", "phone")[n // 20 % 3], "is_unknown")


_KINDS: tuple[Callable[[int, int], Filter], ...] = (_choice, _number, _day, _text, _ever, _blank)
