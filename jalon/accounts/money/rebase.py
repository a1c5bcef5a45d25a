"""The same rates seen from another currency. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

Dated = tuple[tuple[date, Decimal], ...]
PLACES: Final = Decimal("0.0000000001")


def rebased(rates: Mapping[str, Dated], old: str, new: str) -> dict[str, Dated]:
    """What each currency was worth in `new`, which has rates in `old`: a rate for each day on which either of the two moved."""
    divisor = rates[new]
    given = {code: dated for code, dated in rates.items() if code != new} | {old: ((divisor[0][0], Decimal(1)),)}
    return {code: tuple(_moves(dated, divisor)) for code, dated in given.items()}


def _moves(dated: Dated, divisor: Dated) -> list[tuple[date, Decimal]]:
    days = sorted({day for day, _ in (*dated, *divisor)})
    return [(day, (_on(dated, day) / _on(divisor, day)).quantize(PLACES, ROUND_HALF_UP)) for day in days]


def _on(dated: Dated, day: date) -> Decimal:
    return dated[max(0, bisect_right(dated, day, key=lambda rate: rate[0]) - 1)][1]
